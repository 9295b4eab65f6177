// Routes of a request that a proxy takes (RFC 3261 16.4, 16.12): which are ours and done with, and what is left.

import { createBytesOf } from "../../firmware/bytes/bytes";
import { HeaderName } from "../../firmware/sip/header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "../../firmware/sip/header-values";
import type { Message } from "../../firmware/sip/message";
import { createNameAddress, parseNameAddress } from "../../firmware/sip/name-address";
import { Status } from "../../firmware/sip/status";
import { type Domain, readSipUri } from "./domain";
import { octetText } from "./octet-text";

/** Where a request is on its way to. */
export interface Route {
  /** The Request-URI after the routes were looked at. */
  uri: string;
  /** The Route values that are left, in order. */
  routes: string[];
}

/** Where a request goes out to, and what its request line and Route header say (16.6 steps 4 to 7). */
export interface Hop {
  uri: string;
  routes: string[];
  /** The URI whose host and port it is sent to. */
  next: string;
}

const value = createHeaderValue();
const address = createNameAddress();

function routeValues(request: Message): string[] {
  const routes: string[] = [];
  let more = firstHeaderValue(request, HeaderName.ROUTE, value);
  while (more) {
    routes.push(octetText(request.bytes, value.start, value.end));
    more = nextHeaderValue(request, value);
  }
  return routes;
}

/** The URI of a Route value; "" when it is malformed. */
export function uriOfRoute(route: string): string {
  const bytes = createBytesOf(route);
  return parseNameAddress(bytes, 0, bytes.length, address) === Status.OK
    ? route.slice(address.uriStart, address.uriEnd)
    : "";
}

/** Whether a URI is one that we put into Record-Route. */
function isRecorded(uri: string, domain: Domain): boolean {
  const parts = readSipUri(uri);
  return parts?.looseRouting === true && parts.user === "" && domain.owns(parts);
}

/** Takes our own routes off a request (16.4). */
export function takeOwnRoutes(request: Message, domain: Domain): Route {
  let uri = octetText(request.bytes, request.uriStart, request.uriEnd);
  const routes = routeValues(request);
  if (isRecorded(uri, domain) && routes.length > 0) {
    // The hop before us is a strict router: it put our URI into the request line and the target at the end of the routes.
    uri = uriOfRoute(routes.pop() as string);
  }
  const first = routes.length > 0 ? readSipUri(uriOfRoute(routes[0])) : undefined;
  if (first !== undefined && domain.owns(first)) {
    routes.shift();
  }
  return { uri, routes };
}

/** Where a request for `uri` goes by its routes (16.6 step 6): a strict router gets its own URI as Request-URI. */
export function findHop(uri: string, routes: string[]): Hop {
  if (routes.length === 0) {
    return { uri, routes, next: uri };
  }
  const first = uriOfRoute(routes[0]);
  if (readSipUri(first)?.looseRouting === false) {
    return { uri: first, routes: [...routes.slice(1), `<${uri}>`], next: first };
  }
  return { uri, routes, next: first };
}
