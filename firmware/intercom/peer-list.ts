// Whose calls are answered: the entries of call.answer-from, compared with the From of the INVITE and, where an entry names
// an address, with the address that the INVITE came from, because a From is only what the caller says.

import type { Endpoint } from "../../hal/endpoint";
import { equalBytesAnyCase, findByte } from "../bytes/bytes";
import { createEndpoint, equalAddresses, parseAddress } from "../bytes/ip-address";
import type { CallSettings, SettingText } from "../settings/settings";
import type { Message } from "../sip/message";
import { Status } from "../sip/status";
import { createUri, equalEscaped, parseUri } from "../sip/uri";

const uri = createUri();
const listed = createEndpoint();

function matches(entry: SettingText, request: Message, source: Endpoint): boolean {
  const bytes = entry.bytes;
  if (entry.end - entry.start === 1 && bytes[entry.start] === 0x2a) {
    return true;
  }
  const at = findByte(bytes, entry.start, entry.end, 0x40);
  const hostStart = at === entry.end ? entry.start : at + 1;
  if (parseUri(request.bytes, request.from.uriStart, request.from.uriEnd, uri) !== Status.OK) {
    return false;
  }
  if (at < entry.end && !equalEscaped(bytes, entry.start, at, request.bytes, uri.userStart, uri.userEnd)) {
    return false;
  }
  listed.family = parseAddress(bytes, hostStart, entry.end, listed.address);
  return listed.family !== 0
    ? equalAddresses(listed, source)
    : equalBytesAnyCase(bytes, hostStart, entry.end, request.bytes, uri.hostStart, uri.hostEnd);
}

/** Whether the caller of an INVITE is listed. */
export function isListedPeer(call: CallSettings, request: Message, source: Endpoint): boolean {
  for (let index = 0; index < call.answerFromCount; index += 1) {
    if (matches(call.answerFrom[index], request, source)) {
      return true;
    }
  }
  return false;
}
