import { Law } from "../../firmware/audio/g711";
import { levelOf } from "../../firmware/audio/level";
import { type Bytes, copyBytes, createBytes, createSamples } from "../../firmware/bytes/bytes";
import { copyEndpoint } from "../../firmware/bytes/ip-address";
import { createTimerWheel, runTimers, type TimerWheel } from "../../firmware/clock/timer-wheel";
import { configureRtp, createRtpConfiguration, type RtpConfiguration } from "../../firmware/rtp/configuration";
import {
  createRtpPacket,
  parseRtpPacket,
  type RtpPacket,
  writeRtpMoment,
  writeRtpSource,
} from "../../firmware/rtp/packet";
import { createReport, parseCompound, type Report } from "../../firmware/rtp/rtcp";
import {
  createRtpSession,
  playRtpFrame,
  type RtpListener,
  type RtpSession,
  readRtpStatistics,
  receiveRtp,
  sendRtpDigit,
  sendRtpFrame,
  silenceOfRtp,
  startRtp,
  stopRtp,
} from "../../firmware/rtp/session";
import { createAgreement } from "../../firmware/sdp/agreement";
import { Status } from "../../firmware/sip/status";
import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOfHex, hexOf } from "../octets";
import { FRAME, g711, SMOOTH_STEP, sineAt, speech } from "./peer";

const RTP_PORT = 4000;

/** Octets that differ from call to call, the same in each run. */
class CountingRandom implements Random {
  private state = 7;

  fill(buffer: Bytes, start: number, end: number): void {
    for (let index = start; index < end; index += 1) {
      this.state = (this.state * 137 + 29) % 65521;
      buffer[index] = this.state % 256;
    }
  }
}

/** A session with the other side in the test's hands. */
class Call {
  readonly rtp = new FakeUdp(testEndpoint(1, 10000));
  readonly rtcp = new FakeUdp(testEndpoint(1, 10001));
  readonly wheel: TimerWheel;
  readonly session: RtpSession;
  readonly configuration: RtpConfiguration = createRtpConfiguration();
  readonly digits: number[] = [];
  goodbyes = 0;
  /** The packet that the peer sends next; its source, sequence and timestamp. */
  readonly packet: RtpPacket = createRtpPacket();
  spoken = 0;

  constructor(now: number) {
    this.wheel = createTimerWheel(now);
    const listener: RtpListener = {
      owner: this,
      onDigit: (owner: object, digit: number): void => {
        (owner as Call).digits.push(digit);
      },
      onGoodbye: (owner: object): void => {
        (owner as Call).goodbyes += 1;
      },
    };
    const limits = { datagramBytes: 1500, datagramsPerReceive: 16 };
    const sockets = { rtp: this.rtp, rtcp: this.rtcp };
    this.session = createRtpSession(limits, sockets, new CountingRandom(), this.wheel, g711, listener);
    const agreement = createAgreement();
    copyEndpoint(agreement.remote, testEndpoint(9, RTP_PORT));
    copyEndpoint(agreement.remoteControl, testEndpoint(9, RTP_PORT + 1));
    agreement.law = Law.A;
    agreement.payloadType = 8;
    agreement.telephoneEventSendType = 101;
    agreement.telephoneEventReceiveType = 101;
    agreement.sending = true;
    agreement.receiving = true;
    configureRtp(this.configuration, agreement);
    this.packet.payloadType = 8;
    this.packet.sequence = 65530;
    this.packet.timestampHigh = 0xffff;
    this.packet.timestampLow = 0xff00;
    this.packet.ssrcLow = 5;
  }

  start(): void {
    startRtp(this.session, this.configuration);
  }

