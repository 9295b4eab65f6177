// The classes of invalid messages that RFC 4475 3.1.2 and 3.2 describe, in messages of our own: 400 or 505 for a request that
// can be answered, nothing for a response.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door } from "../rig/door";
import { changed, without } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { clause } from "./clause";
import { anna, openDoor, optionsWith, verdictOf } from "./verdict";

/** An INVITE whose Contact is another. */
function inviteWithContact(contact: string): string {
  return changed(anna.newCall().inviteWith(anna.description([])), `Contact: ${anna.contact}`, `Contact: ${contact}`);
}

/** Fails unless a response to the station's INVITE is dropped: the INVITE goes on to be sent. */
function expectDropped(alter: (response: string) => string): void {
  const door = new Door([]);
  door.press(0);
  const invite = door.expect("INVITE");
  door.deliver(alter(responseOf(invite, "486 Busy Here", "there", [], "")), anna);
  door.expectSilence();
  equal(door.device.station.state, StationState.CALLING, "state");
  door.advance(500);
  equal(door.expect("INVITE"), invite, "retransmission");
}

describe("invalid messages", () => {
  clause(
    "RFC 4475 3.1.2.1",
    "separators without a value between them are malformed in Via, Contact, From and To",
    () => {
      equal(verdictOf(optionsWith("Via", ["Via: SIP/2.0/UDP 192.0.2.9;;,;,,"])), "400 OPTIONS", "Via");
      equal(verdictOf(optionsWith("From", ["From: <sip:anna@192.0.2.9>;;tag=gate"])), "400 OPTIONS", "From");
      equal(verdictOf(optionsWith("To", ["To: <sip:door@192.0.2.4>;;;;"])), "400 OPTIONS", "To");
      equal(verdictOf(inviteWithContact(`"Anna" ${anna.contact};;;;`)), "400 INVITE", "Contact");
    },
  );

  clause("RFC 4475 3.1.2.2", "a Content-Length beyond the datagram is malformed", () => {
    equal(verdictOf(optionsWith("Content-Length", ["Content-Length: 9999"])), "400 OPTIONS", "verdict");
    equal(verdictOf(optionsWith("Content-Length", ["Content-Length: 1"])), "400 OPTIONS", "one octet");
  });

  clause("RFC 4475 3.1.2.3", "a negative Content-Length is malformed", () => {
    equal(verdictOf(optionsWith("Content-Length", ["Content-Length: -999"])), "400 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.2.4", "a CSeq of 2^31 and more and a Max-Forwards above 255 are malformed", () => {
    equal(verdictOf(optionsWith("CSeq", ["CSeq: 2147483648 OPTIONS"])), "400 OPTIONS", "CSeq 2^31");
    equal(verdictOf(optionsWith("CSeq", ["CSeq: 36893488147419103232 OPTIONS"])), "400 OPTIONS", "CSeq 2^65");
    equal(verdictOf(optionsWith("CSeq", ["CSeq: 2147483647 OPTIONS"])), "200 OPTIONS", "CSeq 2^31 - 1");
    equal(verdictOf(optionsWith("Max", ["Max-Forwards: 256"])), "400 OPTIONS", "Max-Forwards 256");
    equal(verdictOf(optionsWith("Max", ["Max-Forwards: 18446744073709551685"])), "400 OPTIONS", "Max-Forwards 2^64");
    equal(verdictOf(optionsWith("", ["Expires: 1000000000000000000000000"])), "200 OPTIONS", "Expires");
  });

  clause("RFC 4475 3.1.2.5", "a response with a CSeq beyond 32 bits is dropped", () => {
    expectDropped((response) => {
      const at = response.indexOf("CSeq: ");
      const end = response.indexOf(" INVITE", at);
      return `${response.substring(0, at)}CSeq: 9292394834772304023312${response.substring(end)}`;
    });
  });

  clause("RFC 4475 3.1.2.6", "a display name whose quote does not close is malformed", () => {
    equal(verdictOf(optionsWith("To", ['To: "Door <sip:door@192.0.2.4>'])), "400 OPTIONS", "To");
    equal(verdictOf(optionsWith("From", ['From: "Anna\\" <sip:anna@192.0.2.9>;tag=gate'])), "400 OPTIONS", "From");
  });

  const startLines: [string, string, string][] = [
    ["RFC 4475 3.1.2.7", "a Request-URI in angle brackets is malformed", "OPTIONS <sip:door@192.0.2.4> SIP/2.0"],
    ["RFC 4475 3.1.2.8", "a Request-URI with a blank in it is malformed", "OPTIONS sip:door@192.0.2.4; lr SIP/2.0"],
    ["RFC 4475 3.1.2.9", "two blanks behind the method are malformed", "OPTIONS  sip:door@192.0.2.4 SIP/2.0"],
    ["RFC 4475 3.1.2.9", "two blanks behind the Request-URI are malformed", "OPTIONS sip:door@192.0.2.4  SIP/2.0"],
    ["RFC 4475 3.1.2.10", "blanks behind the version are malformed", "OPTIONS sip:door@192.0.2.4 SIP/2.0  "],
  ];
  for (let index = 0; index < startLines.length; index += 1) {
    const [name, sentence, line] = startLines[index];
    clause(name, sentence, () => {
      equal(verdictOf(optionsWith("OPTIONS", [line])), "400 OPTIONS", line);
    });
  }

  clause("RFC 4475 3.1.2.11", "header fields in a Request-URI are malformed, or at least lead nowhere", () => {
    const door = openDoor();
    door.deliver(optionsWith("OPTIONS", ["OPTIONS sip:door@192.0.2.4?Route=%3Csip:192.0.2.66%3E SIP/2.0"]), anna);
    const answer = door.wire.nextDatagram();
    const code = answer.text.substring(8, 11);
    isTrue(code === "400" || code === "200", code);
    equal(answer.host, 9, "sent to");
    door.expectSilence();
  });

  clause("RFC 4475 3.1.2.12", "a Date of another time zone does no harm to who does not read it", () => {
    equal(verdictOf(optionsWith("", ["Date: Fri, 01 Jan 2010 16:00:00 EST"])), "200 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.2.13", "a Contact with a question mark or comma must stand in brackets", () => {
    equal(verdictOf(inviteWithContact("sip:anna@192.0.2.9?Route=%3Csip:x%3E")), "400 INVITE", "question mark");
  });

  clause("RFC 4475 3.1.2.14", "blanks within the brackets of an address are malformed", () => {
    equal(verdictOf(optionsWith("To", ['To: "Door, hall" < sip:door@192.0.2.4 >'])), "400 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.2.15", "a display name without quotes has no comma", () => {
    equal(
      verdictOf(optionsWith("From", ["From: Smith, Anna <sip:anna@192.0.2.9>;tag=gate"])),
      "400 OPTIONS",
      "verdict",
    );
  });

  clause("RFC 4475 3.1.2.16", "another version of SIP is answered 505", () => {
    equal(verdictOf(optionsWith("OPTIONS", ["OPTIONS sip:door@192.0.2.4 SIP/7.0"])), "505 OPTIONS", "7.0");
    equal(verdictOf(optionsWith("OPTIONS", ["OPTIONS sip:door@192.0.2.4 SIP/2.01"])), "505 OPTIONS", "2.01");
  });

  clause("RFC 4475 3.1.2.17", "a CSeq of another method than the request line's is malformed", () => {
    equal(verdictOf(optionsWith("CSeq", ["CSeq: 12 INVITE"])), "400 INVITE", "verdict");
  });

  clause("RFC 4475 3.1.2.18", "so it is with an unknown method", () => {
    equal(verdictOf(optionsWith("OPTIONS", ["DANCE sip:door@192.0.2.4 SIP/2.0"])), "400 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.2.19", "a response whose code has more than three digits is dropped", () => {
    expectDropped((response) => changed(response, "SIP/2.0 486", "SIP/2.0 4294967301"));
    expectDropped((response) => changed(response, "SIP/2.0 486", "SIP/2.0 0486"));
  });

  clause("RFC 4475 3.1.2.19", "a response code below 100 or above 699 is dropped", () => {
    expectDropped((response) => changed(response, "SIP/2.0 486", "SIP/2.0 099"));
    expectDropped((response) => changed(response, "SIP/2.0 486", "SIP/2.0 700"));
  });

  clause(
    "RFC 4475 3.2.1",
    "a branch that is the magic cookie alone names no transaction: the rest tells requests apart",
    () => {
      const door = openDoor();
      const bare = optionsWith("Via", ["Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK"]);
      door.deliver(bare, anna);
      door.expect("200 OPTIONS");
      door.deliver(changed(bare, "Call-ID: sound", "Call-ID: another"), anna);
      door.expect("200 OPTIONS");
      equal(door.recordsInUse(), 2, "transactions");
      door.deliver(bare, anna);
      equal(door.recordsInUse(), 2, "transactions after a retransmission");
    },
  );

  clause("RFC 4475 3.3.1", "a request without one of the mandatory header fields is malformed", () => {
    const names = ["From", "To", "Call-ID", "CSeq"];
    for (let index = 0; index < names.length; index += 1) {
      const verdict = verdictOf(without(optionsWith("", []), names[index]));
      equal(verdict, names[index] === "CSeq" ? "400 " : "400 OPTIONS", `without ${names[index]}`);
    }
    equal(verdictOf(without(optionsWith("", []), "Via")), "", "without Via nobody knows where to");
  });
});
