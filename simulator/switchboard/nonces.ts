// The nonces of digest authentication that were given out (RFC 7616 3.3, 5.4): unpredictable, for a time, and each nonce
// count once, so that a request that was overheard cannot be sent again. Bounded: the oldest give way.

import { createBytes } from "../../firmware/bytes/bytes";
import { timeBetween } from "../../firmware/clock/time";
import type { TimerWheel } from "../../firmware/clock/timer-wheel";
import { type Authorization, isNonceCountAbove } from "../../firmware/sip/authentication-authorization";
import { fillRandomHex } from "../../firmware/sip/identifiers";
import type { Random } from "../../hal/random";
import { octetText } from "./octet-text";

interface Nonce {
  issued: number;
  /** The last nonce count that was taken, in two halves. */
  countHigh: number;
  countLow: number;
}

/** Octets of a nonce: 128 random bits. */
const NONCE_LENGTH = 32;
const NONCES = 512;

const letters = createBytes(NONCE_LENGTH);

export class Nonces {
  private readonly nonces = new Map<string, Nonce>();

  /** @param lifetime milliseconds, at most 18 hours */
  constructor(
    private readonly random: Random,
    private readonly wheel: TimerWheel,
    private readonly lifetime: number,
  ) {}

  /** A new nonce. */
  issue(): string {
    fillRandomHex(this.random, letters, 0, NONCE_LENGTH);
    const text = octetText(letters, 0, NONCE_LENGTH);
    this.nonces.set(text, { issued: this.wheel.now, countHigh: 0, countLow: 0 });
    if (this.nonces.size > NONCES) {
      this.nonces.delete(this.nonces.keys().next().value as string);
    }
    return text;
  }

  /** Takes a verified use of a nonce. Returns false when it is not ours, too old, or its count was used before. */
  use(text: string, authorization: Authorization): boolean {
    const nonce = this.nonces.get(text);
    if (nonce === undefined) {
      return false;
    }
    if (timeBetween(nonce.issued, this.wheel.now) > this.lifetime) {
      this.nonces.delete(text);
      return false;
    }
    if (!authorization.parameters.auth || !isNonceCountAbove(authorization, nonce.countHigh, nonce.countLow)) {
      return false;
    }
    nonce.countHigh = authorization.nonceCountHigh;
    nonce.countLow = authorization.nonceCountLow;
    return true;
  }
}
