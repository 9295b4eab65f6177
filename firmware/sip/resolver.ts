// Where a URI leads without DNS (RFC 3263): an address literal, or a name of the settings' host table. The port is the URI's, or
// 5060. For who answers at once or not at all; a station has the locator.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, equalBytesAnyCase } from "../bytes/bytes";
import { copyEndpoint, parseAddress } from "../bytes/ip-address";
import type { Settings } from "../settings/settings";
import type { Locating, Search } from "./search";
import { Status } from "./status";
import { NO_CONNECTION, Protocol, type Target } from "./target";
import { SIP_PORT } from "./transport";
import { createUri, parseUri, UriScheme } from "./uri";
import { ViaTransport } from "./via";

const uri = createUri();

/**
 * Finds the address of a host.
 * @param into set when OK; its port stays as it is
 * @returns OK, or MISSING when the name is in no table
 */
export function resolveHost(settings: Settings, bytes: Bytes, start: number, end: number, into: Endpoint): Status {
  const family = parseAddress(bytes, start, end, into.address);
  if (family !== 0) {
    into.family = family;
    return Status.OK;
  }
  for (let index = 0; index < settings.hosts.length; index += 1) {
    const host = settings.hosts[index];
    const name = host.name;
    if (host.address.family !== 0 && equalBytesAnyCase(bytes, start, end, name.bytes, name.start, name.end)) {
      const port = into.port;
      copyEndpoint(into, host.address);
      into.port = port;
      return Status.OK;
    }
  }
  return Status.MISSING;
}

/**
 * Finds the next hop of a request for a URI.
 * @returns OK; MALFORMED; UNSUPPORTED for a scheme that has no host; MISSING when its host is unknown
 */
export function resolveUri(settings: Settings, bytes: Bytes, start: number, end: number, into: Endpoint): Status {
  const status = parseUri(bytes, start, end, uri);
  if (status !== Status.OK) {
    return status;
  }
  if (uri.scheme === UriScheme.TEL) {
    return Status.UNSUPPORTED;
  }
  into.port = uri.port === 0 ? SIP_PORT : uri.port;
  return resolveHost(settings, bytes, uri.hostStart, uri.hostEnd, into);
}

function locateNow(owner: object, bytes: Bytes, start: number, end: number, into: Target): Status {
  into.connection = NO_CONNECTION;
  const status = resolveUri(owner as Settings, bytes, start, end, into);
  into.protocol = uri.transport === ViaTransport.TCP ? Protocol.TCP : Protocol.UDP;
  return status;
}

function locate(owner: object, search: Search, bytes: Bytes, start: number, end: number): Status {
  search.count = 1;
  return locateNow(owner, bytes, start, end, search.targets[0]);
}

function ignore(): void {
  // No search waits, and there is one target a URI.
}

/** Boot only: the search among address literals and the host table of the settings. */
export function createTableLocating(settings: Settings): Locating {
  return { owner: settings, locate, locateNow, forget: ignore, avoid: ignore };
}
