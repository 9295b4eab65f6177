// Watches the door for a burglar: a relay may be energised only when the keys of its code were sent before, one after the other, by those
// who may send them. What could have been a key counts as one, so that a release without a code is a fault and never a doubt.

import { isTrue } from "../harness";
import type { Door } from "../rig/door";

const KEYS = "0123456789*#ABCD";
/** The code of the tests' relay (rig/door.ts). */
const CODE = "42#";

export class KeyWitness {
  /** How far a code was entered, and how many were. */
  private entered = 0;
  private codes = 0;

  constructor(private readonly door: Door) {}

  /** One of these keys came. */
  note(keys: string): void {
    if (keys.includes(CODE.charAt(this.entered))) {
      this.entered += 1;
      if (this.entered === CODE.length) {
        this.entered = 0;
        this.codes += 1;
      }
    }
  }

  /** SIP arrives: an INFO may bring one key, whatever else it says. */
  noteSip(octets: Uint8Array): void {
    const text = Buffer.from(octets).toString("latin1");
    if (text.includes("INFO")) {
      const blank = text.search(/\n\r?\n/);
      const body = blank < 0 ? text : text.substring(blank);
      this.note(`${body}${body.includes("10") ? "*" : ""}${body.includes("11") ? "#" : ""}`);
    }
  }

  /** RTP of the peer arrives: the first octet of its payload may be a key. */
  noteRtp(packet: Uint8Array): void {
    const sources = 12 + 4 * (packet[0] & 15);
    const words = 256 * (packet[sources + 2] ?? 0) + (packet[sources + 3] ?? 0);
    const payload = sources + ((packet[0] & 0x10) === 0 ? 0 : 4 + 4 * words);
    const key = packet[payload] ?? 0xff;
    this.note(key < KEYS.length ? KEYS.charAt(key) : " ");
  }

  /** Fails when the door was opened and should not have been. */
  judge(): void {
    let releases = 0;
    for (const { changes } of this.door.relays) {
      for (let index = 0; index < changes.length; index += 1) {
        releases += changes[index].endsWith(":1") ? 1 : 0;
      }
    }
    isTrue(releases <= this.codes, `${releases} releases of the door for ${this.codes} codes`);
  }
}
