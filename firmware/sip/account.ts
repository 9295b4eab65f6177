// An account: who the station is to the users of one server (From, Contact; RFC 3261 8.1.1, 20.10), with which credentials, and
// by which route its requests leave (outbound proxy, RFC 3261 8.1.2; Service-Route, RFC 3608). It never registers by itself.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, equalBytesAnyCase } from "../bytes/bytes";
import { createFixedText, type FixedText, putFixedText, setFixedText } from "../bytes/fixed-text";
import { createEndpoint, equalAddresses, parseAddress } from "../bytes/ip-address";
import { createText, type Text } from "../bytes/text";
import { createWriter, openWriter, putByte, putBytes, putText, type Writer } from "../bytes/writer";
import type { Limits } from "../limits";
import type { AccountSettings, SettingText } from "../settings/settings";
import { TransportChoice } from "../settings/settings-keys";
import { type Credentials, createCredentials } from "./authentication";
import { createAccountCredentials } from "./client-authentication";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import type { Message } from "./message";
import { createNameAddress, parseNameAddress } from "./name-address";
import { createParameter, findParameter } from "./parameters";
import type { Registration } from "./registration";
import { putHeaderName, putLineEnd } from "./response-writer";
import { Status } from "./status";
import { Protocol, type Target } from "./target";
import { SIP_PORT, sentByFor, type Transport } from "./transport";
import { createUri, parseUri, type Uri } from "./uri";

/** `Account.index` of calls without an account: straight to an address. */
export const DIRECT = -1;

/** Octets of "sip:", user, "@" and host as the settings allow them. */
const URI_OCTETS = 176;
/** Octets of the URI of a server as the settings allow it, with a transport parameter. */
const SERVER_OCTETS = 112;
/** Octets of a host and port (sip/transport.ts). */
const HOST_PORT_OCTETS = 48;

export interface Account {
  /** From 0, the number in the settings less one; or DIRECT. */
  readonly index: number;
  readonly settings: AccountSettings;
  readonly transport: Transport;
  /** The account's user name and password, and the one realm that they are for. */
  readonly credentials: Credentials;
  /** From of our requests: display name and address of record, without tag. */
  readonly address: FixedText;
  /** The URI of our address of record, without display name and brackets. */
  readonly addressUri: FixedText;
  /** The URI of the account's next hop: outbound proxy, or registrar; empty when it has neither. */
  readonly server: FixedText;
  /** The preloaded route of requests outside dialogs: outbound proxy, then Service-Route; empty when there is neither. */
  readonly outboundRoute: FixedText;
  /** The octets of `outboundRoute` that are the outbound proxy's: the route of REGISTER (RFC 3608 5). */
  proxyLength: number;
  /** Our host and port as the registrar sees them, where that is not what we take them for (RFC 3581); empty where it is. */
  readonly publicAddress: FixedText;
  /** The address family of `publicAddress`. */
  publicFamily: number;
  /** Where the registrar answered last, by whatever name it goes; family 0: nowhere yet. */
  readonly home: Endpoint;
  /** Whether calls can go by it: its binding stands, or it needs none. */
  ready: boolean;
  /** Set at boot, where the account registers; of DIRECT never. */
  registration: Registration;
}

const SIP = createText("sip:");
const LOOSE = createText(";lr");
const TRANSPORT = createText("transport");
const NO_PARAMETER = createText("");
const UDP_PARAMETER = createText(";transport=udp");
const TCP_PARAMETER = createText(";transport=tcp");

const uri = createUri();
const other = createUri();
const literal = createEndpoint();
const address = createNameAddress();
const parameter = createParameter();
const value = createHeaderValue();
const writer = createWriter();

function isGiven(text: SettingText): boolean {
  return text.end > text.start;
}

/** Whether the settings of an account name a server or a domain. */
function hasHome(settings: AccountSettings): boolean {
  return isGiven(settings.registrar) || isGiven(settings.outboundProxy) || isGiven(settings.domain);
}

/** Whether the settings make an account of it. */
export function isAccountSet(account: Account): boolean {
  return account.index !== DIRECT && hasHome(account.settings);
}

/** Whether the account registers. */
export function isRegistrarSet(account: Account): boolean {
  return account.index !== DIRECT && isGiven(account.settings.registrar);
}

/**
 * Boot only: an account as the settings have it.
 * @param index DIRECT: the user and the name of the settings, at our own address. The credentials are the settings' only where
 *   these name no home for them: the password of an account is for its server.
 */
