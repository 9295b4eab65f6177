// A whole station on a fake board: the test moves the time on, presses buttons and speaks SIP and RTP to it, and reads its
// relays, lights, log and wire.

import { createBytes } from "../../firmware/bytes/bytes";
import type { Device } from "../../firmware/device";
import { createStationLimits, type Limits } from "../../firmware/limits";
import { createDevice, pollDevice, startDevice, type WholeDevice } from "../../firmware/main";
import { createSettings, type Settings } from "../../firmware/settings/settings";
import { createSettingsProblem, parseSettings } from "../../firmware/settings/settings-parser";
import { RegistrationState, SPREAD_MS } from "../../firmware/sip/registration";
import type { Board } from "../../hal/board";
import { takeAllNews } from "../../hal/news";
import type { Udp } from "../../hal/udp";
import { FakeTcp } from "../fake-tcp";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { equal } from "../harness";
import { bytesOf } from "../octets";
import { kindOf } from "./message-text";
import { FakeAudioIn, FakeAudioOut, FakeLog, FakeNetwork, FakePin, FakeStorage, FakeWatchdog } from "./parts";
import { PEER_RTP_PORT, type Peer, type PeerCall } from "./peer";
import { FakeClock, SeededRandom } from "./time";
import { Wire } from "./wire";

/** The station's address is 192.0.2.4. */
export const DOOR_HOST = 4;
const FRAME_MS = 20;
/** Longer than the firmware's bounce time: a press counts. */
export const PRESS_MS = 40;

/** What every station of the tests is set to where its own lines say nothing else. */
const COMMON_SETTINGS = [
  "account.user = door",
  "button.1.call = sip:anna@192.0.2.9",
  "relay.1.code = 42#",
  "network.keep-alive = 0",
  "call.silence-limit = 0",
];

/** A device elsewhere knows which of its sockets are worth a read. */
function hasDatagram(udp: Udp): boolean {
  return (udp as FakeUdp).waiting() > 0;
}

/** A started device that is no record of this program: the built one, in a VM of its own. */
export interface Elsewhere {
  /** As `pollDevice`. */
  poll(): number;
}

/** Boots a device elsewhere, on this board and with this settings text. */
export type BootElsewhere = (board: Board, settings: string) => Elsewhere;

/** Makes a device of a board; one with fewer parts has less than the whole. */
export type Boot = (board: Board, limits: Limits, settings: Settings) => Device;

export class Door {
  readonly clock = new FakeClock();
  readonly wire = new Wire(this.clock, new FakeUdp(testEndpoint(DOOR_HOST, 5060)));
  readonly tcp = new FakeTcp();
  /** Where the station asks name servers (rig/name-server.ts). */
  readonly names = new FakeUdp(testEndpoint(DOOR_HOST, 5053));
  readonly rtp = new FakeUdp(testEndpoint(DOOR_HOST, 10000));
  readonly rtcp = new FakeUdp(testEndpoint(DOOR_HOST, 10001));
  readonly buttons: FakePin[] = [];
  readonly leds: FakePin[] = [];
  readonly relays: FakePin[] = [];
  readonly log = new FakeLog(this.clock);
  readonly audioIn = new FakeAudioIn(this.clock);
  readonly audioOut = new FakeAudioOut(this.clock);
  readonly watchdog = new FakeWatchdog();
  readonly network = new FakeNetwork();
  /** Not there when the device is elsewhere. */
  readonly device: WholeDevice;
  private readonly elsewhere: Elsewhere | undefined;
  /** RTP packets that left. */
  voiceSent = 0;
  private untilTimer = 0;
  private eventTimestamp = 1000;
  private eventSequence = 1;

