// Whatever arrives, the station lives: bad messages and strangers' packets thrown at a whole station that is in a call. The
// call goes on, nothing stays in use, and what can be answered is answered.

import { createBytes } from "../../firmware/bytes/bytes";
import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, changed, kindOf, statusOf, withHeaders, without } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { SeededRandom } from "../rig/time";

const anna = new Peer("anna", 9, 5060);
const mallory = new Peer("mallory", 66, 5060);

/** Above the pauses that the budget of a peer's messages asks for, so that every one is read. */
const PEER_PAUSE_MS = 12;
/** Above the pause between two refusals that strangers get. */
const STRANGER_PAUSE_MS = 110;

/** The call still stands: voice leaves and the peer can end it; afterwards nothing is in use. */
function expectSoundCall(door: Door, call: PeerCall): void {
  door.wire.forget();
  equal(door.device.station.state, StationState.TALKING, "state");
  const before = door.voiceSent;
  door.advance(200);
  equal(door.voiceSent - before, 10, "packets of voice in 200 ms");
  door.wire.forget();
  hangUp(door, call);
  door.advance(40000);
  door.wire.forget();
  equal(door.recordsInUse(), 0, "records in use at the end");
}

/** Throws every beginning of a message at the station, but the one that lacks no more than the LF of the blank line. */
function throwBeginnings(door: Door, message: string, peer: Peer): void {
  const end = bodyOf(message) === "" ? message.length - 1 : message.length;
  for (let length = 0; length < end; length += 1) {
    door.deliver(message.substring(0, length), peer);
    door.advance(PEER_PAUSE_MS);
    door.wire.forget();
  }
}

describe("a message that is cut short", () => {
  itSlow("at any octet of an INVITE changes nothing", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    throwBeginnings(door, mallory.newCall().inviteWith(mallory.description([])), mallory);
    expectSoundCall(door, call);
  });

  itSlow("at any octet of a re-INVITE of the call changes nothing", () => {
    const door = new Door(["call.answer-from = *"]);
    const call = talkAsCaller(door, anna);
    const before = call.invite;
    throwBeginnings(door, call.inviteWith(anna.description(["a=inactive"])), anna);
    call.invite = before;
    expectSoundCall(door, call);
  });

  itSlow("at any octet of the call's own BYE does not end it", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    throwBeginnings(door, call.bye(), anna);
    expectSoundCall(door, call);
  });

  itSlow("at any octet of the 200 does not answer the call, and the whole one does", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const answer = call.answer("200 OK", anna.description([]));
    throwBeginnings(door, answer, anna);
    equal(door.device.station.state, StationState.CALLING, "state before the whole one");
    door.deliver(answer, anna);
    door.expect("ACK");
    expectSoundCall(door, call);
  });

  itSlow("at any octet of the ACK does not stand for it", () => {
    const door = new Door(["call.answer-from = *"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    const ack = call.acknowledge("");
    throwBeginnings(door, ack, anna);
    equal(door.device.station.state, StationState.CONNECTING, "state before the whole one");
    door.deliver(ack, anna);
    expectSoundCall(door, call);
  });
});

describe("a message with changed octets", () => {
  itSlow("never breaks the station: afterwards it takes a call", () => {
    const door = new Door(["call.answer-from = *", "account.registrar = 192.0.2.50", "account.password = x"]);
    const random = new SeededRandom(4711);
    const dice = createBytes(8);
    const call = anna.newCall();
    const messages = [
      call.inviteWith(anna.description([])),
      call.acknowledge(""),
      call.cancel(),
      call.bye(),
      anna.request("OPTIONS", ["Require: a", "Contact: *"], ""),
      call.answer("200 OK", anna.description([])),
      call.answer("401 Unauthorized", ""),
    ];
    for (let round = 0; round < 600; round += 1) {
      const bytes = bytesOf(messages[round % messages.length]);
      random.fill(dice, 0, dice.length);
      const count = 1 + (dice[0] % 6);
      for (let change = 0; change < count; change += 1) {
        random.fill(dice, 0, dice.length);
        bytes[(dice[1] * 256 + dice[2]) % bytes.length] = dice[3];
      }
      door.deliver(textOf(bytes, 0, bytes.length), anna);
      door.advance(dice[4]);
    }
    door.advance(1900000);
    equal(door.device.station.state, StationState.IDLE, "state");
    isTrue(door.recordsInUse() <= 1, "nothing but the registration is under way");
    door.wire.forget();
    const fresh = mallory.newCall();
    door.deliver(fresh.inviteWith(mallory.description([])), mallory);
    let answer = door.wire.next();
    while (kindOf(answer) === "REGISTER") {
      answer = door.wire.next();
    }
    fresh.takeResponse(answer);
    door.deliver(fresh.acknowledge(""), mallory);
    equal(door.device.station.state, StationState.TALKING, "state of the fresh call");
  });
});

