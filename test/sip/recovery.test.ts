// The network goes, comes back and changes (hal/network.ts), seen from the wire: what a station registers, calls and offers
// afterwards, and how soon.

import { createDevice, isStopped, stopDevice } from "../../firmware/main";
import { RegistrationState, SPREAD_MS } from "../../firmware/sip/registration";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled } from "../rig/door";
import { bodyOf, changed, headerOf, headersOf, kindOf, startLine, textBetween, withHeaders } from "../rig/message-text";
import type { FakeNetwork } from "../rig/parts";
import { Peer, responseOf } from "../rig/peer";

const ACCOUNT = ["account.registrar = 192.0.2.50", "account.expires = 600"];
/** Where the station is after it has moved. */
const NEW_HOST = 44;
const NEW_CONTACT = "<sip:door@192.0.2.44:5060>";
const OLD_CONTACT = "<sip:door@192.0.2.4:5060>";

const registrar = new Peer("registrar", 50, 5060);
const anna = new Peer("anna", 9, 5060);

function grant(door: Door, request: string): void {
  door.deliver(
    responseOf(request, "200 OK", "reg", [`Contact: ${headerOf(request, "Contact")};expires=600`], ""),
    registrar,
  );
}

function stateOf(door: Door): RegistrationState {
  return door.device.registration.state;
}

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

function registeredDoor(settings: string[]): { door: Door; first: string } {
  const door = new Door([...ACCOUNT, ...settings]);
  const first = door.expect("REGISTER");
  grant(door, first);
  equal(stateOf(door), RegistrationState.REGISTERED, "state after 200");
  return { door, first };
}

function unplug(door: Door): void {
  door.network.change(false);
  door.poll();
}

function plug(door: Door): void {
  door.network.change(true);
  door.poll();
}

describe("a station without network", () => {
  it("says nothing when it boots without one, and registers within half a second of the first", () => {
    const door = new Door(ACCOUNT, 271, (board, limits, settings) => {
      (board.network as FakeNetwork).change(false);
      board.sip.local.family = 0;
      return createDevice(board, limits, settings);
    });
    equal(stateOf(door), RegistrationState.WAITING, "state after boot");
    door.advance(3600000);
    door.expectSilence();
    door.wire.udp.local.family = 4;
    plug(door);
    isTrue(door.advanceToMessage(2 * SPREAD_MS) <= SPREAD_MS, "within half a second");
    grant(door, door.expect("REGISTER"));
    equal(stateOf(door), RegistrationState.REGISTERED, "state with network");
  });

  it("does not try to register, and registers within half a second of its return", () => {
    const { door } = registeredDoor([]);
    door.advance(5000);
    unplug(door);
    equal(stateOf(door), RegistrationState.WAITING, "state without network");
    door.advance(3600000);
    door.expectSilence();
    plug(door);
    const pause = door.advanceToMessage(10000);
    isTrue(pause <= SPREAD_MS, `registers after ${pause} ms`);
    grant(door, door.expect("REGISTER"));
    equal(stateOf(door), RegistrationState.REGISTERED, "state with network");
  });

  it("keeps Call-ID and tag of its registration over the outage, and counts on (10.2)", () => {
    const { door, first } = registeredDoor([]);
    unplug(door);
    plug(door);
    door.advanceToMessage(SPREAD_MS);
    const second = door.expect("REGISTER");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
    equal(headerOf(second, "From"), headerOf(first, "From"), "From");
    isTrue(sequenceOf(second) > sequenceOf(first), "CSeq");
    equal(headersOf(second, "Contact").join(" "), OLD_CONTACT, "Contact");
  });

  it("waits for nothing that it was given before the outage: a long Retry-After, a pause", () => {
    const door = new Door(ACCOUNT);
    door.deliver(
      responseOf(door.expect("REGISTER"), "503 Service Unavailable", "reg", ["Retry-After: 600"], ""),
      registrar,
    );
    equal(stateOf(door), RegistrationState.WAITING, "state");
    plug(door);
    isTrue(door.advanceToMessage(600000) <= SPREAD_MS, "registers at once");
  });

  itSlow("that comes and goes every second sends a REGISTER each time at most, and none is left over", () => {
    const { door } = registeredDoor([]);
    door.advance(6000); // Timer K of the first REGISTER
    for (let flap = 0; flap < 50; flap += 1) {
      unplug(door);
      door.advance(1000);
      plug(door);
      door.advance(400 + 10 * flap);
      isTrue(door.wire.waiting() <= 2, "messages after a flap");
      door.wire.forget();
      isTrue(door.recordsInUse() <= 1, `${door.recordsInUse()} records in use`);
    }
    plug(door);
    door.advanceToMessage(SPREAD_MS);
    grant(door, door.expect("REGISTER"));
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
  });

  it("can be stopped", () => {
    const { door } = registeredDoor([]);
    unplug(door);
    stopDevice(door.device);
    isTrue(isStopped(door.device), "it is over");
    plug(door);
    door.advance(10000);
    door.expectSilence();
  });
});

