// Refusing what a request requires and the switchboard does not have: 420 with the option tags (RFC 3261 8.2.2.3, 16.3).

import { putByte, putBytes } from "../../firmware/bytes/writer";
import { HeaderName } from "../../firmware/sip/header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "../../firmware/sip/header-values";
import type { Message } from "../../firmware/sip/message";
import { putHeaderName, putLineEnd, putNoBody } from "../../firmware/sip/response-writer";
import { openResponse, type ServerTransaction, sendResponse } from "../../firmware/sip/server-transaction";

const COMMA = 0x2c;

const value = createHeaderValue();

/** Answers 420 with every option tag of the header, Require or Proxy-Require. */
export function refuseExtensions(request: Message, transaction: ServerTransaction, header: HeaderName): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.UNSUPPORTED);
  let more = firstHeaderValue(request, header, value);
  let first = true;
  while (more) {
    if (!first) {
      putByte(writer, COMMA);
    }
    putBytes(writer, request.bytes, value.start, value.end);
    first = false;
    more = nextHeaderValue(request, value);
  }
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 420, 0);
}
