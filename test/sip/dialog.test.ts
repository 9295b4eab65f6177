// Dialogs (RFC 3261 12): identity, route sets as caller and called, loose and strict routers, target refresh, CSeq order,
// and parts that are longer than the contract allows.

import { createBytes } from "../../firmware/bytes/bytes";
import { createFixedText, type FixedText, setFixedText } from "../../firmware/bytes/fixed-text";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { createStationLimits } from "../../firmware/limits";
import {
  advanceRemoteSequence,
  closeDialog,
  createDialog,
  createUriView,
  type Dialog,
  findNextHop,
  isInDialog,
  openDialogAsCalled,
  openDialogAsCaller,
  openDialogOfAnswer,
  putDialogRequest,
  refreshTarget,
} from "../../firmware/sip/dialog";
import { createMessage, type Message } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { sipText } from "../vectors/sip-messages";

const limits = createStationLimits();
const message = createMessage(64);
const writer = createWriter();
const buffer = createBytes(1500);
const view = createUriView();

/** Letters, so many. */
function letters(count: number): string {
  const all: string[] = [];
  for (let index = 0; index < count; index += 1) {
    all.push("x");
  }
  return all.join("");
}

function keep(part: FixedText, text: string): void {
  setFixedText(part, bytesOf(text), 0, text.length);
}

function fixed(text: string): FixedText {
  const kept = createFixedText(300);
  keep(kept, text);
  return kept;
}

function read(text: FixedText): string {
  return textOf(text.bytes, 0, text.length);
}

function parse(text: string): Message {
  parseMessage(message, bytesOf(text), 0, text.length);
  return message;
}

/** An INVITE of the peer with further header lines. */
function invite(lines: string[], from = '"Hall" <sip:hall@h>;tag=remote', callId = "1@a"): Message {
  const all = ["INVITE sip:door@192.0.2.4 SIP/2.0", "Via: SIP/2.0/UDP a;branch=z9hG4bK1", `From: ${from}`];
  all.push("To: Door <sip:door@h>;x=y", `Call-ID: ${callId}`, "CSeq: 2147483646 INVITE");
  for (const line of lines) {
    all.push(line);
  }
  return parse(sipText(all, ""));
}

/** A 200 to an INVITE of ours. */
function answer(lines: string[], tag = "remote"): Message {
  const all = ["SIP/2.0 200 OK", "Via: SIP/2.0/UDP a;branch=z9hG4bK1", "From: <sip:door@h>;tag=local"];
  all.push(`To: <sip:hall@h>;tag=${tag}`, "Call-ID: 1@a", "CSeq: 1 INVITE");
  for (const line of lines) {
    all.push(line);
  }
  return parse(sipText(all, ""));
}

