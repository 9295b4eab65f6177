// Voice and keys on the wire (RFC 3550, RFC 3551, RFC 4733): what the packets of a call look like, and which of them count.

import { createG711, Law } from "../../firmware/audio/g711";
import { createBytes, createSamples } from "../../firmware/bytes/bytes";
import { copyEndpoint } from "../../firmware/bytes/ip-address";
import { createTimerWheel, runTimers } from "../../firmware/clock/timer-wheel";
import { configureRtp, createRtpConfiguration } from "../../firmware/rtp/configuration";
import {
  createRtpSession,
  type RtpListener,
  type RtpSession,
  receiveRtp,
  sendRtpDigit,
  sendRtpFrame,
  startRtp,
  stopRtp,
} from "../../firmware/rtp/session";
import { createAgreement } from "../../firmware/sdp/agreement";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue } from "../harness";
import { SeededRandom } from "../rig/time";
import { clause } from "./clause";

const FRAME = 160;
const g711 = createG711();
const silence = createSamples(FRAME);

/** A session with a peer at 192.0.2.9:4000 that sends PCMA and telephone events. */
class Voice {
  readonly rtp = new FakeUdp(testEndpoint(4, 10000));
  readonly rtcp = new FakeUdp(testEndpoint(4, 10001));
  readonly session: RtpSession;
  readonly keys: number[] = [];
  goodbyes = 0;
  private readonly wheel = createTimerWheel(1000);

  constructor() {
    const listener: RtpListener = {
      owner: this,
      onDigit: (owner: object, digit: number): void => {
        (owner as Voice).keys.push(digit);
      },
      onGoodbye: (owner: object): void => {
        (owner as Voice).goodbyes += 1;
      },
    };
    const limits = { datagramBytes: 1500, datagramsPerReceive: 16 };
    this.session = createRtpSession(
      limits,
      { rtp: this.rtp, rtcp: this.rtcp },
      new SeededRandom(77),
      this.wheel,
      g711,
      listener,
    );
    this.start();
  }

  start(): void {
    const agreement = createAgreement();
    const configuration = createRtpConfiguration();
    copyEndpoint(agreement.remote, testEndpoint(9, 4000));
    copyEndpoint(agreement.remoteControl, testEndpoint(9, 4001));
    agreement.law = Law.A;
    agreement.payloadType = 8;
    agreement.telephoneEventSendType = 101;
    agreement.telephoneEventReceiveType = 101;
    agreement.sending = true;
    agreement.receiving = true;
    configureRtp(configuration, agreement);
    startRtp(this.session, configuration);
  }

  talk(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      sendRtpFrame(this.session, silence, 0, FRAME);
    }
  }

  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 100) {
      runTimers(this.wheel, (this.wheel.now + 100) % 0x8000000);
    }
  }

  /** The octet at `at` of the packet that was sent as number `index`, or two octets as a number. */
  octet(index: number, at: number): number {
    return this.rtp.sent[index].bytes[at];
  }

  half(index: number, at: number): number {
    return this.octet(index, at) * 256 + this.octet(index, at + 1);
  }

  /** A packet of a telephone event arrives from 192.0.2.`host`. */
  event(host: number, sequence: number, timestamp: number, event: number, duration: number, end: boolean): void {
    const header = [0x80, 101, 0, sequence, 0, 0, (timestamp / 256) | 0, timestamp % 256, 0, 0, 0, 7];
    const packet = createBytes(16);
    for (let index = 0; index < 12; index += 1) {
      packet[index] = header[index];
    }
    packet[12] = event;
    packet[13] = end ? 0x8a : 0x0a;
    packet[14] = (duration / 256) | 0;
    packet[15] = duration % 256;
    this.rtp.arrive(packet, 16, testEndpoint(host, 4000));
    receiveRtp(this.session);
  }
}

