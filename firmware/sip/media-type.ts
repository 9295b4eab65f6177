// The type of a body (RFC 3261 20.15, 20.12): Content-Type without its parameters, of a body that is not encoded.

import { createText, equalTextAnyCase, type Text } from "../bytes/text";
import { CHARACTER_VALUE_END, findClass } from "./characters";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { hasHeader, headerEnd, headerStart, type Message } from "./message";

const IDENTITY = createText("identity");
const ANY = createText("*/*");

const value = createHeaderValue();

/** The offset behind the first word of a header field: its value without parameters. */
export function wordEnd(headers: Message, name: HeaderName): number {
  return findClass(headers.bytes, headerStart(headers, name), headerEnd(headers, name), CHARACTER_VALUE_END);
}

/** Whether the first word of a header field is `word`, in any case. */
export function isWord(headers: Message, name: HeaderName, word: Text): boolean {
  return equalTextAnyCase(headers.bytes, headerStart(headers, name), wordEnd(headers, name), word);
}

/** Whether a body is of a type such as "text/plain", in any case and with any parameters, and not encoded. */
export function hasMediaType(headers: Message, type: Text): boolean {
  return (
    isWord(headers, HeaderName.CONTENT_TYPE, type) &&
    (!hasHeader(headers, HeaderName.CONTENT_ENCODING) || isWord(headers, HeaderName.CONTENT_ENCODING, IDENTITY))
  );
}

/** Whether the sender takes a type (20.1): it has no Accept, or the type, its "kind/*" or everything is in it. */
export function acceptsMediaType(message: Message, type: Text, kind: Text): boolean {
  const bytes = message.bytes;
  let more = firstHeaderValue(message, HeaderName.ACCEPT, value);
  if (!more) {
    return true;
  }
  while (more) {
    const end = findClass(bytes, value.start, value.end, CHARACTER_VALUE_END);
    if (
      equalTextAnyCase(bytes, value.start, end, type) ||
      equalTextAnyCase(bytes, value.start, end, kind) ||
      equalTextAnyCase(bytes, value.start, end, ANY)
    ) {
      return true;
    }
    more = nextHeaderValue(message, value);
  }
  return false;
}
