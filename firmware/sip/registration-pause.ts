// When the next REGISTER is due: the refresh before the binding ends (RFC 3261 10.2.4), and the pause after a failure, which grows
// with each and is of its own chance, so that a house of doors does not come back in step.

import type { Random } from "../../hal/random";
import { randomBelow } from "./identifiers";

/** The pause after the first failure; it doubles with each, up to the longest. */
const FIRST_RETRY_MS = 2000;
/** The registrar refuses: it is there, and knows what it says. */
const LONGEST_RETRY_MS = 60000;
/** Nobody answers, or nobody knows where: each try costs little, and the registrar is wanted back at once. */
const LONGEST_SILENT_RETRY_MS = 8000;

/**
 * The pause before the next try: between half and all of its length by chance.
 * @param failures in a row before this one
 * @param statusCode what it was refused with, 0: no answer
 * @returns milliseconds
 */
export function retryPause(random: Random, failures: number, statusCode: number): number {
  const longest = statusCode === 0 ? LONGEST_SILENT_RETRY_MS : LONGEST_RETRY_MS;
  let pause = FIRST_RETRY_MS;
  for (let failure = 0; failure < failures && pause < longest; failure += 1) {
    pause = 2 * pause;
  }
  pause = pause > longest ? longest : pause;
  return (pause >> 1) + randomBelow(random, (pause >> 1) + 1);
}

/**
 * The pause before the refresh of a binding of `seconds`: about nine tenths of it, half of it when it is short.
 * @returns milliseconds
 */
export function refreshPause(random: Random, seconds: number): number {
  const margin = seconds > 100 ? (seconds / 10) | 0 : seconds > 20 ? 10 : seconds >> 1;
  return 1000 * (seconds - margin) - randomBelow(random, 500);
}
