// Calls both ways, and every way in which a call can end.

import { type Door, talkAsCalled, talkAsCaller } from "../../rig/door";
import type { Peer, PeerCall } from "../../rig/peer";
import type { Scenario } from "../scenario";

function pressed(door: Door, anna: Peer): PeerCall {
  door.press(0);
  return anna.takeCall(door.expect("INVITE"));
}

/** A press that a peer answers with a final response other than 2xx. */
function refusedWith(status: string, headers: string[]): Scenario {
  return {
    title: `is refused with ${status}`,
    settings: [],
    play(door, { anna }) {
      const call = pressed(door, anna);
      door.deliver(call.answer("100 Trying", ""), anna);
      door.deliver(call.respond(call.invite, status, headers, ""), anna);
      door.expect("ACK");
      door.advance(6000);
    },
  };
}

export const CALLS: readonly Scenario[] = [
  {
    title: "rings, talks for three seconds, and the person hangs up",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      for (let frame = 0; frame < 150; frame += 1) {
        door.arriveVoice(9);
        door.advance(20);
      }
      door.deliver(call.bye(), anna);
      door.advance(40000);
    },
  },
  {
    title: "is called by a listed person and talks",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = talkAsCaller(door, anna);
      door.advance(1000);
      door.deliver(call.bye(), anna);
      door.advance(40000);
    },
  },
  {
    title: "refuses a caller that is not listed",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { bert }) {
      const call = bert.newCall();
      door.deliver(call.inviteWith(bert.description([])), bert);
      door.advance(40000);
    },
  },
  refusedWith("486 Busy Here", []),
  refusedWith("404 Not Found", []),
  refusedWith("480 Temporarily Unavailable", ["Retry-After: 5"]),
  refusedWith("503 Service Unavailable", []),
  refusedWith("603 Decline", ['Reason: Q.850;cause=21;text="no"']),
  {
    title: "is not answered at all",
    settings: [],
    play(door, { anna }) {
      pressed(door, anna);
      door.advance(70000);
    },
  },
  {
    title: "is given up at the ring limit",
    settings: ["call.ring-limit = 20"],
    play(door, { anna }) {
      const call = pressed(door, anna);
      door.deliver(call.answer("180 Ringing", ""), anna);
      door.advance(20000);
      const cancel = door.expect("CANCEL");
      door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
      door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
      door.advance(40000);
    },
  },
  {
    title: "is answered while its CANCEL is on the way",
    settings: ["call.ring-limit = 20"],
    play(door, { anna }) {
      const call = pressed(door, anna);
      door.deliver(call.answer("180 Ringing", ""), anna);
      door.advance(20000);
      const cancel = door.expect("CANCEL");
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      door.deliver(call.respond(cancel, "481 Call/Transaction Does Not Exist", [], ""), anna);
      door.advance(40000);
    },
  },
  {
    title: "ends at the talk limit",
    settings: ["call.talk-limit = 30"],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.advance(31000);
      door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
      door.advance(40000);
    },
  },
  {
    title: "ends when the peer's media stays away",
    settings: ["call.silence-limit = 10"],
    play(door, { anna }) {
      talkAsCalled(door, anna);
      door.arriveVoice(9);
      door.advance(60000);
    },
  },
  {
    title: "is cancelled by its caller before it is answered",
    settings: ["call.answer-from = anna@192.0.2.9", "call.answer-delay = 5"],
    play(door, { anna }) {
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      door.advance(1000);
      door.deliver(call.cancel(), anna);
      door.advance(40000);
    },
  },
  {
    title: "is ended by a BYE whose answer is lost",
    settings: ["call.talk-limit = 30"],
    play(door, { anna }) {
      talkAsCalled(door, anna);
      door.advance(80000);
    },
  },
  {
    title: "tells a second caller that it is busy",
    settings: ["call.answer-from = anna@192.0.2.9 bert@192.0.2.10"],
    play(door, { anna, bert }) {
      const call = talkAsCaller(door, anna);
      const second = bert.newCall();
      door.deliver(second.inviteWith(bert.description([])), bert);
      door.advance(2000);
      door.deliver(call.bye(), anna);
      door.advance(40000);
    },
  },
  {
    title: "follows a 302 to another person",
    settings: [],
    play(door, { anna }) {
      const call = pressed(door, anna);
      door.deliver(call.respond(call.invite, "302 Moved Temporarily", ["Contact: <sip:bert@192.0.2.10>"], ""), anna);
      door.advance(3000);
    },
  },
  {
    title: "refuses an offer without a codec that it has",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      const offer = anna
        .description([])
        .replace("RTP/AVP 8 101", "RTP/AVP 96")
        .replace(/a=rtpmap:8 PCMA/, "a=rtpmap:96 opus");
      door.deliver(call.inviteWith(offer), anna);
      door.advance(40000);
    },
  },
  {
    title: "speaks PCMU when the peer has nothing else",
    settings: [],
    play(door, { anna }) {
      const call = pressed(door, anna);
      const answer = anna
        .description([])
        .replace("RTP/AVP 8 101", "RTP/AVP 0 101")
        .replace("rtpmap:8 PCMA", "rtpmap:0 PCMU");
      door.deliver(call.answer("200 OK", answer), anna);
      door.advance(1000);
      door.deliver(call.bye(), anna);
    },
  },
];
