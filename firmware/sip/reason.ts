// Reason (RFC 3326): why a CANCEL or BYE is sent, as the status code of SIP that would say the same. Other protocols' causes are
// left aside.

import { parseDecimal } from "../bytes/decimal";
import { createText, equalTextAnyCase } from "../bytes/text";
import { putByte, putDecimal, putText, type Writer } from "../bytes/writer";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import type { Message } from "./message";
import { createParameter, findParameter } from "./parameters";
import { reasonPhrase } from "./reason-phrase";
import { putHeaderName, putLineEnd } from "./response-writer";

/** The cause that a proxy gives the phones that ring on when another one has answered. */
export const COMPLETED_ELSEWHERE = 200;

const SIP = createText("SIP");
const SIP_CAUSE = createText("SIP;cause=");
const CAUSE = createText("cause");
const TEXT = createText(';text="');

const value = createHeaderValue();
const parameter = createParameter();

/** Appends Reason with a status code; nothing for 0. */
export function putReason(writer: Writer, statusCode: number): void {
  if (statusCode > 0) {
    putHeaderName(writer, HeaderName.REASON);
    putText(writer, SIP_CAUSE);
    putDecimal(writer, statusCode);
    putText(writer, TEXT);
    putText(writer, reasonPhrase(statusCode));
    putByte(writer, 0x22);
    putLineEnd(writer);
  }
}

/** The status code that a message gives as its reason; 0 when it gives none. */
export function findReason(message: Message): number {
  let more = firstHeaderValue(message, HeaderName.REASON, value);
  while (more) {
    const bytes = message.bytes;
    let end = value.start;
    while (end < value.end && bytes[end] !== 0x3b && bytes[end] > 0x20) {
      end += 1;
    }
    let start = end;
    while (start < value.end && bytes[start] !== 0x3b) {
      start += 1;
    }
    if (equalTextAnyCase(bytes, value.start, end, SIP) && findParameter(bytes, start, value.end, CAUSE, parameter)) {
      const cause = parseDecimal(bytes, parameter.valueStart, parameter.valueEnd);
      return cause >= 100 && cause <= 699 ? cause : 0;
    }
    more = nextHeaderValue(message, value);
  }
  return 0;
}
