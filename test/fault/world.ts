// The small world of the fault run: a door, a person's phone, a switchboard and a name server on a network in memory, all on
// one virtual clock and all of their chance from one seed. It breaks what it is told to break, and keeps a digest of every SIP
// message.

import { createHash } from "node:crypto";
import { StationState } from "../../firmware/intercom/station";
import { RegistrationState } from "../../firmware/sip/registration";
import { endpointOf } from "../../hal/node/endpoint";
import { MemoryNetwork, type TracedDatagram } from "../../hal/node/memory-network";
import { SeededRandom } from "../../hal/node/random";
import { VirtualClock } from "../../hal/node/virtual-clock";
import { createVirtualBoard, type SimulatedBoard } from "../../simulator/board/simulated-board";
import { DeskStation, readSettings } from "../../simulator/desk-station";
import { IndoorStation } from "../../simulator/switchboard/indoor-station";
import { Switchboard } from "../../simulator/switchboard/switchboard";
import { NameServer } from "../rig/name-server";

const PBX_HOST = "192.0.2.1";
const PHONE_HOST = "192.0.2.9";
const NAME_HOST = "192.0.2.53";
/** A machine of the zone that is not there. */
const DEAD_HOST = "192.0.2.99";
/** Addresses that the door has, one after the other. */
const DOOR_HOSTS = ["192.0.2.4", "192.0.2.5", "192.0.2.6"];
const DNS_PORT = 53;
const SIP_PORT = 5060;
const RTP_PORT = 10000;

/** Pools whose oldest entry gives way: they are never emptied. */
const MEMORIES = new Set(["DNS cache", "refusals", "peers that matter", "strangers"]);

const DOOR_USER = { name: "door", password: "door-secret" };
const PHONE_USER = { name: "anna", password: "anna-secret" };

const DOOR_SETTINGS = [
  `account.user = ${DOOR_USER.name}`,
  `account.password = ${DOOR_USER.password}`,
  "account.registrar = pbx.test",
  "account.expires = 300",
  `network.name-server.1 = ${NAME_HOST}`,
  "button.1.call = sip:anna@pbx.test",
  "call.answer-from = *",
  "call.ring-limit = 10",
  "call.talk-limit = 30",
  "call.hang-up-after-release = 1",
  "relay.1.code = 42#",
  "relay.1.pulse = 1",
  "code.tries = 10",
].join("\n");

const PHONE_SETTINGS = [
  `account.user = ${PHONE_USER.name}`,
  `account.password = ${PHONE_USER.password}`,
  `account.registrar = ${PBX_HOST}`,
  "account.expires = 120",
].join("\n");

/** What the network between all hosts does to a datagram, chances from 0 to 1 and milliseconds. */
export interface Weather {
  loss: number;
  duplication: number;
  reordering: number;
  jitter: number;
}

export const FAIR: Weather = { loss: 0, duplication: 0, reordering: 0, jitter: 2 };

export class World {
  readonly clock = new VirtualClock();
  readonly network: MemoryNetwork;
  readonly phone: IndoorStation;
  door!: DeskStation;
  switchboard: Switchboard | undefined;
  /** SIP messages that were sent, and their digest with times and fates. */
  messages = 0;
  /** Presses of the relay since the beginning. */
  releases = 0;
  private readonly digest = createHash("sha256");
  private readonly board: SimulatedBoard;
  private readonly names = new NameServer(endpointOf(NAME_HOST, DNS_PORT));
  private moves = 0;

  constructor(private readonly seed: number) {
    this.network = new MemoryNetwork(this.clock, { seed, traceLimit: 2 });
    this.network.onTraced = (datagram) => this.note(datagram);
    this.openNameServer();
    this.openSwitchboard();
    const phoneBoard = createVirtualBoard(
      this.clock,
      this.network,
      { address: PHONE_HOST, sipPort: SIP_PORT, rtpPort: RTP_PORT },
      { random: new SeededRandom(seed + 1) },
    );
    this.phone = new IndoorStation(phoneBoard, readSettings(PHONE_SETTINGS, "phone"));
    this.board = createVirtualBoard(
      this.clock,
      this.network,
      { address: DOOR_HOSTS[0], sipPort: SIP_PORT, rtpPort: RTP_PORT },
      { random: new SeededRandom(seed + 2) },
    );
    this.board.onOutput(({ kind, value }) => {
      this.releases += kind === "relay" && value === 1 ? 1 : 0;
    });
    this.bootDoor();
  }

