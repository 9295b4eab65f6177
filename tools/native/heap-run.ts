// One device in its shell through calls and media in virtual time: what of the VM's memory is live at which moment, and what a call and
// a frame allocate. The desk plays the peers; nothing here measures time.

import {
  type EngineMemory,
  type EnginePart,
  type EnginePool,
  ProcessDevice,
  type Shell,
} from "../../simulator/device/process-device";
import { bytesOf } from "../../test/octets";
import { Door } from "../../test/rig/door";
import { Peer } from "../../test/rig/peer";

/** What the two runs showed, octets. */
export interface HeapRun {
  engine: string;
  /** Live after boot, after the first call, after all calls, after the media: what the VM asked for and still needs. */
  boot: number;
  first: number;
  calls: number;
  media: number;
  /** In use after all of it, with what the allocator adds to each piece; the most that ever was; the room there is. */
  used: number;
  peak: number;
  total: number;
  /** Allocated by a call, and by a frame of 20 ms in both directions. */
  perCall: number;
  perFrame: number;
  /** Of the program's buffers, outside of the VM's room. */
  buffers: number;
  /** The deepest that the C stack was, boot and report included. */
  stack: number;
  /** What is live by kind, when the VM tells its objects apart. */
  parts: EnginePart[];
  pools: EnginePool[];
}

const FRAME_MS = 20;

function call(door: Door, anna: Peer, frames: number): void {
  door.press(0);
  const taken = anna.takeCall(door.expect("INVITE"));
  door.deliver(taken.answer("180 Ringing", ""), anna);
  door.deliver(taken.answer("200 OK", anna.description([])), anna);
  door.expect("ACK");
  for (let frame = 0; frame < frames; frame += 1) {
    door.arriveVoice(anna.host);
    door.advance(FRAME_MS);
  }
  door.pressKeys(anna.host, "42#");
  door.deliver(taken.bye(), anna);
  door.advance(6000);
  while (door.wire.waiting() > 0) {
    door.wire.next();
  }
  door.log.events = [];
}

/** Gives `use` a station in its shell, and ends it after that. */
function withDevice<Result>(shell: Shell, use: (door: Door, device: ProcessDevice) => Result): Result {
  const devices: ProcessDevice[] = [];
  try {
    const door = new Door(["relay.1.pulse = 1"], 271, undefined, (board, settings) => {
      const text = bytesOf(settings);
      board.storage.write(0, text, text.length);
      devices.push(new ProcessDevice(board, shell));
      return devices[0];
    });
    return use(door, devices[0]);
  } finally {
    for (const device of devices) {
      device.close();
    }
  }
}

function checkAlive(device: ProcessDevice): void {
  if (device.fault !== -1) {
    throw new Error(`the device ended by itself (${device.fault}): ${device.lines.join("; ")}`);
  }
}

/** Gives `use` a device that has had a call. @throws when the device ended by itself */
export function playCall(shell: Shell, use: (device: ProcessDevice) => void): void {
  withDevice(shell, (door, device) => {
    call(door, new Peer("anna", 9, 5060), 5);
    use(device);
    checkAlive(device);
  });
}

/** Runs calls, then a call with media of that length. @throws when the device ended by itself */
export function runHeap(shell: Shell, calls: number, minutes: number): HeapRun {
  return withDevice(shell, (door, device) => {
    const anna = new Peer("anna", 9, 5060);
    const read = (): EngineMemory => {
      checkAlive(device);
      return device.memory();
    };
    const live = (): number => {
      device.collect();
      return read().live;
    };
    const boot = live();
    call(door, anna, 5);
    const first = live();
    // A full collection gives the VM's own stacks back; the next call takes them again, and is not counted.
    call(door, anna, 5);
    const beforeCalls = read().allocated;
    for (let count = 2; count < calls; count += 1) {
      call(door, anna, 5);
    }
    const perCall = (read().allocated - beforeCalls) / Math.max(1, calls - 2);
    const afterCalls = live();
    door.press(0);
    const taken = anna.takeCall(door.expect("INVITE"));
    door.deliver(taken.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.arriveVoice(anna.host);
    door.advance(FRAME_MS);
    const frames = Math.round((minutes * 60_000) / FRAME_MS);
    const beforeMedia = read().allocated;
    for (let frame = 0; frame < frames; frame += 1) {
      door.arriveVoice(anna.host);
      door.advance(FRAME_MS);
    }
    const perFrame = (read().allocated - beforeMedia) / frames;
    door.deliver(taken.bye(), anna);
    door.advance(6000);
    const media = live();
    const { used, peak, total, buffers, stack } = read();
    return {
      ...{ engine: device.engine, boot, first, calls: afterCalls, media },
      ...{ used, peak, total, perCall, perFrame, buffers, stack },
      ...{ parts: device.parts(), pools: device.pools() },
    };
  });
}

/** Whether nothing that lives came to stay: live memory after each part of the run is that after the first call. */
export function isFlat({ first, calls, media }: HeapRun): boolean {
  return calls === first && media === first;
}
