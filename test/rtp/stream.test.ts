import { createRtpPacket } from "../../firmware/rtp/packet";
import {
  Arrival,
  arriveInStream,
  createStream,
  forgetSource,
  measureJitter,
  packetsLost,
  resetStream,
  type Stream,
  streamJitter,
  takeFractionLost,
} from "../../firmware/rtp/stream";
import { TIMESTAMP_MASK } from "../../firmware/rtp/timestamp";
import { describe, equal, isTrue, it } from "../harness";

const packet = createRtpPacket();

function arrive(stream: Stream, ssrc: number, sequence: number): Arrival {
  packet.ssrcHigh = 0xabcd;
  packet.ssrcLow = ssrc;
  packet.sequence = sequence;
  return arriveInStream(stream, packet);
}

describe("rtp/stream", () => {
  it("takes the first source at once and its packets in sequence", () => {
    const stream = createStream();
    equal(arrive(stream, 1, 100), Arrival.RESTARTED);
    equal(arrive(stream, 1, 101), Arrival.NEWEST);
    equal(arrive(stream, 1, 102), Arrival.NEWEST);
    equal(packetsLost(stream), 0);
  });

  it("tells late and repeated packets from new ones", () => {
    const stream = createStream();
    arrive(stream, 1, 100);
    arrive(stream, 1, 103);
    equal(arrive(stream, 1, 102), Arrival.REORDERED);
    equal(arrive(stream, 1, 103), Arrival.REORDERED);
    equal(arrive(stream, 1, 4), Arrival.REORDERED);
  });

  it("counts cycles where the sequence wraps", () => {
    const stream = createStream();
    arrive(stream, 1, 65534);
    for (let sequence = 65535; sequence < 65536 + 3; sequence += 1) {
      equal(arrive(stream, 1, sequence % 65536), Arrival.NEWEST);
    }
    equal(stream.cycles, 1);
    equal(stream.maximum, 2);
    equal(packetsLost(stream), 0);
    equal(arrive(stream, 1, 65535), Arrival.REORDERED, "a late one from before the wrap");
    equal(stream.cycles, 1);
  });

  it("keeps its counts over many wraps", () => {
    const stream = createStream();
    let sequence = 0;
    arrive(stream, 1, sequence);
    for (let count = 0; count < 400; count += 1) {
      sequence = (sequence + 2999) % 65536;
      arrive(stream, 1, sequence);
    }
    equal(packetsLost(stream), 400 * 2998);
    equal(stream.cycles, 18);
  });

  it("counts lost packets, and less than none when duplicates outweigh them", () => {
    const stream = createStream();
    arrive(stream, 1, 10);
    arrive(stream, 1, 13);
    equal(packetsLost(stream), 2);
    arrive(stream, 1, 12);
    equal(packetsLost(stream), 1);
    arrive(stream, 1, 13);
    arrive(stream, 1, 13);
    equal(packetsLost(stream), -1);
  });

  it("reports the fraction lost of each interval by itself", () => {
    const stream = createStream();
    arrive(stream, 1, 0);
    arrive(stream, 1, 3);
    equal(takeFractionLost(stream), 128);
    arrive(stream, 1, 4);
    equal(takeFractionLost(stream), 0);
    equal(takeFractionLost(stream), 0, "an interval without packets");
    arrive(stream, 1, 2004);
    equal(takeFractionLost(stream), 255);
  });

  it("does not follow a few packets of another source, however often they come", () => {
    const stream = createStream();
    let sequence = 100;
    arrive(stream, 1, sequence);
    for (let round = 0; round < 50; round += 1) {
      equal(arrive(stream, 2, 500 + 2 * round), Arrival.FOREIGN);
      equal(arrive(stream, 2, 501 + 2 * round), Arrival.FOREIGN);
      sequence += 1;
      equal(arrive(stream, 1, sequence), Arrival.NEWEST);
    }
  });

  it("follows another source after three packets in sequence", () => {
    const stream = createStream();
    arrive(stream, 1, 100);
    equal(arrive(stream, 2, 7), Arrival.FOREIGN);
    equal(arrive(stream, 2, 9), Arrival.FOREIGN, "not in sequence: the first again");
    equal(arrive(stream, 2, 10), Arrival.FOREIGN);
    equal(arrive(stream, 2, 11), Arrival.RESTARTED);
    equal(stream.ssrcLow, 2);
    equal(arrive(stream, 1, 101), Arrival.FOREIGN);
  });

  it("takes another source at once when the old one has left", () => {
    const stream = createStream();
    arrive(stream, 1, 100);
    forgetSource(stream);
    equal(arrive(stream, 2, 7), Arrival.RESTARTED);
  });

  it("drops one stray sequence number and follows a jump that a second packet confirms", () => {
    const stream = createStream();
    arrive(stream, 1, 100);
    equal(arrive(stream, 1, 40000), Arrival.JUMPED);
    equal(arrive(stream, 1, 101), Arrival.NEWEST);
    equal(arrive(stream, 1, 40000), Arrival.JUMPED);
    equal(arrive(stream, 1, 40001), Arrival.RESTARTED);
    equal(packetsLost(stream), 0);
  });

  it("measures no jitter on a steady stream and converges on that of a shaking one", () => {
    const stream = createStream();
    arrive(stream, 1, 0);
    for (let index = 0; index < 200; index += 1) {
      measureJitter(stream, 160 * index, 160 * index + 5000);
    }
    equal(streamJitter(stream), 0);
    for (let index = 200; index < 500; index += 1) {
      measureJitter(stream, 160 * index, 160 * index + 5000 + (index % 2) * 80);
    }
    isTrue(streamJitter(stream) >= 78 && streamJitter(stream) <= 80, `jitter ${streamJitter(stream)} of 80`);
  });

  it("does not take the wrap of arrival or timestamp for jitter", () => {
    const stream = createStream();
    arrive(stream, 1, 0);
    let timestamp = TIMESTAMP_MASK - 500;
    let arrival = TIMESTAMP_MASK - 1000;
    for (let index = 0; index < 20; index += 1) {
      measureJitter(stream, timestamp, arrival);
      timestamp = (timestamp + 160) % (TIMESTAMP_MASK + 1);
      arrival = (arrival + 160) % (TIMESTAMP_MASK + 1);
    }
    equal(streamJitter(stream), 0);
  });

  it("is empty after a reset", () => {
    const stream = createStream();
    arrive(stream, 1, 0);
    arrive(stream, 1, 9);
    resetStream(stream);
    equal(packetsLost(stream), 0);
    equal(arrive(stream, 2, 9), Arrival.RESTARTED);
  });
});