  /** Lets `milliseconds` pass. */
  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 20) {
      runTimers(this.wheel, (this.wheel.now + (left < 20 ? left : 20)) % 0x8000000);
    }
  }

  /** The peer's timestamp goes on. */
  advance(samples: number): void {
    const low = this.packet.timestampLow + samples;
    this.packet.timestampLow = low % 0x10000;
    this.packet.timestampHigh = (this.packet.timestampHigh + (low > 0xffff ? 1 : 0)) % 0x10000;
  }

  /** A packet of the peer arrives from `source`. */
  arrive(payload: Bytes, source: Endpoint): void {
    const bytes = createBytes(12 + payload.length);
    writeRtpSource(this.packet, bytes, 0);
    writeRtpMoment(this.packet, bytes, 0);
    copyBytes(bytes, 12, payload, 0, payload.length);
    this.rtp.arrive(bytes, bytes.length, source);
    receiveRtp(this.session);
    this.packet.sequence = (this.packet.sequence + 1) % 0x10000;
  }

  /** The peer speaks for 20 ms. */
  speak(): void {
    this.arrive(speech(this.spoken, FRAME, Law.A), testEndpoint(9, RTP_PORT));
    this.spoken += FRAME;
    this.advance(FRAME);
  }

  /** An event packet of the peer. */
  event(event: number, duration: number, end: boolean): void {
    const payload = createBytes(4);
    payload[0] = event;
    payload[1] = end ? 0x8a : 0x0a;
    payload[2] = (duration / 256) | 0;
    payload[3] = duration % 256;
    const type = this.packet.payloadType;
    this.packet.payloadType = 101;
    this.arrive(payload, testEndpoint(9, RTP_PORT));
    this.packet.payloadType = type;
  }

  /** We speak for `frames` of `count` samples. */
  talk(frames: number, count: number): void {
    const samples = createSamples(count);
    for (let frame = 0; frame < frames; frame += 1) {
      for (let index = 0; index < count; index += 1) {
        samples[index] = sineAt(frame * count + index);
      }
      sendRtpFrame(this.session, samples, 0, count);
    }
  }

  /** The packet that we sent as number `index`. */
  sent(index: number): RtpPacket {
    const packet = createRtpPacket();
    const datagram = this.rtp.sent[index];
    equal(parseRtpPacket(datagram.bytes, 0, datagram.bytes.length, packet), Status.OK);
    return packet;
  }

  /** The RTCP datagram `hex` of the peer arrives, at our port for RTP or at the one for RTCP. */
  control(hex: string, atRtp: boolean): void {
    const bytes = bytesOfHex(hex);
    if (atRtp) {
      this.rtp.arrive(bytes, bytes.length, testEndpoint(9, RTP_PORT));
    } else {
      this.rtcp.arrive(bytes, bytes.length, testEndpoint(9, RTP_PORT + 1));
    }
    receiveRtp(this.session);
  }

  /** Our RTCP datagram number `index`, as the peer reads it. */
  report(index: number): Report {
    const report = createReport();
    const ours = this.session.transmission.header;
    const bytes = this.rtcp.sent[index].bytes;
    const status = parseCompound(bytes, 0, bytes.length, 0, 5, ours.ssrcHigh, ours.ssrcLow, report);
    equal(status, Status.OK);
    return report;
  }
}

function started(): Call {
  const call = new Call(1000);
  call.start();
  return call;
}

function samplesBetween(earlier: RtpPacket, later: RtpPacket): number {
  return (
    ((later.timestampHigh - earlier.timestampHigh + 0x10000) % 0x10000) * 65536 +
    later.timestampLow -
    earlier.timestampLow
  );
}

