// What the switchboard is responsible for (RFC 3261 16.4, 16.5): its own address and port, and the names of its domain.

import { createBytesOf } from "../../firmware/bytes/bytes";
import { Status } from "../../firmware/sip/status";
import { SIP_PORT } from "../../firmware/sip/transport";
import { createUri, parseUri, UriScheme } from "../../firmware/sip/uri";
import type { Endpoint } from "../../hal/endpoint";
import { endpointText } from "../../hal/node/endpoint";
import { octetText } from "./octet-text";

/** A SIP URI in parts. */
export interface SipUri {
  /** Escapes resolved; "" when there is none. */
  user: string;
  /** In lower case; an IPv6 reference keeps its brackets. */
  host: string;
  /** 0: none given. */
  port: number;
  looseRouting: boolean;
}

const uri = createUri();

function resolveEscapes(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The parts of a sip: URI; undefined when it is malformed or of another scheme. */
export function readSipUri(text: string): SipUri | undefined {
  const bytes = createBytesOf(text);
  if (parseUri(bytes, 0, bytes.length, uri) !== Status.OK || uri.scheme !== UriScheme.SIP) {
    return undefined;
  }
  return {
    user: resolveEscapes(octetText(bytes, uri.userStart, uri.userEnd)),
    host: octetText(bytes, uri.hostStart, uri.hostEnd).toLowerCase(),
    port: uri.port,
    looseRouting: uri.looseRouting,
  };
}

/** Whether two URIs name the same contact: user, host and port (19.1.4, without parameters). */
export function isSameContact(left: string, right: string): boolean {
  const one = readSipUri(left);
  const other = readSipUri(right);
  if (one === undefined || other === undefined) {
    return left === right;
  }
  return (
    one.user === other.user &&
    one.host === other.host &&
    (one.port === 0 ? SIP_PORT : one.port) === (other.port === 0 ? SIP_PORT : other.port)
  );
}

export class Domain {
  /** `host:port` as Via, Record-Route and routes name it. */
  readonly sentBy: string;
  private readonly host: string;

  /** @param names in lower case; the address itself always counts */
  constructor(
    private readonly local: Endpoint,
    private readonly names: string[],
  ) {
    this.sentBy = endpointText(local);
    this.host = this.sentBy.slice(0, this.sentBy.lastIndexOf(":"));
  }

  /** Whether a request for this URI ends here: our name, or our address with our port. */
  owns(target: SipUri): boolean {
    if (this.names.includes(target.host)) {
      return target.port === 0 || target.port === this.local.port;
    }
    return target.host === this.host && (target.port === 0 ? SIP_PORT : target.port) === this.local.port;
  }

  /** Whether an address of record is one of our users': phones leave the port out of From and To. */
  ownsAddressOfRecord(address: SipUri): boolean {
    return this.names.includes(address.host) || address.host === this.host;
  }
}
