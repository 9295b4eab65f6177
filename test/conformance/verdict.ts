// What a whole station says to a message that is written down octet for octet: the verdict that a peer sees.

import { Door } from "../rig/door";
import { kindOf } from "../rig/message-text";
import { Peer } from "../rig/peer";

/** 192.0.2.9:5060, from whom everything comes. */
export const anna = new Peer("anna", 9, 5060);

/** A station that answers every caller by itself. */
export function openDoor(): Door {
  return new Door(["call.answer-from = *"]);
}

/** A message of those lines, and a body as it stands: no header field is added. */
export function raw(lines: string[], body: string): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** The first response to a message of anna's; "" when it is dropped. */
export function answerTo(message: string): string {
  const door = openDoor();
  door.deliver(message, anna);
  return door.wire.waiting() === 0 ? "" : door.wire.next();
}

/** What kind the answer is, e.g. "400 OPTIONS"; "" when the message is dropped. */
export function verdictOf(message: string): string {
  const answer = answerTo(message);
  return answer === "" ? "" : kindOf(answer);
}

/** An OPTIONS of anna's, sound in every part. */
const SOUND: string[] = [
  "OPTIONS sip:door@192.0.2.4 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-sound",
  "Max-Forwards: 70",
  "From: <sip:anna@192.0.2.9>;tag=gate",
  "To: <sip:door@192.0.2.4>",
  "Call-ID: sound@192.0.2.9",
  "CSeq: 12 OPTIONS",
  "Content-Length: 0",
];

/** That OPTIONS with `lines` in the place of the one that begins with `name`; "" puts them behind the start line. */
export function optionsWith(name: string, lines: string[]): string {
  const all: string[] = [];
  for (let index = 0; index < SOUND.length; index += 1) {
    if (name !== "" && SOUND[index].indexOf(name) === 0) {
      for (let line = 0; line < lines.length; line += 1) {
        all.push(lines[line]);
      }
    } else {
      all.push(SOUND[index]);
    }
    if (name === "" && index === 0) {
      for (let line = 0; line < lines.length; line += 1) {
        all.push(lines[line]);
      }
    }
  }
  return raw(all, "");
}

/** Everything that the station has sent and nobody has read, in its order. */
export function takeAll(door: Door): string[] {
  const messages: string[] = [];
  while (door.wire.waiting() > 0) {
    messages.push(door.wire.next());
  }
  return messages;
}

/** The first of messages that is of that kind; "" when none is. */
export function findKind(messages: string[], kind: string): string {
  for (let index = 0; index < messages.length; index += 1) {
    if (kindOf(messages[index]) === kind) {
      return messages[index];
    }
  }
  return "";
}
