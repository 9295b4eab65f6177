// A delay line: samples go into a ring and come out again a fixed count later. It knows nothing of what they are; the delay of
// concealment (ITU-T G.711 Appendix I.2.1) is one.

import type { Samples } from "../bytes/bytes";
import { twins } from "../bytes/twins";

function delaySamplesHere(
  ring: Samples,
  at: number,
  delay: number,
  samples: Samples,
  start: number,
  count: number,
): number {
  const mask = ring.length - 1;
  const end = start + count;
  let to = at;
  for (let index = start; index < end; index += 1) {
    ring[to] = samples[index];
    samples[index] = ring[(to - delay) & mask];
    to = (to + 1) & mask;
  }
  return to;
}

/**
 * Appends samples[start … start + count) to the ring from `at` on, and puts in place of each the one `delay` before it.
 * @param ring of a length that is a power of two
 * @param at 0 … ring.length - 1
 * @param delay samples, 0 … ring.length - 1
 * @returns where in the ring the next sample goes
 */
export const delaySamples = twins === false ? delaySamplesHere : twins.delaySamples;