describe("a station whose address changes", () => {
  it("registers its new Contact at once, and takes the old one back", () => {
    const { door, first } = registeredDoor([]);
    door.moveTo(NEW_HOST);
    isTrue(door.advanceToMessage(10000) <= SPREAD_MS, "at once");
    const second = door.expect("REGISTER");
    equal(headersOf(second, "Contact").join(" "), `${NEW_CONTACT} ${OLD_CONTACT};expires=0`, "Contact");
    equal(headerOf(second, "Via").indexOf("SIP/2.0/UDP 192.0.2.44:5060;"), 0, "Via");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
    door.deliver(
      responseOf(second, "200 OK", "reg", [`Contact: ${OLD_CONTACT};expires=30, ${NEW_CONTACT};expires=600`], ""),
      registrar,
    );
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    const pause = door.advanceToMessage(1000000);
    isTrue(pause > 539000, `the refresh follows the new Contact's time: ${pause} ms`);
    equal(headersOf(door.expect("REGISTER"), "Contact").join(" "), NEW_CONTACT, "Contact of the refresh");
  });

  it("in the middle of a registration begins it anew, and takes the answer to the old one for late", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    door.moveTo(NEW_HOST);
    grant(door, first);
    equal(stateOf(door), RegistrationState.REGISTERING, "state after the late answer");
    door.advanceToMessage(SPREAD_MS);
    const second = door.expect("REGISTER");
    equal(headersOf(second, "Contact").join(" "), NEW_CONTACT, "Contact: nothing of the old one is known");
    grant(door, second);
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    equal(door.recordsInUse(), 1, "records: the last REGISTER's Timer K");
  });

  it("forgets what a NAT of the old network made of it", () => {
    const door = new Door(ACCOUNT);
    for (let count = 0; count < 2; count += 1) {
      const response = responseOf(door.expect("REGISTER"), "200 OK", "reg", [], "");
      door.deliver(changed(response, ";rport", ";received=203.0.113.7;rport=40000"), registrar);
    }
    door.moveTo(NEW_HOST);
    door.advanceToMessage(SPREAD_MS);
    equal(
      headersOf(door.expect("REGISTER"), "Contact").join(" "),
      `${NEW_CONTACT} <sip:door@203.0.113.7:40000>;expires=0`,
      "Contact",
    );
  });

  it("keeps the address that the settings advertise", () => {
    const { door } = registeredDoor(["network.advertised-address = 198.51.100.1"]);
    door.moveTo(NEW_HOST);
    door.advanceToMessage(SPREAD_MS);
    equal(headersOf(door.expect("REGISTER"), "Contact").join(" "), "<sip:door@198.51.100.1:5060>", "Contact");
  });

  it("offers the call in progress anew from its new address, and the call goes on", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.advance(1000);
    door.moveTo(NEW_HOST);
    door.advanceToMessage(1000);
    const invite = door.expect("INVITE");
    equal(headerOf(invite, "To").indexOf(";tag=") > 0, true, "it is in the dialog");
    equal(headerOf(invite, "Contact"), NEW_CONTACT, "Contact");
    equal(headerOf(invite, "Via").indexOf("SIP/2.0/UDP 192.0.2.44:5060;"), 0, "Via");
    equal(textBetween(bodyOf(invite), "c=", "\r"), "IN IP4 192.0.2.44", "address of the voice");
    call.invite = invite;
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.voiceSent = 0;
    door.advance(1000);
    isTrue(door.voiceSent >= 45, `voice goes on: ${door.voiceSent} packets in a second`);
    call.remoteTarget = "sip:door@192.0.2.44:5060";
    hangUp(door, call);
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("offers nothing anew when only the link was away", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    unplug(door);
    door.advance(500);
    plug(door);
    door.advance(1000);
    door.expectSilence();
    hangUp(door, call);
  });

  it("offers nothing anew when an address of IPv6 comes late, goes and is back, but when it is another one", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    const local6 = door.wire.udp.local6;
    for (let round = 0; round < 2; round += 1) {
      local6.family = 6;
      plug(door);
      local6.family = 0;
      plug(door);
    }
    door.advance(1000);
    door.expectSilence();
    local6.family = 6;
    local6.address[15] = 9;
    plug(door);
    equal(startLine(door.expect("INVITE")).indexOf("INVITE "), 0, "a new offer");
  });

  it("stays registered when an address of IPv6 comes beside the one of IPv4, and registers anew when it goes", () => {
    const { door } = registeredDoor([]);
    door.wire.udp.local6.family = 6;
    plug(door);
    door.advance(10000);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    door.wire.udp.local6.family = 0;
    plug(door);
    door.advanceToMessage(SPREAD_MS);
    equal(kindOf(door.expect("REGISTER")), "REGISTER", "when it goes");
  });

  it("registers at once with an address of IPv6 that comes while it is not registered", () => {
    const door = new Door(ACCOUNT);
    door.expect("REGISTER");
    door.wire.udp.local6.family = 6;
    plug(door);
    isTrue(door.advanceToMessage(10000) <= SPREAD_MS, "at once");
    grant(door, door.expect("REGISTER"));
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
  });

  it("registers anew when an address of IPv6 is there with a network that was away", () => {
    for (const isLong of [true, false]) {
      const { door } = registeredDoor([]);
      door.wire.udp.local6.family = 6;
      door.network.change(false);
      if (isLong) {
        door.advance(1000);
      }
      plug(door);
      door.advanceToMessage(SPREAD_MS);
      equal(kindOf(door.expect("REGISTER")), "REGISTER", isLong ? "away for a second" : "away between two looks");
    }
  });

  it("calls from its new address afterwards", () => {
    const door = new Door([]);
    door.moveTo(NEW_HOST);
    door.press(0);
    const invite = door.expect("INVITE");
    equal(headerOf(invite, "From").indexOf("<sip:door@192.0.2.44:5060>;tag="), 0, "From of a direct call");
    equal(headerOf(invite, "Contact"), NEW_CONTACT, "Contact");
    equal(textBetween(bodyOf(invite), "c=", "\r"), "IN IP4 192.0.2.44", "address of the voice");
  });

  it("lets the connections of the old network go, and registers over a new one", () => {
    const door = new Door([...ACCOUNT, "account.transport = tcp"]);
    const stream = door.tcp.last();
    stream.send(responseOf(stream.take(), "200 OK", "reg", [], ""));
    door.advance(1000);
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    door.wire.udp.local6.family = 6;
    plug(door);
    isTrue(!stream.closed, "an address of IPv6 in addition closes nothing");
    door.wire.udp.local6.family = 0;
    door.moveTo(NEW_HOST);
    isTrue(stream.closed, "the old connection is closed");
    door.advance(1000);
    const request = door.tcp.last().take();
    equal(startLine(request), "REGISTER sip:192.0.2.50 SIP/2.0", "over the new connection");
    equal(
      headersOf(request, "Contact").join(" "),
      "<sip:door@192.0.2.44:5060;transport=tcp> <sip:door@192.0.2.4:5060;transport=tcp>;expires=0",
      "Contact",
    );
  });
});