describe("packets of voice", () => {
  clause(
    "RFC 3550 5.1",
    "have version 2, no padding, no extension, no contributing sources, and the agreed type",
    () => {
      const voice = new Voice();
      voice.talk(3);
      for (let index = 0; index < 3; index += 1) {
        equal(voice.octet(index, 0), 0x80, "first octet");
        equal(voice.octet(index, 1) & 0x7f, 8, "payload type");
        equal(voice.rtp.sent[index].bytes.length, 12 + FRAME, "octets");
      }
    },
  );

  clause("RFC 3550 5.1", "have sequence numbers that rise by one and timestamps that rise by their samples", () => {
    const voice = new Voice();
    voice.talk(3);
    for (let index = 1; index < 3; index += 1) {
      equal((voice.half(index, 2) - voice.half(index - 1, 2) + 65536) % 65536, 1, "sequence number");
      equal((voice.half(index, 6) - voice.half(index - 1, 6) + 65536) % 65536, FRAME, "timestamp");
      equal(voice.half(index, 8), voice.half(0, 8), "SSRC, first half");
      equal(voice.half(index, 10), voice.half(0, 10), "SSRC, second half");
    }
  });

  clause("RFC 3550 5.1", "begin at another SSRC, sequence number and timestamp in every session", () => {
    const voice = new Voice();
    voice.talk(1);
    stopRtp(voice.session);
    voice.start();
    voice.talk(1);
    isTrue(voice.half(0, 10) !== voice.half(1, 10) || voice.half(0, 8) !== voice.half(1, 8), "SSRC");
    isTrue(voice.half(0, 2) !== voice.half(1, 2), "sequence number");
    isTrue(voice.half(0, 6) !== voice.half(1, 6), "timestamp");
  });

  clause("RFC 3551 4.1", "have the marker at the begin of a talk spurt alone", () => {
    const voice = new Voice();
    voice.talk(3);
    equal(voice.octet(0, 1) >= 0x80, true, "first");
    equal(voice.octet(1, 1) >= 0x80 || voice.octet(2, 1) >= 0x80, false, "others");
  });

  clause("RFC 3550 6.2", "are accompanied by reports whose times vary, and end with BYE", () => {
    const voice = new Voice();
    voice.talk(2);
    voice.pass(15000);
    isTrue(voice.rtcp.sent.length >= 1, "reports");
    equal(voice.rtcp.sent[0].bytes[0] & 0xc0, 0x80, "version");
    equal(voice.rtcp.sent[0].bytes[1], 200, "a sender report comes first");
    equal(voice.rtcp.sent[0].peer.port, 4001, "port");
    stopRtp(voice.session);
    const last = voice.rtcp.sent[voice.rtcp.sent.length - 1].bytes;
    let at = 0;
    let type = 0;
    while (at + 4 <= last.length) {
      type = last[at + 1];
      at += 4 + 4 * (last[at + 2] * 256 + last[at + 3]);
    }
    equal(type, 203, "type of the last packet");
    equal(at, last.length, "the lengths of the packets add up");
  });
});

describe("keys in voice", () => {
  clause("RFC 4733 2.5.2.1", "are reported once, whichever of their packets arrive", () => {
    const voice = new Voice();
    voice.event(9, 1, 1000, 5, 160, false);
    voice.event(9, 2, 1000, 5, 320, false);
    voice.event(9, 3, 1000, 5, 480, true);
    voice.event(9, 4, 1000, 5, 480, true);
    voice.event(9, 5, 1000, 5, 480, true);
    equal(voice.keys.join(" "), "5", "keys");
    voice.event(9, 8, 3000, 11, 480, true);
    equal(voice.keys.join(" "), "5 11", "a key of which the end alone arrived");
  });

  clause("RFC 4733 2.5.2.1", "of the same name count again when their timestamp is another", () => {
    const voice = new Voice();
    voice.event(9, 1, 1000, 1, 480, true);
    voice.event(9, 2, 2600, 1, 480, true);
    equal(voice.keys.join(" "), "1 1", "keys");
  });

  clause(
    "RFC 4733 2.5.1.2",
    "are sent with the timestamp of their begin, a duration that grows, and three ends",
    () => {
      const voice = new Voice();
      voice.talk(1);
      sendRtpDigit(voice.session, 11, 100);
      voice.talk(9);
      let ends = 0;
      let duration = 0;
      let first = -1;
      for (let index = 0; index < voice.rtp.sent.length; index += 1) {
        if ((voice.octet(index, 1) & 0x7f) === 101) {
          first = first < 0 ? index : first;
          equal(voice.octet(index, 12), 11, "event");
          equal(voice.half(index, 6), voice.half(first, 6), "timestamp");
          isTrue(voice.half(index, 14) >= duration, "duration");
          duration = voice.half(index, 14);
          ends += voice.octet(index, 13) >= 0x80 ? 1 : 0;
        }
      }
      isTrue(first > 0 && voice.octet(first, 1) >= 0x80, "the first has the marker");
      equal(ends, 3, "ends");
      equal(duration, 800, "samples of 100 ms");
    },
  );

  clause("RFC 4733 2.5.1.2", "leave speech behind them at its own time", () => {
    const voice = new Voice();
    voice.talk(1);
    sendRtpDigit(voice.session, 1, 100);
    voice.talk(12);
    const last = voice.rtp.sent.length - 1;
    equal(voice.octet(last, 1) & 0x7f, 8, "type of the last");
    equal((voice.half(last, 6) - voice.half(0, 6) + 65536) % 65536, 12 * FRAME, "its time");
  });

  clause("RFC 3550 8.2", "count only from the peer of the call", () => {
    const voice = new Voice();
    voice.event(66, 1, 1000, 5, 480, true);
    equal(voice.keys.length, 0, "keys of a stranger");
  });
});
