// Responses (RFC 3261 8.2.6). What all responses to one request share (Via, From, To with the one local tag, Call-ID, CSeq,
// Timestamp, Record-Route) is written once into the transaction's buffer; a response puts its status line before it and its own header
// fields behind it, so that 100, 180 and 200 cannot disagree and nothing is copied twice.

import type { Endpoint } from "../../hal/endpoint";
import type { Bytes } from "../bytes/bytes";
import { putAddress } from "../bytes/ip-address";
import { copyText, createText, type Text, textLength } from "../bytes/text";
import { openWriter, putBytes, putDecimal, putText, putTwoBytes, type Writer } from "../bytes/writer";
import { HEADER_TEXTS, HeaderName } from "./header-name";
import { type Message, MessageKind, NO_HEADER } from "./message";
import { Method } from "./method";
import { reasonPhrase } from "./reason-phrase";
import { Status } from "./status";
import { RPORT_ABSENT } from "./via";

/** Octets before the shared header fields: the longest status line that fits, and then some. */
export const STATUS_LINE_ROOM = 80;

const VERSION = createText("SIP/2.0 ");
const CRLF = createText("\r\n");
const TAG = createText(";tag=");
const RECEIVED = createText(";received=");
const RPORT = createText("rport=");
const CONTENT_LENGTH_NONE = createText("Content-Length: 0\r\n\r\n");
const CONTENT_LENGTH_ROOM = createText("Content-Length:     \r\n\r\n");

/** Appends "Name: ". */
export function putHeaderName(writer: Writer, name: HeaderName): void {
  putText(writer, HEADER_TEXTS[name]);
  putTwoBytes(writer, 0x3a, 0x20);
}

/** Appends CRLF. */
export function putLineEnd(writer: Writer): void {
  putTwoBytes(writer, 0x0d, 0x0a);
}

/** Appends "Name: text CRLF". */
export function putHeaderText(writer: Writer, name: HeaderName, text: Text): void {
  putHeaderName(writer, name);
  putText(writer, text);
  putLineEnd(writer);
}

/** Appends "Name: number CRLF". */
export function putHeaderNumber(writer: Writer, name: HeaderName, value: number): void {
  putHeaderName(writer, name);
  putDecimal(writer, value);
  putLineEnd(writer);
}

/** Appends every header field of a name as it was received. */
export function putHeadersOf(writer: Writer, message: Message, name: HeaderName): void {
  let header = message.firsts[name];
  while (header !== NO_HEADER) {
    putReceivedHeader(writer, message, header);
    header = message.following[header];
  }
}

/** Appends a header field as it was received, from its name, which is written in full, to `end` in or behind its value. */
function putReceived(writer: Writer, message: Message, header: number, end: number): void {
  const bytes = message.bytes;
  const name = message.names[header] as HeaderName;
  const line = message.lines[header];
  const start = message.values[2 * header];
  const colon = line + textLength(HEADER_TEXTS[name]);
  if (start === colon + 2 && bytes[colon] === 0x3a && bytes[colon - 1] > 0x20) {
    // "Name: value" already: one run of octets.
    putBytes(writer, bytes, line, end);
  } else {
    putHeaderName(writer, name);
    putBytes(writer, bytes, start, end);
  }
}

/** Appends a whole header field as it was received. */
function putReceivedHeader(writer: Writer, message: Message, header: number): void {
  const bytes = message.bytes;
  const end = message.values[2 * header + 1];
  if (end + 2 <= message.bodyStart && bytes[end] === 0x0d && bytes[end + 1] === 0x0a) {
    putReceived(writer, message, header, end + 2);
  } else {
    putReceived(writer, message, header, end);
    putLineEnd(writer);
  }
}

/** Appends the topmost Via from `from` on with the source's address as its received parameter. Returns what is written up to. */
function putReceivedAddress(writer: Writer, message: Message, source: Endpoint, from: number): number {
  const via = message.via;
  const hasReceived = via.receivedStart < via.receivedEnd;
  putBytes(writer, message.bytes, from, hasReceived ? via.receivedStart : via.end);
  if (!hasReceived) {
    putText(writer, RECEIVED);
  }
  putAddress(writer, source.family, source.address);
  return hasReceived ? via.receivedEnd : via.end;
}

/**
 * Appends the header field of the topmost Via, with received and rport as the source of the request asks for them (18.2.1,
 * RFC 3581 4), whatever its sender put there, and with the further values that stand in the same field.
 */
