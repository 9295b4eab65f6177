// What happens inside a call: hold and resume, session refresh, glare, offers in re-INVITE and UPDATE, forks, reliable provisional
// responses, transfer.

import { challengeOf } from "../../rig/digest";
import { talkAsCalled, talkAsCaller } from "../../rig/door";
import { responseOf } from "../../rig/peer";
import type { Scenario } from "../scenario";

function hold(title: string, attribute: string): Scenario {
  return {
    title: `is put on hold with ${title} and taken back`,
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.advance(500);
      door.deliver(call.inviteWith(anna.description([attribute])), anna);
      door.expect("200 INVITE");
      door.deliver(call.acknowledge(""), anna);
      door.advance(1000);
      door.deliver(call.inviteWith(anna.description([])), anna);
      door.expect("200 INVITE");
      door.deliver(call.acknowledge(""), anna);
      door.advance(1000);
      door.deliver(call.bye(), anna);
    },
  };
}

export const CHANGES: readonly Scenario[] = [
  hold("sendonly", "a=sendonly"),
  hold("inactive", "a=inactive"),
  hold("recvonly", "a=recvonly"),
  {
    title: "is put on hold with the old address of zeros",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.deliver(call.inviteWith(anna.description([]).replace(/c=IN IP4 .*\r/, "c=IN IP4 0.0.0.0\r")), anna);
      door.expect("200 INVITE");
      door.deliver(call.acknowledge(""), anna);
      door.advance(2000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "answers a re-INVITE without an offer, whose ACK has the answer",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.deliver(call.inviteWith(""), anna);
      door.expect("200 INVITE");
      door.deliver(call.acknowledge(anna.description([])), anna);
      door.advance(1000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "retransmits its 200 until the ACK comes late",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      call.takeResponse(door.expect("200 INVITE"));
      door.advance(4000);
      door.deliver(call.acknowledge(""), anna);
      door.advance(5000);
    },
  },
  {
    title: "ends a call whose ACK never comes",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      call.takeResponse(door.expect("200 INVITE"));
      door.advance(70000);
    },
  },
  {
    title: "refreshes the session that it refreshes itself, and ends it when nobody answers",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      const headers = ["Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: INVITE, ACK, BYE, CANCEL"];
      door.deliver(call.request("INVITE", headers, anna.description([])), anna);
      call.takeResponse(door.expect("200 INVITE"));
      door.deliver(call.acknowledge(""), anna);
      door.advanceToMessage(60000);
      const refresh = door.wire.next();
      door.deliver(
        call.respond(
          refresh,
          "200 OK",
          [`Contact: ${anna.contact}`, "Session-Expires: 90;refresher=uac"],
          anna.description([]),
        ),
        anna,
      );
      door.advance(150000);
    },
  },
  {
    title: "ends a session that its peer does not refresh",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      const headers = ["Supported: timer", "Session-Expires: 90;refresher=uac"];
      door.deliver(call.request("INVITE", headers, anna.description([])), anna);
      call.takeResponse(door.expect("200 INVITE"));
      door.deliver(call.acknowledge(""), anna);
      door.advance(120000);
    },
  },
  {
    title: "answers 491 to a re-INVITE that crosses another one",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      const first = call.inviteWith(anna.description([]));
      door.deliver(first, anna);
      door.deliver(call.inviteWith(anna.description(["a=sendonly"])), anna);
      door.advance(3000);
    },
  },
  {
    title: "takes an UPDATE that changes the direction",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.deliver(call.request("UPDATE", [`Contact: ${anna.contact}`], anna.description(["a=sendonly"])), anna);
      door.advance(1000);
      door.deliver(call.request("UPDATE", [`Contact: ${anna.contact}`], anna.description([])), anna);
      door.advance(1000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "acknowledges a reliable provisional response with early media",
    settings: [],
    play(door, { anna }) {
      door.press(0);
      const call = anna.takeCall(door.expect("INVITE"));
      const headers = [`Contact: ${anna.contact}`, "Require: 100rel", "RSeq: 7"];
      door.deliver(call.respond(call.invite, "183 Session Progress", headers, anna.description([])), anna);
      const prack = door.expect("PRACK");
      door.deliver(call.respond(prack, "200 OK", [], ""), anna);
      door.advance(1000);
      door.deliver(call.answer("200 OK", ""), anna);
      door.advance(1000);
    },
  },
  {
    title: "is forked to two phones that both answer: one wins, the other gets BYE",
    settings: [],
    play(door, { anna, clara }) {
      door.press(0);
      const invite = door.expect("INVITE");
      const first = anna.takeCall(invite);
      const second = clara.takeCall(invite);
      door.deliver(first.answer("180 Ringing", ""), anna);
      door.deliver(second.answer("183 Session Progress", clara.description([])), clara);
      door.advance(500);
      door.deliver(second.answer("200 OK", clara.description([])), clara);
      door.deliver(first.answer("200 OK", anna.description([])), anna);
      door.advance(40000);
    },
  },
  {
    title: "answers a challenge to its INVITE, and one to its BYE",
    settings: [
      "account.registrar = 192.0.2.9",
      "account.password = open sesame",
      "account.realm = door.example",
      "call.talk-limit = 30",
    ],
    play(door, { anna }) {
      door.advanceToMessage(30000);
      const register = door.expect("REGISTER");
      door.deliver(responseOf(register, "200 OK", "reg", ["Contact: <sip:door@192.0.2.4:5060>;expires=600"], ""), anna);
      const challenge = challengeOf("door.example", "n0nce", "SHA-256");
      door.press(0);
      door.advance(100);
      const first = anna.takeCall(door.expect("INVITE"));
      const refusal = ["Proxy-Authenticate", "WWW-Authenticate"].map((name) => `${name}: ${challenge}`);
      door.deliver(first.respond(first.invite, "407 Proxy Authentication Required", [refusal[0]], ""), anna);
      door.expect("ACK");
      const call = anna.takeCall(door.expect("INVITE"));
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      door.expect("ACK");
      door.advance(31000);
      const bye = door.expect("BYE");
      door.deliver(call.respond(bye, "401 Unauthorized", [refusal[1]], ""), anna);
      door.advance(2000);
    },
  },
  {
    title: "transfers its visitor to another phone by REFER",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = talkAsCaller(door, anna);
      const headers = ["Refer-To: <sip:clara@192.0.2.11>", `Contact: ${anna.contact}`];
      door.deliver(call.request("REFER", headers, ""), anna);
      door.advance(60000);
    },
  },
  {
    title: "tells the state of its line to a subscriber",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const headers = [
        "Event: dialog",
        "Expires: 600",
        `Contact: ${anna.contact}`,
        "Accept: application/dialog-info+xml",
      ];
      door.deliver(anna.request("SUBSCRIBE", headers, ""), anna);
      door.advance(1000);
      door.press(0);
      door.advance(5000);
    },
  },
];