export function createAccount(limits: Limits, transport: Transport, settings: AccountSettings, index: number): Account {
  const account = {
    index,
    settings,
    transport,
    credentials: index === DIRECT && hasHome(settings) ? createCredentials() : createAccountCredentials(settings),
    address: createFixedText(limits.dialogPartOctets),
    addressUri: createFixedText(URI_OCTETS),
    server: createFixedText(index === DIRECT ? 0 : SERVER_OCTETS),
    outboundRoute: createFixedText(index === DIRECT ? 0 : limits.accountRouteOctets),
    proxyLength: 0,
    publicAddress: createFixedText(HOST_PORT_OCTETS),
    publicFamily: 0,
    home: createEndpoint(),
    ready: index === DIRECT || !isGiven(settings.registrar),
  } as unknown as Account;
  writeIdentity(account);
  return account;
}

/** "sip:", and the user with its "@" when there is one. */
function putUser(into: Writer, account: Account): void {
  const user = account.settings.user;
  putText(into, SIP);
  if (isGiven(user)) {
    putBytes(into, user.bytes, user.start, user.end);
    putByte(into, 0x40);
  }
}

/** The display name as a quoted string, `"` and `\` escaped (25.1). */
function putDisplayName(into: Writer, name: SettingText): void {
  if (!isGiven(name)) {
    return;
  }
  putByte(into, 0x22);
  for (let index = name.start; index < name.end; index += 1) {
    if (name.bytes[index] === 0x22 || name.bytes[index] === 0x5c) {
      putByte(into, 0x5c);
    }
    putByte(into, name.bytes[index]);
  }
  putByte(into, 0x22);
  putByte(into, 0x20);
}

/** The domain of the address of record: the account's, or the registrar's host, or our own. */
function putDomain(into: Writer, account: Account): void {
  const domain = account.settings.domain;
  const registrar = account.settings.registrar;
  if (account.index === DIRECT) {
    putFixedText(into, account.transport.sentBy);
  } else if (isGiven(domain)) {
    putBytes(into, domain.bytes, domain.start, domain.end);
  } else if (isGiven(registrar) && parseUri(registrar.bytes, registrar.start, registrar.end, uri) === Status.OK) {
    putBytes(into, registrar.bytes, uri.hostStart, uri.hostEnd);
  } else {
    putFixedText(into, account.transport.sentBy);
  }
}

function openText(text: FixedText): void {
  openWriter(writer, text.bytes, 0, text.bytes.length);
}

function closeText(text: FixedText): void {
  text.length = writer.overflowed ? 0 : writer.length;
}

/** The parameter that makes a URI without one lead where the settings want it. */
function transportParameter(account: Account, bytes: Bytes): Text {
  const choice = account.settings.transport;
  if (
    choice === TransportChoice.AUTO ||
    findParameter(bytes, uri.parametersStart, uri.parametersEnd, TRANSPORT, parameter)
  ) {
    return NO_PARAMETER;
  }
  return choice === TransportChoice.TCP ? TCP_PARAMETER : UDP_PARAMETER;
}

/** Appends the account's server as a route value, a loose router (12.2.1.1). */
function putServerRoute(into: Writer, account: Account): void {
  const server = account.server;
  putByte(into, 0x3c);
  putFixedText(into, server);
  if (parseUri(server.bytes, 0, server.length, uri) === Status.OK && !uri.looseRouting) {
    putText(into, LOOSE);
  }
  putByte(into, 0x3e);
}

/** Writes what depends on the settings and on our own address: at boot, and when the address has changed. */
export function writeIdentity(account: Account): void {
  const outboundProxy = account.settings.outboundProxy;
  const server = isGiven(outboundProxy) ? outboundProxy : account.settings.registrar;
  openText(account.addressUri);
  putUser(writer, account);
  putDomain(writer, account);
  closeText(account.addressUri);

  openText(account.address);
  putDisplayName(writer, account.settings.displayName);
  putByte(writer, 0x3c);
  putFixedText(writer, account.addressUri);
  putByte(writer, 0x3e);
  closeText(account.address);

  account.publicAddress.length = 0;
  account.home.family = 0;
  account.server.length = 0;
  account.outboundRoute.length = 0;
  account.proxyLength = 0;
  if (account.index !== DIRECT && parseUri(server.bytes, server.start, server.end, uri) === Status.OK) {
    openText(account.server);
    putBytes(writer, server.bytes, server.start, server.end);
    putText(writer, transportParameter(account, server.bytes));
    closeText(account.server);
    if (isGiven(outboundProxy)) {
      openText(account.outboundRoute);
      putServerRoute(writer, account);
      closeText(account.outboundRoute);
      account.proxyLength = account.outboundRoute.length;
    }
  }
}

