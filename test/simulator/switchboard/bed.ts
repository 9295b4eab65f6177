// A switchboard on a network in memory, in virtual time, and whoever is at it: stations, indoor stations, and phones that the
// tests play themselves, octet by octet.

import { createBytes } from "../../../firmware/bytes/bytes";
import { createEndpoint } from "../../../firmware/bytes/ip-address";
import { endpointOf } from "../../../hal/node/endpoint";
import { MemoryNetwork, type NetworkOptions } from "../../../hal/node/memory-network";
import { SeededRandom } from "../../../hal/node/random";
import { createSine } from "../../../hal/node/sample-source";
import type { DeskUdp } from "../../../hal/node/udp-socket";
import { VirtualClock } from "../../../hal/node/virtual-clock";
import { createVirtualBoard } from "../../../simulator/board/simulated-board";
import { DeskStation, readSettings } from "../../../simulator/desk-station";
import { type IndoorOptions, IndoorStation } from "../../../simulator/switchboard/indoor-station";
import { Switchboard, type SwitchboardOptions } from "../../../simulator/switchboard/switchboard";
import { authorize } from "./digest";

export const SWITCHBOARD = "192.0.2.1";
export const DOOR = { name: "door", password: "door-secret" };
export const INDOOR = { name: "indoor", password: "indoor-secret" };
export const ANNA = { name: "anna", password: "anna-secret" };
/** dBov */
export const LEVEL = -20;
export const DOOR_HERTZ = 1000;
export const INDOOR_HERTZ = 440;

/** A SIP message in parts. */
export interface WireMessage {
  /** The start line. */
  start: string;
  /** By name in lower case: the values of its header fields, in order. */
  headers: Map<string, string[]>;
  body: string;
  text: string;
}

function parseWire(text: string): WireMessage {
  const [head, body] = text.split("\r\n\r\n", 2);
  const [start, ...lines] = head.split("\r\n");
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { start, headers, body: body ?? "", text };
}

/** The values of a header of a message. */
export function valuesOf(message: WireMessage, name: string): string[] {
  return message.headers.get(name.toLowerCase()) ?? [];
}

/** The one value of a header; "" when there is none. */
export function valueOf(message: WireMessage, name: string): string {
  return valuesOf(message, name)[0] ?? "";
}

/** A phone that a test plays itself. */
export class Phone {
  readonly received: WireMessage[] = [];
  readonly uri: string;
  private readonly socket: DeskUdp;
  private readonly target = endpointOf(SWITCHBOARD, 5060);
  private sequence = 0;
  private readonly buffer = createBytes(8192);
  private readonly source = createEndpoint();

  constructor(
    private readonly bed: Bed,
    readonly user: string,
    readonly address: string,
  ) {
    this.uri = `sip:${user}@${address}:5060`;
    this.socket = bed.network.open(address, 5060);
    this.socket.onReadable = () => this.read();
  }

  /** The last message that came. */
  get last(): WireMessage {
    return this.received[this.received.length - 1];
  }

  /** Sends a text as it is, LF made CRLF, and lets 20 ms pass. */
  send(text: string): WireMessage {
    const bytes = Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");
    this.socket.write(bytes, 0, bytes.length, this.target);
    this.bed.clock.runFor(20);
    return this.last;
  }

