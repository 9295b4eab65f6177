import { CONCEALMENT_DELAY } from "../../firmware/audio/concealment";
import { Law } from "../../firmware/audio/g711";
import { createSamples } from "../../firmware/bytes/bytes";
import { createPlayout, type Playout, playFrame, resetPlayout } from "../../firmware/rtp/playout";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  FRAME,
  g711,
  type Heard,
  listen,
  type Packet,
  packetAt,
  packetsFrom,
  SMOOTH_STEP,
  sineAt,
  speech,
} from "./peer";

const playout = createPlayout(g711);

function started(delay: number): Playout {
  resetPlayout(playout, delay, 200);
  return playout;
}

function isSmooth(heard: Heard): void {
  isTrue(heard.greatestStep < SMOOTH_STEP, `a step of ${heard.greatestStep} in frame ${heard.stepFrame}`);
}

/** Removes the packets whose number `isGone`. */
function without(packets: Packet[], isGone: (index: number) => boolean): Packet[] {
  const kept: Packet[] = [];
  for (let index = 0; index < packets.length; index += 1) {
    if (!isGone(index)) {
      kept.push(packets[index]);
    }
  }
  return kept;
}

/** Lets all packets from `from` to `to` arrive at `to` at the earliest. */
function stall(packets: Packet[], from: number, to: number): void {
  for (const packet of packets) {
    if (packet.arrival > from && packet.arrival < to) {
      packet.arrival = to;
    }
  }
}

