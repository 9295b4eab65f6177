// STUN messages: what is told apart from SIP and RTP, the request, the mapped address in the answer, and answers that lie.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { createHalves, type Halves } from "../../firmware/bytes/decimal";
import { createEndpoint, putHostAddress } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { computeCrc32 } from "../../firmware/stun/fingerprint";
import {
  isStun,
  readBindingResponse,
  STUN_HEADER_OCTETS,
  StunVerdict,
  setBindingRequest,
} from "../../firmware/stun/message";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, bytesOfHex, hexOf, textOf } from "../octets";

const ID = "0102030405060708090a0b0c";
const COOKIE = "2112a442";
/** 192.0.2.77 port 40000, masked. */
const XORED = "00200008 0001bd52 e112a60f";
const PLAIN = "00010008 00019c40 c000024d";

const request = bytesOfHex(`00000000 00000000 ${ID}`);
setBindingRequest(request);
const mapped = createEndpoint();
const writer = createWriter();

/** An answer with attributes; its length is right. */
function answer(type: string, attributes: string): string {
  const octets = bytesOfHex(attributes).length;
  const digits = "0123456789abcdef";
  const length = `00${digits.charAt((octets - (octets % 16)) / 16)}${digits.charAt(octets % 16)}`;
  return `${type}${length}${COOKIE}${ID}${attributes}`;
}

/** "address:port", "refused", or "foreign". */
function read(hex: string): string {
  const bytes = bytesOfHex(hex);
  const verdict = readBindingResponse(bytes, bytes.length, request, mapped);
  if (verdict !== StunVerdict.MAPPED) {
    return verdict === StunVerdict.REFUSED ? "refused" : "foreign";
  }
  const text = createBytes(48);
  openWriter(writer, text, 0, text.length);
  putHostAddress(writer, mapped.family, mapped.address);
  return `${textOf(text, 0, writer.length)}:${mapped.port}`;
}

/** Writes the value of a FINGERPRINT. */
function setFingerprint(bytes: Bytes, at: number, crc: Halves): void {
  const value = [(crc.high >> 8) ^ 0x53, (crc.high & 0xff) ^ 0x54, (crc.low >> 8) ^ 0x55, (crc.low & 0xff) ^ 0x4e];
  for (let index = 0; index < 4; index += 1) {
    bytes[at + index] = value[index];
  }
}

