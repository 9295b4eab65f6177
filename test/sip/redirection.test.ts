// Redirection of the station's INVITE (RFC 3261 8.1.3.4, 21.3) and other refusals that a call may outlive or not, seen from the wire.

import { callPeer } from "../../firmware/sip/invite-caller";
import { EndCause, SessionState } from "../../firmware/sip/invite-session";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf } from "../octets";
import { callingTo, endOf, expectIdleAfter, expectTalking, hangUpHere, sequenceOf, sessionOf } from "../rig/call";
import type { Door } from "../rig/door";
import { bodyOf, headerOf, startLine, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);

/** The peer redirects the last INVITE. */
function redirect(door: Door, call: PeerCall, invite: string, contacts: string[]): void {
  const headers: string[] = [];
  for (let index = 0; index < contacts.length; index += 1) {
    headers.push(`Contact: ${contacts[index]}`);
  }
  door.deliver(call.respond(invite, "302 Moved Temporarily", headers, ""), anna);
  door.expect("ACK");
}

/** Refuses the last INVITE. */
function refuse(door: Door, call: PeerCall, invite: string, status: string, headers: string[]): void {
  door.deliver(call.respond(invite, status, headers, ""), anna);
  door.expect("ACK");
}

/** The last octets of the addresses that are called, as long as everybody is busy. */
function calledInTurn(contacts: string[]): string {
  const { door, call } = callingTo(anna, []);
  const hosts: string[] = [];
  redirect(door, call, call.invite, contacts);
  while (door.wire.waiting() > 0) {
    const next = door.wire.nextDatagram();
    hosts.push(`${next.host}`);
    refuse(door, call, next.text, "486 Busy Here", []);
  }
  expectIdleAfter(door, 40000);
  return hosts.join(" ");
}

