// What one hears of a peer through networks of all kinds, on a virtual clock: frames missing, the delay after so many
// seconds, clicks and gaps. Seconds are 8,000 samples; a packet holds 20 ms.

import { levelOf } from "../../firmware/audio/level";
import { createSamples } from "../../firmware/bytes/bytes";
import { presentDelay } from "../../firmware/rtp/jitter-target";
import { createPlayout, type Playout, resetPlayout } from "../../firmware/rtp/playout";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  createChance,
  FRAME,
  g711,
  type Heard,
  listen,
  noiseAt,
  type Packet,
  packetAt,
  packetsFrom,
  SMOOTH_STEP,
  throughNetwork,
} from "./peer";

const SECOND = 8000;
const MS = 8;

const playout = createPlayout(g711);

function started(maximum: number): Playout {
  resetPlayout(playout, 40, maximum);
  return playout;
}

function missing(): number {
  return playout.lostFrames + playout.starvedFrames;
}

/** What is heard within `seconds`. */
function hear(packets: Packet[], seconds: number): Heard {
  return listen(playout, packets, seconds * SECOND, 10000);
}

function speechFor(seconds: number): Packet[] {
  return packetsFrom(0, seconds * SECOND, FRAME, 77);
}

function delayMs(): number {
  return (presentDelay(playout.buffer.target) / MS) | 0;
}

function isSmooth(heard: Heard): void {
  isTrue(heard.greatestStep < SMOOTH_STEP, `a step of ${heard.greatestStep} in frame ${heard.stepFrame}`);
}

/** Frames missing from second `from` to second `to`. */
function missingBetween(heard: Heard, from: number, to: number): number {
  return heard.missing[to * 50 - 1] - (from > 0 ? heard.missing[from * 50 - 1] : 0);
}

