// Reads one datagram into the message index (RFC 3261 7, 18.3, 25): start line, header lines, body, and the header fields that
// every layer needs. It never reads outside the datagram; what is wrong is noted as a defect and the rest is still read.

import type { Bytes } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createText, equalTextAnyCase } from "../bytes/text";
import { CHARACTER_BLANK, CHARACTER_TOKEN, findClass, skipBlanks, skipClass, trimBlanks } from "./characters";
import { parseCSeq } from "./cseq";
import { findLineEnd, forgetHeaders, indexHeaders, skipLineEnd } from "./header-index";
import { HeaderName } from "./header-name";
import { Defect, MESSAGE_MAXIMUM, type Message, MessageKind, NO_HEADER, noteDefect } from "./message";
import { Method, parseMethod } from "./method";
import { type NameAddress, parseNameAddress } from "./name-address";
import { Status } from "./status";
import { parseVia } from "./via";

const VERSION = createText("SIP/2.0");

/** "SIP/2.0 200 OK" */
function parseStatusLine(message: Message, start: number, lineEnd: number): boolean {
  const bytes = message.bytes;
  let code = 0;
  if (lineEnd - start < 11 || bytes[start + 7] !== 0x20) {
    return false;
  }
  for (let index = start + 8; index < start + 11; index += 1) {
    const digit = bytes[index] - 0x30;
    if (digit < 0 || digit > 9) {
      return false;
    }
    code = code * 10 + digit;
  }
  // The blank before an empty reason phrase is often left out.
  const hasReason = lineEnd > start + 11;
  if (code < 100 || code > 699 || (hasReason && bytes[start + 11] !== 0x20)) {
    return false;
  }
  message.kind = MessageKind.RESPONSE;
  message.statusCode = code;
  message.reasonStart = hasReason ? start + 12 : start + 11;
  message.reasonEnd = lineEnd;
  return true;
}

/**
 * "INVITE sip:hall@example.com SIP/2.0". What begins with a method and ends with a version of SIP is a request: blanks too many
 * or in the URI make it one to be refused, not one to be ignored.
 */
function parseRequestLine(message: Message, start: number, lineEnd: number): boolean {
  const bytes = message.bytes;
  const methodEnd = skipClass(bytes, start, lineEnd, CHARACTER_TOKEN);
  const versionEnd = trimBlanks(bytes, methodEnd, lineEnd);
  let versionStart = versionEnd;
  while (versionStart > methodEnd && bytes[versionStart - 1] > 0x20) {
    versionStart -= 1;
  }
  if (
    methodEnd === start ||
    versionStart === methodEnd ||
    bytes[methodEnd] > 0x20 ||
    versionEnd - versionStart < 5 ||
    (bytes[versionStart] | 0x20) !== 0x73 ||
    (bytes[versionStart + 1] | 0x20) !== 0x69 ||
    (bytes[versionStart + 2] | 0x20) !== 0x70 ||
    bytes[versionStart + 3] !== 0x2f
  ) {
    return false;
  }
  const uriStart = skipBlanks(bytes, methodEnd, versionStart);
  const uriEnd = trimBlanks(bytes, uriStart, versionStart);
  message.kind = MessageKind.REQUEST;
  message.method = parseMethod(bytes, start, methodEnd);
  message.methodStart = start;
  message.methodEnd = methodEnd;
  message.uriStart = uriStart;
  message.uriEnd = uriEnd;
  if (
    uriEnd === uriStart ||
    uriStart - methodEnd !== 1 ||
    versionStart - uriEnd !== 1 ||
    (bytes[methodEnd] | bytes[uriEnd]) !== 0x20 ||
    versionEnd !== lineEnd ||
    findClass(bytes, uriStart, uriEnd, CHARACTER_BLANK) !== uriEnd
  ) {
    noteDefect(message, Defect.START_LINE);
  } else if (!equalTextAnyCase(bytes, versionStart, versionEnd, VERSION)) {
    noteDefect(message, Defect.VERSION);
  }
  return true;
}

function parseStartLine(message: Message, start: number, lineEnd: number): boolean {
  return equalTextAnyCase(message.bytes, start, start + 7 <= lineEnd ? start + 7 : start, VERSION)
    ? parseStatusLine(message, start, lineEnd)
    : parseRequestLine(message, start, lineEnd);
}

/** Sets the body by Content-Length; without one it goes to the end of the datagram (18.3). */
function delimitBody(message: Message, bodyStart: number, end: number): void {
  const bytes = message.bytes;
  message.bodyStart = bodyStart;
  message.bodyEnd = end;
  const header = message.firsts[HeaderName.CONTENT_LENGTH];
  if (header !== NO_HEADER) {
    const length = parseDecimal(bytes, message.values[2 * header], message.values[2 * header + 1]);
    if (length < 0) {
      noteDefect(message, Defect.CONTENT_LENGTH);
    } else if (length > end - bodyStart) {
      noteDefect(message, Defect.BODY_CUT);
    } else {
      message.bodyEnd = bodyStart + length;
    }
    let other = message.following[header];
    while (other !== NO_HEADER) {
      if (parseDecimal(bytes, message.values[2 * other], message.values[2 * other + 1]) !== length) {
        noteDefect(message, Defect.CONTENT_LENGTH);
      }
      other = message.following[other];
    }
  }
  message.end = message.bodyEnd;
}