describe("a bad message in a call", () => {
  interface Bad {
    what: string;
    /** The message, of the caller of the call or of somebody else. */
    make: (call: PeerCall) => string;
    /** The status that answers it; "" when nothing does. */
    answer: string;
  }

  function repeated(line: string, count: number): string[] {
    const lines: string[] = [];
    for (let index = 0; index < count; index += 1) {
      lines.push(line);
    }
    return lines;
  }

  function longText(length: number): string {
    let text = "0123456789abcdef";
    while (text.length < length) {
      text = `${text}${text}`;
    }
    return text.substring(0, length);
  }

  const bads: Bad[] = [
    { what: "a BYE without Via", make: (call) => without(call.bye(), "Via"), answer: "" },
    { what: "a BYE without CSeq", make: (call) => without(call.bye(), "CSeq"), answer: "400" },
    { what: "a BYE whose CSeq says INVITE", make: (call) => changed(call.bye(), " BYE\r", " INVITE\r"), answer: "400" },
    {
      what: "a BYE with a body that is not there",
      make: (call) => changed(call.bye(), "Content-Length: 0", "Content-Length: 9"),
      answer: "400",
    },
    {
      what: "a BYE with 1,000 header fields",
      make: (call) => withHeaders(call.bye(), repeated("a:", 1000)),
      answer: "513",
    },
    {
      what: "a BYE with a header field of 64 KB",
      make: (call) => withHeaders(call.bye(), [`X: ${longText(65000)}`]),
      answer: "513",
    },
    {
      what: "a BYE with another From tag",
      make: (call) => changed(call.bye(), `;tag=${call.localTag}`, ";tag=mallory"),
      answer: "481",
    },
    {
      what: "a BYE with another To tag",
      make: (call) => changed(call.bye(), `;tag=${call.remoteTag}`, ";tag=mallory"),
      answer: "481",
    },
    {
      what: "a BYE with another Call-ID",
      make: (call) => changed(call.bye(), "Call-ID: ", "Call-ID: x"),
      answer: "481",
    },
    {
      what: "a CANCEL of nothing",
      make: (call) => changed(call.cancel(), ";branch=", ";branch=z9hG4bKx"),
      answer: "481",
    },
    {
      what: "a BYE that requires an extension",
      make: (call) => withHeaders(call.bye(), ["Require: x"]),
      answer: "420",
    },
    { what: "an unknown method", make: (call) => call.request("DANCE", [], ""), answer: "501" },
    { what: "another version of SIP", make: (call) => changed(call.bye(), " SIP/2.0\r", " SIP/2.1\r"), answer: "505" },
    { what: "a response to nothing", make: (call) => call.respond(call.bye(), "200 OK", [], ""), answer: "" },
    { what: "an ACK of nothing", make: (call) => changed(call.acknowledge(""), "CSeq: ", "CSeq: 9"), answer: "" },
    { what: "no SIP at all", make: () => longText(700), answer: "" },
    { what: "an empty datagram", make: () => "", answer: "" },
  ];

  for (let index = 0; index < bads.length; index += 1) {
    const bad = bads[index];
    it(`${bad.answer === "" ? "gets no answer" : `is answered ${bad.answer}`} and changes nothing: ${bad.what}`, () => {
      const door = new Door(["call.answer-from = *"]);
      const call = talkAsCaller(door, anna);
      door.deliver(bad.make(call), anna);
      if (bad.answer === "") {
        door.expectSilence();
      } else {
        equal(statusOf(door.wire.next()), bad.answer, "answer");
      }
      expectSoundCall(door, call);
    });
  }
});

describe("a flood", () => {
  itSlow("of new calls is answered to the last, within the records that there are", () => {
    const door = new Door(["call.answer-from = *"]);
    const call = talkAsCalled(door, anna);
    for (let count = 0; count < 100; count += 1) {
      door.advance(STRANGER_PAUSE_MS);
      door.deliver(mallory.newCall().inviteWith(mallory.description([])), mallory);
      const status = statusOf(door.wire.next());
      equal(status === "486" || status === "503", true, `answer ${count} is 486 or 503, not ${status}`);
    }
    door.advance(40000);
    expectSoundCall(door, call);
  });

  itSlow("of OPTIONS leaves the caller's BYE its answer", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    for (let count = 0; count < 100; count += 1) {
      door.advance(STRANGER_PAUSE_MS);
      door.deliver(mallory.request("OPTIONS", [], ""), mallory);
      door.expect("200 OPTIONS");
    }
    expectSoundCall(door, call);
  });
});

describe("a stranger's RTP", () => {
  it("is dropped and counted: neither his voice nor his keys count", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.arriveVoice(9);
    door.poll();
    equal(door.device.rtp.statistics.packetsReceived, 1, "packets of the peer");
    door.arriveVoice(66);
    door.pressKeys(66, "42#");
    equal(door.device.rtp.statistics.packetsReceived, 1, "packets that count");
    equal(door.device.rtp.statistics.strangers, 10, "packets of strangers");
    equal(door.relays[0].level, 0, "the relay");
    expectSoundCall(door, call);
  });

  it("before the peer's own does not take the peer's place", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.arriveVoice(66);
    door.poll();
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 1, "the relay, by the peer's keys");
    expectSoundCall(door, call);
  });

  it("without a call is thrown away", () => {
    const door = new Door([]);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 0, "the relay");
    equal(door.rtp.waiting(), 0, "packets that wait");
  });
});
