// The station in use: a visitor presses, a person answers and opens, limits end what lasts too long; and callers from
// outside. Everything is seen from pins, loudspeaker and wire.

import { StationEvent } from "../../firmware/intercom/event-log";
import { ENDING_NOTICE_MS, hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { changed, kindOf, startLine } from "../rig/message-text";
import { Peer } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);

/** Levels of CALL, TALK and DOOR, and of the first relay: "0100". */
function lights(door: Door): string {
  return `${door.leds[0].level}${door.leds[1].level}${door.leds[2].level}${door.relays[0].level}`;
}

/** The greatest sample that the loudspeaker gets in the next milliseconds. */
function loudness(door: Door, milliseconds: number): number {
  door.audioOut.crest = 0;
  door.advance(milliseconds);
  return door.audioOut.crest;
}

function hangUpHere(door: Door): void {
  hangUpCall(door.device.station);
  door.poll();
}

describe("a station at boot", () => {
  it("has its relays in the safe state and its lights off, and calls nobody", () => {
    const door = new Door([]);
    equal(lights(door), "0000", "lights and relay");
    equal(door.relays[1].level, 0, "second relay");
    equal(door.relays[0].takeChanges(), "0:0", "the relay was never energised");
    door.advance(10000);
    door.expectSilence();
    equal(door.audioOut.running || door.audioIn.running, false, "sound");
    equal(door.log.count(StationEvent.BOOTED), 1, "reports of the boot");
  });

  it("feeds its watchdog in every poll", () => {
    const door = new Door([]);
    const fed = door.watchdog.fed;
    door.poll();
    equal(door.watchdog.fed, fed + 1, "fed");
  });
});

describe("a button", () => {
  it("calls its own person", () => {
    const door = new Door(["button.2.call = sip:bert@192.0.2.10:5070"]);
    door.press(1);
    const datagram = door.wire.nextDatagram();
    equal(startLine(datagram.text), "INVITE sip:bert@192.0.2.10:5070 SIP/2.0", "request line");
    equal(`${datagram.host}:${datagram.port}`, "10:5070", "destination");
    equal(datagram.time, 30, "time: the bounce of the button");
  });

  it("calls by a name of the host table", () => {
    const door = new Door(["button.1.call = sip:anna@pbx.example", "host.1 = pbx.example 192.0.2.70"]);
    door.press(0);
    equal(door.wire.nextDatagram().host, 70, "destination");
  });

  it("does nothing while a call is on: visitors press more than once", () => {
    const door = new Door(["button.2.call = sip:bert@192.0.2.10"]);
    door.press(0);
    door.expect("INVITE");
    door.press(0);
    door.press(1);
    door.expectSilence();
    equal(door.log.count(StationEvent.BUTTON_IGNORED), 2, "presses that were ignored");
  });

  itSlow("with nobody to call sounds an error and does nothing else", () => {
    const door = new Door([]);
    door.press(1);
    isTrue(loudness(door, 500) > 1000, "a tone is heard");
    door.advance(5000);
    equal(loudness(door, 1000), 0, "loudness afterwards");
    equal(door.audioOut.running, false, "sound");
    equal(door.device.station.state, StationState.IDLE, "state");
    door.expectSilence();
  });

  it("whose person has no known address sounds an error and leaves the station free", () => {
    const door = new Door(["button.1.call = sip:anna@nowhere.example", "button.2.call = sip:bert@192.0.2.10"]);
    door.press(0);
    isTrue(loudness(door, 500) > 1000, "a tone is heard");
    equal(door.log.count(StationEvent.CALL_FAILED), 1, "reports of the failure");
    equal(door.recordsInUse(), 0, "records in use");
    door.press(1);
    door.expect("INVITE");
  });
});