describe("rtp, through a network", () => {
  it("that is steady: the least delay, and nothing missing", () => {
    started(200);
    const heard = hear(speechFor(10), 9);
    equal(missing(), 0);
    equal(delayMs(), 40);
    isSmooth(heard);
  });

  itSlow("with jitter of 0 to 80 ms: the delay grows by that within a second, and then nothing is missing", () => {
    started(200);
    const chance = createChance(3);
    const packets = throughNetwork(speechFor(20), () => chance(80 * MS));
    const heard = hear(packets, 19);
    const first = missingBetween(heard, 0, 2);
    isTrue(first < 20, `${first} frames missing in the first two seconds`);
    const later = missingBetween(heard, 2, 19);
    isTrue(later <= 2, `${later} frames missing in 17 s`);
    isSmooth(heard);
    const delay = delayMs();
    isTrue(delay >= 60 && delay <= 110, `a delay of ${delay} ms`);
  });

  itSlow("with jitter as the square of chance, 0 to 150 ms: at most one frame in a hundred is missing", () => {
    started(200);
    const chance = createChance(5);
    const packets = throughNetwork(speechFor(30), () => {
      const root = chance(1225);
      return ((root * root) / 1250) | 0;
    });
    const heard = hear(packets, 29);
    const later = missingBetween(heard, 3, 29);
    isTrue(later <= 13, `${later} of 1,300 frames missing`);
    const delay = delayMs();
    isTrue(delay <= 190, `a delay of ${delay} ms`);
    isSmooth(heard);
  });

  itSlow("that calms down: the delay comes back to the least one, without a click and with nothing missing", () => {
    started(200);
    const chance = createChance(7);
    const packets = throughNetwork(speechFor(40), (index) => (index < 500 ? chance(100 * MS) : 0));
    const heard = hear(packets, 39);
    isTrue(heard.delays[499] >= 80, `a delay of ${heard.delays[499]} ms while it shook`);
    equal(missingBetween(heard, 11, 39), 0);
    isTrue(heard.delays[24 * 50] <= 60, `a delay of ${heard.delays[24 * 50]} ms 14 s later`);
    isTrue(delayMs() <= 60, `a delay of ${delayMs()} ms at the end`);
    isSmooth(heard);
  });

  itSlow("that loses one packet in ten: each is concealed, none else, and the delay stays", () => {
    started(200);
    const chance = createChance(11);
    let lost = 0;
    const heard = hear(
      throughNetwork(speechFor(20), (index) => {
        const gone = index > 0 && index < 980 && chance(10) === 0;
        lost += gone ? 1 : 0;
        return gone ? -1 : 0;
      }),
      19,
    );
    isTrue(lost > 60, `${lost} lost`);
    isTrue(missing() >= lost - 10 && missing() <= lost, `${missing()} frames concealed for ${lost} lost packets`);
    equal(delayMs(), 40);
    isSmooth(heard);
  });

  itSlow(
    "that loses 30 % in bursts, reorders, repeats and delays: speech goes on all the time, the delay is bounded",
    () => {
      started(200);
      const chance = createChance(13);
      let burst = 0;
      let lost = 0;
      const packets = throughNetwork(speechFor(30), (index) => {
        burst = burst > 0 ? burst - 1 : chance(12) === 0 ? 1 + chance(8) : 0;
        lost += burst > 0 ? 1 : 0;
        return burst > 0 && index > 0 ? -1 : chance(6) === 0 ? chance(120 * MS) : chance(20 * MS);
      });
      const twice: Packet[] = [];
      for (let index = 0; index < packets.length; index += 1) {
        twice.push(packets[index]);
        if (index % 5 === 0) {
          twice.push({ ...packets[index], inOrder: false });
        }
      }
      const heard = hear(twice, 29);
      isTrue(lost > 300, `${lost} lost`);
      isTrue(missing() <= lost + 90, `${missing()} frames concealed for ${lost} lost packets`);
      isTrue(heard.greatestDepth <= 240 * MS + FRAME, `a depth of ${heard.greatestDepth}`);
      isTrue(playout.buffer.duplicated + playout.buffer.late > 100, "duplicates were counted");
      isSmooth(heard);
    },
  );

  itSlow("with more jitter than the greatest delay: the delay stays within its bound, and part of it is heard", () => {
    started(100);
    const chance = createChance(17);
    const heard = hear(
      throughNetwork(speechFor(20), () => chance(300 * MS)),
      19,
    );
    isTrue(playout.buffer.target.delay <= 100 * MS, "the target");
    isTrue(heard.greatestDepth <= 140 * MS + FRAME, `a depth of ${heard.greatestDepth}`);
    isTrue(heard.frames - heard.quietFrames > 300, `${heard.quietFrames} of ${heard.frames} frames quiet`);
  });

  itSlow("that becomes slower by 100 ms for good: heard once, and the delay is the same as before", () => {
    started(200);
    const heard = hear(
      throughNetwork(speechFor(40), (index) => (index < 250 ? 0 : 100 * MS)),
      39,
    );
    isTrue(missing() <= 8, `${missing()} frames missing`);
    isTrue(delayMs() <= 60, `a delay of ${delayMs()} ms`);
    isSmooth(heard);
  });

  itSlow("whose sender's clock is off by 200 in a million, for five minutes: nothing is missing", () => {
    for (const clock of [10002, 9998]) {
      started(200);
      const heard = listen(playout, packetsFrom(0, 302 * SECOND, FRAME, 77), 300 * SECOND, clock);
      equal(missing(), 0);
      isTrue(delayMs() >= 25 && delayMs() <= 65, `a delay of ${delayMs()} ms`);
      isSmooth(heard);
    }
  });

  it("the delay goes where nobody speaks, not out of the speech, when there is silence", () => {
    // Half a second of the tone, half a second of silence in packets, and a stall of 160 ms in the tone.
    started(200);
    const packets = throughNetwork(speechFor(6), (index) => {
      const stalled = index >= 60 && index < 68;
      return stalled ? (68 - index) * FRAME : 0;
    });
    for (let index = 0; index < packets.length; index += 1) {
      if (((index / 25) | 0) % 2 === 1) {
        for (let at = 0; at < FRAME; at += 1) {
          packets[index].octets[at] = 0xd5;
        }
      }
    }
    const heard = hear(packets, 5);
    // The packets that stalled are there at 1.36 s, and the silence is heard from 1.7 to 2.2 s.
    isTrue(heard.delays[75] >= 120, `a delay of ${heard.delays[75]} ms behind the stall`);
    isTrue(heard.delays[83] >= 110, `a delay of ${heard.delays[83]} ms at the last word`);
    isTrue(heard.delays[115] <= 55, `a delay of ${heard.delays[115]} ms behind the silence`);
    isSmooth(heard);
  });

  it("a sender that says when it is silent: noise at its level, nothing counts as missing, each word in time", () => {
    started(200);
    const packets: Packet[] = [];
    for (let spurt = 0; spurt < 4; spurt += 1) {
      const begin = spurt * 3 * SECOND;
      for (let index = 0; index < 50; index += 1) {
        packets.push(packetAt(begin + index * FRAME, FRAME, 77));
      }
      packets[packets.length - 50].marker = true;
      packets.push(noiseAt(begin + SECOND, 50, 77));
      packets.push(noiseAt(begin + 2 * SECOND, 50, 77));
    }
    const heard = listen(playout, packets, 11 * SECOND + 4000, 10000);
    equal(missing(), 0);
    const level = levelOf(heard.lastFrame, 0, FRAME);
    isTrue(level >= -520 && level <= -480, `noise at ${level} tenths of dBov`);
    equal(playout.buffer.restarts, 0);
    const spoken = heard.frames - heard.quietFrames;
    isTrue(spoken >= 200 && spoken <= 204, `${spoken} frames of speech`);
  });

  it("a sender that is silent without a word: pauses are silence, and each word comes in time", () => {
    started(200);
    const packets: Packet[] = [];
    for (let spurt = 0; spurt < 4; spurt += 1) {
      for (let index = 0; index < 50; index += 1) {
        const packet = packetAt(spurt * 3 * SECOND + index * FRAME, FRAME, 77);
        packet.marker = index === 0;
        packets.push(packet);
      }
    }
    const heard = listen(playout, packets, 11 * SECOND, 10000);
    equal(playout.lostFrames, 0);
    equal(playout.buffer.restarts + playout.buffer.late, 0);
    isTrue(heard.frames - heard.quietFrames >= 200 && heard.frames - heard.quietFrames <= 212, "speech");
    const silence = createSamples(FRAME);
    equal(levelOf(heard.lastFrame, 0, FRAME), levelOf(silence, 0, FRAME));
  });

  it("a packet lost behind the noise is concealed as any other, and nothing of the words is noise", () => {
    started(200);
    const packets = throughNetwork(speechFor(1), () => 0);
    packets.push(noiseAt(SECOND, 50, 77));
    const later = packetsFrom(2 * SECOND, SECOND, FRAME, 77);
    later[0].marker = true;
    for (let index = 0; index < later.length; index += 1) {
      if (index !== 20) {
        packets.push(later[index]);
      }
    }
    const heard = hear(packets, 3);
    equal(playout.lostFrames, 1);
    const spoken = heard.frames - heard.quietFrames;
    isTrue(spoken >= 97 && spoken <= 100, `${spoken} frames of speech`);
    isSmooth(heard);
  });

  it("noise before the first word", () => {
    started(200);
    const heard = listen(playout, [noiseAt(0, 40, 77)], 10 * FRAME, 10000);
    const level = levelOf(heard.lastFrame, 0, FRAME);
    isTrue(level >= -420 && level <= -380, `noise at ${level} tenths of dBov`);
  });

  it("a packet lost just before the noise is concealed, and speech that is late is heard before it", () => {
    started(200);
    const packets = throughNetwork(speechFor(1), (index) => (index === 48 ? -1 : index === 49 ? 15 * MS : 0));
    packets.push(noiseAt(SECOND, 60, 77));
    const heard = listen(playout, packets, 2 * SECOND, 10000);
    equal(missing(), 1);
    equal(playout.buffer.late, 0);
    isTrue(heard.frames - heard.quietFrames >= 50, "all words");
  });
});