  /**
   * Boots a station and starts it.
   * @param settings lines of its settings, behind the common ones
   * @param seed of its random source, 1 … 30000
   * @param boot the device's boot: the whole one unless a test is about another
   * @param bootElsewhere boots a device that is no record of this program, in place of `boot`
   */
  constructor(settings: string[], seed = 271, boot: Boot = createDevice, bootElsewhere?: BootElsewhere) {
    for (let index = 0; index < 2; index += 1) {
      this.buttons.push(new FakePin(this.clock, 0));
      this.relays.push(new FakePin(this.clock, 1));
    }
    for (let index = 0; index < 3; index += 1) {
      this.leds.push(new FakePin(this.clock, 1));
    }
    const board: Board & { isReadable: (udp: Udp) => boolean } = {
      isReadable: hasDatagram,
      clock: this.clock,
      random: new SeededRandom(seed),
      storage: new FakeStorage(),
      watchdog: this.watchdog,
      log: this.log,
      takeNews: takeAllNews,
      sip: this.wire.udp,
      network: this.network,
      streams: this.tcp,
      names: this.names,
      media: [{ rtp: this.rtp, rtcp: this.rtcp }],
      audioIn: this.audioIn,
      audioOut: this.audioOut,
      buttons: this.buttons,
      leds: this.leds,
      relays: this.relays,
    };
    if (bootElsewhere !== undefined) {
      this.device = undefined as unknown as WholeDevice;
      this.elsewhere = bootElsewhere(board, settingsText(settings));
      this.poll();
      return;
    }
    this.device = boot(board, createStationLimits(), settingsOf(settings)) as WholeDevice;
    startDevice(this.device);
    this.poll();
    if (this.device.registration.state === RegistrationState.REGISTERING) {
      this.advanceToMessage(SPREAD_MS);
    }
  }

  /** Lets the device do what is due. */
  poll(): void {
    this.untilTimer = this.elsewhere === undefined ? pollDevice(this.device) : this.elsewhere.poll();
    this.wire.collect();
    this.voiceSent += this.rtp.sent.length;
    this.rtp.sent = [];
    this.rtcp.sent = [];
  }

  /** Moves the time on, from timer to timer and, while there is sound, from frame to frame. */
  advance(milliseconds: number): void {
    const end = this.clock.elapsed + milliseconds;
    while (this.clock.elapsed < end) {
      this.step(end - this.clock.elapsed);
    }
  }

  /** Moves the time on until a message is there to be read. @returns the milliseconds that it took, at most `longest` */
  advanceToMessage(longest: number): number {
    const start = this.clock.elapsed;
    while (this.wire.waiting() === 0 && this.clock.elapsed - start < longest) {
      this.step(start + longest - this.clock.elapsed);
    }
    return this.clock.elapsed - start;
  }

  private step(longest: number): void {
    let step = this.untilTimer < longest ? this.untilTimer : longest;
    step = this.audioIn.running && step > FRAME_MS ? FRAME_MS : step;
    this.clock.elapsed += step < 1 ? 1 : step;
    this.poll();
  }

  /** The board gets the address 192.0.2.`host`, on all its sockets. */
  moveTo(host: number): void {
    for (const socket of [this.wire.udp, this.rtp, this.rtcp, this.names]) {
      socket.local.address[3] = host;
    }
    this.network.change(true);
    this.poll();
  }

  /** A SIP message arrives from a peer, and the device takes it at once. */
  deliver(text: string, peer: Peer): void {
    this.wire.arrive(text, peer.endpoint);
    this.poll();
  }

  /** Somebody presses a button for `PRESS_MS` and lets go. */
  press(button: number): void {
    this.buttons[button].level = 1;
    this.poll();
    this.advance(PRESS_MS);
    this.buttons[button].level = 0;
    this.poll();
    this.advance(PRESS_MS);
  }

  /** The next message that was sent; the test fails unless it is of that kind ("INVITE", "200 BYE"). */
  expect(kind: string): string {
    const text = this.wire.next();
    equal(kindOf(text), kind, "the next message");
    return text;
  }

  /** Fails when something was sent that the test has not read. */
  expectSilence(): void {
    equal(this.wire.waiting() === 0 ? "" : kindOf(this.wire.next()), "", "a message that nobody asked for");
  }

