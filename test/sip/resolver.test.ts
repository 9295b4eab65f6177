// Where a URI leads: an address literal, or a name of the host table; the port of the URI, or 5060.

import { createEndpoint, parseAddress, putHostAddress } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { createSettings } from "../../firmware/settings/settings";
import { resolveHost, resolveUri } from "../../firmware/sip/resolver";
import { Status } from "../../firmware/sip/status";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const settings = createSettings();
const into = createEndpoint();
const writer = createWriter();

/** Enters a host into the table; its name stands between other letters. */
function enterHost(index: number, name: string, address: string): void {
  const host = settings.hosts[index];
  host.name.bytes = bytesOf(`x${name}x`);
  host.name.start = 1;
  host.name.end = name.length + 1;
  host.address.family = parseAddress(bytesOf(address), 0, address.length, host.address.address);
}

enterHost(0, "pbx.example.com", "192.0.2.10");
enterHost(1, "Hall", "2001:db8::10");

/** "address:port" of the next hop, or the status in brackets. */
function resolve(uri: string): string {
  into.family = 0;
  into.port = 0;
  const status = resolveUri(settings, bytesOf(`<${uri}>`), 1, uri.length + 1, into);
  if (status !== Status.OK) {
    return `(${status})`;
  }
  const text = bytesOf("                                                  ");
  openWriter(writer, text, 0, text.length);
  putHostAddress(writer, into.family, into.address);
  return `${textOf(text, 0, writer.length)}:${into.port}`;
}

describe("resolver", () => {
  it("finds the address and port of a URI", () => {
    const cases: [string, string][] = [
      ["sip:192.0.2.1", "192.0.2.1:5060"],
      ["sip:hall@192.0.2.1:5070;lr", "192.0.2.1:5070"],
      ["sip:[2001:db8::1]", "[2001:db8::1]:5060"],
      ["sip:a@[2001:DB8::1]:5062?x=y", "[2001:db8::1]:5062"],
      ["sip:hall@pbx.example.com", "192.0.2.10:5060"],
      ["sip:hall@PBX.Example.COM:5080", "192.0.2.10:5080"],
      ["sip:hall", "[2001:db8::10]:5060"],
    ];
    for (const [uri, address] of cases) {
      equal(resolve(uri), address, uri);
    }
  });

  it("misses a name that is in no table, and an address that is none", () => {
    const uris = [
      "sip:example.com",
      "sip:pbx.example.co",
      "sip:pbx.example.comx",
      "sip:192.0.2",
      "sip:[::1::]",
      "sip:[hall]",
    ];
    for (const uri of uris) {
      equal(resolve(uri), `(${Status.MISSING})`, uri);
    }
  });

  it("says what else a URI is", () => {
    equal(resolve("tel:+1-201-555-0123"), `(${Status.UNSUPPORTED})`);
    equal(resolve("http://192.0.2.1/"), `(${Status.UNSUPPORTED})`);
    equal(resolve("sip:"), `(${Status.MALFORMED})`);
    equal(resolve("192.0.2.1"), `(${Status.MALFORMED})`);
  });

  it("leaves the port when it finds a host", () => {
    into.port = 4000;
    equal(resolveHost(settings, bytesOf("hall"), 0, 4, into), Status.OK);
    equal(into.port, 4000);
    equal(resolveHost(settings, bytesOf("192.0.2.1"), 0, 9, into), Status.OK);
    equal(into.port, 4000);
    equal(into.family, 4);
  });

  it("passes over entries without address", () => {
    settings.hosts[1].address.family = 0;
    equal(resolve("sip:hall"), `(${Status.MISSING})`);
    enterHost(1, "Hall", "2001:db8::10");
  });
});