/** The header field of a name that must be there once; notes the defect when it is not. */
function requireSingle(message: Message, name: HeaderName, defect: Defect): number {
  const header = message.firsts[name];
  if (header === NO_HEADER) {
    noteDefect(message, defect);
  } else if (message.following[header] !== NO_HEADER) {
    noteDefect(message, Defect.REPEATED_HEADER);
  }
  return header;
}

// A header field that is not there is read as an empty one, so that nothing of the last message stays in the record.

function parseAddressField(message: Message, name: HeaderName, defect: Defect, into: NameAddress): void {
  const header = requireSingle(message, name, defect);
  const start = header === NO_HEADER ? message.start : message.values[2 * header];
  const end = header === NO_HEADER ? message.start : message.values[2 * header + 1];
  if (parseNameAddress(message.bytes, start, end, into) !== Status.OK) {
    noteDefect(message, defect);
  }
}

function parseTopVia(message: Message): void {
  const header = message.firsts[HeaderName.VIA];
  const start = header === NO_HEADER ? message.start : message.values[2 * header];
  const end = header === NO_HEADER ? message.start : message.values[2 * header + 1];
  if (parseVia(message.bytes, start, end, message.via) !== Status.OK) {
    noteDefect(message, Defect.VIA);
  }
}

function parseCoreHeaders(message: Message): void {
  const bytes = message.bytes;
  parseTopVia(message);
  parseAddressField(message, HeaderName.FROM, Defect.FROM, message.from);
  parseAddressField(message, HeaderName.TO, Defect.TO, message.to);
  const callId = requireSingle(message, HeaderName.CALL_ID, Defect.CALL_ID);
  message.callIdStart = callId === NO_HEADER ? message.start : message.values[2 * callId];
  message.callIdEnd = callId === NO_HEADER ? message.start : message.values[2 * callId + 1];
  if (message.callIdStart === message.callIdEnd) {
    noteDefect(message, Defect.CALL_ID);
  }
  const cseq = requireSingle(message, HeaderName.CSEQ, Defect.CSEQ);
  const cseqStart = cseq === NO_HEADER ? message.start : message.values[2 * cseq];
  const cseqEnd = cseq === NO_HEADER ? message.start : message.values[2 * cseq + 1];
  if (parseCSeq(bytes, cseqStart, cseqEnd, message.cseq) !== Status.OK) {
    noteDefect(message, Defect.CSEQ);
  } else if (message.kind === MessageKind.REQUEST) {
    parseMethodAgreement(message);
  } else {
    message.method = message.cseq.method;
  }
  message.maxForwards = -1;
  const maxForwards = message.firsts[HeaderName.MAX_FORWARDS];
  if (maxForwards !== NO_HEADER) {
    message.maxForwards = parseDecimal(bytes, message.values[2 * maxForwards], message.values[2 * maxForwards + 1]);
    if (message.maxForwards < 0 || message.maxForwards > 255) {
      noteDefect(message, Defect.MAX_FORWARDS);
    }
    requireSingle(message, HeaderName.MAX_FORWARDS, Defect.MAX_FORWARDS);
  }
}

/** A CSeq method other than the request's is a defect (8.1.1.5). */
function parseMethodAgreement(message: Message): void {
  const cseq = message.cseq;
  if (message.method !== Method.OTHER && message.method === cseq.method) {
    return;
  }
  const length = message.methodEnd - message.methodStart;
  let same = cseq.methodEnd - cseq.methodStart === length;
  for (let index = 0; same && index < length; index += 1) {
    same = message.bytes[message.methodStart + index] === message.bytes[cseq.methodStart + index];
  }
  if (!same) {
    noteDefect(message, Defect.CSEQ_METHOD);
  }
}

/**
 * Indexes one datagram.
 * @param bytes the receive buffer
 * @param start first offset
 * @param end offset behind the last octet, at most MESSAGE_MAXIMUM
 * @returns OK; MALFORMED with `message.kind` and `message.defect` saying what is wrong, and everything that could be read
 * indexed; MISSING when there is no message (MessageKind.EMPTY or FOREIGN)
 */
export function parseMessage(message: Message, bytes: Bytes, start: number, end: number): Status {
  forgetHeaders(message);
  message.bytes = bytes;
  message.defect = Defect.NONE;
  message.kind = MessageKind.EMPTY;
  message.method = Method.OTHER;
  message.statusCode = 0;
  message.bodyStart = end;
  message.bodyEnd = end;
  message.end = end;
  let index = start;
  while (index < end && (bytes[index] === 0x0d || bytes[index] === 0x0a)) {
    index += 1;
  }
  message.start = index;
  if (index >= end) {
    return Status.MISSING;
  }
  const lineEnd = findLineEnd(bytes, index, end);
  if (end > MESSAGE_MAXIMUM || lineEnd >= end || !parseStartLine(message, index, lineEnd)) {
    message.kind = MessageKind.FOREIGN;
    message.defect = Defect.START_LINE;
    return Status.MISSING;
  }
  const headersStart = skipLineEnd(bytes, lineEnd, end);
  if (headersStart === lineEnd) {
    message.kind = MessageKind.FOREIGN;
    message.defect = Defect.START_LINE;
    return Status.MISSING;
  }
  const bodyStart = indexHeaders(message, headersStart, end);
  delimitBody(message, bodyStart, end);
  parseCoreHeaders(message);
  return message.defect === Defect.NONE ? Status.OK : Status.MALFORMED;
}
