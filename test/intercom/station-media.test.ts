// A call whose media change or stop: on hold the visitor sees it, and a call that nobody is on any more ends by itself with a
// reason. Whatever the way, nothing of a call is left behind.

import { StationEvent } from "../../firmware/intercom/event-log";
import { BLINK_MS } from "../../firmware/intercom/indicator";
import { hangUpCall, isIdleClean, StationState } from "../../firmware/intercom/station";
import { createDevice } from "../../firmware/main";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { headerOf, kindOf, mediaOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const EVERYBODY = ["call.answer-from = *"];

/** The peer offers a direction within the call. @returns the answer */
function reoffer(door: Door, call: PeerCall, direction: string): string {
  door.deliver(call.inviteWith(anna.description([`a=${direction}`])), anna);
  const answer = door.expect("200 INVITE");
  door.deliver(call.acknowledge(""), anna);
  return answer;
}

function talkLight(door: Door): string {
  return door.leds[1].takeChanges();
}

/** Lets time pass with voice from the peer, a frame every 20 ms. */
function hear(door: Door, milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 20) {
    door.arriveVoice(9);
    door.advance(20);
  }
}

/** The address of the first offer to a person, from a board with addresses of both families. */
function offeredTo(person: string): string {
  const door = new Door([`button.1.call = ${person}`], 271, (board, limits, settings) => {
    const { rtp, rtcp } = board.media[0];
    for (const socket of [board.sip, rtp, rtcp]) {
      socket.local6.family = 6;
      socket.local6.port = socket.local.port;
      socket.local6.address[0] = 0x20;
      socket.local6.address[15] = 4;
    }
    return createDevice(board, limits, settings);
  });
  door.press(0);
  return textBetween(door.expect("INVITE"), "\r\nc=IN ", "\r\n");
}

describe("a first offer", () => {
  it("names our address of the family of the one who is called", () => {
    equal(offeredTo("sip:anna@[2001:db8::9]"), "IP6 2000::4", "to IPv6");
    equal(offeredTo("sip:anna@192.0.2.9"), "IP4 192.0.2.4", "to IPv4");
  });
});

describe("a call that the peer puts on hold", () => {
  const directions = [
    ["sendonly", "recvonly"],
    ["inactive", "inactive"],
  ];
  itSlow("is shown by the TALK light blinking and an event, until it is taken back", () => {
    for (let index = 0; index < directions.length; index += 1) {
      const door = new Door(EVERYBODY);
      const call = talkAsCaller(door, anna);
      talkLight(door);
      const media = mediaOf(reoffer(door, call, directions[index][0]))[0];
      isTrue(media.indexOf(directions[index][1]) > 0, `${media} answers ${directions[index][0]}`);
      const since = door.clock.elapsed;
      equal(door.log.count(StationEvent.HELD), 1, "events");
      equal(door.leds[1].level, 1, "TALK at once");
      door.advance(2 * BLINK_MS);
      equal(talkLight(door), `${since + BLINK_MS}:0 ${since + 2 * BLINK_MS}:1`, "TALK");
      reoffer(door, call, "sendrecv");
      equal(door.log.last(StationEvent.HELD).substring(0, 1), "0", "the last event");
      talkLight(door);
      door.advance(3000);
      equal(`${door.leds[1].level}${talkLight(door)}`, "1", "TALK afterwards");
      hangUp(door, call);
      equal(isIdleClean(door.device.station), true, "nothing is left");
    }
  });

  it("is shown once, however often the peer says so", () => {
    const door = new Door(EVERYBODY);
    const call = talkAsCaller(door, anna);
    reoffer(door, call, "sendonly");
    reoffer(door, call, "inactive");
    equal(door.log.count(StationEvent.HELD), 1, "events");
  });

  itSlow("still ends at the talk limit", () => {
    const door = new Door(["call.answer-from = *", "call.talk-limit = 30"]);
    const call = talkAsCaller(door, anna);
    reoffer(door, call, "sendonly");
    door.advance(30000);
    door.expect("BYE");
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });

  it("and then ends goes dark", () => {
    const door = new Door(EVERYBODY);
    const call = talkAsCaller(door, anna);
    reoffer(door, call, "sendonly");
    hangUp(door, call);
    talkLight(door);
    door.advance(3000);
    equal(`${door.leds[1].level}${talkLight(door)}`, "0", "TALK");
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });
});

