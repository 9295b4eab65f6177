// The messages of RFC 4475 3.3 that are well-formed and ask for what a user agent must know, in messages of our own.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal } from "../harness";
import { Door } from "../rig/door";
import { changed, headerOf, kindOf, startLine } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { clause } from "./clause";
import { anna, answerTo, openDoor, optionsWith, verdictOf } from "./verdict";

function goodInvite(headers: string[]): string {
  return anna.newCall().request("INVITE", headers, anna.description([]));
}

describe("messages that ask for judgement", () => {
  clause("RFC 4475 3.3.2", "a Request-URI of an unknown scheme is answered 416", () => {
    equal(verdictOf(optionsWith("OPTIONS", ["OPTIONS nobody:knows-this SIP/2.0"])), "416 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.3.3", "a Request-URI of a known scheme that is none of SIP's is answered 416", () => {
    equal(
      verdictOf(optionsWith("OPTIONS", ["OPTIONS soap.beep://192.0.2.4:6000 SIP/2.0"])),
      "416 OPTIONS",
      "soap.beep",
    );
    equal(verdictOf(optionsWith("OPTIONS", ["OPTIONS http://192.0.2.4/ SIP/2.0"])), "416 OPTIONS", "http");
  });

  clause("RFC 4475 3.3.4", "unknown schemes in To and From do no harm", () => {
    const answer = answerTo(optionsWith("To", ["To: <isbn:2983792873>"]));
    equal(startLine(answer), "SIP/2.0 200 OK", "To");
    equal(verdictOf(optionsWith("From", ["From: <http://www.example.com/a?b,c>;tag=gate"])), "200 OPTIONS", "From");
  });

  clause(
    "RFC 4475 3.3.5",
    "required extensions that nobody has are answered 420, Unsupported names them, Proxy-Require counts not",
    () => {
      const lines = ["Require: nobody-has-this, nor-this", "Proxy-Require: for-proxies", "Require: or-this"];
      const answer = answerTo(optionsWith("", lines));
      equal(kindOf(answer), "420 OPTIONS", "verdict");
      equal(headerOf(answer, "Unsupported"), "nobody-has-this, nor-this, or-this", "Unsupported");
      equal(verdictOf(optionsWith("", ["Proxy-Require: for-proxies"])), "200 OPTIONS", "Proxy-Require alone");
    },
  );

  clause("RFC 4475 3.3.6", "a body of an unknown type is answered 415, Accept names what is taken", () => {
    const answer = answerTo(anna.newCall().request("INVITE", ["Content-Type: application/unheard-of"], "<x/>"));
    equal(kindOf(answer), "415 INVITE", "verdict");
    equal(headerOf(answer, "Accept"), "application/sdp", "Accept");
  });

  clause("RFC 4475 3.3.7", "an Authorization of an unknown scheme is passed over", () => {
    const lines = ["Authorization: NobodyKnowsThis data=here, more=there", "Authorization: Digest"];
    equal(verdictOf(optionsWith("", lines)), "200 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.3.7", "of several challenges the one of a known scheme is answered", () => {
    const door = new Door(["account.password = secret", "account.realm = hall"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const challenges = ['WWW-Authenticate: Nobody knows="this", Digest realm="hall", nonce="n1", qop="auth"'];
    door.deliver(call.respond(call.invite, "401 Unauthorized", challenges, ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    equal(headerOf(second, "Authorization").substring(0, 7), "Digest ", "Authorization");
  });

  const single: [string, string][] = [
    ["From", "From: <sip:bert@192.0.2.9>;tag=other"],
    ["To", "To: <sip:window@192.0.2.4>"],
    ["Call-ID", "Call-ID: another@192.0.2.9"],
    ["CSeq", "CSeq: 13 OPTIONS"],
    ["Max-Forwards", "Max-Forwards: 5"],
  ];
  clause("RFC 4475 3.3.8", "two header fields where there is to be one are malformed", () => {
    for (let index = 0; index < single.length; index += 1) {
      const [name, line] = single[index];
      equal(verdictOf(optionsWith("", [line])), "400 OPTIONS", name);
    }
  });

  clause("RFC 4475 3.3.9", "two Content-Lengths that differ are malformed", () => {
    equal(verdictOf(optionsWith("", ["Content-Length: 5"])), "400 OPTIONS", "first is 5");
    equal(verdictOf(optionsWith("CSeq", ["l: 0", "CSeq: 12 OPTIONS", "l: 7"])), "400 OPTIONS", "three");
  });

  clause("RFC 4475 3.3.10", "a response whose topmost Via is not ours is dropped, whatever its branch", () => {
    const door = new Door([]);
    door.press(0);
    const invite = door.expect("INVITE");
    const response = responseOf(invite, "486 Busy Here", "there", [], "");
    door.deliver(changed(response, "SIP/2.0/UDP 192.0.2.4", "SIP/2.0/UDP 255.255.255.255"), anna);
    door.expectSilence();
    equal(door.device.station.state, StationState.CALLING, "state");
  });

  clause("RFC 4475 3.3.11", "a request with Max-Forwards 0 that has arrived is taken", () => {
    equal(verdictOf(optionsWith("Max", ["Max-Forwards: 0"])), "200 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.3.12", "a parameter behind a Contact without brackets is the header field's", () => {
    equal(targetOf("sip:anna@192.0.2.9;unheard"), "sip:anna@192.0.2.9", "target");
  });

  clause("RFC 4475 3.3.13", "a parameter within the brackets of a Contact is the URI's", () => {
    equal(targetOf("<sip:anna@192.0.2.9;unheard>;q=0.5"), "sip:anna@192.0.2.9;unheard", "target");
  });

  clause("RFC 4475 3.3.15", "an INVITE that accepts no session description for an answer is answered 406", () => {
    equal(verdictOf(goodInvite(["Accept: text/nobody-knows-this"])), "406 INVITE", "verdict");
    equal(verdictOf(goodInvite(["Accept: text/plain, application/sdp;level=1"])), "200 INVITE", "among others");
    equal(verdictOf(goodInvite(["Accept: application/*;q=0.5"])), "200 INVITE", "a range");
    equal(verdictOf(goodInvite(["Accept: */*"])), "200 INVITE", "everything");
  });
});

/** Where the station's BYE goes when the caller's Contact was that. */
function targetOf(contact: string): string {
  const door = openDoor();
  const call = anna.newCall();
  door.deliver(changed(call.inviteWith(anna.description([])), `Contact: ${anna.contact}`, `Contact: ${contact}`), anna);
  call.takeResponse(door.expect("200 INVITE"));
  door.deliver(call.acknowledge(""), anna);
  hangUpCall(door.device.station);
  door.poll();
  return startLine(door.expect("BYE")).split(" ")[1];
}