describe("a call of a button", () => {
  itSlow("blinks and sounds while it rings, shines while two talk, and goes dark and silent at its end", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.leds[0].takeChanges();
    isTrue(loudness(door, 1000) > 1000, "the ring-back tone is heard");
    door.advance(1000);
    equal(door.leds[0].takeChanges(), "530:0 1030:1 1530:0 2030:1", "CALL");
    equal(lights(door), "1000", "lights while it rings");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.advance(100);
    equal(loudness(door, 6000), 0, "the tone is over, and the peer is silent");
    equal(lights(door), "0100", "lights while two talk");
    hangUp(door, call);
    equal(lights(door), "0000", "lights afterwards");
    door.advance(100);
    equal(door.audioIn.running || door.audioOut.running, false, "sound");
  });

  itSlow("is given up at the ring limit, to the millisecond, without a busy tone", () => {
    const door = new Door(["call.ring-limit = 20"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.advance(30000);
    const cancel = door.wire.nextDatagram();
    equal(kindOf(cancel.text), "CANCEL", "message");
    equal(cancel.time, 20030, "time");
    equal(door.log.last(StationEvent.LIMIT), "0 0 20030", "limit");
    equal(lights(door), "0000", "lights");
    equal(door.audioOut.running, false, "sound");
  });

  itSlow("that was given up while there was no network rings nobody when there is one again", () => {
    const door = new Door(["call.ring-limit = 5"]);
    door.wire.udp.refusing = true;
    door.press(0);
    door.advance(5100);
    equal(door.log.last(StationEvent.LIMIT), "0 0 5030", "limit");
    door.wire.udp.refusing = false;
    door.advance(40000);
    equal(door.wire.waiting(), 0, "messages");
    door.press(0);
    anna.takeCall(door.expect("INVITE"));
  });

  itSlow("ends at the talk limit, with a notice ten seconds before", () => {
    const door = new Door(["call.talk-limit = 30"]);
    talkAsCalled(door, anna);
    const began = door.clock.elapsed;
    door.advance(100);
    equal(loudness(door, 30000 - ENDING_NOTICE_MS - 140), 0, "loudness before the notice");
    isTrue(loudness(door, 300) > 1000, "the notice is heard");
    door.advance(40000);
    const bye = door.wire.nextDatagram();
    equal(kindOf(bye.text), "BYE", "message");
    equal(bye.time - began, 30000, "time");
    equal(door.log.last(StationEvent.LIMIT), `1 0 ${bye.time}`, "limit");
  });

  itSlow("that is refused sounds busy for three seconds", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    equal(lights(door), "0000", "lights");
    isTrue(loudness(door, 2900) > 1000, "the busy tone is heard");
    door.advance(200);
    equal(loudness(door, 1000), 0, "loudness afterwards");
    equal(door.audioOut.running, false, "sound");
  });

  itSlow("that is refused leaves the button working while the busy tone sounds", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    door.advance(500);
    door.press(0);
    door.expect("INVITE");
    isTrue(loudness(door, 4000) > 1000, "ring-back goes on over the end of the busy tone");
    door.advance(800);
    isTrue(loudness(door, 1000) > 1000, "ring-back goes on");
  });
});

describe("the door", () => {
  it("is released by its code for exactly its pulse, with light and tone, and the call ends some seconds later", () => {
    const door = new Door(["relay.1.pulse = 3", "call.hang-up-after-release = 5"]);
    const call = talkAsCalled(door, anna);
    door.relays[0].takeChanges();
    door.audioOut.crest = 0;
    door.pressKeys(9, "42#");
    const released = door.clock.elapsed - 100;
    equal(lights(door), "0111", "lights and relay");
    isTrue(loudness(door, 300) > 1000, "a tone is heard");
    door.advance(4599);
    equal(door.relays[0].takeChanges(), `${released}:1 ${released + 3000}:0`, "the relay");
    equal(lights(door), "0100", "lights after the pulse");
    door.expectSilence();
    door.advance(1);
    const bye = door.expect("BYE");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  itSlow("leaves the call going on where the settings say so", () => {
    const door = new Door(["call.hang-up-after-release = 0"]);
    talkAsCalled(door, anna);
    door.pressKeys(9, "42#");
    door.advance(20000);
    equal(door.device.station.state, StationState.TALKING, "state");
    door.expectSilence();
  });

  itSlow("of the second relay has its own code, and DOOR is lit until both are secured", () => {
    const door = new Door([
      "relay.2.code = 77",
      "relay.2.pulse = 10",
      "relay.1.pulse = 2",
      "call.hang-up-after-release = 0",
    ]);
    talkAsCalled(door, anna);
    door.pressKeys(9, "77");
    equal(`${door.relays[0].level}${door.relays[1].level}`, "01", "relays");
    door.pressKeys(9, "42#");
    equal(`${door.relays[0].level}${door.relays[1].level}`, "11", "relays after both codes");
    door.advance(3000);
    equal(`${door.relays[0].level}${door.relays[1].level}`, "01", "relays after the shorter pulse");
    equal(door.leds[2].level, 1, "DOOR");
    door.advance(10000);
    equal(`${door.relays[0].level}${door.relays[1].level}`, "00", "relays at the end");
    equal(door.leds[2].level, 0, "DOOR at the end");
  });

  it("stays closed on a wrong code, which sounds an error", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    door.pressKeys(9, "43#");
    isTrue(loudness(door, 300) > 1000, "a tone is heard");
    equal(door.relays[0].takeChanges(), "0:0", "the relay");
    equal(door.log.count(StationEvent.WRONG_CODE), 1, "wrong codes");
  });

  itSlow("is locked out over the end of a call after too many wrong codes, and opens again after the lock-out", () => {
    const door = new Door(["code.tries = 2", "code.lock-out = 60"]);
    const first = talkAsCalled(door, anna);
    door.pressKeys(9, "111222");
    equal(door.log.last(StationEvent.WRONG_CODE).substring(0, 3), "2 1", "wrong codes, and locked out");
    const locked = door.clock.elapsed - 100;
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 0, "the relay in the same call");
    hangUp(door, first);
    const second = talkAsCalled(door, anna);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 0, "the relay in the next call");
    door.advance(locked + 60000 - door.clock.elapsed);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 1, "the relay after the lock-out");
    hangUp(door, second);
  });

  it("opens to a key of the called person only while the two talk", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 0, "the relay before the answer");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    hangUp(door, call);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 0, "the relay after the end");
  });

  const ends = ["the peer hangs up", "the station hangs up"];
  for (let index = 0; index < ends.length; index += 1) {
    const end = ends[index];
    it(`is closed at the end of its pulse at the latest when ${end} meanwhile`, () => {
      const door = new Door(["relay.1.pulse = 4"]);
      const call = talkAsCalled(door, anna);
      door.relays[0].takeChanges();
      door.pressKeys(9, "42#");
      const released = door.clock.elapsed - 100;
      if (end === ends[0]) {
        hangUp(door, call);
      } else {
        hangUpHere(door);
      }
      equal(lights(door).substring(0, 2), "00", "CALL and TALK");
      door.advance(10000);
      equal(door.relays[0].takeChanges(), `${released}:1 ${released + 4000}:0`, "the relay");
      equal(lights(door), "0000", "lights");
    });
  }
});

