// The Event header field (RFC 6665 8.4): the name of an event package and the id that tells subscriptions of one dialog apart.

import { findByte } from "../bytes/bytes";
import { createText, equalTextAnyCase, type Text } from "../bytes/text";
import { trimBlanks } from "./characters";
import { HeaderName } from "./header-name";
import { headerEnd, headerStart, type Message } from "./message";
import { findParameter, type Parameter } from "./parameters";

const ID = createText("id");

/** Whether the Event of a message names a package. */
export function isEventOf(message: Message, name: Text): boolean {
  const start = headerStart(message, HeaderName.EVENT);
  const end = findByte(message.bytes, start, headerEnd(message, HeaderName.EVENT), 0x3b);
  return equalTextAnyCase(message.bytes, start, trimBlanks(message.bytes, start, end), name);
}

/** Sets the value of the id of a message's Event; empty when it has none. */
export function findEventId(message: Message, id: Parameter): void {
  const end = headerEnd(message, HeaderName.EVENT);
  const start = findByte(message.bytes, headerStart(message, HeaderName.EVENT), end, 0x3b);
  if (!findParameter(message.bytes, start, end, ID, id)) {
    id.valueStart = start;
    id.valueEnd = start;
  }
}
