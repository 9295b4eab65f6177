// Messages as a proxy sends them on (RFC 3261 16.6, 16.7): the same header fields and body in the same order, but for the
// request line, Via, Max-Forwards, Route, Record-Route and the credentials that were for the proxy.

import { putByte, putBytes, putDecimal, type Writer } from "../../firmware/bytes/writer";
import { HeaderName } from "../../firmware/sip/header-name";
import { createHeaderValue, firstHeaderValue } from "../../firmware/sip/header-values";
import { hasHeader, headerEnd, type Message } from "../../firmware/sip/message";
import { putHeaderName, putHeaderNumber, putLineEnd, putTopVia } from "../../firmware/sip/response-writer";
import type { Endpoint } from "../../hal/endpoint";
import { octetText, putString } from "./octet-text";
import type { Hop } from "./routes";

/** What a proxy changes in a request. */
export interface Forwarding {
  hop: Hop;
  /** Our host and port. */
  sentBy: string;
  branch: string;
  /** Whether the dialog's later requests are to come through us. */
  recordRoute: boolean;
  /** Where the request came from. */
  source: Endpoint;
  /** Whether a Proxy-Authorization value was for us, and ends here. */
  isForUs: (request: Message, start: number, end: number) => boolean;
}

/** RFC 3261 16.6 step 3. */
const MAX_FORWARDS = 70;

const value = createHeaderValue();

/** Appends a header field as it was received, folded lines and all. */
function putHeader(writer: Writer, message: Message, header: number): void {
  putBytes(writer, message.bytes, message.lines[header], message.values[2 * header + 1]);
  putLineEnd(writer);
}

function putBody(writer: Writer, message: Message): void {
  putLineEnd(writer);
  putBytes(writer, message.bytes, message.bodyStart, message.bodyEnd);
}

/** Whether a header field of the request is not sent on as it is. */
function isReplaced(request: Message, header: number, forwarding: Forwarding): boolean {
  switch (request.names[header]) {
    case HeaderName.VIA:
      return header === request.firsts[HeaderName.VIA];
    case HeaderName.MAX_FORWARDS:
    case HeaderName.ROUTE:
      return true;
    case HeaderName.PROXY_AUTHORIZATION:
      return forwarding.isForUs(request, request.values[2 * header], request.values[2 * header + 1]);
    default:
      return false;
  }
}

/** Appends a request on its way to the next hop. */
export function putForwardedRequest(writer: Writer, request: Message, forwarding: Forwarding): void {
  const { hop, sentBy } = forwarding;
  putBytes(writer, request.bytes, request.methodStart, request.methodEnd);
  putString(writer, ` ${hop.uri} SIP/2.0\r\n`);
  putString(writer, `Via: SIP/2.0/UDP ${sentBy};branch=${forwarding.branch};rport\r\n`);
  putTopVia(writer, request, forwarding.source);
  putHeaderNumber(writer, HeaderName.MAX_FORWARDS, request.maxForwards < 0 ? MAX_FORWARDS : request.maxForwards - 1);
  if (forwarding.recordRoute) {
    putHeaderName(writer, HeaderName.RECORD_ROUTE);
    putString(writer, `<sip:${sentBy};lr>\r\n`);
  }
  for (const route of hop.routes) {
    putHeaderName(writer, HeaderName.ROUTE);
    putString(writer, `${route}\r\n`);
  }
  for (let header = 0; header < request.headerCount; header += 1) {
    if (!isReplaced(request, header, forwarding)) {
      putHeader(writer, request, header);
    }
  }
  putBody(writer, request);
}

/** Appends what is left of the topmost Via header field without its first value. */
function putRestOfTopVia(writer: Writer, response: Message): void {
  firstHeaderValue(response, HeaderName.VIA, value);
  const end = headerEnd(response, HeaderName.VIA);
  if (value.rest < end) {
    putHeaderName(writer, HeaderName.VIA);
    putBytes(writer, response.bytes, value.rest, end);
    putLineEnd(writer);
  }
}

/**
 * Appends a response on its way back.
 * @param statusCode sent in place of the response's own
 * @param challenges header lines of other branches, added behind its own (16.7 step 7)
 */
export function putForwardedResponse(
  writer: Writer,
  response: Message,
  statusCode: number,
  reason: string,
  challenges: string[],
): void {
  putString(writer, "SIP/2.0 ");
  putDecimal(writer, statusCode);
  putByte(writer, 0x20);
  putString(writer, `${reason}\r\n`);
  for (let header = 0; header < response.headerCount; header += 1) {
    if (header === response.firsts[HeaderName.VIA]) {
      putRestOfTopVia(writer, response);
    } else {
      putHeader(writer, response, header);
    }
  }
  for (const challenge of challenges) {
    putString(writer, `${challenge}\r\n`);
  }
  putBody(writer, response);
}

/** The reason phrase of a response as it was received. */
export function reasonOf(response: Message): string {
  return octetText(response.bytes, response.reasonStart, response.reasonEnd);
}

/** The header lines with which a 401 or 407 asks for credentials. */
export function challengesOf(response: Message): string[] {
  const lines: string[] = [];
  for (let header = 0; header < response.headerCount; header += 1) {
    const name = response.names[header];
    if (name === HeaderName.WWW_AUTHENTICATE || name === HeaderName.PROXY_AUTHENTICATE) {
      lines.push(octetText(response.bytes, response.lines[header], response.values[2 * header + 1]));
    }
  }
  return lines;
}

/** Whether a response has a Via below ours: without one it is for nobody behind us (16.7 step 3). */
export function hasWayBack(response: Message): boolean {
  if (!hasHeader(response, HeaderName.VIA)) {
    return false;
  }
  firstHeaderValue(response, HeaderName.VIA, value);
  const first = response.firsts[HeaderName.VIA];
  return value.rest < response.values[2 * first + 1] || response.lasts[HeaderName.VIA] !== first;
}