describe("a server that was restarted", () => {
  itSlow("and knows the call no more is registered at again at once", () => {
    const { door } = registeredDoor(["button.1.call = sip:anna@192.0.2.50", "call.session-expires = 90"]);
    door.advance(1000);
    door.press(0);
    const call = registrar.takeCall(door.expect("INVITE"));
    const answer = call.answer("200 OK", registrar.description([]));
    door.deliver(withHeaders(answer, ["Session-Expires: 90;refresher=uac", "Require: timer"]), registrar);
    door.expect("ACK");
    door.advanceToMessage(50000);
    const refresh = door.wire.next();
    door.deliver(responseOf(refresh, "481 Call/Transaction Does Not Exist", "", [], ""), registrar);
    let register = "";
    while (door.wire.waiting() > 0) {
      const text = door.wire.next();
      register = kindOf(text) === "REGISTER" ? text : register;
    }
    equal(startLine(register), "REGISTER sip:192.0.2.50 SIP/2.0", "REGISTER");
    grant(door, register);
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
  });
});

describe("a station that was reset in a call", () => {
  it("answers the peer's requests of that call with 481, so that nobody waits for it", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const again = new Door([]);
    again.deliver(call.request("INVITE", [`Contact: ${anna.contact}`], anna.description([])), anna);
    equal(kindOf(again.wire.next()), "481 INVITE", "re-INVITE");
    again.deliver(call.bye(), anna);
    again.expect("481 BYE");
    again.advance(40000);
    equal(again.recordsInUse(), 0, "records in use");
  });
});