describe("a call whose media stop", () => {
  itSlow("ends at the silence limit with BYE and a reason, and an event of its own", () => {
    const door = new Door(["call.silence-limit = 30"]);
    const call = talkAsCalled(door, anna);
    hear(door, 40000);
    equal(door.device.station.state, StationState.TALKING, "state while there is voice");
    const last = door.clock.elapsed;
    door.advance(29000);
    door.expectSilence();
    door.advance(2000);
    const bye = door.wire.nextDatagram();
    equal(kindOf(bye.text), "BYE", "message");
    equal(bye.time - last, 30000, "milliseconds of silence");
    equal(headerOf(bye.text, "Reason"), 'SIP;cause=408;text="Request Timeout"', "Reason");
    equal(door.log.last(StationEvent.LIMIT), `2 0 ${bye.time}`, "limit");
    door.deliver(call.respond(bye.text, "200 OK", [], ""), anna);
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });

  itSlow("goes on where the settings have no silence limit, and on hold", () => {
    const unlimited = new Door(["call.silence-limit = 0"]);
    talkAsCalled(unlimited, anna);
    unlimited.advance(120000);
    unlimited.expectSilence();
    const held = new Door(["call.answer-from = *", "call.silence-limit = 30"]);
    const call = talkAsCaller(held, anna);
    reoffer(held, call, "sendonly");
    held.advance(60000);
    equal(held.device.station.state, StationState.TALKING, "state on hold");
    reoffer(held, call, "sendrecv");
    held.advance(29000);
    equal(held.device.station.state, StationState.TALKING, "state 29 s after the hold");
    held.advance(2000);
    held.expect("BYE");
  });
});

describe("a call, however it ends,", () => {
  const ends = ["refused", "unanswered", "hung up here", "hung up there", "cancelled", "not acknowledged", "no media"];
  for (let index = 0; index < ends.length; index += 1) {
    const end = ends[index];
    itSlow(`leaves nothing behind: ${end}`, () => {
      const door = new Door([
        "call.answer-from = *",
        "call.answer-delay = 2",
        "call.ring-limit = 20",
        "call.silence-limit = 30",
      ]);
      if (end === "refused" || end === "unanswered") {
        door.press(0);
        const call = anna.takeCall(door.expect("INVITE"));
        if (end === "refused") {
          door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
        }
      } else if (end === "no media") {
        door.press(0);
        const call = anna.takeCall(door.expect("INVITE"));
        const video = anna.description([]).split("m=audio").join("m=video");
        door.deliver(call.answer("200 OK", video), anna);
      } else if (end === "hung up here" || end === "hung up there") {
        const call = talkAsCalled(door, anna);
        if (end === "hung up there") {
          hangUp(door, call);
        } else {
          hangUpCall(door.device.station);
        }
        equal(isIdleClean(door.device.station), true, "nothing is left at once");
      } else {
        const call = anna.newCall();
        door.deliver(call.inviteWith(anna.description([])), anna);
        if (end === "cancelled") {
          door.deliver(call.cancel(), anna);
        }
      }
      door.advance(80000);
      equal(isIdleClean(door.device.station), true, "nothing is left");
      equal(door.recordsInUse(), 0, "records in use");
      equal(door.audioIn.running || door.audioOut.running, false, "sound");
      equal(`${door.leds[0].level}${door.leds[1].level}`, "00", "lights");
    });
  }
});
