// Reason (RFC 3326): read with every form that a list of values may have, written with the phrase of its code, and seen from the
// wire in CANCEL and BYE.

import { createBytes } from "../../firmware/bytes/bytes";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { EndCause } from "../../firmware/sip/invite-session";
import { createMessage } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { findReason, putReason } from "../../firmware/sip/reason";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { callingTo, endOf, expectIdleAfter, hangUpHere, sessionOf } from "../rig/call";
import { Door, talkAsCaller } from "../rig/door";
import { headerOf, withHeaders } from "../rig/message-text";
import { Peer } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);

function reasonOf(lines: string[]): number {
  const message = createMessage(32);
  const text = anna.request("BYE", lines, "");
  equal(parseMessage(message, bytesOf(text), 0, text.length), 0, "status of the message");
  return findReason(message);
}

describe("Reason", () => {
  it("is read for SIP, whatever stands around it", () => {
    const cases: [string, number][] = [
      ["SIP;cause=200", 200],
      ['SIP;cause=200;text="Call completed elsewhere"', 200],
      ['sip ; text="a;b, cause=1" ; CAUSE = 486', 486],
      ['Q.850;cause=16;text="x", SIP;cause=603', 603],
      ["Q.850;cause=16", 0],
      ["SIP", 0],
      ["SIP;cause=", 0],
      ["SIP;cause=99", 0],
      ["SIP;cause=700", 0],
      ["SIP;cause=999999999999", 0],
      ["SIPS;cause=200", 0],
      ["", 0],
    ];
    for (const [line, cause] of cases) {
      equal(reasonOf([`Reason: ${line}`]), cause, line);
    }
    equal(reasonOf([]), 0, "without Reason");
    equal(reasonOf(["Reason: Q.850;cause=16", "Reason: SIP;cause=200"]), 200, "in the second of two");
  });

  it("is written with the phrase of its code, and not at all for none", () => {
    const writer = createWriter();
    const buffer = createBytes(80);
    openWriter(writer, buffer, 0, buffer.length);
    putReason(writer, 0);
    putReason(writer, 486);
    equal(textOf(buffer, 0, writer.length), 'Reason: SIP;cause=486;text="Busy Here"\r\n');
  });
});

describe("the end of a call", () => {
  it("that another phone has answered is told apart from one that was given up", () => {
    const cases: [string[], string][] = [
      [['Reason: SIP;cause=200;text="Call completed elsewhere"'], `${EndCause.COMPLETED_ELSEWHERE} 200`],
      [["Reason: SIP;cause=487"], `${EndCause.CANCELLED} 487`],
      [[], `${EndCause.CANCELLED} 0`],
    ];
    for (const [headers, end] of cases) {
      const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      door.expect("180 INVITE");
      door.deliver(withHeaders(call.cancel(), headers), anna);
      door.expect("200 CANCEL");
      door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
      equal(endOf(door), end, headers.join());
      expectIdleAfter(door, 40000);
    }
  });

  it("has the reason of the peer's BYE for the log", () => {
    const door = new Door(["call.answer-from = *"]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.request("BYE", ["Reason: SIP;cause=408"], ""), anna);
    door.expect("200 BYE");
    equal(endOf(door), `${EndCause.REMOTE} 408`, "cause and code");
  });

  it("says the reason that the user gives, in CANCEL and in BYE", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    sessionOf(door).reason = 408;
    hangUpHere(door);
    equal(headerOf(door.expect("CANCEL"), "Reason"), 'SIP;cause=408;text="Request Timeout"', "CANCEL");
    const other = new Door(["call.answer-from = *"]);
    talkAsCaller(other, anna);
    sessionOf(other).reason = 503;
    hangUpHere(other);
    equal(headerOf(other.expect("BYE"), "Reason"), 'SIP;cause=503;text="Service Unavailable"', "BYE");
  });

  it("without a reason is ended without one", () => {
    const door = new Door(["call.answer-from = *"]);
    talkAsCaller(door, anna);
    hangUpHere(door);
    equal(headerOf(door.expect("BYE"), "Reason"), "", "Reason");
  });
});