describe("rtp/playout", () => {
  it("plays silence before the first packet", () => {
    const heard = listen(started(40), [], 10 * FRAME, 10000);
    equal(heard.quietFrames, 10);
    equal(heard.greatestStep, 0);
    equal(playout.lostFrames + playout.starvedFrames, 0);
  });

  for (const delay of [20, 40, 100, 200]) {
    it(`plays a packet ${delay} ms after it came, each sample at its time`, () => {
      const heard = listen(started(delay), packetsFrom(0, 8000, FRAME, 1000), 8000, 10000);
      equal(playout.lostFrames + playout.starvedFrames, 0);
      isSmooth(heard);
      // The last frame began at 7,840; the first packet came at 160 and was played from 160 + delay on, and what is played
      // goes through the concealment.
      const first = 7840 - FRAME - delay * 8 - CONCEALMENT_DELAY;
      for (let index = 0; index < FRAME; index += 1) {
        const difference = heard.lastFrame[index] - sineAt(first + index);
        isTrue(difference >= -256 && difference <= 256, `sample ${index} is off by ${difference}`);
      }
    });
  }

  for (const count of [40, 80, 160, 240, 320, 480, 800]) {
    it(`does not care that packets hold ${count} samples`, () => {
      const heard = listen(started(40), packetsFrom(0, 16000, count, 99), 15000, 10000);
      equal(playout.lostFrames + playout.starvedFrames, 0);
      isSmooth(heard);
      equal(playout.buffer.late + playout.buffer.duplicated + playout.buffer.overrun, 0);
    });
  }

  it("plays 10, 20, 30 and 60 ms mixed in one stream", () => {
    const packets: Packet[] = [];
    const lengths = [80, 160, 240, 80, 480, 160, 80, 80];
    let at = 0;
    for (let index = 0; at < 24000; index += 1) {
      packets.push(packetAt(at, lengths[index % lengths.length], 5));
      at += lengths[index % lengths.length];
    }
    const heard = listen(started(60), packets, 23000, 10000);
    equal(playout.lostFrames + playout.starvedFrames, 0);
    isSmooth(heard);
  });

  it("conceals exactly the frames that were lost, without a click and without a gap", () => {
    const packets = packetsFrom(0, 32000, FRAME, 77);
    const heard = listen(
      started(40),
      without(packets, (index) => index > 5 && index % 10 === 7),
      32000,
      10000,
    );
    // Packets 7, 17 … 187; what the last came for is played before the end.
    equal(playout.lostFrames, 19);
    equal(playout.starvedFrames, 0);
    isSmooth(heard);
    equal(heard.quietFrames, 3, "frames before the first packet is due");
  });

  it("plays a stream whose packets overtake each other as if nothing were", () => {
    const packets = packetsFrom(0, 16000, FRAME, 77);
    for (let index = 2; index + 1 < packets.length; index += 3) {
      const packet = packets[index];
      packets[index] = packets[index + 1];
      packets[index + 1] = packet;
      packet.arrival += FRAME;
      packet.inOrder = false;
    }
    const heard = listen(started(40), packets, 15000, 10000);
    equal(playout.lostFrames + playout.starvedFrames, 0);
    equal(playout.buffer.late, 0);
    isSmooth(heard);
  });

  it("makes no click where speech comes back a few samples before the end of a frame", () => {
    for (let lead = 1; lead < FRAME; lead += 8) {
      // A short first packet, so that all others begin `lead` samples before a frame ends; then 100 ms are lost. Frames end
      // at a crest of the sine.
      const packets = [packetAt(8, FRAME - lead, 77)].concat(packetsFrom(FRAME + 8 - lead, 3200, FRAME, 77));
      const heard = listen(
        started(40),
        without(packets, (index) => index >= 4 && index < 9),
        3200,
        10000,
      );
      isTrue(playout.starvedFrames + playout.lostFrames >= 5, "a loss");
      isSmooth(heard);
    }
  });

  it("drops duplicates and counts them", () => {
    const packets: Packet[] = [];
    for (const packet of packetsFrom(0, 8000, FRAME, 77)) {
      packets.push(packet);
      packets.push({ ...packet, inOrder: false });
    }
    const heard = listen(started(40), packets, 8000, 10000);
    equal(playout.buffer.duplicated, 49);
    equal(playout.lostFrames + playout.starvedFrames, 0);
    isSmooth(heard);
  });

  it("does not play a late duplicate into a pause", () => {
    const packets = packetsFrom(0, 1600, FRAME, 77);
    const echo = packetAt(1440, FRAME, 77);
    echo.arrival = 4000;
    echo.inOrder = false;
    packets.push(echo);
    listen(started(40), packets, 8000, 10000);
    equal(playout.buffer.late, 1);
    equal(playout.buffer.restarts, 0);
  });

  it("changes the law in the middle of a stream", () => {
    const packets = packetsFrom(0, 8000, FRAME, 77);
    for (let index = 20; index < packets.length; index += 1) {
      packets[index].law = Law.MU;
      packets[index].octets = speech(index * FRAME, FRAME, Law.MU);
    }
    const heard = listen(started(40), packets, 8000, 10000);
    isSmooth(heard);
    equal(playout.lostFrames, 0);
  });

  it("goes through the wrap of the timestamp", () => {
    const heard = listen(started(40), packetsFrom(0, 16000, FRAME, 0x8000000 - 3333), 16000, 10000);
    equal(playout.lostFrames + playout.starvedFrames, 0);
    equal(playout.buffer.restarts, 0);
    isSmooth(heard);
  });

  for (const clock of [10020, 9980]) {
    itSlow(`follows a peer whose clock is at ${clock} / 10,000 of ours, without loss, gap or click`, () => {
      const heard = listen(started(40), packetsFrom(0, 240000, FRAME, 77), 238000, clock);
      equal(playout.lostFrames + playout.starvedFrames, 0);
      isTrue(clock > 10000 ? playout.shortenedFrames > 1 : playout.lengthenedFrames > 1, "frames were spliced");
      isTrue((clock > 10000 ? playout.lengthenedFrames : playout.shortenedFrames) === 0, "in one direction");
      isTrue(heard.greatestDepth < 900, `a depth of ${heard.greatestDepth} samples`);
      isTrue(heard.quietFrames <= 4, `${heard.quietFrames} quiet frames`);
      isSmooth(heard);
    });
  }

  itSlow("comes back to a small delay after the network stalled, and loses nothing but what came too late", () => {
    const packets = packetsFrom(0, 80000, FRAME, 77);
    stall(packets, 8000, 9600);
    const heard = listen(started(40), packets, 80000, 10000);
    isTrue(heard.greatestDepth > 1280, `the burst of 200 ms is kept (depth ${heard.greatestDepth})`);
    isTrue(playout.shortenedFrames > 10, `${playout.shortenedFrames} shortened`);
    const depth = playout.buffer.newest - playout.buffer.position;
    isTrue(depth >= 160 && depth <= 700, `a depth of ${depth} samples at the end`);
    isSmooth(heard);
  });

  itSlow("never lets the delay exceed its bound, however long the network stalls", () => {
    const packets = packetsFrom(0, 80000, FRAME, 77);
    stall(packets, 8000, 16000);
    stall(packets, 30000, 36000);
    const heard = listen(started(40), packets, 80000, 10000);
    isTrue(heard.greatestDepth <= 1920 + FRAME, `a depth of ${heard.greatestDepth} samples`);
    isTrue(playout.buffer.overrun >= 2, `${playout.buffer.overrun} overruns`);
    const depth = playout.buffer.newest - playout.buffer.position;
    isTrue(depth <= 700, `a depth of ${depth} samples at the end`);
    isSmooth(heard);
  });

  itSlow("adapts to regular stalls of a radio link: only the first ones are heard", () => {
    const packets = packetsFrom(0, 160000, FRAME, 77);
    for (let at = 4000; at < 160000; at += 8000) {
      stall(packets, at, at + 1000);
    }
    listen(started(40), packets, 80000, 10000);
    const early = playout.lostFrames + playout.starvedFrames;
    isTrue(early > 0 && early < 20, `${early} frames missing while it adapts`);
    listen(started(40), packets, 159000, 10000);
    equal(playout.lostFrames + playout.starvedFrames, early, "missing frames, twice as long");
  });

  it("plays the next talk spurt in time after a pause in which the timestamp went on", () => {
    const packets = packetsFrom(0, 8000, FRAME, 77).concat(packetsFrom(40000, 8000, FRAME, 77));
    packets[50].marker = true;
    const heard = listen(started(40), packets, 48000, 10000);
    equal(playout.buffer.restarts, 0);
    equal(playout.lostFrames, 0);
    isTrue(playout.starvedFrames >= 190, "the pause");
    isSmooth(heard);
  });

  for (const pause of [3200, 40000]) {
    it(`plays on after a pause of ${pause} samples in which the timestamp stood still`, () => {
      const packets = packetsFrom(0, 16000, FRAME, 77);
      for (let index = 50; index < packets.length; index += 1) {
        packets[index].arrival += pause;
      }
      const heard = listen(started(40), packets, 15000 + pause, 10000);
      equal(playout.buffer.restarts, 1);
      isTrue(heard.frames - heard.quietFrames >= 90, "speech before and after");
      isSmooth(heard);
    });
  }

  for (const jump of [1000000, 90000000, 130000000]) {
    it(`follows a timestamp that jumps by ${jump}, with a marker at once, without one at the second packet`, () => {
      for (const marker of [true, false]) {
        const packets = packetsFrom(0, 8000, FRAME, 77).concat(packetsFrom(8000, 8000, FRAME, 77 + jump));
        packets[50].marker = marker;
        const heard = listen(started(40), packets, 16000, 10000);
        equal(playout.buffer.restarts, 1);
        equal(playout.buffer.overrun, marker ? 0 : 1);
        isTrue(heard.quietFrames <= 3 + 2, `${heard.quietFrames} quiet frames`);
        isSmooth(heard);
      }
    });
  }

  it("is not moved by one packet with a timestamp from nowhere", () => {
    const packets = packetsFrom(0, 16000, FRAME, 77);
    packets[30].timestamp = 50000000;
    listen(started(40), packets, 16000, 10000);
    equal(playout.buffer.restarts, 0);
    equal(playout.buffer.overrun, 1);
    equal(playout.lostFrames, 1);
  });

  it("fades to silence when the peer falls silent, and is not confused by hours of it", () => {
    const packets = packetsFrom(0, 1600, FRAME, 77);
    const heard = listen(started(40), packets, 8000, 10000);
    isSmooth(heard);
    equal(heard.lastFrame[100], 0);
    const frame = createSamples(FRAME);
    // 2^26 samples are 2.3 hours: beyond it an old timestamp would look new.
    for (let step = 0; step < 4; step += 1) {
      playout.buffer.position = (playout.buffer.position + 0x1800000) % 0x8000000;
      playFrame(playout, frame, 0, FRAME);
    }
    const later = packetsFrom(0, 3200, FRAME, playout.buffer.position);
    listen(playout, later, 3200, 10000);
    isTrue(playout.buffer.pieces > 0, "the next talk spurt is kept");
  });

  it("fills frames of any length", () => {
    const frame = createSamples(1000);
    started(40);
    listen(playout, packetsFrom(0, 1600, FRAME, 77), 1600, 10000);
    for (const count of [1, 7, 80, 240, 480]) {
      frame[count] = 1234;
      playFrame(playout, frame, 0, count);
      equal(frame[count], 1234, `the sample behind ${count}`);
    }
  });
});
