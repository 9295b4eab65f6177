// Doorline's own machinery: whole calls between two devices over a wire in memory, the timer wheel, and a pool. Everything is made before
// the first operation; the clock is a number that each operation moves on.

import type { Settings } from "../../firmware/settings/settings";
import type { Board } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import { takeAllNews } from "../../hal/news";
import type { Udp } from "../../hal/udp";
import type { Operation } from "./contender";
import { ARMED, intervalOf, TIMERS } from "./timers";

type Firmware = typeof import("./firmware");
type Device = ReturnType<Firmware["createDevice"]>;

/** Datagrams that wait at a socket at most, and octets of one. */
const SLOTS = 8;
const SLOT_OCTETS = 2048;
const SIP_PORT = 5060;
const RTP_PORT = 10000;
const TIME_MASK = 0x7ffffff;
/** Longer than every timer of a call that is over: Timers D, J, K and L are 32 s. */
const CALL_MS = 40_000;
/** Polls within which a call must stand, or be over. */
const POLLS_MAXIMUM = 12;
// A const enum is gone from a bundle; its numbers are the same there.
const STATE_IDLE = 0;
const STATE_TALKING = 4;

function endpoint(firmware: Firmware, host: number, port: number): Endpoint {
  const made = firmware.createEndpoint();
  made.family = 4;
  made.port = port;
  [192, 0, 2, host].forEach((octet, index) => {
    made.address[index] = octet;
  });
  return made;
}

/** A socket whose datagrams arrive at once at the socket that is connected to it. */
class WireSocket implements Udp {
  readonly local6: Endpoint;
  private readonly slots = Array.from({ length: SLOTS }, () => new Uint8Array(SLOT_OCTETS));
  private readonly lengths = new Uint16Array(SLOTS);
  private first = 0;
  private waiting = 0;
  peer: WireSocket = this;

  constructor(
    private readonly firmware: Firmware,
    readonly local: Endpoint,
  ) {
    this.local6 = firmware.createEndpoint();
  }

  read(buffer: Uint8Array, source: Endpoint): number {
    if (this.waiting === 0) {
      return -1;
    }
    const length = this.lengths[this.first];
    this.firmware.copyBytes(buffer, 0, this.slots[this.first], 0, length);
    this.firmware.copyEndpoint(source, this.peer.local);
    this.first = (this.first + 1) % SLOTS;
    this.waiting -= 1;
    return length;
  }

  write(buffer: Uint8Array, start: number, end: number): number {
    const { peer } = this;
    if (peer.waiting === SLOTS) {
      return -1;
    }
    const slot = (peer.first + peer.waiting) % SLOTS;
    this.firmware.copyBytes(peer.slots[slot], 0, buffer, start, end);
    peer.lengths[slot] = end - start;
    peer.waiting += 1;
    return 0;
  }
}

function settingsOf(firmware: Firmware, text: string): Settings {
  const settings = firmware.createSettings();
  const octets = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  if (firmware.parseSettings(settings, octets, 0, octets.length, firmware.createSettingsProblem()) !== 0) {
    throw new Error("the settings of the bench are refused");
  }
  return settings;
}

interface Side {
  device: Device;
  sip: WireSocket;
}

function createSide(firmware: Firmware, clock: { now(): number }, host: number, text: string): Side {
  const socket = (port: number): WireSocket => new WireSocket(firmware, endpoint(firmware, host, port));
  const pin = { read: () => 0, write: () => undefined };
  const sound = { start: () => undefined, stop: () => undefined, read: () => 0, write: () => 0 };
  const sip = socket(SIP_PORT);
  let state = 977 * host;
  const board: Board = {
    clock,
    random: {
      fill(buffer, start, end) {
        for (let index = start; index < end; index += 1) {
          state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
          buffer[index] = (state >> 16) & 0xff;
        }
      },
    },
    storage: { read: () => -1, write: () => 0 },
    watchdog: { feed: () => undefined },
    log: { event: () => undefined, message: () => undefined },
    takeNews: takeAllNews,
    network: { isUp: () => true, changes: () => 0 },
    sip,
    streams: {
      count: 0,
      connect: () => -1,
      waiting: () => 0,
      accept: () => -1,
      read: () => -1,
      write: () => -1,
      close: () => undefined,
    },
    names: socket(SIP_PORT - 7),
    media: [{ rtp: socket(RTP_PORT), rtcp: socket(RTP_PORT + 1) }],
    audioIn: sound,
    audioOut: sound,
    buttons: [pin],
    leds: [pin, pin, pin],
    relays: [pin],
  };
  return { device: firmware.createDevice(board, firmware.createStationLimits(), settingsOf(firmware, text)), sip };
}

/** One call: INVITE, 200, ACK, BYE, 200, with offer and answer, both sides; then the time in which the last timers end. */
function createCallOperation(firmware: Firmware): Operation {
  let time = 0;
  const clock = { now: () => time };
  const caller = createSide(firmware, clock, 1, "button.1.call = sip:door@192.0.2.2");
  const called = createSide(firmware, clock, 2, "call.answer-from = *");
  caller.sip.peer = called.sip;
  called.sip.peer = caller.sip;

  /** Polls both until both stations are in a state. Returns whether they came to be. */
  function reach(state: number): boolean {
    for (let polls = 0; polls < POLLS_MAXIMUM; polls += 1) {
      time = (time + 1) & TIME_MASK;
      firmware.pollDevice(caller.device);
      firmware.pollDevice(called.device);
      if (caller.device.station.state === state && called.device.station.state === state) {
        return true;
      }
    }
    return false;
  }

  return {
    run() {
      firmware.pressButton(caller.device.station, 0);
      const stood = reach(STATE_TALKING);
      firmware.hangUpCall(caller.device.station);
      const ended = reach(STATE_IDLE);
      time = (time + CALL_MS) & TIME_MASK;
      firmware.pollDevice(caller.device);
      firmware.pollDevice(called.device);
      if (!stood || !ended) {
        throw new Error("a call of the bench did not stand, or did not end");
      }
      return 1;
    },
  };
}

/** ARMED timers run all the time; one operation stops one, starts it anew, and lets a millisecond pass. */
function createTimerOperation(firmware: Firmware): Operation {
  let now = 0;
  let fired = 0;
  let next = 0;
  const wheel = firmware.createTimerWheel(now);
  const timers = Array.from({ length: TIMERS }, () => firmware.createTimer(wheel, () => (fired += 1)));
  for (let index = 0; index < ARMED; index += 1) {
    firmware.startTimer(wheel, timers[index], intervalOf(index));
  }
  return {
    run() {
      next = (next + 1) & (TIMERS - 1);
      firmware.stopTimer(wheel, timers[next]);
      firmware.startTimer(wheel, timers[next], intervalOf(next));
      now = (now + 1) & TIME_MASK;
      firmware.runTimers(wheel, now);
      return fired;
    },
  };
}

/** One operation takes a session from its pool and gives it back. */
function createPoolOperation(firmware: Firmware): Operation {
  const { sessions } = createSide(firmware, { now: () => 0 }, 3, "").device.station;
  return {
    run() {
      const index = firmware.takeSession(sessions);
      sessions.items[index].state = 1;
      firmware.releaseSession(sessions.items[index]);
      return index;
    },
  };
}

/** The operations of the group "engine". */
export function createEngineOperations(firmware: Firmware): Record<string, Operation> {
  return {
    call: createCallOperation(firmware),
    timer: createTimerOperation(firmware),
    pool: createPoolOperation(firmware),
  };
}