  /** A request with a new branch; the header lines may say From, To, Call-ID, CSeq and Contact themselves. */
  request(method: string, uri: string, lines: string[] = [], body = ""): string {
    this.sequence += 1;
    const given = new Set(lines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase()));
    const usual = [
      `Via: SIP/2.0/UDP ${this.address}:5060;branch=z9hG4bK-${this.user}-${this.sequence};rport`,
      "Max-Forwards: 70",
      `From: <sip:${this.user}@${SWITCHBOARD}>;tag=${this.user}`,
      `To: <${method === "REGISTER" ? `sip:${this.user}@${SWITCHBOARD}` : uri}>`,
      `Call-ID: call-of-${this.user}`,
      `CSeq: ${this.sequence} ${method}`,
    ].filter((line) => !given.has(line.slice(0, line.indexOf(":")).toLowerCase()));
    return [`${method} ${uri} SIP/2.0`, ...usual, ...lines, `Content-Length: ${body.length}`, "", body].join("\n");
  }

  /** Sends a REGISTER, answers its challenge, and returns the last response. */
  register(password: string, lines: string[], algorithm: "MD5" | "SHA-256" = "SHA-256"): WireMessage {
    const uri = `sip:${SWITCHBOARD}`;
    const challenged = this.send(this.request("REGISTER", uri, lines));
    if (!challenged.start.includes(" 401 ")) {
      return challenged;
    }
    const credentials = { name: this.user, password };
    const answer = authorize(valuesOf(challenged, "WWW-Authenticate"), algorithm, credentials, "REGISTER", uri, 1);
    return this.send(this.request("REGISTER", uri, [...lines, `Authorization: ${answer}`]));
  }

  /** Registers its own address for an hour. */
  join(password: string): void {
    this.register(password, [`Contact: <${this.uri}>`, "Expires: 3600"]);
  }

  /** Answers the last request of a method that came. */
  respond(method: string, status: string, lines: string[] = [], body = ""): void {
    const request = this.received.findLast(({ start }) => start.startsWith(`${method} `)) as WireMessage;
    const copied = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"].flatMap((name) =>
      valuesOf(request, name).map((value) =>
        name === "To" && !value.includes("tag=")
          ? `To: ${value};tag=${this.user}-${this.address}`
          : `${name}: ${value}`,
      ),
    );
    this.send(
      [
        `SIP/2.0 ${status}`,
        ...copied,
        `Contact: <${this.uri}>`,
        ...lines,
        `Content-Length: ${body.length}`,
        "",
        body,
      ].join("\n"),
    );
  }

  /** The start lines of what came since `from`. */
  starts(from = 0): string[] {
    return this.received.slice(from).map(({ start }) => start);
  }

  private read(): void {
    for (;;) {
      const length = this.socket.read(this.buffer, this.source);
      if (length < 0) {
        return;
      }
      this.received.push(parseWire(Buffer.from(this.buffer as unknown as Uint8Array).toString("latin1", 0, length)));
    }
  }
}

export class Bed {
  readonly clock = new VirtualClock();
  readonly network: MemoryNetwork;
  switchboard: Switchboard;
  private hosts = 10;

  constructor(
    private readonly options: Partial<SwitchboardOptions> = {},
    network: NetworkOptions = {},
  ) {
    this.network = new MemoryNetwork(this.clock, network);
    this.switchboard = this.startSwitchboard();
  }

  /** Ends the switchboard and starts another at the same place, which knows nothing. */
  restart(): void {
    this.switchboard.close();
    this.switchboard = this.startSwitchboard();
  }

  phone(user: string, address = `192.0.2.${this.nextHost()}`): Phone {
    return new Phone(this, user, address);
  }

  door(...lines: string[]): DeskStation {
    const settings = [
      `account.user = ${DOOR.name}`,
      `account.password = ${DOOR.password}`,
      `account.registrar = ${SWITCHBOARD}`,
      "network.keep-alive = 0",
      `button.1.call = sip:${INDOOR.name}@${SWITCHBOARD}`,
      "button.2.call = sip:nobody@192.0.2.1",
      "call.answer-from = *",
      "relay.1.code = 42#",
      "relay.1.pulse = 1",
      ...lines,
    ];
    const where = { address: `192.0.2.${this.nextHost()}`, sipPort: 5060 };
    const board = createVirtualBoard(this.clock, this.network, where, {
      buttons: 2,
      microphone: createSine(DOOR_HERTZ, LEVEL),
      random: new SeededRandom(this.hosts),
    });
    return new DeskStation(board, readSettings(settings.join("\n"), "door.conf"));
  }

  indoor(user = INDOOR, options: IndoorOptions = {}): IndoorStation {
    const settings = [
      `account.user = ${user.name}`,
      `account.password = ${user.password}`,
      `account.registrar = ${SWITCHBOARD}`,
      "network.keep-alive = 0",
    ];
    const where = { address: `192.0.2.${this.nextHost()}`, sipPort: 5060 };
    const board = createVirtualBoard(this.clock, this.network, where, {
      microphone: createSine(INDOOR_HERTZ, LEVEL),
      random: new SeededRandom(this.hosts),
    });
    return new IndoorStation(board, readSettings(settings.join("\n"), "indoor.conf"), options);
  }

  /** Transactions of the switchboard that are not free. */
  get pending(): number {
    const { clients, servers } = this.switchboard.transactions;
    return clients.use.inUse + servers.use.inUse;
  }

  private startSwitchboard(): Switchboard {
    return new Switchboard(this.clock, this.network.open(SWITCHBOARD, 5060), {
      users: [DOOR, INDOOR, ANNA],
      random: new SeededRandom(7),
      ...this.options,
    });
  }

  private nextHost(): number {
    this.hosts += 1;
    return this.hosts;
  }
}