  /** Powers the door, or takes its power away and gives it back: everything that it knew is gone. */
  bootDoor(): void {
    this.door = new DeskStation(this.board, readSettings(DOOR_SETTINGS, "door"));
  }

  /** The switchboard starts with nobody registered. */
  openSwitchboard(): void {
    this.switchboard?.close();
    this.switchboard = new Switchboard(this.clock, this.network.open(PBX_HOST, SIP_PORT), {
      users: [DOOR_USER, PHONE_USER],
      names: ["pbx.test"],
      random: new SeededRandom(this.seed + 3 + this.messages),
    });
  }

  /** The switchboard ends without a word. */
  closeSwitchboard(): void {
    this.switchboard?.close();
    this.switchboard = undefined;
  }

  private openNameServer(): void {
    const socket = this.network.open(NAME_HOST, DNS_PORT);
    socket.onReadable = () => this.names.poll(socket);
    this.names.add("_sip._udp.pbx.test 60 SRV 10 1 5060 one.pbx.test");
    this.names.add(`one.pbx.test 60 A ${PBX_HOST}`);
    this.names.add(`two.pbx.test 60 A ${DEAD_HOST}`);
  }

  /** Puts a machine that is not there before the switchboard in the zone, or takes it out. */
  setDeadTarget(isThere: boolean): void {
    if (isThere) {
      this.names.add("_sip._udp.pbx.test 60 SRV 5 1 5060 two.pbx.test");
    } else {
      this.names.remove("_sip._udp.pbx.test");
      this.names.add("_sip._udp.pbx.test 60 SRV 10 1 5060 one.pbx.test");
    }
  }

  /** Pulls the name server's cable, or plugs it in. */
  setNameServer(plugged: boolean): void {
    this.network.host(NAME_HOST).up = plugged;
  }

  /** The door gets its next address. */
  moveDoor(): void {
    const from = this.doorHost;
    this.moves += 1;
    this.network.move(from, this.doorHost);
    this.board.wake();
  }

  private get doorHost(): string {
    return DOOR_HOSTS[this.moves % DOOR_HOSTS.length];
  }

  setWeather(weather: Weather): void {
    for (const host of [PBX_HOST, this.doorHost, PHONE_HOST]) {
      Object.assign(this.network.host(host), weather);
    }
  }

  /** Pulls the door's cable, or plugs it in. */
  setCable(plugged: boolean): void {
    this.network.host(this.doorHost).up = plugged;
    this.board.wake();
  }

  get isDoorIdle(): boolean {
    return this.door.state === StationState.IDLE;
  }

  get isDoorTalking(): boolean {
    return this.door.state === StationState.TALKING;
  }

  /** Whether the switchboard knows where the door is, and the door knows that. */
  get isDoorRegistered(): boolean {
    const bindings = this.switchboard?.location.bindingsOf(DOOR_USER.name) ?? [];
    return bindings.length > 0 && this.door.registration === RegistrationState.REGISTERED;
  }

  /** Whether a call from the door can reach the phone. */
  get isPhoneRegistered(): boolean {
    const bindings = this.switchboard?.location.bindingsOf(PHONE_USER.name) ?? [];
    return bindings.length > 0 && this.phone.isRegistered;
  }

  /** Whether the door's microphone and speaker rest. */
  get isDoorSilent(): boolean {
    return !this.board.audioIn.running && !this.board.audioOut.running && !this.door.device.rtp.running;
  }

  /** The door's pools with what is in use of each: "name: 0 of 6"; without those that remember what they have seen. */
  poolsInUse(): string[] {
    const pools = this.door.device.memory.pools.filter(({ limit }) => !MEMORIES.has(limit.name));
    return pools.map(({ limit, inUse }) => `${limit.name}: ${inUse} of ${limit.count}`);
  }

  /** The digest of every SIP message up to now. */
  trace(): string {
    return this.digest.copy().digest("hex");
  }

  private note(datagram: TracedDatagram): void {
    if (datagram.source.endsWith(`:${SIP_PORT}`)) {
      this.messages += 1;
      this.digest.update(
        `${datagram.sent.toFixed(3)} ${datagram.settled.toFixed(3)} ${datagram.source} ${datagram.destination} ${datagram.fate}\n`,
      );
      this.digest.update(datagram.bytes);
    }
  }
}
