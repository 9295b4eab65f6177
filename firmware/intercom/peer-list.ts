// Whose calls are answered: the entries of call.answer-from, compared with the From of the INVITE and, where an entry names
// an address or a network, with the address that the INVITE came from, because a From is only what the caller says. The
// entry `accounts` is for all whom the server of an account lets through.

import type { Endpoint } from "../../hal/endpoint";
import { equalBytesAnyCase, findByte } from "../bytes/bytes";
import { createText, equalTextAnyCase } from "../bytes/text";
import { createIpNetwork, isInNetwork, parseNetwork } from "../settings/ip-network";
import type { SettingText } from "../settings/settings";
import { isByAccount } from "../sip/account-choice";
import type { Message } from "../sip/message";
import { Status } from "../sip/status";
import { createUri, equalEscaped, parseUri } from "../sip/uri";
import type { UserAgent } from "../sip/user-agent";

const ACCOUNTS = createText("accounts");

const uri = createUri();
const listed = createIpNetwork();

function matches(userAgent: UserAgent, entry: SettingText, request: Message, source: Endpoint): boolean {
  const bytes = entry.bytes;
  if (entry.end - entry.start === 1 && bytes[entry.start] === 0x2a) {
    return true;
  }
  if (equalTextAnyCase(bytes, entry.start, entry.end, ACCOUNTS)) {
    return isByAccount(userAgent, request, source);
  }
  const at = findByte(bytes, entry.start, entry.end, 0x40);
  const hostStart = at === entry.end ? entry.start : at + 1;
  if (parseUri(request.bytes, request.from.uriStart, request.from.uriEnd, uri) !== Status.OK) {
    return false;
  }
  if (at < entry.end && !equalEscaped(bytes, entry.start, at, request.bytes, uri.userStart, uri.userEnd)) {
    return false;
  }
  return parseNetwork(bytes, hostStart, entry.end, listed) === Status.OK
    ? isInNetwork(listed, source)
    : equalBytesAnyCase(bytes, hostStart, entry.end, request.bytes, uri.hostStart, uri.hostEnd);
}

/** Whether the sender of a request is listed. */
export function isListedPeer(userAgent: UserAgent, request: Message, source: Endpoint): boolean {
  const call = userAgent.settings.call;
  for (let index = 0; index < call.answerFromCount; index += 1) {
    if (matches(userAgent, call.answerFrom[index], request, source)) {
      return true;
    }
  }
  return false;
}
