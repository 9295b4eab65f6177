// The accounts' Contact behind a NAT, by STUN (firmware/sip/public-address.ts): a test plays the STUN server at 192.0.2.70.

import { createBytes } from "../../firmware/bytes/bytes";
import { pollDevice } from "../../firmware/main";
import { RegistrationState } from "../../firmware/sip/registration";
import { type FakeDatagram, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door } from "../rig/door";
import { headersOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const STUN_HOST = 70;
const STUN_PORT = 3478;
const SETTINGS = [
  "account.registrar = 192.0.2.50",
  "account.expires = 600",
  "network.stun-server = 192.0.2.70",
  "network.keep-alive = 20",
];
const OWN = "<sip:door@192.0.2.4:5060>";

const registrar = new Peer("registrar", 50, 5060);

/** Moves the time on by up to `longest` until the station asks the STUN server; what it sends meanwhile beside is forgotten. */
function nextRequest(door: Door, longest: number): FakeDatagram[] {
  const found: FakeDatagram[] = [];
  const end = door.clock.elapsed + longest;
  while (found.length === 0 && door.clock.elapsed < end) {
    door.clock.elapsed += 10;
    pollDevice(door.device);
    const sent = door.wire.udp.sent;
    for (let index = 0; index < sent.length; index += 1) {
      if (sent[index].peer.address[3] === STUN_HOST) {
        found.push(sent[index]);
      }
    }
    if (found.length > 0) {
      door.wire.udp.sent = [];
    }
  }
  return found;
}

/** The server answers: the station is at 203.0.113.`host`:`port`. */
function answer(door: Door, request: FakeDatagram, host: number, port: number): void {
  const response = createBytes(32);
  const address = [203, 0, 113, host];
  response[0] = 0x01;
  response[1] = 0x01;
  response[3] = 12;
  for (let index = 4; index < 20; index += 1) {
    response[index] = request.bytes[index];
  }
  response[21] = 0x20;
  response[23] = 8;
  response[25] = 1;
  response[26] = (port >> 8) ^ request.bytes[4];
  response[27] = (port & 0xff) ^ request.bytes[5];
  for (let index = 0; index < 4; index += 1) {
    response[28 + index] = address[index] ^ request.bytes[4 + index];
  }
  door.wire.udp.arrive(response, 32, testEndpoint(STUN_HOST, STUN_PORT));
  door.poll();
}

/** The next REGISTER is granted; its Contacts. */
function contactsOfRegister(door: Door): string {
  let request = "";
  door.advance(600);
  while (door.wire.waiting() > 0) {
    const text = door.wire.next();
    request = text.indexOf("REGISTER") === 0 ? text : request;
  }
  isTrue(request !== "", "there is a REGISTER");
  door.deliver(
    responseOf(request, "200 OK", "reg", [`Contact: ${headersOf(request, "Contact")[0]};expires=600`], ""),
    registrar,
  );
  return headersOf(request, "Contact").join(" ");
}

describe("the public address", () => {
  it("is asked for at boot and, while the way is kept open, again, and stands in the accounts' Contact", () => {
    const door = new Door(SETTINGS);
    const first = nextRequest(door, 1000);
    equal(first.length, 1, "a request at boot");
    equal(first[0].peer.port, STUN_PORT, "port of the server");
    answer(door, first[0], 7, 40000);
    const contacts = contactsOfRegister(door);
    equal(contacts.indexOf("<sip:door@203.0.113.7:40000>"), 0, "Contact");
    const second = nextRequest(door, 21000);
    equal(second.length, 1, "asked again within the time of the keep-alive");
    answer(door, second[0], 7, 40000);
    door.advance(600);
    equal(door.device.registration.state, RegistrationState.REGISTERED, "state");
  });

  it("that has changed is registered at once, and the former one taken back", () => {
    const door = new Door(SETTINGS);
    answer(door, nextRequest(door, 1000)[0], 7, 40000);
    contactsOfRegister(door);
    answer(door, nextRequest(door, 21000)[0], 8, 40001);
    equal(contactsOfRegister(door), "<sip:door@203.0.113.8:40001> <sip:door@203.0.113.7:40000>;expires=0", "Contact");
  });

  it("is the own one while the server does not answer, or nobody is behind its name", () => {
    const door = new Door(SETTINGS);
    equal(contactsOfRegister(door), OWN, "no answer");
    door.advance(30000);
    equal(door.device.registration.state, RegistrationState.REGISTERED, "state");
    const nameless = new Door([SETTINGS[0], "network.stun-server = stun.example"]);
    equal(contactsOfRegister(nameless), OWN, "no address");
  });

  itSlow("is not asked for without a server, or with an advertised address", () => {
    equal(nextRequest(new Door([SETTINGS[0]]), 60000).length, 0, "no server");
    equal(
      nextRequest(new Door([...SETTINGS, "network.advertised-address = 198.51.100.1"]), 60000).length,
      0,
      "advertised",
    );
  });

  it("of the old network is forgotten, and asked for in the new one", () => {
    const door = new Door(SETTINGS);
    answer(door, nextRequest(door, 1000)[0], 7, 40000);
    contactsOfRegister(door);
    door.moveTo(44);
    const request = nextRequest(door, 1000);
    equal(request.length, 1, "asked at once");
    answer(door, request[0], 9, 50000);
    equal(contactsOfRegister(door).indexOf("<sip:door@203.0.113.9:50000>"), 0, "Contact");
  });
});
