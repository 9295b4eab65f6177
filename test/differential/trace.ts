// What a station does, written down while it does it: every datagram and stream of octets that it sends, octet for octet, every
// change of a relay or light, every event. Two runs are the same when their traces are.

import type { Bytes } from "../../firmware/bytes/bytes";
import { StationEvent } from "../../firmware/intercom/event-log";
import type { Board } from "../../hal/board";
import type { Digital } from "../../hal/digital";
import type { Endpoint } from "../../hal/endpoint";
import { addressText } from "../../hal/node/endpoint";
import type { Tcp } from "../../hal/tcp";
import type { Udp } from "../../hal/udp";

export class Trace {
  readonly lines: string[] = [];

  constructor(private readonly elapsed: () => number) {}

  say(what: string): void {
    this.lines.push(`${this.elapsed()} ${what}`);
  }
}

/** Octets as text where they are text, else as hexadecimal digits: exact in both forms. */
function octetText(bytes: Bytes, start: number, end: number): string {
  const octets = Buffer.from(Array.from({ length: end - start }, (_, index) => bytes[start + index]));
  const isText = octets.every((octet) => octet === 9 || octet === 10 || octet === 13 || (octet >= 32 && octet < 127));
  return isText ? JSON.stringify(octets.toString("latin1")) : octets.toString("hex");
}

/** A socket of the tests, which knows how many datagrams wait. */
interface Waiting {
  waiting: () => number;
}

function peerText(peer: Endpoint): string {
  return `${addressText(peer)}:${peer.port}`;
}

function tracedUdp(udp: Udp, name: string, trace: Trace): Udp & Waiting {
  return {
    waiting: () => (udp as Udp & Waiting).waiting(),
    local: udp.local,
    local6: udp.local6,
    read: (buffer, source) => udp.read(buffer, source),
    write(buffer, start, end, destination) {
      const status = udp.write(buffer, start, end, destination);
      trace.say(`${name} to ${peerText(destination)} ${status} ${octetText(buffer, start, end)}`);
      return status;
    },
  };
}

function tracedTcp(tcp: Tcp, trace: Trace): Tcp {
  return {
    count: tcp.count,
    waiting: () => tcp.waiting(),
    accept: (connection, remote) => tcp.accept(connection, remote),
    read: (connection, buffer, start, end) => tcp.read(connection, buffer, start, end),
    connect(connection, remote) {
      const status = tcp.connect(connection, remote);
      trace.say(`tcp ${connection} connects to ${peerText(remote)} ${status}`);
      return status;
    },
    write(connection, buffer, start, end) {
      const taken = tcp.write(connection, buffer, start, end);
      if (taken !== 0) {
        trace.say(`tcp ${connection} ${taken} ${octetText(buffer, start, end)}`);
      }
      return taken;
    },
    close(connection) {
      trace.say(`tcp ${connection} closes`);
      tcp.close(connection);
    },
  };
}

/** Tells of changes; the first write counts as one, as on a board whose pins float before it. */
function tracedPin(pin: Digital, name: string, trace: Trace): Digital {
  let last = -1;
  return {
    read: () => pin.read(),
    write(value) {
      if (value !== last) {
        last = value;
        trace.say(`${name} ${value}`);
      }
      pin.write(value);
    },
  };
}

/** The same board, with everything that goes out of it written down. */
export function tracedBoard(board: Board, trace: Trace): Board {
  const log = board.log;
  return {
    ...board,
    sip: tracedUdp(board.sip, "sip", trace),
    names: tracedUdp(board.names, "names", trace),
    media: board.media.map(({ rtp, rtcp }, call) => ({
      rtp: tracedUdp(rtp, `rtp ${call}`, trace),
      rtcp: tracedUdp(rtcp, `rtcp ${call}`, trace),
    })),
    streams: tracedTcp(board.streams, trace),
    leds: board.leds.map((pin, index) => tracedPin(pin, `led ${index}`, trace)),
    relays: board.relays.map((pin, index) => tracedPin(pin, `relay ${index}`, trace)),
    log: {
      event(event, first, second) {
        // A native twin needs no tables, so that the octets of the pools are the VM's own.
        trace.say(event === StationEvent.BOOTED ? `event ${event} ${first}` : `event ${event} ${first} ${second}`);
        log.event(event, first, second);
      },
      message: (sent, bytes, start, end, peer) => log.message(sent, bytes, start, end, peer),
    },
  };
}
