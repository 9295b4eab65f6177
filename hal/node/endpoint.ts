// Endpoints as people write them: `192.0.2.1:5060`, `[2001:db8::1]:5060`. For boards on Node.js and the desk; the firmware
// never makes strings of them.

import { networkInterfaces } from "node:os";
import { createBytesOf } from "../../firmware/bytes/bytes";
import { createEndpoint, parseAddress, putAddress } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import type { Endpoint } from "../endpoint";

const writer = createWriter();
const letters = new Uint8Array(48);

/** The endpoint of an address literal and a port. Throws a RangeError when one of them is none. */
export function endpointOf(address: string, port: number): Endpoint {
  const endpoint = createEndpoint();
  const zone = address.indexOf("%");
  const bytes = createBytesOf(zone < 0 ? address : address.slice(0, zone));
  endpoint.family = parseAddress(bytes, 0, bytes.length, endpoint.address);
  endpoint.port = port;
  if (endpoint.family === 0) {
    throw new RangeError(`"${address}" is no IPv4 or IPv6 address`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`${port} is no port; a port is a number from 0 to 65535`);
  }
  return endpoint;
}

/** Reads `address:port`, an IPv6 address in brackets. Throws a RangeError when it is not that. */
export function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  const address = text.slice(0, colon);
  if (colon <= 0 || !/^\d{1,5}$/.test(port) || (address.includes(":") && !address.startsWith("["))) {
    throw new RangeError(`"${text}" is not "address:port"`);
  }
  return endpointOf(address, Number(port));
}

/** The address alone, IPv6 without brackets (RFC 5952); "" for an endpoint without an address. */
export function addressText(endpoint: Endpoint): string {
  if (endpoint.family === 0) {
    return "";
  }
  openWriter(writer, letters, 0, letters.length);
  putAddress(writer, endpoint.family, endpoint.address);
  return String.fromCharCode(...letters.subarray(0, writer.length));
}

/** `address:port`, an IPv6 address in brackets. */
export function endpointText(endpoint: Endpoint): string {
  const address = addressText(endpoint);
  return `${endpoint.family === 6 ? `[${address}]` : address}:${endpoint.port}`;
}

/** Whether it is the address that stands for all of a machine's own (0.0.0.0, ::). */
export function isUnspecified(endpoint: Endpoint): boolean {
  const length = endpoint.family === 6 ? 16 : 4;
  for (let index = 0; index < length; index += 1) {
    if (endpoint.address[index] !== 0) {
      return false;
    }
  }
  return true;
}

/** The addresses of a family at which others can reach this machine now. */
export function ownAddresses(family: number): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, family: of, internal }) => !internal && of === `IPv${family}` && !address.startsWith("fe80:"))
    .map(({ address }) => address);
}

/**
 * The address at which others reach this machine: the present one as long as it has it, else the first.
 * @param present "" for none; it stays also while there is no other
 */
export function ownAddress(family: number, present = ""): string {
  const addresses = ownAddresses(family);
  if (addresses.length === 0) {
    return present !== "" ? present : family === 6 ? "::1" : "127.0.0.1";
  }
  return addresses.includes(present) ? present : addresses[0];
}