describe("a caller", () => {
  it("who is listed is answered at once, and may open the door too", () => {
    const door = new Door(["call.answer-from = anna@192.0.2.9"]);
    const call = talkAsCaller(door, anna);
    equal(lights(door), "0100", "lights");
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 1, "the relay");
    hangUp(door, call);
    equal(lights(door).substring(0, 2), "00", "CALL and TALK afterwards");
  });

  it("who is not listed is refused with 403, and nothing shines or sounds", () => {
    const door = new Door(["call.answer-from = anna@192.0.2.9"]);
    door.deliver(bert.newCall().inviteWith(bert.description([])), bert);
    door.expect("403 INVITE");
    equal(lights(door), "0000", "lights");
    equal(door.audioOut.running, false, "sound");
  });

  it("who only says that he is the listed one, from another address, is refused (only the address can be trusted)", () => {
    const door = new Door(["call.answer-from = anna@192.0.2.9"]);
    const invite = bert.newCall().inviteWith(bert.description([]));
    door.deliver(changed(invite, "<sip:bert@192.0.2.10>", "<sip:anna@192.0.2.9>"), bert);
    door.expect("403 INVITE");
  });

  it("is listed by host, by user and host, by domain name, or as everybody", () => {
    const lists = ["192.0.2.9", "anna@192.0.2.9", "somebody@192.0.2.1 anna@192.0.2.9", "*"];
    for (let index = 0; index < lists.length; index += 1) {
      const door = new Door([`call.answer-from = ${lists[index]}`]);
      door.deliver(anna.newCall().inviteWith(anna.description([])), anna);
      door.expect("200 INVITE");
    }
    const door = new Door(["call.answer-from = anna@example.com", "host.1 = example.com 192.0.2.9"]);
    const named = new Peer("anna", 9, 5060);
    named.address = "<sip:anna@Example.COM>";
    door.deliver(named.newCall().inviteWith(named.description([])), named);
    door.expect("200 INVITE");
    const others = ["bert@192.0.2.9", "192.0.2.10", "example.com", ""];
    for (let index = 0; index < others.length; index += 1) {
      const closed = new Door([`call.answer-from = ${others[index]}`]);
      closed.deliver(anna.newCall().inviteWith(anna.description([])), anna);
      closed.expect("403 INVITE");
    }
  });

  it("waits for the answer as long as the settings say, while CALL blinks", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 3"]);
    door.deliver(anna.newCall().inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    equal(lights(door), "1000", "lights");
    door.advance(2999);
    door.expectSilence();
    door.advance(1);
    door.expect("200 INVITE");
    equal(door.log.count(StationEvent.LIMIT), 0, "limits");
  });

  it("who gives up while it rings leaves the station dark and free", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 3"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
    equal(lights(door), "0000", "lights");
    door.advance(10000);
    door.expectSilence();
    door.press(0);
    door.expect("INVITE");
  });

  it("finds the station busy while it rings, talks, or is called by another", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 3"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(bert.newCall().inviteWith(bert.description([])), bert);
    door.expect("486 INVITE");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  itSlow("is cut off at the talk limit as anybody", () => {
    const door = new Door(["call.answer-from = *", "call.talk-limit = 30"]);
    talkAsCaller(door, anna);
    door.advance(30000);
    door.expect("BYE");
  });

  itSlow("may call again and again: a hundred calls leave nothing behind", () => {
    const door = new Door(["call.answer-from = *"]);
    for (let count = 0; count < 100; count += 1) {
      const call = talkAsCaller(door, anna);
      door.advance(20);
      if (count % 2 === 0) {
        hangUp(door, call);
      } else {
        hangUpHere(door);
        door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
      }
      door.advance(40000);
      equal(door.recordsInUse(), 0, `records in use after call ${count}`);
    }
    door.expectSilence();
  });
});