describe("rtp/session, sending", () => {
  for (const packetTime of [10, 20, 30, 40, 60]) {
    it(`packs frames of any length into packets of ${packetTime} ms`, () => {
      for (const count of [160, 80, 53, 480]) {
        const call = started();
        call.configuration.packetTime = packetTime;
        call.start();
        const frames = ((4800 + count - 1) / count) | 0;
        call.talk(frames, count);
        equal(call.rtp.sent.length, ((frames * count) / (packetTime * 8)) | 0);
        for (let index = 1; index < call.rtp.sent.length; index += 1) {
          const packet = call.sent(index);
          equal(packet.payloadEnd - packet.payloadStart, packetTime * 8);
          equal(samplesBetween(call.sent(index - 1), packet), packetTime * 8);
          equal((packet.sequence - call.sent(index - 1).sequence + 0x10000) % 0x10000, 1);
        }
      }
    });
  }

  it("sends what was said, with the type that the peer gave it, to where it wants it", () => {
    const call = started();
    call.configuration.payloadType = 98;
    call.start();
    call.talk(2, FRAME);
    const packet = call.sent(1);
    equal(packet.payloadType, 98);
    const expected = speech(FRAME, FRAME, Law.A);
    const datagram = call.rtp.sent[1];
    for (let index = 0; index < FRAME; index += 1) {
      equal(datagram.bytes[packet.payloadStart + index], expected[index]);
    }
    equal(datagram.peer.port, RTP_PORT);
    equal(datagram.peer.address[3], 9);
  });

  it("marks the first packet of a talk spurt and no other", () => {
    const call = started();
    call.talk(3, FRAME);
    isTrue(call.sent(0).marker && !call.sent(1).marker && !call.sent(2).marker, "the first");
  });

  it("begins each session with another SSRC, sequence and timestamp", () => {
    const call = started();
    call.talk(1, FRAME);
    stopRtp(call.session);
    call.start();
    call.talk(1, FRAME);
    const first = call.sent(0);
    const second = call.sent(1);
    isTrue(first.ssrcHigh !== second.ssrcHigh || first.ssrcLow !== second.ssrcLow, "SSRC");
    isTrue(first.sequence !== second.sequence, "sequence");
    isTrue(first.timestampHigh !== second.timestampHigh || first.timestampLow !== second.timestampLow, "timestamp");
  });

  it("keeps SSRC, sequence and the run of time through a hold", () => {
    const call = started();
    call.talk(2, FRAME);
    call.configuration.sending = false;
    call.start();
    call.talk(10, FRAME);
    equal(call.rtp.sent.length, 2);
    call.configuration.sending = true;
    call.start();
    call.talk(2, FRAME);
    const before = call.sent(1);
    const after = call.sent(2);
    equal(after.ssrcLow, before.ssrcLow);
    equal((after.sequence - before.sequence + 0x10000) % 0x10000, 1);
    equal(samplesBetween(before, after), 11 * FRAME);
    isTrue(after.marker, "a talk spurt begins");
  });

  it("changes the law alone, or the packet time alone, in the middle of a packet", () => {
    const call = started();
    call.configuration.packetTime = 60;
    call.start();
    call.talk(2, FRAME);
    call.configuration.law = Law.MU;
    call.configuration.payloadType = 0;
    call.start();
    call.talk(3, FRAME);
    equal(call.rtp.sent.length, 1);
    const packet = call.sent(0);
    equal(call.rtp.sent[0].bytes[packet.payloadStart], speech(0, 1, Law.MU)[0], "no octet of the old law");
    call.talk(2, FRAME);
    call.configuration.packetTime = 40;
    call.start();
    call.talk(2, FRAME);
    equal(call.rtp.sent.length, 2);
    equal(samplesBetween(packet, call.sent(1)), 5 * FRAME);
    call.talk(1, FRAME);
    call.configuration.packetTime = 60;
    call.start();
    call.talk(2, FRAME);
    equal(samplesBetween(call.sent(1), call.sent(2)), 2 * FRAME);
    equal(call.sent(2).payloadEnd - call.sent(2).payloadStart, 480);
  });

  it("changes law and packet time in the middle of a packet without a fault in time", () => {
    const call = started();
    call.configuration.packetTime = 60;
    call.start();
    call.talk(2, FRAME);
    call.configuration.law = Law.MU;
    call.configuration.payloadType = 0;
    call.configuration.packetTime = 40;
    call.start();
    call.talk(4, FRAME);
    equal(call.rtp.sent.length, 2);
    equal(call.sent(0).payloadType, 0);
    equal(call.sent(0).payloadEnd - call.sent(0).payloadStart, 320);
    equal(samplesBetween(call.sent(0), call.sent(1)), 320);
  });

  it("takes a packet time out of bounds for the nearest that it can do", () => {
    const call = started();
    const wanted = [0, 5, 25, 1000];
    const sent = [80, 80, 160, 480];
    for (let index = 0; index < wanted.length; index += 1) {
      call.configuration.packetTime = wanted[index];
      call.start();
      equal(call.session.transmission.packetSamples, sent[index]);
    }
  });

  it("sends a digit in place of speech, with one timestamp, a marker and three ends, and speech behind it", () => {
    const call = started();
    call.talk(1, FRAME);
    equal(sendRtpDigit(call.session, 11, 100), Status.OK);
    call.talk(9, FRAME);
    const types: number[] = [];
    for (let index = 0; index < call.rtp.sent.length; index += 1) {
      types.push(call.sent(index).payloadType);
    }
    equal(types.join(" "), "8 101 101 101 101 101 101 101 8 8");
    const first = call.sent(1);
    equal(samplesBetween(call.sent(0), first), FRAME);
    isTrue(first.marker, "the marker");
    for (let index = 2; index < 8; index += 1) {
      equal(samplesBetween(first, call.sent(index)), 0, "the event's timestamp");
      isTrue(!call.sent(index).marker, "no second marker");
      equal((call.sent(index).sequence - first.sequence + 0x10000) % 0x10000, index - 1, "sequence");
    }
    equal(samplesBetween(first, call.sent(8)), 7 * FRAME, "speech goes on in time");
  });

  it("sends digits that wait one after the other, and the peer's side reports each once", () => {
    const call = started();
    const digits = [1, 1, 2, 10, 11, 0];
    for (const digit of digits) {
      equal(sendRtpDigit(call.session, digit, 60), Status.OK);
    }
    call.talk(80, FRAME);
    const peer = started();
    for (const datagram of call.rtp.sent) {
      peer.rtp.arrive(datagram.bytes, datagram.bytes.length, testEndpoint(9, RTP_PORT));
    }
    while (receiveRtp(peer.session) > 0) {
      // As often as the bound of a call makes it necessary.
    }
    equal(peer.digits.join(" "), digits.join(" "));
    equal(readRtpStatistics(call.session).digitsSent, 6);
  });

  it("refuses digits that the peer does not take, and while nothing is sent", () => {
    const call = started();
    call.configuration.telephoneEventSendType = -1;
    call.start();
    equal(sendRtpDigit(call.session, 1, 100), Status.UNSUPPORTED);
    call.configuration.telephoneEventSendType = 101;
    call.configuration.sending = false;
    call.start();
    equal(sendRtpDigit(call.session, 1, 100), Status.UNSUPPORTED);
    stopRtp(call.session);
    equal(sendRtpDigit(call.session, 1, 100), Status.UNSUPPORTED);
  });

  it("goes on when the network refuses packets, and counts them", () => {
    const call = started();
    call.rtp.refusing = true;
    call.talk(3, FRAME);
    call.rtp.refusing = false;
    call.talk(1, FRAME);
    equal(readRtpStatistics(call.session).refused, 3);
    equal(call.rtp.sent.length, 1);
  });

  it("sends nothing before the start and behind the end", () => {
    const call = new Call(0);
    call.talk(5, FRAME);
    call.start();
    stopRtp(call.session);
    call.talk(5, FRAME);
    equal(call.rtp.sent.length, 0);
  });
});

