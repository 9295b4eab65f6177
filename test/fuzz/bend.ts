// Bends a message as an input says: its lines as a broken or hostile program would (left out, twice, in another place, folded, another
// number, another length), or any of its octets.

import type { Orders } from "./orders";

const NUMBERS = [
  "0",
  "1",
  "2",
  "70",
  "65535",
  "65536",
  "134217728",
  "2147483648",
  "4294967295",
  "99999999999",
  "-1",
  "",
];

const TAILS = [";", ",", '"', ";lr", ";maddr=192.0.2.66", ";x=\0", ";received=192.0.2.77;rport=40000"];

type LineBend = (lines: string[], at: number, orders: Orders) => void;

/** What is done to a line of the header. */
const LINE_BENDS: LineBend[] = [
  (lines, at) => lines.splice(at, 1),
  (lines, at) => lines.splice(at, 0, lines[at]),
  (lines, at, orders) => lines.splice(orders.next() % lines.length, 0, ...lines.splice(at, 1)),
  (lines, at, orders) => {
    const number = orders.choose(NUMBERS);
    let left = 1 + (orders.next() & 3);
    lines[at] = lines[at].replace(/\d+/g, (found) => {
      left -= 1;
      return left === 0 ? number : found;
    });
  },
  (lines, at) => {
    lines[at] = lines[at].replace(/ (?=\S)/, "\r\n ");
  },
  (lines, at) => {
    lines[at] = lines[at].toUpperCase();
  },
  (lines, at) => {
    lines[at] = `${lines[at].split(":")[0]}:`;
  },
  (lines, at, orders) => {
    lines[at] += `, ${lines[orders.next() % lines.length].replace(/^[^:]*: */, "")}`;
  },
  (lines, at, orders) => {
    lines[at] += orders.choose(TAILS);
  },
];

function bendLines(text: string, orders: Orders): string {
  const end = text.indexOf("\r\n\r\n");
  const lines = text.substring(0, end).split("\r\n");
  for (let count = orders.next() & 3; count > 0 && lines.length > 0; count -= 1) {
    const at = orders.next() % lines.length;
    orders.choose(LINE_BENDS)(lines, at, orders);
  }
  return lines.join("\r\n") + text.substring(end);
}

function bendOctets(text: string, orders: Orders): Uint8Array {
  const octets = [...Buffer.from(text, "latin1")];
  for (let count = orders.next() & 3; count > 0 && octets.length > 0; count -= 1) {
    const at = orders.nextPair() % octets.length;
    const how = orders.next() % 3;
    octets.splice(at, how === 0 ? 0 : 1, ...(how === 1 ? [] : [orders.next()]));
  }
  return Uint8Array.from(octets);
}

/** A message as it is, or bent. */
export function bend(text: string, orders: Orders): Uint8Array {
  const how = orders.next();
  const lines = (how & 1) === 0 || text === "" ? text : bendLines(text, orders);
  return (how & 2) === 0 ? Uint8Array.from(Buffer.from(lines, "latin1")) : bendOctets(lines, orders);
}

/** A datagram that is no text: as it is, or with some of its octets changed and its end cut off. */
export function bendDatagram(datagram: Uint8Array, orders: Orders): Uint8Array {
  const bent = Uint8Array.from(datagram);
  for (let count = orders.next() & 3; count > 0 && bent.length > 0; count -= 1) {
    bent[orders.nextPair() % bent.length] = orders.next();
  }
  return (orders.next() & 7) === 7 ? bent.slice(0, orders.next()) : bent;
}