export function putTopVia(writer: Writer, message: Message, source: Endpoint): void {
  const via = message.via;
  const bytes = message.bytes;
  const header = message.firsts[HeaderName.VIA];
  const isReceivedFirst = via.receivedStart < via.receivedEnd && via.receivedStart < via.rportStart;
  let from = via.start;
  putReceived(writer, message, header, from);
  if (isReceivedFirst) {
    from = putReceivedAddress(writer, message, source, from);
  }
  if (via.rport !== RPORT_ABSENT) {
    putBytes(writer, bytes, from, via.rportStart);
    putText(writer, RPORT);
    putDecimal(writer, source.port);
    from = via.rportEnd;
  }
  if (!isReceivedFirst) {
    from = putReceivedAddress(writer, message, source, from);
  }
  // Further values in the same header field.
  putBytes(writer, bytes, from, message.values[2 * header + 1]);
  putLineEnd(writer);
}

/**
 * Writes what all responses to a request share.
 * @param buffer the transaction's buffer; the shared part goes to STATUS_LINE_ROOM and on
 * @param source where the request came from
 * @param tag the local tag: tag[0 … tagLength), put in when the request's To has none
 * @returns OK with `writer.length` behind the shared part, or TOO_LONG
 */
export function writeSharedHeaders(
  writer: Writer,
  buffer: Bytes,
  message: Message,
  source: Endpoint,
  tag: Bytes,
  tagLength: number,
): Status {
  openWriter(writer, buffer, STATUS_LINE_ROOM, buffer.length);
  if (message.via.end > message.via.start) {
    putTopVia(writer, message, source);
    let header = message.following[message.firsts[HeaderName.VIA]];
    while (header !== NO_HEADER) {
      putReceivedHeader(writer, message, header);
      header = message.following[header];
    }
  }
  putHeadersOf(writer, message, HeaderName.FROM);
  const to = message.firsts[HeaderName.TO];
  if (to !== NO_HEADER) {
    putReceived(writer, message, to, message.values[2 * to + 1]);
    if (message.to.tagStart === message.to.tagEnd) {
      putText(writer, TAG);
      putBytes(writer, tag, 0, tagLength);
    }
    putLineEnd(writer);
  }
  putHeadersOf(writer, message, HeaderName.CALL_ID);
  putHeadersOf(writer, message, HeaderName.CSEQ);
  putHeadersOf(writer, message, HeaderName.TIMESTAMP);
  if (message.kind === MessageKind.REQUEST && message.method === Method.INVITE) {
    putHeadersOf(writer, message, HeaderName.RECORD_ROUTE);
  }
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/**
 * Writes the status line right before the shared header fields.
 * @param reason the reason phrase; 0 takes the usual one
 * @returns the offset of the status line: the first octet of the response
 */
export function writeStatusLine(buffer: Bytes, statusCode: number, reason: Text): number {
  const phrase = reason === 0 ? reasonPhrase(statusCode) : reason;
  const start = STATUS_LINE_ROOM - 14 - textLength(phrase);
  let at = copyText(buffer, start, VERSION);
  buffer[at] = 0x30 + ((statusCode / 100) | 0);
  buffer[at + 1] = 0x30 + (((statusCode / 10) | 0) % 10);
  buffer[at + 2] = 0x30 + (statusCode % 10);
  buffer[at + 3] = 0x20;
  at = copyText(buffer, at + 4, phrase);
  copyText(buffer, at, CRLF);
  return start;
}

/** Ends the header fields of a message without a body. */
export function putNoBody(writer: Writer): void {
  putText(writer, CONTENT_LENGTH_NONE);
}

/**
 * Ends the header fields of a message with a body; `closeBody` fills the length in.
 * @returns the offset of the body
 */
export function openBody(writer: Writer): number {
  putText(writer, CONTENT_LENGTH_ROOM);
  return writer.length;
}

/** Puts the length of the body, at most 9,999 octets, into its Content-Length, right-aligned (blanks may lead, 25.1). */
export function closeBody(writer: Writer, bodyStart: number): void {
  if (writer.overflowed) {
    return;
  }
  let rest = writer.length - bodyStart;
  let at = bodyStart - 5;
  do {
    writer.bytes[at] = 0x30 + (rest % 10);
    rest = (rest / 10) | 0;
    at -= 1;
  } while (rest > 0);
}