describe("rtp/session, receiving", () => {
  it("plays what the peer says, through the wraps of sequence and timestamp", () => {
    const call = started();
    const frame = createSamples(FRAME);
    let last = 0;
    let loud = 0;
    for (let index = 0; index < 60; index += 1) {
      call.speak();
      playRtpFrame(call.session, frame, 0, FRAME);
      for (let at = 0; at < FRAME; at += 1) {
        const step = frame[at] - last;
        isTrue(step < SMOOTH_STEP && step > -SMOOTH_STEP, `a step of ${step} in frame ${index}`);
        last = frame[at];
        loud += last > 7000 ? 1 : 0;
      }
      call.pass(20);
    }
    isTrue(loud > 800, `${loud} samples at the crest`);
    const statistics = readRtpStatistics(call.session);
    equal(statistics.packetsReceived, 60);
    equal(statistics.octetsReceived, 60 * FRAME);
    equal(statistics.packetsLost, 0);
    equal(statistics.lostFrames + statistics.starvedFrames + statistics.late, 0);
    equal(statistics.jitter, 0);
  });

  it("takes nothing from another address, whatever it says, and counts it", () => {
    const call = started();
    call.speak();
    for (let index = 0; index < 5; index += 1) {
      call.arrive(speech(0, FRAME, Law.A), testEndpoint(8, RTP_PORT));
    }
    const statistics = readRtpStatistics(call.session);
    equal(statistics.strangers, 5);
    equal(statistics.packetsReceived, 1);
  });

  it("takes no digit from another address, nor from another port of the peer's once one is known", () => {
    const call = started();
    call.packet.payloadType = 101;
    const payload = createBytes(4);
    call.arrive(payload, testEndpoint(8, RTP_PORT));
    call.arrive(payload, testEndpoint(9, RTP_PORT));
    call.advance(1600);
    call.arrive(payload, testEndpoint(9, RTP_PORT + 6));
    equal(call.digits.length, 1);
    equal(readRtpStatistics(call.session).strangers, 2);
  });

  it("follows the peer to another port of its address, once, and always takes the agreed one", () => {
    const call = started();
    const payload = speech(0, FRAME, Law.A);
    call.arrive(payload, testEndpoint(9, 5555));
    call.arrive(payload, testEndpoint(9, 6666));
    call.arrive(payload, testEndpoint(9, 5555));
    equal(readRtpStatistics(call.session).packetsReceived, 2);
    call.arrive(payload, testEndpoint(9, RTP_PORT));
    equal(readRtpStatistics(call.session).packetsReceived, 3);
    call.arrive(payload, testEndpoint(9, 5555));
    equal(readRtpStatistics(call.session).packetsReceived, 3);
    equal(readRtpStatistics(call.session).strangers, 2);
  });

  it("takes nothing from a peer that has no address", () => {
    const call = new Call(0);
    call.configuration.remote.family = 0;
    call.start();
    call.speak();
    equal(readRtpStatistics(call.session).strangers, 1);
  });

  it("counts what is malformed, of an unknown type, or comfort noise, and keeps none of it to be played", () => {
    const call = started();
    const peer = testEndpoint(9, RTP_PORT);
    call.rtp.arrive(createBytes(11), 11, peer);
    const long = createBytes(1600);
    writeRtpSource(call.packet, long, 0);
    writeRtpMoment(call.packet, long, 0);
    call.rtp.arrive(long, 1600, peer);
    receiveRtp(call.session);
    call.packet.payloadType = 18;
    call.arrive(createBytes(20), peer);
    call.packet.payloadType = 72;
    call.arrive(createBytes(20), peer);
    call.packet.payloadType = 13;
    call.arrive(createBytes(1), peer);
    const statistics = readRtpStatistics(call.session);
    equal(statistics.malformed, 2);
    equal(statistics.unknownTypes, 2);
    equal(statistics.comfortNoise, 1);
    isTrue(!call.session.playout.buffer.running, "nothing to play");
  });

  it("does not let a packet of an unknown type choose the port", () => {
    const call = started();
    call.packet.payloadType = 77;
    call.arrive(createBytes(20), testEndpoint(9, 5555));
    call.packet.payloadType = 8;
    call.arrive(createBytes(20), testEndpoint(9, 6666));
    equal(readRtpStatistics(call.session).packetsReceived, 1);
  });

  it("takes both laws, by their static types and by those that were agreed", () => {
    const call = started();
    call.configuration.muReceiveType = 118;
    call.configuration.aReceiveType = 98;
    call.start();
    for (const payloadType of [0, 8, 98, 118]) {
      call.packet.payloadType = payloadType;
      call.speak();
    }
    equal(readRtpStatistics(call.session).packetsReceived, 4);
    const laws = call.session.playout.buffer.laws;
    equal(`${laws[0]} ${laws[1]} ${laws[2]} ${laws[3]}`, "0 8 8 0");
  });

  it("tolerates empty packets, which keep a path open", () => {
    const call = started();
    call.speak();
    call.arrive(createBytes(0), testEndpoint(9, RTP_PORT));
    equal(readRtpStatistics(call.session).packetsReceived, 2);
    equal(call.session.playout.buffer.pieces, 1);
  });

  it("reports a digit once, with speech between its packets", () => {
    const call = started();
    call.speak();
    for (let step = 1; step <= 5; step += 1) {
      call.event(5, step * 160, step > 3);
      const high = call.packet.timestampHigh;
      const low = call.packet.timestampLow;
      call.advance(step * 160);
      call.arrive(speech(0, FRAME, Law.A), testEndpoint(9, RTP_PORT));
      call.packet.timestampHigh = high;
      call.packet.timestampLow = low;
    }
    equal(call.digits.join(" "), "5");
    equal(readRtpStatistics(call.session).digitsReceived, 1);
  });

  it("reports digits of a gateway that sends them as a source of their own, or with the type that it gave us", () => {
    const call = started();
    call.configuration.telephoneEventSendType = 96;
    call.start();
    call.speak();
    call.packet.ssrcLow = 77;
    call.event(3, 160, false);
    for (let times = 0; times < 5; times += 1) {
      call.event(3, 320, true);
    }
    call.advance(3200);
    call.packet.payloadType = 96;
    call.arrive(createBytes(4), testEndpoint(9, RTP_PORT));
    equal(call.digits.join(" "), "3 0");
    equal(call.session.stream.ssrcLow, 5, "the source of the speech");
  });

  it("reports several short events of one packet", () => {
    const call = started();
    const payload = createBytes(9);
    for (let index = 0; index < 2; index += 1) {
      payload[index * 4] = 7;
      payload[index * 4 + 2] = 1;
    }
    call.packet.payloadType = 101;
    call.arrive(payload, testEndpoint(9, RTP_PORT));
    // The second begins where the first ends, so that it is the first going on.
    equal(call.digits.join(" "), "7");
    payload[1] = 0x80;
    call.advance(8000);
    call.arrive(payload, testEndpoint(9, RTP_PORT));
    equal(call.digits.join(" "), "7 7 7");
  });

  it("follows a new source of the peer after three packets, and plays it", () => {
    const call = started();
    for (let index = 0; index < 10; index += 1) {
      call.speak();
    }
    call.packet.ssrcLow = 6;
    call.packet.sequence = 100;
    call.advance(50000);
    call.advance(50000);
    for (let index = 0; index < 5; index += 1) {
      call.speak();
    }
    const statistics = readRtpStatistics(call.session);
    equal(statistics.foreign, 2);
    equal(call.session.stream.ssrcLow, 6);
    equal(call.session.playout.buffer.pieces, 3);
  });

  it("plays and reports nothing while it is not to receive, and counts it", () => {
    const call = started();
    call.speak();
    call.configuration.receiving = false;
    call.start();
    call.speak();
    call.event(5, 160, false);
    const statistics = readRtpStatistics(call.session);
    equal(statistics.ignored, 2);
    equal(call.digits.length, 0);
    isTrue(!call.session.playout.buffer.running, "nothing to play");
  });

  it("forgets the old peer when the remote address changes, and takes nothing from it", () => {
    const call = started();
    call.speak();
    copyEndpoint(call.configuration.remote, testEndpoint(7, 7000));
    call.start();
    call.speak();
    equal(readRtpStatistics(call.session).strangers, 1);
    call.packet.ssrcLow = 99;
    call.arrive(speech(0, FRAME, Law.A), testEndpoint(7, 7000));
    equal(readRtpStatistics(call.session).packetsReceived, 2);
    equal(call.session.stream.ssrcLow, 99);
  });

  it("takes a bounded number of datagrams at a time", () => {
    const call = started();
    for (let index = 0; index < 40; index += 1) {
      call.rtp.arrive(createBytes(20), 20, testEndpoint(8, 1));
      call.rtcp.arrive(createBytes(20), 20, testEndpoint(8, 1));
    }
    equal(receiveRtp(call.session), 32);
    equal(call.rtp.waiting(), 24);
  });

  it("throws away what arrives while no call runs", () => {
    const call = new Call(0);
    call.speak();
    call.event(1, 160, false);
    equal(call.rtp.waiting(), 0);
    call.start();
    equal(readRtpStatistics(call.session).packetsReceived, 0);
    equal(call.digits.length, 0);
  });

  it("tells how long nothing was heard, through the wrap of device time", () => {
    const call = new Call(0x8000000 - 500);
    call.start();
    call.pass(300);
    equal(silenceOfRtp(call.session, call.wheel.now), 300);
    call.speak();
    equal(silenceOfRtp(call.session, call.wheel.now), 0);
    call.pass(1000);
    equal(silenceOfRtp(call.session, call.wheel.now), 1000);
    call.arrive(createBytes(20), testEndpoint(8, RTP_PORT));
    equal(silenceOfRtp(call.session, call.wheel.now), 1000, "a stranger changes nothing");
  });

  it("counts a call on hold as silent only when the peer's RTCP came during the hold and stopped", () => {
    const call = started();
    call.speak();
    call.pass(5000);
    equal(silenceOfRtp(call.session, call.wheel.now), 5000);
    call.configuration.receiving = false;
    call.start();
    call.pass(60000);
    equal(silenceOfRtp(call.session, call.wheel.now), 0, "on hold, without RTCP");
    call.control("80c90001 00000005", false);
    call.pass(4000);
    equal(silenceOfRtp(call.session, call.wheel.now), 4000, "since the last RTCP");
    call.speak();
    call.pass(1000);
    equal(silenceOfRtp(call.session, call.wheel.now), 1000, "RTP is a sign of life on hold, too");
    call.configuration.receiving = true;
    call.start();
    call.pass(300);
    equal(silenceOfRtp(call.session, call.wheel.now), 300, "since it was resumed");
    call.control("80c90001 00000005", false);
    equal(silenceOfRtp(call.session, call.wheel.now), 300, "RTCP is no speech");
    stopRtp(call.session);
    call.pass(1000);
    equal(silenceOfRtp(call.session, call.wheel.now), 0, "behind the end");
  });

  it("takes RTCP for a sign of life while the peer says that it is silent", () => {
    const call = started();
    call.speak();
    const noise = createBytes(1);
    noise[0] = 60;
    call.packet.payloadType = 13;
    call.arrive(noise, testEndpoint(9, RTP_PORT));
    call.pass(5000);
    equal(silenceOfRtp(call.session, call.wheel.now), 5000);
    call.control("80c90001 00000005", false);
    call.pass(200);
    equal(silenceOfRtp(call.session, call.wheel.now), 200);
  });

  it("plays comfort noise at its level, under type 13 and under the one that was agreed", () => {
    for (const payloadType of [13, 97]) {
      const call = new Call(1000);
      call.configuration.noiseReceiveType = 97;
      call.start();
      for (let index = 0; index < 10; index += 1) {
        call.speak();
      }
      const noise = createBytes(3);
      noise[0] = 45;
      call.packet.payloadType = payloadType;
      call.arrive(noise, testEndpoint(9, RTP_PORT));
      const frame = createSamples(FRAME);
      for (let index = 0; index < 40; index += 1) {
        playRtpFrame(call.session, frame, 0, FRAME);
      }
      const level = levelOf(frame, 0, FRAME);
      isTrue(level >= -470 && level <= -430, `noise at ${level} tenths of dBov`);
      equal(readRtpStatistics(call.session).starvedFrames, 0);
      equal(readRtpStatistics(call.session).comfortNoise, 1);
    }
  });

  it("moves to a new address of the peer's at once, and plays nobody else's packets then (RFC 3264 8.3.1)", () => {
    const call = started();
    call.speak();
    copyEndpoint(call.configuration.remote, testEndpoint(7, 6000));
    copyEndpoint(call.configuration.remoteControl, testEndpoint(7, 6001));
    call.start();
    call.talk(1, FRAME);
    equal(call.rtp.sent[call.rtp.sent.length - 1].peer.port, 6000);
    call.speak();
    equal(readRtpStatistics(call.session).strangers, 1, "the old address");
    call.arrive(speech(0, FRAME, Law.A), testEndpoint(7, 6000));
    isTrue(call.session.playout.buffer.running, "the new address");
    call.arrive(speech(0, FRAME, Law.A), testEndpoint(7, 6002));
    equal(readRtpStatistics(call.session).strangers, 2, "another port of it");
    // A change that leaves the address alone leaves the port that was learned alone, too.
    call.start();
    call.arrive(speech(0, FRAME, Law.A), testEndpoint(7, 6002));
    equal(readRtpStatistics(call.session).strangers, 3);
  });

  it("reports the delay of its jitter buffer, as it is and as it should be", () => {
    const call = started();
    const frame = createSamples(FRAME);
    for (let index = 0; index < 60; index += 1) {
      call.speak();
      call.pass(20);
      playRtpFrame(call.session, frame, 0, FRAME);
    }
    equal(readRtpStatistics(call.session).delay, 40);
    equal(readRtpStatistics(call.session).delayTarget, 40);
  });
});

