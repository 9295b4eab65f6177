// The message index on damaged messages: cut at every octet, and with every octet replaced. Whatever stands there, parsing
// ends, reads nothing outside its view (what lies around it changes nothing; in Lua a read outside the buffer raises), and
// every offset of the index lies inside.

import { type Bytes, createBytes, fillBytes } from "../../firmware/bytes/bytes";
import { HEADER_NAME_COUNT } from "../../firmware/sip/header-name";
import { createMessage, type Message, MessageKind, NO_HEADER } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf } from "../octets";
import { DEFECTIVE_MESSAGES, FOREIGN_DATAGRAMS, type SipSample, SOUND_MESSAGES } from "../vectors/sip-messages";

/** An offset that no view of these tests has: what of it is left in the index was not set. */
const STALE = 60000;

/** Octets that mean something to the parsers. */
const REPLACEMENTS = [0x00, 0x0a, 0x0d, 0x22, 0x3c, 0xff];

const message = createMessage(16);

/** Fills what an earlier message may have left. */
function spoil(spoilt: Message): void {
  const { via, from, to, cseq } = spoilt;
  for (const address of [from, to]) {
    address.start = STALE;
    address.end = STALE;
    address.displayStart = STALE;
    address.displayEnd = STALE;
    address.uriStart = STALE;
    address.uriEnd = STALE;
    address.parametersStart = STALE;
    address.parametersEnd = STALE;
    address.tagStart = STALE;
    address.tagEnd = STALE;
  }
  via.start = STALE;
  via.end = STALE;
  via.hostStart = STALE;
  via.hostEnd = STALE;
  via.branchStart = STALE;
  via.branchEnd = STALE;
  via.receivedStart = STALE;
  via.receivedEnd = STALE;
  via.rportStart = STALE;
  via.rportEnd = STALE;
  cseq.methodStart = STALE;
  cseq.methodEnd = STALE;
  spoilt.callIdStart = STALE;
  spoilt.callIdEnd = STALE;
  spoilt.methodStart = STALE;
  spoilt.methodEnd = STALE;
  spoilt.uriStart = STALE;
  spoilt.uriEnd = STALE;
  spoilt.reasonStart = STALE;
  spoilt.reasonEnd = STALE;
  spoilt.bodyStart = STALE;
  spoilt.bodyEnd = STALE;
  spoilt.start = STALE;
  spoilt.end = STALE;
  spoilt.maxForwards = STALE;
}

/** The views of the index: first and end offset in turn. */
function viewsOf(indexed: Message): number[] {
  const { via, from, to, cseq } = indexed;
  const views = [indexed.start, indexed.end, indexed.bodyStart, indexed.bodyEnd];
  if (indexed.kind === MessageKind.EMPTY || indexed.kind === MessageKind.FOREIGN) {
    return views;
  }
  if (indexed.kind === MessageKind.REQUEST) {
    views.push(indexed.methodStart, indexed.methodEnd, indexed.uriStart, indexed.uriEnd);
  } else {
    views.push(indexed.reasonStart, indexed.reasonEnd);
  }
  for (const address of [from, to]) {
    views.push(address.start, address.end, address.displayStart, address.displayEnd, address.uriStart, address.uriEnd);
    views.push(address.parametersStart, address.parametersEnd, address.tagStart, address.tagEnd);
  }
  views.push(via.start, via.end, via.hostStart, via.hostEnd, via.branchStart, via.branchEnd);
  views.push(via.receivedStart, via.receivedEnd, via.rportStart, via.rportEnd);
  views.push(cseq.methodStart, cseq.methodEnd, indexed.callIdStart, indexed.callIdEnd);
  for (let header = 0; header < indexed.headerCount; header += 1) {
    views.push(indexed.values[2 * header], indexed.values[2 * header + 1]);
    views.push(indexed.lines[header], indexed.values[2 * header]);
  }
  return views;
}