/** A BYE in the dialog. */
function bye(callId: string, localTag: string, remoteTag: string, sequence: string): Message {
  return parse(
    sipText(
      [
        "BYE sip:door@192.0.2.4 SIP/2.0",
        "Via: SIP/2.0/UDP a;branch=z9hG4bK2",
        `From: <sip:hall@h>${remoteTag === "" ? "" : `;tag=${remoteTag}`}`,
        `To: <sip:door@h>${localTag === "" ? "" : `;tag=${localTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${sequence} BYE`,
      ],
      "",
    ),
  );
}

const CONTACT = "Contact: <sip:hall@192.0.2.9:5070;x=y>;expires=60";

function openCalled(dialog: Dialog, lines: string[]): Status {
  return openDialogAsCalled(dialog, invite(lines), fixed("local"));
}

/** What a caller has before the answer. */
function createCallerDialog(): Dialog {
  const dialog = createDialog(limits);
  keep(dialog.callId, "1@a");
  keep(dialog.localTag, "local");
  keep(dialog.localAddress, "<sip:door@h>");
  keep(dialog.remoteAddress, "<sip:hall@h>");
  dialog.localSequence = 1;
  return dialog;
}

/** The request of a dialog without its Via. */
function request(dialog: Dialog, method: Method): string {
  openWriter(writer, buffer, 0, buffer.length);
  putDialogRequest(writer, dialog, method, 7, fixed("192.0.2.4"), bytesOf("z9hG4bK3"));
  const text = textOf(buffer, 0, writer.length);
  const behind = "Max-Forwards: 70\r\n";
  return text.substring(0, text.indexOf("Via")) + text.substring(text.indexOf(behind) + behind.length);
}

function nextHop(dialog: Dialog): string {
  findNextHop(dialog, view);
  return textOf(view.text.bytes, view.start, view.end);
}

describe("dialog of a request that is accepted", () => {
  it("keeps Call-ID, tags, addresses, target and CSeq", () => {
    const dialog = createDialog(limits);
    equal(openCalled(dialog, [CONTACT]), Status.OK);
    equal(read(dialog.callId), "1@a");
    equal(read(dialog.localTag), "local");
    equal(read(dialog.remoteTag), "remote");
    equal(read(dialog.localAddress), "Door <sip:door@h>");
    equal(read(dialog.remoteAddress), '"Hall" <sip:hall@h>');
    equal(read(dialog.remoteTarget), "sip:hall@192.0.2.9:5070;x=y");
    equal(read(dialog.routeSet), "");
    equal(dialog.remoteSequence.high, 0x7fff);
    equal(dialog.remoteSequence.low, 0xfffe);
    isTrue(dialog.looseRouting && dialog.hasRemoteSequence, "no route, and a CSeq");
  });

  it("puts an address without brackets into brackets", () => {
    const dialog = createDialog(limits);
    const called = invite([CONTACT], "sip:hall@h;tag=remote");
    equal(openDialogAsCalled(dialog, called, fixed("local")), Status.OK);
    equal(read(dialog.remoteAddress), "<sip:hall@h>");
    equal(read(dialog.remoteTag), "remote");
  });

  it("takes a peer without tag (RFC 2543)", () => {
    const dialog = createDialog(limits);
    equal(openDialogAsCalled(dialog, invite([CONTACT], "<sip:hall@h>"), fixed("local")), Status.OK);
    equal(read(dialog.remoteTag), "");
    isTrue(isInDialog(dialog, bye("1@a", "local", "", "2147483647")), "its BYE");
  });

  it("keeps Record-Route in its order", () => {
    const dialog = createDialog(limits);
    equal(
      openCalled(dialog, [CONTACT, "Record-Route: <sip:p1;lr>, <sip:p2;lr>", 'record-route:\r\n <sip:p3>;x="a,b"']),
      Status.OK,
    );
    equal(read(dialog.routeSet), '<sip:p1;lr>,<sip:p2;lr>,<sip:p3>;x="a,b"');
    isTrue(dialog.looseRouting, "the first is a loose router");
    equal(nextHop(dialog), "sip:p1;lr");
  });

  it("needs a Contact with a URI that it knows", () => {
    const dialog = createDialog(limits);
    equal(openCalled(dialog, []), Status.MISSING);
    const cases = [
      "Contact: *",
      "Contact:",
      "Contact: <sip:>",
      'Contact: "open <sip:a>',
      "Contact: <http://h/>",
      "m: <>",
    ];
    for (const line of cases) {
      equal(openCalled(dialog, [line]), Status.MALFORMED, line);
    }
    equal(openCalled(dialog, ["Contact: <sip:a@b>, <sip:c@d>"]), Status.OK, "the first of several");
    equal(read(dialog.remoteTarget), "sip:a@b");
  });

  it("is TOO_LONG when a part is, up to the last octet that fits", () => {
    const dialog = createDialog(limits);
    const part = limits.dialogPartOctets;
    const half = part / 2;
    const open = (from: string, callId: string, lines: string[]): Status =>
      openDialogAsCalled(dialog, invite(lines, from, callId), fixed("local"));
    const from = "<sip:hall@h>;tag=remote";
    const cases: [string, number, (text: string) => Status][] = [
      ["Call-ID", part, (text) => open(from, text, [CONTACT])],
      ["tag", half, (text) => open(`<sip:hall@h>;tag=${text}`, "1", [CONTACT])],
      ["From", part - 6, (text) => open(`<sip:${text}>;tag=1`, "1", [CONTACT])],
      ["From without brackets", part - 6, (text) => open(`sip:${text};tag=1`, "1", [CONTACT])],
      ["Contact", part - 4, (text) => open(from, "1", [`Contact: <sip:${text}>`])],
      ["Record-Route", limits.routeSetOctets - 6, (text) => open(from, "1", [CONTACT, `Record-Route: <sip:${text}>`])],
    ];
    for (const [name, longest, run] of cases) {
      equal(run(letters(longest)), Status.OK, `${name} of ${longest}`);
      equal(run(letters(longest + 1)), Status.TOO_LONG, `${name} of ${longest + 1}`);
      equal(run(letters(1200)), Status.TOO_LONG, `${name} of 1,200`);
    }
    equal(openDialogAsCalled(dialog, invite([CONTACT]), fixed(letters(half + 1))), Status.TOO_LONG, "our tag");
  });
});

describe("dialog of an INVITE that is answered", () => {
  it("takes tag and target of the answer", () => {
    const dialog = createCallerDialog();
    equal(openDialogAsCaller(dialog, answer([CONTACT])), Status.OK);
    equal(read(dialog.remoteTag), "remote");
    equal(read(dialog.remoteTarget), "sip:hall@192.0.2.9:5070;x=y");
    equal(nextHop(dialog), "sip:hall@192.0.2.9:5070;x=y");
  });

  it("keeps Record-Route in reverse order", () => {
    const dialog = createCallerDialog();
    const cases: [string[], string][] = [
      [["Record-Route: <sip:p1;lr>"], "<sip:p1;lr>"],
      [["Record-Route: <sip:p1;lr>,<sip:p2;lr>"], "<sip:p2;lr>,<sip:p1;lr>"],
      [
        ["Record-Route: <sip:p1;lr>, <sip:p2;lr>", "Record-Route: <sip:longer.example;lr> ;x , <sip:p4;lr>"],
        "<sip:p4;lr>,<sip:longer.example;lr> ;x,<sip:p2;lr>,<sip:p1;lr>",
      ],
      [[], ""],
    ];
    for (const [lines, routes] of cases) {
      lines.push(CONTACT);
      equal(openDialogAsCaller(dialog, answer(lines)), Status.OK, routes);
      equal(read(dialog.routeSet), routes);
    }
  });

  it("is MISSING without Contact, TOO_LONG with long parts", () => {
    const dialog = createCallerDialog();
    equal(openDialogAsCaller(dialog, answer([])), Status.MISSING);
    equal(openDialogAsCaller(dialog, answer([CONTACT], letters(128))), Status.OK);
    equal(openDialogAsCaller(dialog, answer([CONTACT], letters(129))), Status.TOO_LONG);
    const route = `Record-Route: <sip:${letters(limits.routeSetOctets / 2 - 7)}>`;
    equal(openDialogAsCaller(dialog, answer([CONTACT, route, route])), Status.OK);
    equal(dialog.routeSet.length, limits.routeSetOctets - 1);
    equal(openDialogAsCaller(dialog, answer([CONTACT, route, `${route};`])), Status.OK);
    equal(openDialogAsCaller(dialog, answer([CONTACT, route, `${route};x`])), Status.TOO_LONG);
    equal(dialog.routeSet.length, 0, "nothing of it is kept");
  });
});

describe("dialog identity", () => {
  it("is Call-ID, our tag and the peer's tag, all three, case counted", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT]);
    const cases: [string, string, string, boolean][] = [
      ["1@a", "local", "remote", true],
      ["2@a", "local", "remote", false],
      ["1@A", "local", "remote", false],
      ["1@ab", "local", "remote", false],
      ["1@a", "remote", "local", false],
      ["1@a", "locals", "remote", false],
      ["1@a", "Local", "remote", false],
      ["1@a", "local", "remot", false],
      ["1@a", "", "remote", false],
      ["1@a", "local", "", false],
    ];
    for (const [callId, localTag, remoteTag, inside] of cases) {
      equal(isInDialog(dialog, bye(callId, localTag, remoteTag, "1")), inside, `${callId} ${localTag} ${remoteTag}`);
    }
  });

  it("is nobody's before it is opened and after it is closed", () => {
    const dialog = createDialog(limits);
    isTrue(!isInDialog(dialog, bye("1@a", "local", "remote", "1")) && dialog.looseRouting, "before");
    openCalled(dialog, [CONTACT, "Record-Route: <sip:p1;lr>"]);
    isTrue(isInDialog(dialog, bye("1@a", "local", "remote", "1")), "open");
    closeDialog(dialog);
    isTrue(!isInDialog(dialog, bye("1@a", "local", "remote", "1")), "after");
    isTrue(!isInDialog(dialog, bye("", "local", "", "1")), "a request without Call-ID");
    equal(nextHop(dialog), "");
  });

  it("of a 2xx that nobody waits for is made of the 2xx alone (13.2.2.4)", () => {
    const dialog = createDialog(limits);
    equal(openDialogOfAnswer(dialog, answer([CONTACT, "Record-Route: <sip:p1;lr>, <sip:p2;lr>"])), Status.OK);
    const text = request(dialog, Method.BYE);
    equal(nextHop(dialog), "sip:p2;lr");
    isTrue(text.indexOf("BYE sip:hall@192.0.2.9:5070;x=y SIP/2.0\r\nRoute: <sip:p2;lr>,<sip:p1;lr>\r\n") === 0, text);
    isTrue(text.indexOf(";tag=local\r\nTo: ") > 0 && text.indexOf(";tag=remote\r\n") > 0, text);
    equal(openDialogOfAnswer(dialog, answer([])), Status.MISSING, "without Contact");
  });
});

describe("dialog CSeq", () => {
  it("goes up, and only up (12.2.2)", () => {
    const dialog = createCallerDialog();
    const cases: [string, boolean][] = [
      ["0", true],
      ["0", false],
      ["65535", true],
      ["65536", true],
      ["65535", false],
      ["65536", false],
      ["131071", true],
      ["131070", false],
      ["2147483647", true],
      ["2147483647", false],
      ["1", false],
    ];
    for (const [sequence, taken] of cases) {
      equal(advanceRemoteSequence(dialog, bye("1@a", "local", "remote", sequence)), taken, sequence);
    }
  });

  it("starts with that of the INVITE when called", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT]);
    isTrue(!advanceRemoteSequence(dialog, bye("1@a", "local", "remote", "2147483646")), "the INVITE's own");
    isTrue(advanceRemoteSequence(dialog, bye("1@a", "local", "remote", "2147483647")), "the next");
  });
});

describe("dialog target", () => {
  it("is refreshed by a Contact, and stays when there is none or a bad one", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT]);
    equal(refreshTarget(dialog, invite(["Contact: sip:hall@192.0.2.10;tag=1"])), Status.OK);
    equal(read(dialog.remoteTarget), "sip:hall@192.0.2.10");
    equal(refreshTarget(dialog, invite([])), Status.MISSING);
    equal(refreshTarget(dialog, invite(["Contact: <sip:hall@"])), Status.MALFORMED);
    equal(read(dialog.remoteTarget), "sip:hall@192.0.2.10", "the last good one");
  });

  it("stays when the new one is too long", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT]);
    equal(refreshTarget(dialog, invite([`Contact: <sip:${letters(253)}>`])), Status.TOO_LONG);
    equal(read(dialog.remoteTarget), "sip:hall@192.0.2.9:5070;x=y");
  });
});

describe("dialog request", () => {
  const addresses = 'From: Door <sip:door@h>;tag=local\r\nTo: "Hall" <sip:hall@h>;tag=remote\r\nCall-ID: 1@a\r\n';

  it("goes to the remote target without routes", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT]);
    equal(nextHop(dialog), "sip:hall@192.0.2.9:5070;x=y");
    equal(request(dialog, Method.BYE), `BYE sip:hall@192.0.2.9:5070;x=y SIP/2.0\r\n${addresses}CSeq: 7 BYE\r\n`);
  });

  it("names the remote target and carries all routes when the first is a loose router", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT, 'Record-Route: "P, 1" <sip:p1;LR>, <sip:p2>']);
    equal(nextHop(dialog), "sip:p1;LR");
    equal(
      request(dialog, Method.INFO),
      `INFO sip:hall@192.0.2.9:5070;x=y SIP/2.0\r\nRoute: "P, 1" <sip:p1;LR>,<sip:p2>\r\n${addresses}CSeq: 7 INFO\r\n`,
    );
  });

  it("names a strict router first and carries the remote target last (12.2.1.1)", () => {
    const dialog = createDialog(limits);
    openCalled(dialog, [CONTACT, "Record-Route: <sip:strict;x=lr>", "Record-Route: <sip:p2;lr>, <sip:p3>"]);
    equal(nextHop(dialog), "sip:strict;x=lr");
    equal(
      request(dialog, Method.BYE),
      `BYE sip:strict;x=lr SIP/2.0\r\nRoute: <sip:p2;lr>,<sip:p3>,<sip:hall@192.0.2.9:5070;x=y>\r\n${addresses}CSeq: 7 BYE\r\n`,
    );
    openCalled(dialog, [CONTACT, "Record-Route: <sip:strict>"]);
    equal(
      request(dialog, Method.BYE),
      `BYE sip:strict SIP/2.0\r\nRoute: <sip:hall@192.0.2.9:5070;x=y>\r\n${addresses}CSeq: 7 BYE\r\n`,
    );
  });

  it("is read as in the dialog by the peer", () => {
    const dialog = createCallerDialog();
    openDialogAsCaller(dialog, answer([CONTACT, "Record-Route: <sip:p1;lr>, <sip:p2;lr>"]));
    openWriter(writer, buffer, 0, buffer.length);
    putDialogRequest(writer, dialog, Method.ACK, 1, fixed("192.0.2.4:5060"), bytesOf("z9hG4bK3"));
    const text = `${textOf(buffer, 0, writer.length)}\r\n`;
    equal(parseMessage(message, bytesOf(text), 0, text.length), Status.OK, text);
    equal(message.method, Method.ACK);
    equal(message.maxForwards, 70);
    equal(textOf(message.bytes, message.to.tagStart, message.to.tagEnd), "remote");
    equal(textOf(message.bytes, message.via.branchStart, message.via.branchEnd), "z9hG4bK3");
    isTrue(text.indexOf("Route: <sip:p2;lr>,<sip:p1;lr>\r\n") > 0, text);
  });
});
