// Whose calls are answered: the entries of call.answer-from, compared with the From of the INVITE and with the address that it
// came from, because a From is only what the caller says: the address or network that the entry names, or for a name the
// server of an account, who vouches for it. The entry `accounts` is for all whom the server of an account lets through.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, equalBytesAnyCase, findByte } from "../bytes/bytes";
import { createEndpoint, equalAddresses } from "../bytes/ip-address";
import { createText, equalTextAnyCase } from "../bytes/text";
import { createIpNetwork, isInNetwork, parseNetwork } from "../settings/ip-network";
import type { SettingText } from "../settings/settings";
import { isByAccount, isServer } from "../sip/account-choice";
import type { Message } from "../sip/message";
import { resolveHost } from "../sip/resolver";
import { Status } from "../sip/status";
import { createUri, equalEscaped, parseUri } from "../sip/uri";
import type { UserAgent } from "../sip/user-agent";

const ACCOUNTS = createText("accounts");

const uri = createUri();
const listed = createIpNetwork();
const known = createEndpoint();

/** Whether the address that a request came from may speak for a host name: an account's server, or the host table's address. */
function isVouchedFor(userAgent: UserAgent, bytes: Bytes, start: number, end: number, source: Endpoint): boolean {
  return (
    isServer(userAgent, source) ||
    (resolveHost(userAgent.settings, bytes, start, end, known) === Status.OK && equalAddresses(known, source))
  );
}

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
    : equalBytesAnyCase(bytes, hostStart, entry.end, request.bytes, uri.hostStart, uri.hostEnd) &&
        isVouchedFor(userAgent, bytes, hostStart, entry.end, source);
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