describe("a STUN message", () => {
  it("is told by two zero bits, the magic cookie and a whole header", () => {
    const good = bytesOfHex(`00010000${COOKIE}${ID}`);
    isTrue(isStun(good, good.length), "a binding request");
    isTrue(!isStun(good, good.length - 1), "cut short");
    for (const at of [4, 5, 6, 7]) {
      const bad = bytesOfHex(`00010000${COOKIE}${ID}`);
      bad[at] = bad[at] ^ 1;
      isTrue(!isStun(bad, bad.length), `another cookie at ${at}`);
    }
    const rtp = bytesOfHex(`80010000${COOKIE}${ID}`);
    isTrue(!isStun(rtp, rtp.length), "RTP");
    const sip = bytesOf("OPTIONS sip:door@192.0.2.4 SIP/2.0\r\n");
    isTrue(!isStun(sip, sip.length), "SIP");
    isTrue(!isStun(createBytes(0), 0), "nothing");
  });

  it("asks with a binding request of the header alone", () => {
    equal(hexOf(request, 0, STUN_HEADER_OCTETS), `00010000${COOKIE}${ID}`);
  });

  it("says the mapped address of both families, masked or plain, the masked one first", () => {
    equal(read(answer("0101", XORED)), "192.0.2.77:40000", "masked");
    equal(read(answer("0101", PLAIN)), "192.0.2.77:40000", "plain");
    equal(read(answer("0101", `0001000800010001 0a000001 ${XORED}`)), "192.0.2.77:40000", "plain, then masked");
    equal(read(answer("0101", `${XORED} 0001000800010001 0a000001`)), "192.0.2.77:40000", "masked, then plain");
    // 2001:db8::1 port 5060: mask 2112 a442 0102 0304 0506 0708 090a 0b0c
    equal(
      read(answer("0101", "00200014 000232d6 0113a9fa 01020304 05060708 090a0b0d")),
      "[2001:db8::1]:5060",
      "IPv6, masked",
    );
    equal(
      read(answer("0101", "00010014 000213c4 20010db8 00000000 00000000 00000001")),
      "[2001:db8::1]:5060",
      "IPv6, plain",
    );
  });

  it("passes over attributes that may be left unread, and over the padding of odd ones", () => {
    equal(read(answer("0101", `80220005 646f6f72 21000000 ${XORED}`)), "192.0.2.77:40000", "SOFTWARE of 5 octets");
    equal(read(answer("0101", `00040008 00010d96 c0000201 ${XORED}`)), "192.0.2.77:40000", "of RFC 3489");
  });

  it("is no answer when it is not whole, not ours, or must not be understood", () => {
    const cases: [string, string][] = [
      ["no mapped address", answer("0101", "")],
      ["another id", answer("0101", XORED).replace("0a0b0c", "0a0b0d")],
      ["a request", answer("0001", XORED)],
      ["an indication", answer("0111", "").replace("0111", "0011")],
      ["another method", answer("0103", XORED)],
      ["a length above", answer("0101", XORED).replace("0101000c", "01010010")],
      ["a length below", answer("0101", XORED).replace("0101000c", "01010008")],
      ["a length of 65535", answer("0101", XORED).replace("0101000c", "0101ffff")],
      ["an attribute that ends outside", answer("0101", "00200009 0001bd52 e112a60f")],
      ["an address that is cut", answer("0101", "00200008 0001bd52")],
      ["an attribute of 65535 octets", answer("0101", `8022ffff ${XORED}`)],
      ["an attribute header cut", answer("0101", `${XORED} 8022`)],
      ["padding that is not there", answer("0101", `${XORED} 80220001 64`)],
      ["an address of 3 octets", answer("0101", "00200007 0001bd52 e112a600")],
      ["a family of none", answer("0101", "00200008 0003bd52 e112a60f")],
      ["IPv6 in 8 octets", answer("0101", "00200008 0002bd52 e112a60f")],
      ["an unknown attribute that must be understood", answer("0101", `${XORED} 7fff0000`)],
    ];
    for (const [what, hex] of cases) {
      equal(read(hex), "foreign", what);
    }
  });

  it("says that the server refuses", () => {
    equal(read(answer("0111", "00090004 00000401")), "refused");
  });

  it("checks a fingerprint where there is one", () => {
    const crc = createHalves();
    const check = bytesOf("x123456789x");
    computeCrc32(check, 1, 10, crc);
    equal(crc.high, 0xcbf4, "the check value of CRC-32, upper half");
    equal(crc.low, 0x3926, "lower half");
    const bytes = bytesOfHex(answer("0101", `${XORED} 80280004 00000000`));
    computeCrc32(bytes, 0, bytes.length - 8, crc);
    setFingerprint(bytes, bytes.length - 4, crc);
    equal(read(hexOf(bytes, 0, bytes.length)), "192.0.2.77:40000", "a right one");
    for (let at = bytes.length - 4; at < bytes.length; at += 1) {
      bytes[at] = bytes[at] ^ 0x10;
      equal(read(hexOf(bytes, 0, bytes.length)), "foreign", `a wrong octet ${at}`);
      bytes[at] = bytes[at] ^ 0x10;
    }
    bytes[28] = bytes[28] ^ 1;
    equal(read(hexOf(bytes, 0, bytes.length)), "foreign", "another address");
    bytes[28] = bytes[28] ^ 1;
    const early = bytesOfHex(answer("0101", `80280004 00000000 ${XORED}`));
    computeCrc32(early, 0, 20, crc);
    setFingerprint(early, 24, crc);
    equal(read(hexOf(early, 0, early.length)), "foreign", "a right one that is not the last attribute");
  });
});