  /** An RTP packet arrives from a port of 192.0.2.`host`. */
  private arriveRtp(host: number, payloadType: number, timestamp: number, payload: number[]): void {
    const packet = createBytes(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = payloadType;
    packet[2] = (this.eventSequence >> 8) & 0xff;
    packet[3] = this.eventSequence & 0xff;
    packet[6] = (timestamp >> 8) & 0xff;
    packet[7] = timestamp & 0xff;
    packet[11] = host;
    for (let index = 0; index < payload.length; index += 1) {
      packet[12 + index] = payload[index];
    }
    this.eventSequence += 1;
    this.rtp.arrive(packet, packet.length, testEndpoint(host, PEER_RTP_PORT));
  }

  /** A frame of silence in PCMA arrives from 192.0.2.`host`. */
  arriveVoice(host: number): void {
    const payload: number[] = [];
    for (let index = 0; index < 160; index += 1) {
      payload.push(0xd5);
    }
    this.eventTimestamp = (this.eventTimestamp + 160) % 65536;
    this.arriveRtp(host, 8, this.eventTimestamp, payload);
  }

  /**
   * The person at 192.0.2.`host` presses keys, 100 ms each: RFC 4733, three packets an event.
   * @param keys of 0 … 9, * and #
   */
  pressKeys(host: number, keys: string): void {
    for (let index = 0; index < keys.length; index += 1) {
      const event = "0123456789*#".indexOf(keys.charAt(index));
      this.eventTimestamp = (this.eventTimestamp + 1600) % 65536;
      for (let packet = 1; packet <= 3; packet += 1) {
        this.arriveRtp(host, 101, this.eventTimestamp, [event, packet === 3 ? 0x8a : 0x0a, 1, 64]);
      }
      this.poll();
      this.advance(100);
    }
  }

  /** How many transactions and sessions are in use. */
  recordsInUse(): number {
    const { clients, servers } = this.device.transactions;
    return clients.use.inUse + servers.use.inUse + this.device.station.sessions.use.inUse;
  }
}

function isKeyIn(lines: string[], key: string): boolean {
  for (let index = 0; index < lines.length; index += 1) {
    if (lines[index].indexOf(key) === 0) {
      return true;
    }
  }
  return false;
}

/** The text of the settings: the common lines that these do not set, then these. */
function settingsText(lines: string[]): string {
  const all: string[] = [];
  for (let index = 0; index < COMMON_SETTINGS.length; index += 1) {
    const line = COMMON_SETTINGS[index];
    if (!isKeyIn(lines, line.substring(0, line.indexOf("=") + 1))) {
      all.push(line);
    }
  }
  return `${all.join("\n")}\n${lines.join("\n")}\n`;
}

/** Settings as the device reads them; the test fails when it refuses them. */
export function settingsOf(lines: string[]): Settings {
  const bytes = bytesOf(settingsText(lines));
  const settings = createSettings();
  const problem = createSettingsProblem();
  equal(parseSettings(settings, bytes, 0, bytes.length, problem), 0, `status of the settings, line ${problem.line}`);
  return settings;
}

/** A button was pressed and a peer answered: the two talk. Returns the peer's side. */
export function talkAsCalled(door: Door, peer: Peer): PeerCall {
  door.press(0);
  const call = peer.takeCall(door.expect("INVITE"));
  door.deliver(call.answer("180 Ringing", ""), peer);
  door.deliver(call.answer("200 OK", peer.description([])), peer);
  door.expect("ACK");
  return call;
}

/** A listed peer called and the door answered: the two talk. Returns the peer's side. */
export function talkAsCaller(door: Door, peer: Peer): PeerCall {
  const call = peer.newCall();
  door.deliver(call.inviteWith(peer.description([])), peer);
  call.takeResponse(door.expect("200 INVITE"));
  door.deliver(call.acknowledge(""), peer);
  return call;
}

/** The peer hangs up. */
export function hangUp(door: Door, call: PeerCall): void {
  door.deliver(call.bye(), call.peer);
  door.expect("200 BYE");
}