describe("rtp/session, RTCP", () => {
  itSlow("reports every 2 to 6.2 seconds, at irregular times, and first within half of that (RFC 3550 6.3)", () => {
    const call = started();
    const gaps: number[] = [];
    let last = 0;
    for (let now = 0; now < 200000; now += 20) {
      const count = call.rtcp.sent.length;
      call.pass(20);
      if (call.rtcp.sent.length > count) {
        gaps.push(now - last);
        last = now;
      }
    }
    isTrue(gaps.length >= 36 && gaps.length <= 44, `${gaps.length} reports in 200 s: 5 s each`);
    let varied = 0;
    isTrue(gaps[0] >= 1020 && gaps[0] <= 3100, `the first after ${gaps[0]} ms`);
    for (let index = 1; index < gaps.length; index += 1) {
      isTrue(gaps[index] >= 2040 && gaps[index] <= 6180, `a gap of ${gaps[index]} ms`);
      varied += index > 0 && gaps[index] !== gaps[index - 1] ? 1 : 0;
    }
    isTrue(varied > 10, "gaps differ");
    equal(call.rtcp.sent[0].peer.port, RTP_PORT + 1);
  });

  it("says what was sent and what was heard, with loss and highest sequence", () => {
    const call = started();
    call.talk(20, FRAME);
    for (let index = 0; index < 20; index += 1) {
      if (index === 10 || index === 11) {
        call.packet.sequence = (call.packet.sequence + 1) % 0x10000;
      }
      call.speak();
    }
    call.pass(7600);
    const report = call.report(0);
    isTrue(report.isSender, "a sender report");
    equal(report.packetsLow, 20);
    equal(report.octetsLow, 20 * FRAME);
    equal(report.ssrcLow, call.sent(0).ssrcLow);
    isTrue(report.aboutUs, "a block about the peer");
    equal(report.block.packetsLost, 2);
    equal(report.block.fractionLost, 23); // 2 of 22, in 1/256
    equal(report.block.cycles, 1);
    equal(report.block.sequence, 65530 + 21 - 65536);
    equal(report.block.lastReportHigh + report.block.delayHigh, 0, "no sender report was heard");
  });

  it("is a receiver's report once nothing was sent for two intervals", () => {
    const call = started();
    call.talk(5, FRAME);
    call.pass(40000);
    isTrue(call.report(0).isSender && call.report(1).isSender, "the first two");
    isTrue(!call.report(2).isSender && !call.report(2).aboutUs, "the third");
  });

  itSlow("measures the round trip between two of its sessions, and takes the peer's view of loss", () => {
    // Two sessions, each the other's peer; what one sends reaches the other 60 ms later.
    const here = started();
    const there = new Call(500000);
    there.start();
    let handedOver = 0;
    let handedBack = 0;
    for (let step = 0; step < 1000; step += 1) {
      here.talk(1, FRAME);
      there.talk(1, FRAME);
      here.pass(20);
      there.pass(20);
      const control = testEndpoint(9, RTP_PORT + 1);
      const speechFrom = testEndpoint(9, RTP_PORT);
      if (step >= 3) {
        const ours = here.rtp.sent[step - 3];
        const theirs = there.rtp.sent[step - 3];
        if (step % 4 !== 0) {
          there.rtp.arrive(ours.bytes, ours.bytes.length, speechFrom);
        }
        here.rtp.arrive(theirs.bytes, theirs.bytes.length, speechFrom);
      }
      while (handedOver < here.rtcp.sent.length) {
        const datagram = here.rtcp.sent[handedOver];
        handedOver += 1;
        there.rtcp.arrive(datagram.bytes, datagram.bytes.length, control);
      }
      receiveRtp(here.session);
      if (step % 3 === 0) {
        receiveRtp(there.session);
      }
      while (handedBack < there.rtcp.sent.length) {
        const datagram = there.rtcp.sent[handedBack];
        handedBack += 1;
        here.rtcp.arrive(datagram.bytes, datagram.bytes.length, control);
      }
    }
    const statistics = readRtpStatistics(here.session);
    isTrue(statistics.reportsReceived >= 3, `${statistics.reportsReceived} reports`);
    isTrue(statistics.roundTrip >= 0 && statistics.roundTrip <= 60, `a round trip of ${statistics.roundTrip} ms`);
    isTrue(
      statistics.remoteFractionLost >= 60 && statistics.remoteFractionLost <= 68,
      `${statistics.remoteFractionLost} / 256 lost`,
    );
    isTrue(statistics.remotePacketsLost > 100, `${statistics.remotePacketsLost} lost`);
  });

  it("says goodbye at the end, and is silent from then on", () => {
    const call = started();
    call.talk(1, FRAME);
    stopRtp(call.session);
    equal(call.rtcp.sent.length, 1);
    isTrue(call.report(0).goodbye, "the goodbye");
    call.pass(20000);
    stopRtp(call.session);
    equal(call.rtcp.sent.length, 1);
  });

  it("hears the peer's goodbye, only from the peer, and then takes another source at once", () => {
    const call = started();
    call.speak();
    const goodbye = createBytes(8);
    goodbye[0] = 0x81;
    goodbye[1] = 203;
    goodbye[3] = 1;
    goodbye[7] = 5;
    call.rtcp.arrive(goodbye, 8, testEndpoint(8, RTP_PORT + 1));
    receiveRtp(call.session);
    equal(call.goodbyes, 0);
    equal(readRtpStatistics(call.session).strangers, 1);
    call.rtcp.arrive(goodbye, 8, testEndpoint(9, RTP_PORT + 1));
    call.rtcp.arrive(goodbye, 8, testEndpoint(9, RTP_PORT + 1));
    receiveRtp(call.session);
    equal(call.goodbyes, 1);
    call.packet.ssrcLow = 6;
    call.speak();
    equal(call.session.stream.ssrcLow, 6);
  });

  it("counts RTCP that is malformed", () => {
    const call = started();
    call.rtcp.arrive(createBytes(8), 8, testEndpoint(9, RTP_PORT + 1));
    receiveRtp(call.session);
    equal(readRtpStatistics(call.session).malformed, 1);
    equal(readRtpStatistics(call.session).reportsReceived, 0);
  });

  it("sends the summary of RFC 3611 behind its report: what was lost, came twice, and the jitter", () => {
    const call = started();
    for (let index = 0; index < 20; index += 1) {
      if (index === 10) {
        call.packet.sequence = (call.packet.sequence + 2) % 0x10000;
      }
      call.speak();
      call.pass(20);
    }
    call.packet.sequence = (call.packet.sequence + 0xffff) % 0x10000;
    call.packet.timestampLow -= FRAME;
    call.arrive(speech(0, FRAME, Law.A), testEndpoint(9, RTP_PORT));
    call.pass(3100);
    const bytes = call.rtcp.sent[0].bytes;
    const at = bytes.length - 48;
    // Begins at 65,530; 22 packets expected, 20 and one again were heard. The one that came again was 20 ms late.
    const ours = hexOf(bytes, 4, 8);
    equal(hexOf(bytes, at, at + 8), `80cf000b${ours}`);
    equal(hexOf(bytes, at + 8, at + 20), "06e0000900000005fffa0010");
    equal(hexOf(bytes, at + 20, at + 28), "0000000100000001");
    equal(hexOf(bytes, at + 32, at + 36), "000000a0", "the greatest difference");
  });

  it("answers a peer that asks for the round trip by RFC 3611, once a question", () => {
    const call = started();
    call.control("80c90001 00000005 80cf0004 00000005 04000002 aaaa1111 2222bbbb", false);
    call.pass(500);
    call.pass(2600);
    const bytes = call.rtcp.sent[0].bytes;
    equal(hexOf(bytes, bytes.length - 16, bytes.length - 4), "050000030000000511112222");
    call.pass(6200);
    isTrue(call.rtcp.sent[1].bytes.length < bytes.length, "the second report has no answer");
  });

  it("shares the port of RTP with RTCP where that is agreed, both ways (RFC 5761)", () => {
    const call = new Call(1000);
    call.configuration.multiplexed = true;
    copyEndpoint(call.configuration.remoteControl, testEndpoint(9, RTP_PORT));
    call.start();
    call.speak();
    call.control("81cb0001 00000005", true);
    equal(call.goodbyes, 1);
    equal(readRtpStatistics(call.session).reportsReceived, 1);
    equal(readRtpStatistics(call.session).packetsReceived, 1);
    call.pass(3100);
    equal(call.rtcp.sent.length, 0);
    equal(call.rtp.sent.length, 1);
    equal(call.rtp.sent[0].bytes[1], 201, "a receiver report");
    equal(call.rtp.sent[0].peer.port, RTP_PORT);
    // The payload types beside those of RTCP are RTP's.
    call.packet.payloadType = 96;
    call.packet.marker = true;
    call.arrive(createBytes(20), testEndpoint(9, RTP_PORT));
    equal(readRtpStatistics(call.session).unknownTypes, 1);
  });

  it("takes no RTCP at the port of RTP where that is not agreed, nor of a stranger where it is", () => {
    const call = started();
    call.control("81cb0001 00000005", true);
    equal(readRtpStatistics(call.session).reportsReceived, 0);
    const shared = new Call(1000);
    shared.configuration.multiplexed = true;
    shared.start();
    shared.rtp.arrive(bytesOfHex("81cb000100000005"), 8, testEndpoint(8, RTP_PORT));
    receiveRtp(shared.session);
    equal(readRtpStatistics(shared.session).strangers, 1);
    equal(readRtpStatistics(shared.session).reportsReceived, 0);
  });

  it("says no goodbye when it never said anything (RFC 3550 6.3.7)", () => {
    const call = started();
    call.pass(500);
    stopRtp(call.session);
    equal(call.rtcp.sent.length, 0);
  });

  it("sends no reports to a peer that names no port for them", () => {
    const call = new Call(0);
    call.configuration.remoteControl.port = 0;
    call.start();
    call.pass(20000);
    equal(call.rtcp.sent.length, 0);
  });
});
