import { createSamples } from "../../firmware/bytes/bytes";
import {
  findSpliceLag,
  lengthenFrame,
  SPLICE_FRAME,
  SPLICE_LAG_MAXIMUM,
  shortenFrame,
} from "../../firmware/rtp/time-scale";
import { describe, equal, isTrue, it } from "../harness";
import { sineAt } from "./peer";

function sine(): ReturnType<typeof createSamples> {
  const samples = createSamples(SPLICE_FRAME + SPLICE_LAG_MAXIMUM);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = sineAt(index);
  }
  return samples;
}

describe("rtp/time-scale", () => {
  it("finds the period of a tone, or a multiple of it", () => {
    equal(findSpliceLag(sine()) % 32, 0);
  });

  it("finds the pitch of a pulse train between all others", () => {
    for (let pitch = 34; pitch <= 120; pitch += 1) {
      const samples = createSamples(SPLICE_FRAME + SPLICE_LAG_MAXIMUM);
      for (let index = 0; index < samples.length; index += 1) {
        const phase = (index + 12) % pitch;
        samples[index] = phase < 24 ? 500 * (phase < 12 ? phase : 24 - phase) : 0;
      }
      const lag = findSpliceLag(samples);
      equal(lag % pitch, 0, `the lag ${lag} for a pitch of ${pitch}`);
    }
  });

  it("takes the longest lag in silence", () => {
    equal(findSpliceLag(createSamples(SPLICE_FRAME + SPLICE_LAG_MAXIMUM)), SPLICE_LAG_MAXIMUM);
  });

  it("leaves a period out of a tone, or repeats one, and nobody can tell", () => {
    const source = sine();
    const target = createSamples(SPLICE_FRAME + 2);
    shortenFrame(source, 96, target, 1);
    for (let index = 0; index < SPLICE_FRAME; index += 1) {
      equal(target[index + 1], sineAt(index), `sample ${index} of a shortened frame`);
    }
    lengthenFrame(source, 96, target, 1);
    for (let index = 0; index < SPLICE_FRAME; index += 1) {
      equal(target[index + 1], sineAt(index), `sample ${index} of a lengthened frame`);
    }
    isTrue(target[0] === 0 && target[SPLICE_FRAME + 1] === 0, "nothing beside the frame is touched");
  });

  it("joins frame and follow-up at any lag: the end is the sample before the first one not used", () => {
    const source = createSamples(SPLICE_FRAME + SPLICE_LAG_MAXIMUM);
    for (let index = 0; index < source.length; index += 1) {
      source[index] = index;
    }
    const target = createSamples(SPLICE_FRAME);
    for (const lag of [20, 77, 120]) {
      shortenFrame(source, lag, target, 0);
      equal(target[0], 0);
      equal(target[SPLICE_FRAME - 1], SPLICE_FRAME + lag - 1);
      lengthenFrame(source, lag, target, 0);
      equal(target[0], 0);
      equal(target[SPLICE_FRAME - 1], SPLICE_FRAME - lag - 1);
    }
  });
});
