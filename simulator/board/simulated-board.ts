// The simulated board: what a station is wired to on the desk, and the hands and eyes of whoever stands in front of it.
// In real time on real sockets or in virtual time on a network in memory; the same board in both.

import type { Board } from "../../hal/board";
import { takeAllNews } from "../../hal/news";
import { DeskLog } from "../../hal/node/desk-log";
import { DigitalPin } from "../../hal/node/digital-pin";
import { Driver, type Pollable } from "../../hal/node/driver";
import { addressText } from "../../hal/node/endpoint";
import { LevelMeter, type SampleSink } from "../../hal/node/level-meter";
import type { MemoryNetwork } from "../../hal/node/memory-network";
import { MemoryStorage } from "../../hal/node/memory-storage";
import { PacedAudioIn, PacedAudioOut } from "../../hal/node/paced-audio";
import { createSecureRandom } from "../../hal/node/random";
import { createSilence, type SampleSource } from "../../hal/node/sample-source";
import type { Scheduler } from "../../hal/node/scheduler";
import { SimulatedWatchdog } from "../../hal/node/simulated-watchdog";
import { type DeskTcp, TcpSocket } from "../../hal/node/tcp-socket";
import { type DeskUdp, openUdpPair, type UdpPair, UdpSocket } from "../../hal/node/udp-socket";
import { WatchedNetwork, watchInterfaces } from "../../hal/node/watched-network";
import type { Random } from "../../hal/random";
import type { Storage } from "../../hal/storage";

/** By the enumeration `Led` of hal/board.ts. */
const LED_COUNT = 3;

export interface BoardOptions {
  /** Default 1. */
  buttons?: number;
  /** Default 1. */
  relays?: number;
  /** Default: an empty one in memory. */
  storage?: Storage;
  /** Default: the machine's. */
  random?: Random;
  /** Default: silence. */
  microphone?: SampleSource;
  /** What hears the speaker beside `speaker`, the level meter. */
  recorders?: SampleSink[];
  /** Milliseconds after which an unfed watchdog resets the board; default 8,000. */
  watchdogLimit?: number;
}

export interface MediaPair {
  rtp: DeskUdp;
  rtcp: DeskUdp;
}

export interface BoardSockets {
  network: WatchedNetwork;
  sip: DeskUdp;
  /** Listens at the port of `sip`. */
  streams: DeskTcp;
  names: DeskUdp;
  media: MediaPair[];
}

/** Where a board's sockets are. */
export interface BoardAddress {
  /** Address literal. */
  address: string;
  /** An IPv6 address beside it, for SIP over both families. */
  address6?: string;
  /** Default 0: any free one. */
  sipPort?: number;
  /** Of the first call; even. The next call has the port two above. Default 0: any free pairs. */
  rtpPort?: number;
  /** Calls that can have media at the same time; default 1. */
  calls?: number;
}

export type OutputKind = "led" | "relay";

/** A light or a relay changed. */
export interface OutputChange {
  kind: OutputKind;
  index: number;
  value: number;
  /** Milliseconds since the scheduler was made. */
  time: number;
}

export class SimulatedBoard implements Board {
  readonly clock: Scheduler;
  readonly random: Random;
  readonly storage: Storage;
  readonly watchdog: SimulatedWatchdog;
  readonly log: DeskLog;
  readonly takeNews = takeAllNews;
  readonly sip: DeskUdp;
  readonly network: WatchedNetwork;
  readonly streams: DeskTcp;
  readonly names: DeskUdp;
  readonly media: MediaPair[];
  readonly audioIn: PacedAudioIn;
  readonly audioOut: PacedAudioOut;
  readonly buttons: DigitalPin[];
  readonly leds: DigitalPin[];
  readonly relays: DigitalPin[];
  /** Hears the speaker. */
  readonly speaker = new LevelMeter();
  /** How often the watchdog reset the board. */
  resets = 0;
  /** Called after the watchdog reset the board; a new station may be started. */
  onReset: () => void = () => undefined;
  private readonly listeners: ((change: OutputChange) => void)[] = [];
  private driver: Driver | undefined;

  constructor(scheduler: Scheduler, sockets: BoardSockets, options: BoardOptions = {}) {
    this.clock = scheduler;
    this.random = options.random ?? createSecureRandom();
    this.storage = options.storage ?? new MemoryStorage();
    this.watchdog = new SimulatedWatchdog(scheduler, options.watchdogLimit ?? 8000);
    this.log = new DeskLog(scheduler);
    this.sip = sockets.sip;
    this.network = sockets.network;
    this.streams = sockets.streams;
    this.names = sockets.names;
    this.media = sockets.media;
    this.audioIn = new PacedAudioIn(scheduler, options.microphone ?? createSilence());
    this.audioOut = new PacedAudioOut(scheduler, [this.speaker, ...(options.recorders ?? [])]);
    this.buttons = Array.from({ length: options.buttons ?? 1 }, () => new DigitalPin(scheduler));
    this.leds = Array.from({ length: LED_COUNT }, () => new DigitalPin(scheduler));
    this.relays = Array.from({ length: options.relays ?? 1 }, () => new DigitalPin(scheduler));
    this.connect();
  }

  /** Powers the board, or resets it: `boot` makes the station, which is polled from now on. */
  start(boot: (board: Board) => Pollable): void {
    this.powerOff();
    for (const socket of this.sockets()) {
      socket.clear();
    }
    this.streams.clear();
    this.driver = new Driver(this.clock, boot(this), [this.audioIn, this.network]);
  }

