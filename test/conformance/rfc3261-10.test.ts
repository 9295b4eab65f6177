// Registration (RFC 3261 10.2), seen by the registrar.

import { isStopped, stopDevice } from "../../firmware/main";
import { describe, equal, isTrue } from "../harness";
import { Door } from "../rig/door";
import { hasHeaderField, headerOf, kindOf, parameterOf, startLine, textBetween } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { clause } from "./clause";

const ACCOUNT = ["account.registrar = 192.0.2.50", "account.password = secret", "account.expires = 600"];
const CONTACT = "Contact: <sip:door@192.0.2.4:5060>";

const registrar = new Peer("registrar", 50, 5060);

function respond(door: Door, request: string, status: string, headers: string[]): void {
  door.deliver(responseOf(request, status, "reg", headers, ""), registrar);
}

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

/** The next REGISTER, and what else was sent before it is of no interest. */
function nextRegister(door: Door, longest: number): string {
  door.advanceToMessage(longest);
  return door.expect("REGISTER");
}

describe("REGISTER", () => {
  clause(
    "RFC 3261 10.2",
    "its Request-URI is the registrar without user, To and From are the address of record",
    () => {
      const request = new Door(ACCOUNT).expect("REGISTER");
      equal(startLine(request), "REGISTER sip:192.0.2.50 SIP/2.0", "request line");
      equal(headerOf(request, "To"), "<sip:door@192.0.2.50>", "To");
      equal(headerOf(request, "From").indexOf("<sip:door@192.0.2.50>;tag="), 0, "From");
      equal(hasHeaderField(request, "Contact"), true, "Contact");
    },
  );

  clause("RFC 3261 10.2.1", "it asks for the time of the settings in Expires", () => {
    equal(headerOf(new Door(ACCOUNT).expect("REGISTER"), "Expires"), "600", "Expires");
  });

  clause("RFC 3261 10.2", "all of them to one registrar have one Call-ID, and CSeq grows by one", () => {
    const door = new Door(ACCOUNT);
    let last = door.expect("REGISTER");
    for (let count = 0; count < 3; count += 1) {
      respond(door, last, "200 OK", [`${CONTACT};expires=60`]);
      const next = nextRegister(door, 100000);
      equal(headerOf(next, "Call-ID"), headerOf(last, "Call-ID"), "Call-ID");
      equal(sequenceOf(next), sequenceOf(last) + 1, "CSeq");
      last = next;
    }
  });

  clause("RFC 3261 10.2", "no new one is sent before the last one has its final response or has timed out", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    door.advance(31000);
    while (door.wire.waiting() > 0) {
      equal(door.wire.next(), first, "a retransmission");
    }
  });

  clause("RFC 3261 10.2.4", "the binding is refreshed before the time that the registrar granted", () => {
    const door = new Door(ACCOUNT);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=300`]);
    const after = door.advanceToMessage(400000);
    door.expect("REGISTER");
    isTrue(after > 100000 && after < 300000, `after ${after} ms`);
  });

  clause("RFC 3261 10.2.4", "a time in Contact counts before one in Expires, and only that of its own Contact", () => {
    const door = new Door(ACCOUNT);
    const headers = ["Contact: <sip:door@192.0.2.99>;expires=30", `${CONTACT};expires=300`, "Expires: 20"];
    respond(door, door.expect("REGISTER"), "200 OK", headers);
    const after = door.advanceToMessage(400000);
    isTrue(after > 100000 && after < 300000, `after ${after} ms`);
  });

  clause("RFC 3261 10.2.8", "423 is obeyed: the next one asks for the Min-Expires", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    respond(door, first, "423 Interval Too Brief", ["Min-Expires: 1800"]);
    const second = nextRegister(door, 60000);
    equal(headerOf(second, "Expires"), "1800", "Expires");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
  });

  clause("RFC 3261 10.2.2", "the binding is removed with Expires 0 when the station stops", () => {
    const door = new Door(ACCOUNT);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=300`]);
    stopDevice(door.device);
    door.poll();
    const last = door.expect("REGISTER");
    equal(headerOf(last, "Expires"), "0", "Expires");
    equal(headerOf(last, "Contact").indexOf("<sip:door@192.0.2.4:5060>"), 0, "Contact");
    respond(door, last, "200 OK", []);
    equal(isStopped(door.device), true, "stopped");
  });

  clause(
    "RFC 3261 10.2.7",
    "a registrar that does not answer, or refuses, is asked again later, with pauses that grow",
    () => {
      const door = new Door(ACCOUNT);
      door.expect("REGISTER");
      for (let longest = 2000; longest <= 8000; longest *= 2) {
        door.advance(32000);
        door.wire.forget();
        const pause = door.advanceToMessage(600000);
        door.expect("REGISTER");
        isTrue(pause >= longest / 2 && pause <= longest, `after ${pause} ms of ${longest}`);
      }
    },
  );

  clause("RFC 3261 22.2", "a challenge is answered with the same Call-ID, and from then on without being asked", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    respond(door, first, "401 No", ['WWW-Authenticate: Digest realm="pbx", nonce="n1", qop="auth"']);
    const second = door.expect("REGISTER");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
    equal(hasHeaderField(second, "Authorization"), true, "second");
    respond(door, second, "200 OK", [`${CONTACT};expires=60`]);
    const third = nextRegister(door, 100000);
    equal(
      parameterOf(headerOf(third, "Authorization").split(", ").join(";"), "nc"),
      "00000002",
      "nonce count of the third",
    );
  });

  clause("RFC 3261 10.3", "the station is no registrar: REGISTER to it is answered 405", () => {
    const door = new Door([]);
    door.deliver(registrar.request("REGISTER", [], ""), registrar);
    equal(kindOf(door.wire.next()), "405 REGISTER", "answer");
  });
});