/** Whether the chains of names hold every header field once, in order. */
function areChainsSound(indexed: Message): boolean {
  let found = 0;
  for (let name = 0; name < HEADER_NAME_COUNT; name += 1) {
    let header = indexed.firsts[name];
    let last = -1;
    while (header !== NO_HEADER) {
      if (header <= last || header >= indexed.headerCount || indexed.names[header] !== name) {
        return false;
      }
      last = header;
      found += 1;
      header = indexed.following[header];
    }
  }
  return found === indexed.headerCount;
}

/** Parses bytes[start … end) with a spoilt index. Returns a number that stands for all that was found; fails when it is unsound. */
function findings(bytes: Bytes, start: number, end: number, where: string): number {
  spoil(message);
  const status = parseMessage(message, bytes, start, end);
  const views = viewsOf(message);
  let sum = message.kind * 16 + message.defect - status;
  for (let index = 0; index < views.length; index += 2) {
    if (views[index] < start || views[index + 1] < views[index] || views[index + 1] > end) {
      isTrue(false, `${where}: view ${index} of ${views[index]} … ${views[index + 1]} in ${start} … ${end}`);
    }
    sum = (sum * 31 + views[index] - start) % 65521;
    sum = (sum * 31 + views[index + 1] - start) % 65521;
  }
  if (!areChainsSound(message)) {
    isTrue(false, `${where}: chains of header fields`);
  }
  if (message.kind === MessageKind.RESPONSE && (message.statusCode < 100 || message.statusCode > 699)) {
    isTrue(false, `${where}: status code ${message.statusCode}`);
  }
  if (status === Status.OK && (message.maxForwards < -1 || message.maxForwards > 255)) {
    isTrue(false, `${where}: Max-Forwards ${message.maxForwards}`);
  }
  return sum;
}

/** Cuts a message at every octet: in a buffer that ends there, and among two kinds of other octets. */
function cutEverywhere(sample: SipSample): void {
  const { text, title } = sample;
  const around = createBytes(text.length + 40);
  for (let length = 0; length <= text.length; length += 1) {
    const where = `${title}, cut at ${length}`;
    const alone = findings(bytesOf(text.substring(0, length)), 0, length, where);
    for (const other of [0x0a, 0x41]) {
      fillBytes(around, 0, around.length, other);
      for (let index = 0; index < length; index += 1) {
        around[20 + index] = text.charCodeAt(index);
      }
      equal(findings(around, 20, 20 + length, where), alone, `${where}: what lies around it counts for nothing`);
    }
  }
}

/** Replaces every octet of a message, in a buffer that ends with it. */
function replaceEverywhere(sample: SipSample, replacements: number[]): void {
  const bytes = bytesOf(sample.text);
  for (let index = 0; index < bytes.length; index += 1) {
    const octet = bytes[index];
    for (const replacement of replacements) {
      bytes[index] = replacement;
      findings(bytes, 0, bytes.length, `${sample.title}, ${replacement} at ${index}`);
    }
    bytes[index] = octet;
  }
}

describe("message bounds", () => {
  it("stand wherever a short message is cut or damaged", () => {
    const sample = SOUND_MESSAGES[7];
    cutEverywhere(sample);
    replaceEverywhere(sample, [0x00, 0x0d, 0x22]);
  });

  itSlow("stand wherever a sound message is cut", () => {
    for (const sample of SOUND_MESSAGES) {
      cutEverywhere(sample);
    }
  });

  itSlow("stand wherever a defective or foreign datagram is cut", () => {
    for (const samples of [FOREIGN_DATAGRAMS, DEFECTIVE_MESSAGES]) {
      for (const sample of samples) {
        const bytes = bytesOf(sample.text);
        for (let length = 0; length <= bytes.length; length += 1) {
          findings(bytes, 0, length, `${sample.title}, cut at ${length}`);
        }
      }
    }
  });

  itSlow("stand whatever octet is replaced in a sound message", () => {
    for (const sample of SOUND_MESSAGES) {
      replaceEverywhere(sample, REPLACEMENTS);
    }
  });
});
