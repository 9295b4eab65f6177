// Requests (RFC 3261 8.1.1), and the two that are made from another request: the ACK of a refused INVITE (17.1.1.3) and
// CANCEL (9.1). The caller appends its own header fields and the body.

import type { Bytes } from "../bytes/bytes";
import { type FixedText, putFixedText } from "../bytes/fixed-text";
import { createText, type Text } from "../bytes/text";
import { putByte, putBytes, putDecimal, putText, type Writer } from "../bytes/writer";
import { HeaderName } from "./header-name";
import { createMessage, headerEnd, headerStart, type Message, NO_HEADER } from "./message";
import { parseMessage } from "./message-parser";
import { METHOD_TEXTS, Method } from "./method";
import { putReason } from "./reason";
import { putHeaderName, putHeaderNumber, putLineEnd, putNoBody } from "./response-writer";
import { Status } from "./status";

const VERSION_LINE_END = createText(" SIP/2.0\r\n");
const VIA_UDP = createText("Via: SIP/2.0/UDP ");
const BRANCH = createText(";branch=");
const TAG_PARAMETER = createText(";tag=");
const RPORT_LINE_END = createText(";rport\r\n");
const MAX_FORWARDS = createText("Max-Forwards: 70\r\n"); // RFC 3261 8.1.1.6

// A request that we sent, indexed again to make another from it.
const own: Message = createMessage(64);

/** Appends "METHOD uri SIP/2.0". */
export function putRequestLine(writer: Writer, method: Method, uri: Bytes, uriStart: number, uriEnd: number): void {
  putText(writer, METHOD_TEXTS[method]);
  putByte(writer, 0x20);
  putBytes(writer, uri, uriStart, uriEnd);
  putText(writer, VERSION_LINE_END);
}

/** Appends our Via and Max-Forwards. */
export function putViaAndMaxForwards(writer: Writer, sentBy: FixedText, branch: Bytes): void {
  putOwnVia(writer, sentBy, branch);
  putText(writer, MAX_FORWARDS);
}

/** Appends our Via, asking for rport. */
export function putOwnVia(writer: Writer, sentBy: FixedText, branch: Bytes): void {
  putText(writer, VIA_UDP);
  putFixedText(writer, sentBy);
  putText(writer, BRANCH);
  putBytes(writer, branch, 0, branch.length);
  putText(writer, RPORT_LINE_END);
}

/** Appends "Name: text" and line end from a kept text. */
export function putHeaderFixed(writer: Writer, name: HeaderName, text: FixedText): void {
  putHeaderName(writer, name);
  putFixedText(writer, text);
  putLineEnd(writer);
}

/** Appends a From or To: the address as it is kept, and the tag when there is one. */
export function putAddressWithTag(writer: Writer, name: HeaderName, address: FixedText, tag: FixedText): void {
  putHeaderName(writer, name);
  putFixedText(writer, address);
  if (tag.length > 0) {
    putText(writer, TAG_PARAMETER);
    putFixedText(writer, tag);
  }
  putLineEnd(writer);
}

/** Appends CSeq. */
export function putCSeq(writer: Writer, number: number, method: Method): void {
  putHeaderName(writer, HeaderName.CSEQ);
  putDecimal(writer, number);
  putByte(writer, 0x20);
  putText(writer, METHOD_TEXTS[method]);
  putLineEnd(writer);
}

function putOwnHeaders(writer: Writer, name: HeaderName): void {
  let header = own.firsts[name];
  while (header !== NO_HEADER) {
    putHeaderName(writer, name);
    putBytes(writer, own.bytes, own.values[2 * header], own.values[2 * header + 1]);
    putLineEnd(writer);
    header = own.following[header];
  }
}

/** Request line, topmost Via, Route, From of a request of our own, for another method. */
function putDerivedStart(writer: Writer, method: Method): void {
  putRequestLine(writer, method, own.bytes, own.uriStart, own.uriEnd);
  putHeaderName(writer, HeaderName.VIA);
  putBytes(writer, own.bytes, own.via.start, own.via.end);
  putLineEnd(writer);
  putText(writer, MAX_FORWARDS);
  putOwnHeaders(writer, HeaderName.ROUTE);
  putOwnHeaders(writer, HeaderName.FROM);
}

/** Call-ID, CSeq number with another method, the authorization that the request had, a reason, and no body. */
function putDerivedEnd(writer: Writer, method: Text, reason: number): void {
  putOwnHeaders(writer, HeaderName.CALL_ID);
  putHeaderName(writer, HeaderName.CSEQ);
  putBytes(writer, own.bytes, headerStart(own, HeaderName.CSEQ), own.cseq.methodStart);
  putText(writer, method);
  putLineEnd(writer);
  putOwnHeaders(writer, HeaderName.AUTHORIZATION);
  putOwnHeaders(writer, HeaderName.PROXY_AUTHORIZATION);
  putReason(writer, reason);
  putNoBody(writer);
}

/**
 * Writes the ACK for a response of 300 and more to an INVITE (17.1.1.3): its To is the response's.
 * @param request the INVITE as it was sent: request[0 … length)
 * @returns OK, MALFORMED when the request is none, or TOO_LONG
 */
export function writeAcknowledgement(writer: Writer, request: Bytes, length: number, response: Message): Status {
  if (parseMessage(own, request, 0, length) !== Status.OK) {
    return Status.MALFORMED;
  }
  putDerivedStart(writer, Method.ACK);
  putHeaderName(writer, HeaderName.TO);
  putBytes(writer, response.bytes, headerStart(response, HeaderName.TO), headerEnd(response, HeaderName.TO));
  putLineEnd(writer);
  putDerivedEnd(writer, METHOD_TEXTS[Method.ACK], 0);
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/**
 * Writes the CANCEL of an INVITE (9.1): same Request-URI, topmost Via, From, To, Call-ID and CSeq number.
 * @param request the INVITE as it was sent: request[0 … length)
 * @param reason the status code of its Reason (RFC 3326); 0: none
 * @returns OK, MALFORMED when the request is none, or TOO_LONG
 */
export function writeCancel(writer: Writer, request: Bytes, length: number, reason: number): Status {
  if (parseMessage(own, request, 0, length) !== Status.OK) {
    return Status.MALFORMED;
  }
  putDerivedStart(writer, Method.CANCEL);
  putOwnHeaders(writer, HeaderName.TO);
  putDerivedEnd(writer, METHOD_TEXTS[Method.CANCEL], reason);
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/** Appends Expires. */
export function putExpires(writer: Writer, seconds: number): void {
  putHeaderNumber(writer, HeaderName.EXPIRES, seconds);
}

/**
 * Appends the Authorization and Proxy-Authorization of an INVITE of ours: what the ACK for its 2xx carries (22.1).
 * @param request the INVITE as it was sent: request[0 … length)
 */
export function putCredentialsOf(writer: Writer, request: Bytes, length: number): void {
  if (parseMessage(own, request, 0, length) === Status.OK) {
    putOwnHeaders(writer, HeaderName.AUTHORIZATION);
    putOwnHeaders(writer, HeaderName.PROXY_AUTHORIZATION);
  }
}