describe("a redirected INVITE", () => {
  it("goes to the Contact with the same Call-ID, From and To, the next CSeq and a new branch (8.1.3.4)", () => {
    const { door, call } = callingTo(anna, []);
    redirect(door, call, call.invite, ["<sip:anna@192.0.2.20:5070>"]);
    const next = door.wire.nextDatagram();
    equal(`${next.host}:${next.port}`, "20:5070", "destination");
    equal(startLine(next.text), "INVITE sip:anna@192.0.2.20:5070 SIP/2.0", "request line");
    equal(headerOf(next.text, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(next.text, "From"), headerOf(call.invite, "From"), "From");
    equal(headerOf(next.text, "To"), headerOf(call.invite, "To"), "To");
    equal(sequenceOf(next.text), sequenceOf(call.invite) + 1, "CSeq");
    isTrue(headerOf(next.text, "Via") !== headerOf(call.invite, "Via"), "the branch is new");
    isTrue(bodyOf(next.text).length > 0, "it has the offer");
    call.invite = next.text;
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  it("tries the Contacts in the order of their q, equal ones in theirs, and q=0 last", () => {
    const contacts = [
      "<sip:a@192.0.2.21>;q=0.2, <sip:b@192.0.2.22>;q=0.35",
      "<sip:c@192.0.2.23>",
      "<sip:d@192.0.2.24>;q=0",
      "<sip:e@192.0.2.25>;Q=1.000",
    ];
    equal(calledInTurn(contacts), "23 25 22 21 24", "called");
  });

  it("tries five in all, each once", () => {
    const contacts: string[] = [];
    for (let host = 30; host < 40; host += 1) {
      contacts.push(`<sip:a@192.0.2.${host}>`);
    }
    equal(calledInTurn(contacts), "30 31 32 33 34", "called");
    equal(calledInTurn(["<sip:a@192.0.2.30>", "<sip:a@192.0.2.30>;q=0.5"]), "30", "the same twice");
    equal(calledInTurn(["<sip:anna@192.0.2.9>"]), "", "the one who was called");
  });

  it("is not led in a circle, and not for ever on", () => {
    const { door, call } = callingTo(anna, []);
    let invite = call.invite;
    for (let host = 41; host < 46; host += 1) {
      redirect(door, call, invite, ["<sip:anna@192.0.2.9>", `<sip:a@192.0.2.${host}>`]);
      const next = door.wire.nextDatagram();
      equal(next.host, host, "called");
      invite = next.text;
    }
    redirect(door, call, invite, ["<sip:a@192.0.2.46>"]);
    equal(endOf(door), `${EndCause.REFUSED} 302`, "cause and code");
    expectIdleAfter(door, 40000);
  });

  it("follows sip: URIs only, and none of their header fields (19.1.5)", () => {
    equal(calledInTurn(["<tel:+4930123>", "<sips:a@192.0.2.21>", "<mailto:a@b>", "nonsense <", "*"]), "", "called");
    const { door, call } = callingTo(anna, []);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21;x=y?Subject=z&Route=%3Csip:h%3E>"]);
    const invite = door.expect("INVITE");
    equal(startLine(invite), "INVITE sip:a@192.0.2.21;x=y SIP/2.0", "request line");
    equal(headerOf(invite, "Subject") + headerOf(invite, "Route"), "", "header fields of the URI");
  });

  it("stops at 6xx, which speaks for everybody (21.6)", () => {
    const { door, call } = callingTo(anna, []);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21>", "<sip:b@192.0.2.22>"]);
    refuse(door, call, door.expect("INVITE"), "603 Decline", []);
    equal(endOf(door), `${EndCause.REFUSED} 603`, "cause and code");
    expectIdleAfter(door, 40000);
  });

  it("passes over a Contact that leads nowhere", () => {
    equal(calledInTurn(["<sip:a@>", "<sip:b@192.0.2.22>"]), "22", "called");
  });

  itSlow("passes over a Contact that does not answer (64*T1)", () => {
    const { door, call } = callingTo(anna, ["call.ring-limit = 120"]);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21>", "<sip:b@192.0.2.22>"]);
    door.advance(32100);
    let last = door.wire.nextDatagram();
    while (door.wire.waiting() > 0) {
      last = door.wire.nextDatagram();
    }
    equal(last.host, 22, "called");
    refuse(door, call, last.text, "486 Busy Here", []);
    equal(endOf(door), `${EndCause.REFUSED} 486`, "cause and code");
    expectIdleAfter(door, 40000);
  });

  it("is given up like any other", () => {
    const { door, call } = callingTo(anna, []);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21>", "<sip:b@192.0.2.22>"]);
    const invite = door.expect("INVITE");
    door.deliver(call.respond(invite, "180 Ringing", [], ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    equal(startLine(cancel), "CANCEL sip:a@192.0.2.21 SIP/2.0", "request line");
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    refuse(door, call, invite, "487 Request Terminated", []);
    expectIdleAfter(door, 40000);
  });

  it("keeps its Contacts while another call is redirected, which is refused", () => {
    const { door, call } = callingTo(anna, []);
    const uri = bytesOf("sip:bert@192.0.2.10");
    const session = sessionOf(door);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21>", "<sip:b@192.0.2.22>"]);
    const first = door.expect("INVITE");
    const other = callPeer(door.device.station.sessions, uri, 0, uri.length);
    door.poll();
    const second = anna.takeCall(door.expect("INVITE"));
    redirect(door, second, second.invite, ["<sip:c@192.0.2.23>"]);
    equal(session.sessions.items[other].state, SessionState.FREE, "the other call");
    door.expectSilence();
    refuse(door, call, first, "486 Busy Here", []);
    equal(startLine(door.expect("INVITE")), "INVITE sip:b@192.0.2.22 SIP/2.0", "the next contact");
  });

  it("after which another call begins anew", () => {
    const { door, call } = callingTo(anna, []);
    redirect(door, call, call.invite, ["<sip:a@192.0.2.21>"]);
    refuse(door, call, door.expect("INVITE"), "486 Busy Here", []);
    door.press(0);
    const second = anna.takeCall(door.expect("INVITE"));
    redirect(door, second, second.invite, ["<sip:a@192.0.2.21>"]);
    equal(startLine(door.expect("INVITE")), "INVITE sip:a@192.0.2.21 SIP/2.0", "the same contact");
  });
});

describe("a refusal that is no redirection", () => {
  const refusals = [
    "305 Use Proxy",
    "380 Alternative Service",
    "408 Request Timeout",
    "413 Too Large",
    "415 Unsupported Media Type",
    "416 Unsupported URI Scheme",
    "420 Bad Extension",
    "480 Away",
    "494 Security Agreement Required",
    "600 Busy",
  ];
  itSlow(`ends the call, with its code for the log: ${refusals.join(", ")}`, () => {
    for (let index = 0; index < refusals.length; index += 1) {
      const { door, call } = callingTo(anna, []);
      refuse(door, call, call.invite, refusals[index], ["Contact: <sip:a@192.0.2.21>"]);
      equal(endOf(door), `${EndCause.REFUSED} ${textBetween(` ${refusals[index]}`, " ", " ")}`, "cause and code");
      expectIdleAfter(door, 40000);
    }
  });

  it("tells how long to wait when it says so (Retry-After)", () => {
    const { door, call } = callingTo(anna, []);
    const session = sessionOf(door);
    refuse(door, call, call.invite, "503 Service Unavailable", ["Retry-After: 120 (maintenance)"]);
    equal(session.retryAfter, 120, "seconds");
    equal(endOf(door), `${EndCause.REFUSED} 503`, "cause and code");
  });
});
