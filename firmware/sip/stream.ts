// Messages in a stream (RFC 3261 18.3, 7.5): where one ends, by its blank line and its Content-Length. Reads what has arrived
// so far and says what is missing; keeps nothing.

import { type Bytes, createBytes } from "../bytes/bytes";
import { copyText, createText } from "../bytes/text";
import { HeaderName } from "./header-name";
import { Defect, headerNumber, type Message, MessageKind, NO_HEADER } from "./message";
import { parseMessage } from "./message-parser";

/** The end of a message is not there yet. */
export const INCOMPLETE = 0;
/** The stream has no next message that could be found: it is to be closed. `message.defect` says why. */
export const BROKEN = -1;

function createPing(): Bytes {
  const ping = createBytes(4);
  copyText(ping, 0, createText("\r\n\r\n"));
  return ping;
}

/** The ping of RFC 5626 3.5.1; its first half is the pong. */
export const PING: Bytes = createPing();

/** The offset behind the blank line that ends the header fields, or INCOMPLETE. @param from where to begin to look */
export function findHeadersEnd(bytes: Bytes, from: number, end: number): number {
  for (let index = from; index + 1 < end; index += 1) {
    if (bytes[index] === 0x0a) {
      const next = bytes[index + 1] === 0x0d ? index + 2 : index + 1;
      if (next < end && bytes[next] === 0x0a) {
        return next + 1;
      }
    }
  }
  return INCOMPLETE;
}

/**
 * Where the message at `start` ends, whose header fields are complete; its body may be on its way. Indexes them on the way.
 * @param headersEnd behind its blank line
 * @param limit octets that a message may have
 * @returns the offset behind its body, or BROKEN: no SIP, no Content-Length or two, or longer than the limit
 */
export function findMessageEnd(
  message: Message,
  bytes: Bytes,
  start: number,
  headersEnd: number,
  limit: number,
): number {
  parseMessage(message, bytes, start, headersEnd);
  if (message.kind === MessageKind.FOREIGN || message.kind === MessageKind.EMPTY) {
    return BROKEN;
  }
  const header = message.firsts[HeaderName.CONTENT_LENGTH];
  const length = headerNumber(message, HeaderName.CONTENT_LENGTH);
  if (header === NO_HEADER || message.following[header] !== NO_HEADER || length < 0) {
    message.defect = Defect.CONTENT_LENGTH;
    return BROKEN;
  }
  if (length > limit - (headersEnd - start)) {
    message.defect = Defect.NO_END_OF_HEADERS; // Answered 513, as a message whose header fields are too long.
    return BROKEN;
  }
  return headersEnd + length;
}
