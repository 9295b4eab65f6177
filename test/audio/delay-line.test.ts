// The delay line: what goes in comes out again so many samples later, whatever pieces it is handed in.

import { delaySamples } from "../../firmware/audio/delay-line";
import { createSamples } from "../../firmware/bytes/bytes";
import { describe, equal, it } from "../harness";

const LENGTH = 16;
const COUNT = 100;

/** What goes in as sample `index`: both ends of 16 bits, and no two the same in a row. */
function sampleAt(index: number): number {
  return index % 3 === 0 ? 32767 - index : index - 32768;
}

describe("delay line", () => {
  for (const delay of [0, 1, 7, 15]) {
    it(`gives back each sample ${delay} later, in pieces of any size`, () => {
      const ring = createSamples(LENGTH);
      const samples = createSamples(COUNT + 2);
      for (let index = 0; index < COUNT; index += 1) {
        samples[index + 1] = sampleAt(index);
      }
      let at = 5;
      let done = 0;
      for (let piece = 0; done < COUNT; piece += 1) {
        const count = piece * 5 < COUNT - done ? piece * 5 : COUNT - done;
        at = delaySamples(ring, at, delay, samples, done + 1, count);
        done += count;
        equal(at, (5 + done) % LENGTH, `behind ${done}`);
      }
      for (let index = 0; index < COUNT; index += 1) {
        equal(samples[index + 1], index < delay ? 0 : sampleAt(index - delay), `sample ${index}`);
      }
      equal(`${samples[0]} ${samples[COUNT + 1]}`, "0 0", "beside them");
    });
  }
});
