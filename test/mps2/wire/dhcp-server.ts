// A server of DHCP (RFC 2131) with one client and one address, which a test changes at any moment: it offers and lends that address, refuses
// any other (4.3.2), or says nothing. What it was asked is kept.

import { type Cable, HOST, NETWORK_MASK } from "./cable";
import { addressOctets, type Datagram } from "./frames";

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const BOOT_REPLY = 2;
/** Places in a message, and octets of what is copied from there. */
const TRANSACTION_AT = 4;
const CLIENT_ADDRESS_AT = 12;
const YOUR_ADDRESS_AT = 16;
const HARDWARE_AT = 28;
const HARDWARE_OCTETS = 16;
const COOKIE_AT = 236;
const COOKIE = Buffer.of(99, 130, 83, 99);
const OPTIONS_AT = COOKIE_AT + COOKIE.length;

export const enum DhcpType {
  DISCOVER = 1,
  OFFER = 2,
  REQUEST = 3,
  DECLINE = 4,
  ACK = 5,
  NAK = 6,
}

/** Options of RFC 2132. */
const enum Option {
  PAD = 0,
  MASK = 1,
  ROUTER = 3,
  REQUESTED_ADDRESS = 50,
  LEASE_TIME = 51,
  TYPE = 53,
  SERVER = 54,
  END = 255,
}

function readOptions(message: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  let place = OPTIONS_AT;
  while (place < message.length && message[place] !== Option.END) {
    const length = message[place] === Option.PAD ? -1 : message[place + 1];
    options.set(message[place], message.subarray(place + 2, place + 2 + length));
    place += 2 + length;
  }
  return options;
}

function option(code: Option, octets: Buffer): Buffer {
  return Buffer.concat([Buffer.of(code, octets.length), octets]);
}

/** A DHCPDECLINE (RFC 2131 4.4.1, table 5). */
export interface Decline {
  source: string;
  destination: string;
  address: string | undefined;
  server: string | undefined;
}

export class DhcpServer {
  isOn = true;
  /** Seconds. */
  lease = 3600;
  /** Types of the messages that came, in order, also those that were not answered. */
  readonly asked: DhcpType[] = [];
  /** The same of what it answered. */
  readonly answered: DhcpType[] = [];
  /** Each DHCPDECLINE that came. */
  readonly declined: Decline[] = [];

  /** @param address what the client gets */
  constructor(
    readonly cable: Cable,
    public address: string,
  ) {
    cable.listen(SERVER_PORT, (datagram) => this.#take(datagram));
  }

  #take({ payload, source, destination }: Datagram): void {
    const options = readOptions(payload);
    const type: DhcpType = options.get(Option.TYPE)?.[0] ?? 0;
    this.asked.push(type);
    if (!this.isOn) {
      return;
    }
    if (type === DhcpType.DISCOVER) {
      this.#answer(payload, DhcpType.OFFER);
    } else if (type === DhcpType.REQUEST) {
      const inUse = payload.subarray(CLIENT_ADDRESS_AT, CLIENT_ADDRESS_AT + 4);
      const wanted = options.get(Option.REQUESTED_ADDRESS) ?? inUse;
      this.#answer(payload, wanted.join(".") === this.address ? DhcpType.ACK : DhcpType.NAK);
    } else if (type === DhcpType.DECLINE) {
      const [address, server] = [Option.REQUESTED_ADDRESS, Option.SERVER].map((code) => options.get(code)?.join("."));
      this.declined.push({ source, destination, address, server });
    }
  }

  #answer(request: Buffer, type: DhcpType): void {
    const message = Buffer.alloc(OPTIONS_AT);
    message.set([BOOT_REPLY, 1, 6, 0]);
    message.set(request.subarray(TRANSACTION_AT, TRANSACTION_AT + 4), TRANSACTION_AT);
    message.set(request.subarray(HARDWARE_AT, HARDWARE_AT + HARDWARE_OCTETS), HARDWARE_AT);
    message.set(COOKIE, COOKIE_AT);
    const options = [option(Option.TYPE, Buffer.of(type)), option(Option.SERVER, addressOctets(HOST))];
    if (type !== DhcpType.NAK) {
      const lease = Buffer.alloc(4);
      lease.writeUInt32BE(this.lease);
      message.set(addressOctets(this.address), YOUR_ADDRESS_AT);
      options.push(option(Option.LEASE_TIME, lease), option(Option.MASK, addressOctets(NETWORK_MASK)));
      options.push(option(Option.ROUTER, addressOctets(HOST)));
    }
    this.answered.push(type);
    this.cable.broadcast(SERVER_PORT, CLIENT_PORT, Buffer.concat([message, ...options, Buffer.of(Option.END)]));
  }
}
