// Which account a call goes out by, which one is tried when it fails, and whose an incoming request is. A call to an address that
// is at home at no account goes by none: directly. It sends nothing.

import type { Endpoint } from "../../hal/endpoint";
import type { Bytes } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { createEndpoint, equalAddresses, parseAddress } from "../bytes/ip-address";
import { TransportChoice } from "../settings/settings-keys";
import { type Account, isAccountSet, isHomeOf, isRegistrarSet, setAccountRoute } from "./account";
import type { Message } from "./message";
import { Status } from "./status";
import { createTarget } from "./target";
import { createUri, equalEscaped, parseUri, UriScheme } from "./uri";
import { findDestination, type UserAgent } from "./user-agent";

/** More than any priority of the settings. */
const PRIORITIES = 16;

const uri = createUri();
const literal = createEndpoint();
const server = createTarget();

/** The bit of an account in a set of accounts that were tried. */
export function accountBit(account: Account): number {
  return 1 << (account.index + 2); // DIRECT is -1
}

/** Smaller is better: accounts that are ready, then those at whose home the callee is, then by priority. */
function rankOf(account: Account, isHome: boolean): number {
  return ((account.ready ? 0 : 2) + (isHome ? 0 : 1)) * PRIORITIES + account.settings.priority;
}

/** The index of the best account that is set and not in `tried`, or -1. The parsed `uri` is of `bytes`. */
function findBest(userAgent: UserAgent, tried: number, bytes: Bytes, isUri: boolean): number {
  const accounts = userAgent.accounts;
  let best = -1;
  let bestRank = 0;
  for (let index = 0; index < accounts.length; index += 1) {
    const account = accounts[index];
    const rank = rankOf(account, isUri && isHomeOf(account, bytes, uri));
    if (isAccountSet(account) && (tried & accountBit(account)) === 0 && (best < 0 || rank < bestRank)) {
      best = index;
      bestRank = rank;
    }
  }
  return best;
}

/** Whether the parsed URI is at home at an account that is set. */
function isHomeOfAny(userAgent: UserAgent, bytes: Bytes): boolean {
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    if (isAccountSet(userAgent.accounts[index]) && isHomeOf(userAgent.accounts[index], bytes, uri)) {
      return true;
    }
  }
  return false;
}

/** The account by which a call to the URI bytes[start … end) goes out first; `userAgent.direct` for none. */
export function chooseAccount(userAgent: UserAgent, bytes: Bytes, start: number, end: number): Account {
  const isUri = parseUri(bytes, start, end, uri) === Status.OK && uri.scheme !== UriScheme.TEL;
  if (
    isUri &&
    parseAddress(bytes, uri.hostStart, uri.hostEnd, literal.address) !== 0 &&
    !isHomeOfAny(userAgent, bytes)
  ) {
    return userAgent.direct;
  }
  const best = findBest(userAgent, 0, bytes, isUri);
  return best < 0 ? userAgent.direct : userAgent.accounts[best];
}

/**
 * The account to be tried after others have failed.
 * @param tried the sum of `accountBit` of those; a direct call has no other way
 * @returns its index in `userAgent.accounts`, or -1 when no other is ready
 */
export function nextAccount(userAgent: UserAgent, tried: number, bytes: Bytes, start: number, end: number): number {
  if ((tried & accountBit(userAgent.direct)) !== 0) {
    return -1;
  }
  const best = findBest(userAgent, tried, bytes, parseUri(bytes, start, end, uri) === Status.OK);
  return best >= 0 && userAgent.accounts[best].ready ? best : -1;
}

/**
 * Whether a call that ended so may do better by another account: nobody answered, the account is refused, or its server fails.
 * @param statusCode of the final response, 0: none
 */
export function isAccountFailure(statusCode: number): boolean {
  return (
    statusCode === 0 ||
    statusCode === 401 ||
    statusCode === 403 ||
    statusCode === 407 ||
    statusCode === 408 ||
    (statusCode >= 500 && statusCode < 600)
  );
}

/**
 * Sets the route of a request outside dialogs to the URI bytes[start … end). A callee whom the URI alone would not lead to by
 * way of the account's server is reached through it: a tel URI, somebody at another account's home, or a chosen transport.
 * @returns false when it is too long for `route`
 */
export function setRoute(
  userAgent: UserAgent,
  account: Account,
  route: FixedText,
  bytes: Bytes,
  start: number,
  end: number,
): boolean {
  let viaServer = false;
  if (parseUri(bytes, start, end, uri) === Status.OK) {
    viaServer =
      uri.scheme === UriScheme.TEL ||
      (isHomeOf(account, bytes, uri)
        ? account.settings.transport !== TransportChoice.AUTO
        : isHomeOfAny(userAgent, bytes));
  }
  return setAccountRoute(route, account, viaServer);
}

function isUserOf(account: Account, bytes: Bytes, start: number, end: number): boolean {
  const user = account.settings.user;
  return equalEscaped(user.bytes, user.start, user.end, bytes, start, end);
}

/** Whether bytes[start … end) is a URI of the account's user; with `home`, at the account's home. */
function isAddressOf(account: Account, home: boolean, bytes: Bytes, start: number, end: number): boolean {
  return (
    isAccountSet(account) &&
    parseUri(bytes, start, end, uri) === Status.OK &&
    isUserOf(account, bytes, uri.userStart, uri.userEnd) &&
    (!home || isHomeOf(account, bytes, uri))
  );
}

function isNamedInTo(account: Account, request: Message): boolean {
  return isAddressOf(account, true, request.bytes, request.to.uriStart, request.to.uriEnd);
}

function isNamedInUri(account: Account, request: Message): boolean {
  return isAddressOf(account, false, request.bytes, request.uriStart, request.uriEnd);
}

/** The account that a request is for: by its To, else by the user of its Request-URI, our Contact; else `direct`. */
export function accountOfRequest(userAgent: UserAgent, request: Message): Account {
  const accounts = userAgent.accounts;
  for (let index = 0; index < accounts.length; index += 1) {
    if (isNamedInTo(accounts[index], request)) {
      return accounts[index];
    }
  }
  for (let index = 0; index < accounts.length; index += 1) {
    if (isNamedInUri(accounts[index], request)) {
      return accounts[index];
    }
  }
  return userAgent.direct;
}

/** Whether an account's server is at an address: where it is registered now, or, when it needs no registration, its next hop. */
function isServedFrom(userAgent: UserAgent, account: Account, source: Endpoint): boolean {
  if (isRegistrarSet(account)) {
    return account.ready && equalAddresses(account.home, source);
  }
  return (
    findDestination(userAgent, account.server.bytes, 0, account.server.length, server) === Status.OK &&
    equalAddresses(server, source)
  );
}

/** Whether the server of any account is at an address. */
export function isServer(userAgent: UserAgent, source: Endpoint): boolean {
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    const account = userAgent.accounts[index];
    if (isAccountSet(account) && isServedFrom(userAgent, account, source)) {
      return true;
    }
  }
  return false;
}

/** Whether a request for an account, by its To or its Request-URI, comes from the address of that account's server. */
export function isByAccount(userAgent: UserAgent, request: Message, source: Endpoint): boolean {
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    const account = userAgent.accounts[index];
    if ((isNamedInTo(account, request) || isNamedInUri(account, request)) && isServedFrom(userAgent, account, source)) {
      return true;
    }
  }
  return false;
}
