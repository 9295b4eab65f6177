// Where a URI leads (RFC 3263, so far without DNS): an address literal, or a name of the settings' host table. The port is
// the URI's, or 5060.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, equalBytesAnyCase } from "../bytes/bytes";
import { copyEndpoint, parseAddress } from "../bytes/ip-address";
import type { Settings } from "../settings/settings";
import { Status } from "./status";
import { SIP_PORT } from "./transport";
import { createUri, parseUri, UriScheme } from "./uri";

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