/** Our host and port as the peer at a target reaches them. */
export function contactAddress(account: Account, target: Target): FixedText {
  return account.publicAddress.length > 0 && account.publicFamily === target.family
    ? account.publicAddress
    : sentByFor(account.transport, target);
}

/**
 * Appends our URI at a host and port: what others reach the account at.
 * @param protocol of the flow that it is for; TCP is named, UDP goes without saying (19.1.1)
 */
export function putContactUri(into: Writer, account: Account, hostPort: FixedText, protocol: Protocol): void {
  putUser(into, account);
  putFixedText(into, hostPort);
  if (protocol === Protocol.TCP) {
    putText(into, TCP_PARAMETER);
  }
}

/** Appends Contact: our URI for a peer, in brackets (20.10). */
export function putContactFor(into: Writer, account: Account, target: Target): void {
  putHeaderName(into, HeaderName.CONTACT);
  putByte(into, 0x3c);
  putContactUri(into, account, contactAddress(account, target), target.protocol);
  putByte(into, 0x3e);
  putLineEnd(into);
}

/** Whether the host of a parsed URI is the account's: its domain, its registrar, the address of that, or its outbound proxy. */
export function isHomeOf(account: Account, bytes: Bytes, target: Uri): boolean {
  const home = account.addressUri;
  const server = account.server;
  const registrar = account.settings.registrar;
  literal.family = parseAddress(bytes, target.hostStart, target.hostEnd, literal.address);
  return (
    (literal.family !== 0 && equalAddresses(literal, account.home)) ||
    (parseUri(home.bytes, 0, home.length, other) === Status.OK && isSameHost(home.bytes, bytes, target)) ||
    (parseUri(server.bytes, 0, server.length, other) === Status.OK && isSameHost(server.bytes, bytes, target)) ||
    (parseUri(registrar.bytes, registrar.start, registrar.end, other) === Status.OK &&
      isSameHost(registrar.bytes, bytes, target))
  );
}

/** Whether `other`, of `own`, has the host of `target`, of `bytes`. */
function isSameHost(own: Bytes, bytes: Bytes, target: Uri): boolean {
  return equalBytesAnyCase(own, other.hostStart, other.hostEnd, bytes, target.hostStart, target.hostEnd);
}

/**
 * Sets the route of a request outside dialogs (8.1.2): outbound proxy and Service-Route; without them the account's server,
 * where `viaServer` says that the URI alone does not lead there; else none.
 * @returns false when it is too long for `route`
 */
export function setAccountRoute(route: FixedText, account: Account, viaServer: boolean): boolean {
  const preloaded = account.outboundRoute;
  if (preloaded.length > 0) {
    return setFixedText(route, preloaded.bytes, 0, preloaded.length);
  }
  route.length = 0;
  if (viaServer && account.server.length > 0) {
    openText(route);
    putServerRoute(writer, account);
    closeText(route);
    return route.length > 0;
  }
  return true;
}

/** Whether a route value leads to the account's outbound proxy, which is in the route already. */
function isProxy(account: Account, bytes: Bytes, start: number, end: number): boolean {
  const server = account.server;
  return (
    account.proxyLength > 0 &&
    parseNameAddress(bytes, start, end, address) === Status.OK &&
    parseUri(bytes, address.uriStart, address.uriEnd, uri) === Status.OK &&
    parseUri(server.bytes, 0, server.length, other) === Status.OK &&
    isSameHost(server.bytes, bytes, uri) &&
    (uri.port === 0 ? SIP_PORT : uri.port) === (other.port === 0 ? SIP_PORT : other.port)
  );
}

/** Takes the Service-Route of a 2xx to REGISTER in place of the last one (RFC 3608 5); one that is too long is left out. */
export function takeServiceRoute(account: Account, response: Message): void {
  const route = account.outboundRoute;
  let more = firstHeaderValue(response, HeaderName.SERVICE_ROUTE, value);
  openWriter(writer, route.bytes, account.proxyLength, route.bytes.length);
  if (more && isProxy(account, response.bytes, value.start, value.end)) {
    more = nextHeaderValue(response, value);
  }
  while (more) {
    if (writer.length > 0) {
      putByte(writer, 0x2c);
    }
    putBytes(writer, response.bytes, value.start, value.end);
    more = nextHeaderValue(response, value);
  }
  route.length = writer.overflowed ? account.proxyLength : writer.length;
}
