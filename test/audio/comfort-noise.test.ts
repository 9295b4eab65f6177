import { createComfortNoise, fillNoise, setNoiseLevel } from "../../firmware/audio/comfort-noise";
import { SILENCE_LEVEL } from "../../firmware/audio/decibel";
import { levelOf } from "../../firmware/audio/level";
import { createBytes, createSamples } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";

describe("comfort noise", () => {
  it("is silent before a level is named", () => {
    const samples = createSamples(160);
    fillNoise(createComfortNoise(), samples, 0, 160);
    equal(levelOf(samples, 0, 160), SILENCE_LEVEL);
  });

  it("has the level that the packet names, within 1 dB, from -30 dBov down to what 16 bits can say", () => {
    const noise = createComfortNoise();
    const samples = createSamples(480);
    const octets = createBytes(2);
    for (let level = 30; level <= 72; level += 1) {
      octets[1] = level;
      setNoiseLevel(noise, octets, 1);
      fillNoise(noise, samples, 0, 480);
      const heard = levelOf(samples, 0, 480);
      isTrue(heard >= -10 * level - 10 && heard <= -10 * level + 10, `${heard} tenths of dBov for ${level}`);
    }
  });

  it("is never louder than -30 dBov, and silent at -127 dBov", () => {
    const noise = createComfortNoise();
    const samples = createSamples(480);
    for (const [octet, least, most] of [
      [0, -310, -290],
      [0x80, -310, -290],
      [127, SILENCE_LEVEL, -900],
      [255, SILENCE_LEVEL, -900],
    ]) {
      const octets = createBytes(1);
      octets[0] = octet;
      setNoiseLevel(noise, octets, 0);
      fillNoise(noise, samples, 0, 480);
      const heard = levelOf(samples, 0, 480);
      isTrue(heard >= least && heard <= most, `${heard} tenths of dBov for the octet ${octet}`);
    }
  });

  it("does not repeat itself within a second, and fills nothing but its frame", () => {
    const noise = createComfortNoise();
    const octets = createBytes(1);
    octets[0] = 40;
    setNoiseLevel(noise, octets, 0);
    const first = createSamples(162);
    fillNoise(noise, first, 1, 160);
    equal(first[0], 0);
    equal(first[161], 0);
    const next = createSamples(160);
    for (let frame = 0; frame < 50; frame += 1) {
      fillNoise(noise, next, 0, 160);
      let same = 0;
      for (let index = 0; index < 160; index += 1) {
        same += next[index] === first[index + 1] ? 1 : 0;
      }
      isTrue(same < 16, `${same} samples of frame ${frame} as in the first`);
    }
  });
});