  /** Takes the power away: the station is polled no more, every output falls to 0, audio ends. Storage stays. */
  powerOff(): void {
    this.driver?.stop();
    this.driver = undefined;
    this.watchdog.disarm();
    this.audioIn.stop();
    this.audioOut.stop();
    for (const output of [...this.relays, ...this.leds]) {
      output.write(0);
    }
  }

  /** Takes the power away and closes the sockets. */
  close(): void {
    this.powerOff();
    this.streams.shutDown();
    for (const socket of this.sockets()) {
      socket.close();
    }
  }

  /** Presses a button for `duration` milliseconds. */
  press(button: number, duration = 200): void {
    const pin = this.buttons[button];
    if (pin === undefined) {
      throw new RangeError(`the board has no button ${button}; it has ${this.buttons.length}, from 0`);
    }
    pin.write(1);
    this.clock.after(duration, () => pin.write(0));
  }

  /** Polls the station soon: after the desk called it by other ways than the board, which may have set its timers anew. */
  wake(): void {
    this.driver?.wake();
  }

  /** What the microphone hears from now on. */
  set microphone(source: SampleSource) {
    this.audioIn.source = source;
  }

  /** Calls `listener` after each change of a light or a relay. */
  onOutput(listener: (change: OutputChange) => void): void {
    this.listeners.push(listener);
  }

  /** Whether every relay is in its safe state, 0. */
  isSafe(): boolean {
    return this.relays.every((relay) => relay.value === 0);
  }

  private sockets(): DeskUdp[] {
    return [this.sip, this.names, ...this.media.flatMap((pair) => [pair.rtp, pair.rtcp])];
  }

  private connect(): void {
    const wake = (): void => this.wake();
    for (const socket of this.sockets()) {
      socket.onReadable = wake;
    }
    this.streams.onReadable = wake;
    for (const button of this.buttons) {
      button.onChange(wake);
    }
    this.report("led", this.leds);
    this.report("relay", this.relays);
    this.watchdog.onStarved = () => {
      this.resets += 1;
      this.powerOff();
      this.onReset();
    };
  }

  private report(kind: OutputKind, pins: DigitalPin[]): void {
    for (const [index, pin] of pins.entries()) {
      pin.onChange(({ time, value }) => {
        for (const listener of this.listeners) {
          listener({ kind, index, value, time });
        }
      });
    }
  }
}

function mediaPort(where: BoardAddress, call: number): number {
  const first = where.rtpPort ?? 0;
  return first === 0 ? 0 : first + 2 * call;
}

export interface RealBoardAddress extends BoardAddress {
  /** What peers see when it differs from `address`; default: it does not, or for 0.0.0.0 the address that the machine has now. */
  advertisedAddress?: string;
}

/** Free ports that are tried for UDP and TCP at the same one before it is given up. */
const PORT_TRIES = 20;

/** Opens UDP and TCP at one port; any that is free in both, when none is asked for. */
async function openSipSockets(where: RealBoardAddress): Promise<{ sip: UdpSocket; streams: TcpSocket }> {
  const { address, address6, advertisedAddress } = where;
  for (let tries = 1; ; tries += 1) {
    const sip = await UdpSocket.open({ address, address6, advertisedAddress, port: where.sipPort ?? 0 });
    try {
      return { sip, streams: await TcpSocket.open({ address, address6, port: sip.local.port }) };
    } catch (error) {
      sip.close();
      if ((where.sipPort ?? 0) !== 0 || tries === PORT_TRIES) {
        throw error;
      }
    }
  }
}

/** Opens a board on real sockets. Throws an Error that names the port that could not be had. */
export async function openSimulatedBoard(
  scheduler: Scheduler,
  where: RealBoardAddress,
  options: BoardOptions = {},
): Promise<SimulatedBoard> {
  const base = { address: where.address, advertisedAddress: where.advertisedAddress };
  const opened: { close: () => void }[] = [];
  try {
    const { sip, streams } = await openSipSockets(where);
    opened.push(sip, { close: () => streams.shutDown() });
    const names = await UdpSocket.open({ ...base, port: 0 });
    opened.push(names);
    const media: UdpPair[] = [];
    for (let call = 0; call < (where.calls ?? 1); call += 1) {
      const pair = await openUdpPair({ ...base, port: mediaPort(where, call) });
      opened.push(pair.rtp, pair.rtcp);
      media.push(pair);
    }
    const sockets = [sip, names, ...media.flatMap(({ rtp, rtcp }) => [rtp, rtcp])];
    const follow = (): void => {
      for (const socket of sockets) {
        socket.follow();
      }
    };
    const bound = where.address6 === undefined ? [where.address] : [where.address, where.address6];
    return new SimulatedBoard(
      scheduler,
      { network: watchInterfaces(bound, follow), sip, streams, names, media },
      options,
    );
  } catch (error) {
    for (const socket of opened) {
      socket.close();
    }
    throw error;
  }
}

/** A board on a network in memory. */
export function createVirtualBoard(
  scheduler: Scheduler,
  network: MemoryNetwork,
  where: BoardAddress,
  options: BoardOptions = {},
): SimulatedBoard {
  const sip = network.open(where.address, where.sipPort ?? 0, where.address6);
  const streams = network.openStreams(where.address, sip.local.port, where.address6);
  const media: MediaPair[] = [];
  for (let call = 0; call < (where.calls ?? 1); call += 1) {
    media.push(network.openPair(where.address, mediaPort(where, call)));
  }
  const names = network.open(where.address, 0);
  const link = network.host(where.address);
  const watched = new WatchedNetwork(() => (link.up ? addressText(sip.local) : ""));
  return new SimulatedBoard(scheduler, { network: watched, sip, streams, names, media }, options);
}
