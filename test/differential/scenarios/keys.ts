// Digits that open the door and digits that do not: RFC 4733 events, INFO, wrong codes until they are locked out.

import { talkAsCalled } from "../../rig/door";
import type { Scenario } from "../scenario";

export const KEYS: readonly Scenario[] = [
  {
    title: "opens the door by telephone events and closes it after its pulse",
    settings: ["relay.1.pulse = 3"],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.pressKeys(9, "42#");
      door.advance(5000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "opens the door by INFO with dtmf-relay",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      for (const key of "42#") {
        const body = `Signal=${key}\r\nDuration=160\r\n`;
        door.deliver(call.request("INFO", ["Content-Type: application/dtmf-relay"], body), anna);
        door.advance(200);
      }
      door.advance(10000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "takes wrong codes until they are locked out, and the right one too late",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      for (let turn = 0; turn < 6; turn += 1) {
        door.pressKeys(9, "99#");
        door.advance(200);
      }
      door.pressKeys(9, "42#");
      door.advance(2000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "does not open by digits of a stranger's packets",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.arriveVoice(9);
      door.advance(20);
      door.pressKeys(77, "42#");
      door.advance(2000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "secures the door when the call ends during the pulse",
    settings: ["relay.1.pulse = 20"],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      door.pressKeys(9, "42#");
      door.deliver(call.bye(), anna);
      door.advance(30000);
    },
  },
];
