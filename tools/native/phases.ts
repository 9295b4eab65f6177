// What is counted by `npm run instructions`: a device that boots, registers, is called, talks and calls, in virtual time, phase by
// phase. The desk plays the peers, so that every run is the same.

import { SPREAD_MS } from "../../firmware/sip/registration";
import { ProcessDevice, type Shell } from "../../simulator/device/process-device";
import { bytesOf } from "../../test/octets";
import { challengeOf } from "../../test/rig/digest";
import { Door } from "../../test/rig/door";
import { Peer, responseOf } from "../../test/rig/peer";

const SETTINGS = [
  "account.registrar = 192.0.2.50",
  "account.password = open sesame",
  "call.answer-from = anna@192.0.2.9",
];
const GRANT = ["Contact: <sip:door@192.0.2.4:5060>;expires=600"];
const FRAME_MS = 20;
const FRAMES = 200;
const IDLE_SECONDS = 10;

export interface Phase {
  name: string;
  /** How often it does what the name says; 0: it only leads to the next one. */
  times: number;
}

/** The phases that an aim or a budget is for. */
export const FRAME = "a frame of 20 ms, both directions, two polls";
export const INVITE = "an INVITE to its first answer, the 200";
export const IDLE_SECOND = "an idle second";
export const COLLECTOR_ROUND = "a round of the collector";

/**
 * Plays the phases on a shell.
 * @param mark called at the end of each
 * @throws {Error} when the device ended by itself
 */
export function playPhases(shell: Shell, mark: (device: ProcessDevice, phase: Phase) => void): void {
  let device: ProcessDevice | undefined;
  try {
    const door = new Door(SETTINGS, 271, undefined, (board, settings) => {
      const text = bytesOf(settings);
      board.storage.write(0, text, text.length);
      device = new ProcessDevice(board, shell);
      mark(device, { name: "boot", times: 1 });
      return device;
    });
    const end = (name: string, times: number): void => {
      const { fault, lines } = device as ProcessDevice;
      if (fault !== -1) {
        throw new Error(`the device ended by itself (${fault}): ${lines.join("; ")}`);
      }
      mark(device as ProcessDevice, { name, times });
    };
    const anna = new Peer("anna", 9, 5060);
    const registrar = new Peer("registrar", 50, 5060);
    const respond = (status: string, headers: string[]): void =>
      door.deliver(responseOf(door.expect("REGISTER"), status, "reg", headers, ""), registrar);

    door.advanceToMessage(SPREAD_MS);
    end("from boot to the first REGISTER", 1);
    respond("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("door.example", "n0nce", "MD5")}`]);
    end("401 with MD5 to the next REGISTER", 1);
    respond("200 OK", GRANT);
    door.advance(1000);
    end("", 0);
    door.advance(IDLE_SECONDS * 1000);
    end(IDLE_SECOND, IDLE_SECONDS);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    end(INVITE, 1);
    let response = door.wire.next();
    while (!response.startsWith("SIP/2.0 200")) {
      door.advanceToMessage(10_000);
      response = door.wire.next();
    }
    call.takeResponse(response);
    door.deliver(call.acknowledge(""), anna);
    door.arriveVoice(anna.host);
    door.advance(1000);
    end("", 0);
    for (let frame = 0; frame < FRAMES; frame += 1) {
      door.arriveVoice(anna.host);
      door.advance(FRAME_MS);
    }
    end("a frame of 20 ms, both directions, one poll", FRAMES);
    for (let frame = 0; frame < FRAMES; frame += 1) {
      door.arriveVoice(anna.host);
      door.poll();
      door.advance(FRAME_MS);
    }
    end(FRAME, FRAMES);
    door.deliver(call.bye(), anna);
    end("a BYE to its 200", 1);
    door.advance(40_000);
    end("", 0);
    door.press(0);
    door.expect("200 BYE");
    door.expect("INVITE");
    end("a press of the button to its INVITE", 1);
    device?.collectInSteps();
    end(COLLECTOR_ROUND, 1);
  } finally {
    device?.close();
  }
}
