import { type Bytes, createBytes, fillBytes } from "../../firmware/bytes/bytes";
import {
  advanceJitterBuffer,
  createJitterBuffer,
  findPiece,
  flushJitterBuffer,
  JITTER_PIECES,
  type JitterBuffer,
  jitterBufferDepth,
  Placement,
  putInJitterBuffer,
  resetJitterBuffer,
} from "../../firmware/rtp/jitter-buffer";
import { describe, equal, it } from "../harness";

const TARGET = 320; // 40 ms

/** `count` octets that tell which packet they are of. */
function octets(value: number, count: number): Bytes {
  const bytes = createBytes(count);
  fillBytes(bytes, 0, count, value);
  return bytes;
}

function put(buffer: JitterBuffer, timestamp: number, value: number, count: number): Placement {
  return putInJitterBuffer(buffer, timestamp, false, true, 8, octets(value, count), 0, count);
}

/** What lies from the position on: "value x samples", "- x samples" where nothing is. */
function contents(buffer: JitterBuffer, samples: number): string {
  const runs: string[] = [];
  let offset = 0;
  while (offset < samples) {
    const run = findPiece(buffer, offset, samples - offset);
    if (run > 0) {
      const value = buffer.ring[buffer.foundAt];
      for (let index = 0; index < run; index += 1) {
        equal(buffer.ring[buffer.foundAt + index], value, "an octet of the run");
      }
      runs.push(`${value}x${run}`);
      offset += run;
    } else {
      runs.push(`-x${-run}`);
      offset -= run;
    }
  }
  return runs.join(" ");
}

/** A buffer that plays from timestamp 10,000 on, with the first packet at 10,320. */
function started(): JitterBuffer {
  const buffer = createJitterBuffer();
  equal(put(buffer, 10000 + TARGET, 1, 160), Placement.KEPT);
  return buffer;
}

describe("rtp/jitter-buffer", () => {
  it("keeps the first packet at the target's distance", () => {
    const buffer = started();
    equal(contents(buffer, 640), "-x320 1x160 -x160");
    equal(jitterBufferDepth(buffer), 480);
  });

  it("sorts packets by their timestamps and keeps holes", () => {
    const buffer = started();
    put(buffer, 10960, 5, 160);
    put(buffer, 10640, 3, 160);
    put(buffer, 10160, 9, 160);
    equal(contents(buffer, 1120), "-x160 9x160 1x160 -x160 3x160 -x160 5x160");
  });

  it("keeps of an overlapping packet what is new: before, behind and between others", () => {
    const buffer = started();
    equal(put(buffer, 10400, 2, 160), Placement.KEPT);
    equal(contents(buffer, 560), "-x320 1x160 2x80");
    equal(put(buffer, 10240, 3, 160), Placement.KEPT);
    equal(contents(buffer, 560), "-x240 3x80 1x160 2x80");
    equal(put(buffer, 10640, 4, 80), Placement.KEPT);
    equal(put(buffer, 10480, 5, 240), Placement.KEPT);
    equal(contents(buffer, 720), "-x240 3x80 1x160 2x80 5x80 4x80");
    equal(put(buffer, 10320, 6, 160), Placement.DUPLICATE);
    equal(put(buffer, 10330, 6, 20), Placement.DUPLICATE);
    equal(contents(buffer, 720), "-x240 3x80 1x160 2x80 5x80 4x80");
    equal(buffer.duplicated, 2);
  });

  it("keeps of a packet that is partly too late the rest", () => {
    const buffer = started();
    advanceJitterBuffer(buffer, 240);
    equal(put(buffer, 10160, 2, 160), Placement.KEPT);
    equal(contents(buffer, 240), "2x80 1x160");
    advanceJitterBuffer(buffer, 80);
    equal(put(buffer, 10160, 2, 160), Placement.LATE);
    equal(buffer.late, 1);
  });

  it("runs around the end of its ring", () => {
    const buffer = createJitterBuffer();
    put(buffer, 4096 - 100, 7, 160);
    advanceJitterBuffer(buffer, TARGET);
    equal(contents(buffer, 200), "7x100 7x60 -x40");
  });

  it("holds as many pieces as it has places, and drops the next", () => {
    const buffer = started();
    for (let index = 0; index < JITTER_PIECES - 1; index += 1) {
      equal(put(buffer, 10500 + 20 * index, 2, 10), Placement.KEPT);
    }
    equal(put(buffer, 10000, 3, 10), Placement.OVERRUN);
    equal(buffer.overrun, 1);
    advanceJitterBuffer(buffer, 480);
    equal(put(buffer, 10485, 3, 10), Placement.KEPT);
  });

  it("drops a packet that is longer than its ring can hold behind the bound", () => {
    const buffer = started();
    equal(put(buffer, 10480, 2, 2176), Placement.KEPT);
    equal(put(buffer, 12656, 2, 2177), Placement.OVERRUN);
    // 10,480 lies 2,288 into the ring, so that the run is cut 1,808 samples on.
    equal(contents(buffer, 2816), "-x320 1x160 2x1808 2x368 -x160");
  });

  it("is empty after a flush, keeps its counters, and begins anew at the next packet", () => {
    const buffer = started();
    put(buffer, 10320, 1, 160);
    flushJitterBuffer(buffer);
    equal(contents(buffer, 480), "-x480");
    equal(jitterBufferDepth(buffer), 0);
    equal(buffer.duplicated, 1);
    put(buffer, 5, 4, 160);
    equal(contents(buffer, 480), "-x320 4x160");
    resetJitterBuffer(buffer, 60, 200);
    equal(buffer.duplicated, 0);
  });

  it("plays a late packet at once when nothing else waits, and sheds the time that this costs later", () => {
    const buffer = started();
    advanceJitterBuffer(buffer, 800);
    equal(put(buffer, 10480, 2, 160), Placement.KEPT);
    equal(contents(buffer, 320), "2x160 -x160");
    equal(buffer.restarts, 0);
  });

  it("keeps the whole distance behind a stall that is longer than it may keep", () => {
    const buffer = started();
    advanceJitterBuffer(buffer, 480 + 2000);
    equal(put(buffer, 10480, 2, 160), Placement.KEPT);
    equal(contents(buffer, 480), "-x320 2x160");
    equal(buffer.restarts, 1);
  });

  it("sets the distance anew at a talk spurt behind a pause, however long the pause was", () => {
    for (const pause of [480, 700, 2400]) {
      const buffer = started();
      advanceJitterBuffer(buffer, 480 + pause);
      const spurt = buffer.position + 100;
      putInJitterBuffer(buffer, spurt, true, true, 8, octets(7, 160), 0, 160);
      equal(contents(buffer, 480), "-x320 7x160");
      equal(buffer.restarts, 0);
    }
  });

  it("drops a packet that is far too late, and counts it", () => {
    const buffer = started();
    advanceJitterBuffer(buffer, 16000);
    put(buffer, buffer.position + 320, 1, 80);
    putInJitterBuffer(buffer, buffer.position - 1500, false, false, 8, octets(2, 80), 0, 80);
    equal(buffer.late, 1);
    equal(buffer.restarts, 0);
  });
});
