// What a user agent client sends and how it takes responses (RFC 3261 8.1), seen by the person who is called.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo } from "../rig/call";
import { Door } from "../rig/door";
import { bodyOf, changed, headerOf, headersOf, parameterOf, startLine, textBetween } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { clause, slowClause } from "./clause";

const anna = new Peer("anna", 9, 5060);

/** What becomes of a call that gets a response: CALLING, IDLE, TALKING. */
function stateAfter(status: string): StationState {
  const { door, call } = callingTo(anna, []);
  door.deliver(call.respond(call.invite, status, [], ""), anna);
  return door.device.station.state;
}

describe("a request", () => {
  clause("RFC 3261 8.1.1", "has To, From, CSeq, Call-ID, Max-Forwards and Via, once each", () => {
    const { call } = callingTo(anna, []);
    const names = ["To", "From", "CSeq", "Call-ID", "Max-Forwards", "Via"];
    for (let index = 0; index < names.length; index += 1) {
      equal(headersOf(call.invite, names[index]).length, 1, names[index]);
    }
  });

  clause("RFC 3261 8.1.1.1", "has the URI of To as its Request-URI", () => {
    const { call } = callingTo(anna, ["button.1.call = sip:hall%20lamp@192.0.2.9:5060;user=phone"]);
    equal(startLine(call.invite), "INVITE sip:hall%20lamp@192.0.2.9:5060;user=phone SIP/2.0", "request line");
    equal(headerOf(call.invite, "To"), "<sip:hall%20lamp@192.0.2.9:5060;user=phone>", "To");
  });

  clause("RFC 3261 8.1.1.2", "has no tag in To outside of dialogs", () => {
    equal(parameterOf(headerOf(callingTo(anna, []).call.invite, "To"), "tag"), "", "tag");
  });

  clause("RFC 3261 8.1.1.3", "has a tag in From, of 32 bits of chance at least (19.3)", () => {
    isTrue(parameterOf(headerOf(callingTo(anna, []).call.invite, "From"), "tag").length >= 8, "tag");
  });

  clause("RFC 3261 8.1.1.4", "has another Call-ID in every call, and another From tag and branch", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    door.press(0);
    const second = door.expect("INVITE");
    isTrue(headerOf(second, "Call-ID") !== call.callId, "Call-ID");
    isTrue(headerOf(second, "From") !== headerOf(call.invite, "From"), "From");
    isTrue(headerOf(second, "Via") !== headerOf(call.invite, "Via"), "Via");
  });

  clause("RFC 3261 8.1.1.5", "has a CSeq below 2^31 with its own method", () => {
    const cseq = headerOf(callingTo(anna, []).call.invite, "CSeq");
    equal(textBetween(cseq, " ", "\r"), "INVITE", "method");
    isTrue(Number(textBetween(` ${cseq}`, " ", " ")) < 134217728, "number");
  });

  clause("RFC 3261 8.1.1.6", "has Max-Forwards 70", () => {
    equal(headerOf(callingTo(anna, []).call.invite, "Max-Forwards"), "70", "Max-Forwards");
  });

  clause(
    "RFC 3261 8.1.1.7",
    "has SIP/2.0, the transport, its own address and a branch with the magic cookie in Via",
    () => {
      const via = headerOf(callingTo(anna, []).call.invite, "Via");
      equal(via.indexOf("SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK"), 0, "Via");
      isTrue(parameterOf(via, "branch").length > 12, "letters behind the cookie");
    },
  );

  clause("RFC 3261 8.1.1.8", "has one Contact with a SIP URI when it can make a dialog", () => {
    const contacts = headersOf(callingTo(anna, []).call.invite, "Contact");
    equal(contacts.length, 1, "Contact header fields");
    equal(textBetween(contacts[0], "<", "@"), "sip:door", "Contact");
  });

  clause("RFC 3261 8.1.1.9", "says in Supported, if it is there, option tags alone", () => {
    const supported = headerOf(callingTo(anna, []).call.invite, "Supported");
    isTrue(supported.indexOf(";") < 0 && supported.indexOf('"') < 0, "Supported");
  });

  clause("RFC 3261 7.4", "says the length and the type of its body", () => {
    const { call } = callingTo(anna, []);
    equal(Number(headerOf(call.invite, "Content-Length")), bodyOf(call.invite).length, "Content-Length");
    equal(headerOf(call.invite, "Content-Type"), "application/sdp", "Content-Type");
  });

  clause("RFC 3261 8.1.2", "goes to the outbound proxy with a Route of it, its Request-URI as it is", () => {
    const door = new Door(["account.outbound-proxy = 192.0.2.50:5080", "account.domain = 192.0.2.9"]);
    door.press(0);
    const datagram = door.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port}`, "50:5080", "sent to");
    equal(headerOf(datagram.text, "Route"), "<sip:192.0.2.50:5080;lr>", "Route");
    equal(startLine(datagram.text), "INVITE sip:anna@192.0.2.9 SIP/2.0", "request line");
  });
});

describe("a response", () => {
  slowClause("RFC 3261 8.1.3.1", "that never comes is as 408: the call is over after 64*T1", () => {
    const { door } = callingTo(anna, []);
    door.advance(32100);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 8.1.3.2", "with an unknown code is as the x00 of its class", () => {
    equal(stateAfter("499 Odd"), StationState.IDLE, "499 as 400");
    equal(stateAfter("599 Odd"), StationState.IDLE, "599 as 500");
    equal(stateAfter("699 Odd"), StationState.IDLE, "699 as 600");
    equal(stateAfter("199 Odd"), StationState.CALLING, "199 as 183");
  });

  clause("RFC 3261 8.1.3.2", "with an unknown code of 2xx makes the call", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("299 Odd", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 8.1.3.3", "with a Via of somebody else below ours is dropped: it went astray", () => {
    const other = "SIP/2.0/UDP 192.0.2.77;branch=z9hG4bK-other";
    const { door, call } = callingTo(anna, []);
    const busy = call.respond(call.invite, "486 Busy Here", [], "");
    door.deliver(changed(busy, "\r\nFrom:", `\r\nVia: ${other}\r\nFrom:`), anna);
    equal(door.device.station.state, StationState.CALLING, "with a header field more");
    door.deliver(changed(busy, "\r\nFrom:", `, ${other}\r\nFrom:`), anna);
    equal(door.device.station.state, StationState.CALLING, "with a value more");
    door.deliver(changed(call.answer("200 OK", ""), "\r\nFrom:", `, ${other}\r\nFrom:`), anna);
    door.expectSilence();
    door.deliver(busy, anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.IDLE, "with ours alone");
  });

  clause("RFC 3261 8.1.3.5", "401 is answered with another request: same Call-ID, From and To, the next CSeq", () => {
    const { door, call } = callingTo(anna, ["account.password = secret", "account.realm = hall"]);
    const challenge = 'WWW-Authenticate: Digest realm="hall", nonce="n1", qop="auth", algorithm=MD5';
    door.deliver(call.respond(call.invite, "401 Unauthorized", [challenge], ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    equal(headerOf(second, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(second, "From"), headerOf(call.invite, "From"), "From");
    equal(headerOf(second, "To"), headerOf(call.invite, "To"), "To");
    const number = Number(textBetween(` ${headerOf(call.invite, "CSeq")}`, " ", " "));
    equal(headerOf(second, "CSeq"), `${number + 1} INVITE`, "CSeq");
    isTrue(headerOf(second, "Via") !== headerOf(call.invite, "Via"), "the branch is new");
  });

  clause("RFC 3261 8.1.3.4", "3xx leads to the Contact that it names: same Call-ID, To and From, another URI", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(responseOf(call.invite, "302 Moved", "x", ["Contact: <sip:anna@192.0.2.31:5070>"], ""), anna);
    door.expect("ACK");
    const datagram = door.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port}`, "31:5070", "sent to");
    equal(startLine(datagram.text), "INVITE sip:anna@192.0.2.31:5070 SIP/2.0", "request line");
    equal(headerOf(datagram.text, "To"), headerOf(call.invite, "To"), "To without the tag");
    equal(headerOf(datagram.text, "Call-ID"), call.callId, "Call-ID");
  });

  clause(
    "RFC 3261 8.1.3.4",
    "of several Contacts in a 3xx the one with the highest q comes first, then the next",
    () => {
      const { door, call } = callingTo(anna, []);
      const contacts = [
        "Contact: <sip:a@192.0.2.31>;q=0.2, <sip:b@192.0.2.32>;q=0.9",
        "Contact: <sip:c@192.0.2.33>;q=0.5",
      ];
      door.deliver(responseOf(call.invite, "300 Choices", "x", contacts, ""), anna);
      door.expect("ACK");
      const hosts: number[] = [];
      for (let count = 0; count < 3; count += 1) {
        const datagram = door.wire.nextDatagram();
        hosts.push(datagram.host);
        door.deliver(responseOf(datagram.text, "486 Busy Here", "y", [], ""), anna);
        door.expect("ACK");
      }
      equal(hosts.join(" "), "32 33 31", "hosts");
      equal(door.device.station.state, StationState.IDLE, "state");
    },
  );

  clause("RFC 3261 8.1.3.4", "3xx that lead in a circle come to an end", () => {
    const { door, call } = callingTo(anna, []);
    const contact = ["Contact: <sip:anna@192.0.2.31>", "Contact: <sip:bert@192.0.2.32>"];
    let invite = call.invite;
    let tried = 1;
    while (invite !== "" && tried < 20) {
      door.deliver(responseOf(invite, "302 Moved", "x", [contact[tried % 2]], ""), anna);
      door.expect("ACK");
      invite = door.wire.waiting() > 0 ? door.wire.next() : "";
      tried += invite === "" ? 0 : 1;
    }
    isTrue(tried >= 2 && tried <= 6, `INVITEs: ${tried}`);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 8.1.3.5", "4xx, 5xx and 6xx that nothing can be done about end the call", () => {
    const statuses = ["403 Forbidden", "404 Not Found", "480 Away", "486 Busy", "488 No", "500 No", "603 Decline"];
    for (let index = 0; index < statuses.length; index += 1) {
      equal(stateAfter(statuses[index]), StationState.IDLE, statuses[index]);
    }
  });

  clause("RFC 3261 9.1", "nothing follows a refusal but its ACK, also when the visitor gives up then", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    hangUpCall(door.device.station);
    door.poll();
    door.advance(40000);
    door.expectSilence();
  });
});
