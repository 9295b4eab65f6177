// A station that calls and registers by names: what a PBX and a name server see of it.

import { hangUpCall } from "../../firmware/intercom/station";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door } from "../rig/door";
import { kindOf } from "../rig/message-text";
import { NameServer } from "../rig/name-server";

const SETTINGS = ["button.1.call = sip:anna@example.com", "network.name-server.1 = 192.0.2.53"];

/** A name server with a PBX at 192.0.2.9 and its spare at 192.0.2.8. */
function pbxZone(): NameServer {
  const server = new NameServer(testEndpoint(53, 53));
  server.add("example.com 300 SOA 60");
  server.add("_sip._udp.example.com 300 SRV 10 0 5070 first.example.com");
  server.add("_sip._udp.example.com 300 SRV 20 0 5080 spare.example.com");
  server.add("first.example.com 300 A 192.0.2.9");
  server.add("spare.example.com 300 A 192.0.2.8");
  return server;
}

/** Moves the time on, with answers of the name server every 100 ms. */
function advance(door: Door, server: NameServer, milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    door.advance(100);
    server.exchange(door.names);
    door.poll();
  }
}

/** Where the requests of a method that were not read yet went, each place once: "9:5070 8:5080". */
function placesOf(door: Door, method: string): string {
  const places: string[] = [];
  while (door.wire.waiting() > 0) {
    const sent = door.wire.nextDatagram();
    const place = `${sent.host}:${sent.port}`;
    if (kindOf(sent.text) === method && places.indexOf(place) < 0) {
      places.push(place);
    }
  }
  return places.join(" ");
}

describe("a station with a name server", () => {
  it("calls the first of the servers that a domain's SRV records name", () => {
    const door = new Door(SETTINGS);
    const server = pbxZone();
    door.press(0);
    advance(door, server, 300);
    equal(placesOf(door, "INVITE"), "9:5070");
  });

  itSlow("calls the next server when the first is silent, and begins with it at the next call", () => {
    const door = new Door(SETTINGS);
    const server = pbxZone();
    door.press(0);
    advance(door, server, 33000);
    equal(placesOf(door, "INVITE"), "9:5070 8:5080");
    const asked = server.questions.length;
    advance(door, server, 40000);
    door.wire.forget();
    door.press(0);
    advance(door, server, 500);
    equal(placesOf(door, "INVITE"), "8:5080", "the next call");
    isTrue(
      server.timesAsked("SRV _sip._udp.example.com") <= 2 && server.questions.length - asked <= 2,
      "few questions",
    );
  });

  it("leaves no search behind when the call is given up before DNS has answered", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    equal(door.device.locator.use.inUse, 1, "searches");
    hangUpCall(door.device.station);
    equal(door.device.locator.use.inUse, 0, "searches after the call");
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("registers at the server that DNS names once the name server is back", () => {
    const door = new Door([
      "account.registrar = example.com",
      "account.password = secret",
      "network.name-server.1 = 192.0.2.53",
    ]);
    const server = pbxZone();
    server.answering = false;
    advance(door, server, 60000);
    equal(placesOf(door, "REGISTER"), "", "no name server");
    server.answering = true;
    advance(door, server, 65000);
    equal(placesOf(door, "REGISTER").substring(0, 6), "9:5070");
    equal(door.device.dns.use.inUse, 0, "queries");
    equal(door.device.locator.use.inUse, 0, "searches");
  });
});
