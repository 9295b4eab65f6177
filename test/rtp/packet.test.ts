import { createBytes } from "../../firmware/bytes/bytes";
import {
  createRtpPacket,
  parseRtpPacket,
  RTP_HEADER_BYTES,
  writeRtpMoment,
  writeRtpSource,
} from "../../firmware/rtp/packet";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOfHex, hexOf } from "../octets";

interface Sample {
  what: string;
  hex: string;
  payload: string;
}

const FIXED = "0000000100000002";

const sound: Sample[] = [
  { what: "a plain packet", hex: `80001234 ${FIXED} ffeedd`, payload: "ffeedd" },
  { what: "no payload at all", hex: `80001234 ${FIXED}`, payload: "" },
  { what: "two contributing sources", hex: `82001234 ${FIXED} 0000000a 0000000b 55`, payload: "55" },
  { what: "fifteen contributing sources", hex: `8f001234 ${FIXED} ${"0000000a".repeat(15)} 55`, payload: "55" },
  { what: "an empty extension", hex: `90001234 ${FIXED} bede0000 55`, payload: "55" },
  { what: "an extension of two words", hex: `90001234 ${FIXED} bede0002 1111111122222222 55`, payload: "55" },
  { what: "padding of three", hex: `a0001234 ${FIXED} 5566 000003`, payload: "5566" },
  { what: "padding and nothing else", hex: `a0001234 ${FIXED} 00000004`, payload: "" },
  { what: "sources, extension and padding", hex: `b1001234 ${FIXED} 0000000a bede0001 11111111 77 01`, payload: "77" },
];

const faulty: Sample[] = [
  { what: "nothing", hex: "", payload: "" },
  { what: "eleven octets", hex: "80001234 0000000100 0000", payload: "" },
  { what: "version 1", hex: `40001234 ${FIXED} 55`, payload: "" },
  { what: "version 3", hex: `c0001234 ${FIXED} 55`, payload: "" },
  { what: "contributing sources that are not there", hex: `83001234 ${FIXED} 0000000a 0000000b`, payload: "" },
  { what: "an extension cut in its header", hex: `90001234 ${FIXED} bede00`, payload: "" },
  { what: "an extension longer than the packet", hex: `90001234 ${FIXED} bede0002 11111111`, payload: "" },
  { what: "the longest extension that can be named", hex: `90001234 ${FIXED} bedeffff 11111111`, payload: "" },
  { what: "padding of none", hex: `a0001234 ${FIXED} 550000`, payload: "" },
  { what: "padding longer than the payload", hex: `a0001234 ${FIXED} 550004`, payload: "" },
  { what: "padding without an octet that counts it", hex: `a0001234 ${FIXED}`, payload: "" },
  { what: "padding that reaches into the sources", hex: `a1001234 ${FIXED} 00000003 02`, payload: "" },
];

describe("rtp/packet", () => {
  for (const sample of sound) {
    it(`reads ${sample.what}`, () => {
      const bytes = bytesOfHex(sample.hex);
      const packet = createRtpPacket();
      equal(parseRtpPacket(bytes, 0, bytes.length, packet), Status.OK);
      equal(hexOf(bytes, packet.payloadStart, packet.payloadEnd), sample.payload);
      equal(packet.sequence, 0x1234);
      equal(packet.timestampLow, 1);
      equal(packet.ssrcLow, 2);
    });
  }

  for (const sample of faulty) {
    it(`refuses ${sample.what}`, () => {
      const bytes = bytesOfHex(sample.hex);
      equal(parseRtpPacket(bytes, 0, bytes.length, createRtpPacket()), Status.MALFORMED);
    });
  }

  it("reads a packet in the middle of a buffer and keeps within it", () => {
    const bytes = bytesOfHex(`ffffff 80801234 8000ffff fffe0001 aabb ffff`);
    const packet = createRtpPacket();
    equal(parseRtpPacket(bytes, 3, 17, packet), Status.OK);
    isTrue(packet.marker, "the marker");
    equal(packet.payloadType, 0);
    equal(packet.timestampHigh, 0x8000);
    equal(packet.timestampLow, 0xffff);
    equal(packet.ssrcHigh, 0xfffe);
    equal(hexOf(bytes, packet.payloadStart, packet.payloadEnd), "aabb");
  });

  it("never reads outside, wherever a packet is cut", () => {
    const bytes = bytesOfHex(`b2e51234 ${FIXED} 0000000a 0000000b bede0001 11111111 77777777 00000003`);
    const packet = createRtpPacket();
    for (let end = 0; end <= bytes.length; end += 1) {
      const cut = createBytes(end);
      for (let index = 0; index < end; index += 1) {
        cut[index] = bytes[index];
      }
      if (parseRtpPacket(cut, 0, end, packet) === Status.OK) {
        isTrue(packet.payloadStart <= packet.payloadEnd && packet.payloadEnd <= end, `the payload of ${end} octets`);
      }
    }
  });

  it("writes the header that it reads", () => {
    const packet = createRtpPacket();
    packet.marker = true;
    packet.payloadType = 101;
    packet.sequence = 0xfffe;
    packet.timestampHigh = 0xdead;
    packet.timestampLow = 0xbeef;
    packet.ssrcHigh = 0x0102;
    packet.ssrcLow = 0x0304;
    const bytes = createBytes(RTP_HEADER_BYTES + 2);
    writeRtpSource(packet, bytes, 1);
    writeRtpMoment(packet, bytes, 1);
    equal(hexOf(bytes, 0, bytes.length), "0080e5fffedeadbeef0102030400");
  });
});
