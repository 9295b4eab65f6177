import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import {
  createReport,
  parseCompound,
  REPORT_BYTES_MAXIMUM,
  type Report,
  writeGoodbye,
  writeReport,
  writeSourceDescription,
} from "../../firmware/rtp/rtcp";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, bytesOfHex, hexOf } from "../octets";

const BLOCK = "0a0b0c0d 40 fffffe 0001fffe 00000123 11112222 00018000";
const SENDER = "81c8000c 0badcafe 00001111 22220000 44445555 00000007 00000460";
const DESCRIPTION = "81ca0002 0badcafe 01026162 0000";

/** Reads as 0a0b0c0d, whose peer is 0badcafe. */
function parse(bytes: Bytes, end: number, report: Report): Status {
  return parseCompound(bytes, 0, end, 0x0a0b, 0x0c0d, 0x0bad, 0xcafe, report);
}

function parseHex(hex: string, report: Report): Status {
  const bytes = bytesOfHex(hex);
  return parse(bytes, bytes.length, report);
}

describe("rtp/rtcp", () => {
  it("reads a sender report with a block about us", () => {
    const report = createReport();
    equal(parseHex(`${SENDER} ${BLOCK} 81ca0003 0badcafe 01026162 00000000`, report), Status.OK);
    isTrue(report.isSender && report.aboutUs && !report.goodbye, "a sender report about us");
    equal(report.ssrcHigh, 0x0bad);
    equal(report.ntpHigh, 0x1111);
    equal(report.ntpLow, 0x2222);
    equal(report.timestampHigh, 0x4444);
    equal(report.packetsLow, 7);
    equal(report.octetsLow, 0x460);
    equal(report.block.fractionLost, 0x40);
    equal(report.block.packetsLost, -2);
    equal(report.block.cycles, 1);
    equal(report.block.sequence, 0xfffe);
    equal(report.block.jitterLow, 0x123);
    equal(report.block.lastReportHigh, 0x1111);
    equal(report.block.delayHigh, 1);
    equal(report.block.delayLow, 0x8000);
  });

  it("reads a receiver report, and finds the block about us among others", () => {
    const report = createReport();
    const other = BLOCK.split("0a0b0c0d").join("0a0b0c0e");
    equal(parseHex(`83c90013 0badcafe ${other} ${BLOCK} ${other}`, report), Status.OK);
    isTrue(report.aboutUs && !report.isSender, "a receiver report about us");
    equal(parseHex(`82c9000d 0badcafe ${other} ${other}`, report), Status.OK);
    isTrue(!report.aboutUs, "not about us");
  });

  it("finds the peer's goodbye, alone, among others and behind a report", () => {
    const report = createReport();
    equal(parseHex("80c90001 0badcafe 81cb0001 0badcafe", report), Status.OK);
    isTrue(report.goodbye, "behind a report");
    equal(parseHex("83cb0005 00000001 0badcafe 00000002 04627965 62000000", report), Status.OK);
    isTrue(report.goodbye, "among others, with a reason");
    equal(parseHex("81cb0001 0badcaff", report), Status.OK);
    isTrue(!report.goodbye, "of another source");
    equal(parseHex("80cb0000", report), Status.OK);
    isTrue(!report.goodbye, "of nobody");
  });

  it("passes over packets that it does not know", () => {
    const report = createReport();
    equal(
      parseHex("80c90001 0badcafe 80cc0002 0badcafe 6e616d65 80cf0001 0badcafe 81cb0001 0badcafe", report),
      Status.OK,
    );
    isTrue(report.goodbye, "the goodbye behind them");
  });

  const faulty = [
    "",
    "80",
    "80c900",
    "40c90001 0badcafe",
    "80c90002 0badcafe",
    "80c90000",
    "81c90001 0badcafe",
    "9fc90007 0badcafe 00000000 00000000 00000000 00000000 00000000 00000000",
    "80c80005 0badcafe 00000000 00000000 00000000 00000000",
    "81c80006 0badcafe 00000000 00000000 00000000 00000000 00000000",
    "82cb0001 0badcafe",
    "80c90001 0badcafe 80cb",
    "80c90001 0badcafe 00cb0000",
    "80ffffff 0badcafe",
    "80000001 0badcafe",
    "80c9ffff 0badcafe",
  ];
  for (const hex of faulty) {
    it(`refuses "${hex}"`, () => {
      equal(parseHex(hex, createReport()), Status.MALFORMED);
    });
  }

  it("leaves padding out, and takes it at the end only", () => {
    const report = createReport();
    equal(parseHex("80c90001 0badcafe a1cb0002 0badcafe 00000004", report), Status.OK);
    isTrue(report.goodbye, "a goodbye before padding");
    for (const hex of [
      // Not the last packet; no padding at all, not whole words, more than there is, and padding that cuts a source off.
      "a0c90002 0badcafe 00000004 81cb0001 00000004",
      "80c90001 0badcafe a1cb0002 0badcafe 00000000",
      "80c90001 0badcafe a1cb0002 0badcafe 00000003",
      "80c90001 0badcafe a1cb0002 0badcafe 0000000c",
      "80c90001 0badcafe a1cb0001 00000004",
    ]) {
      equal(parseHex(hex, report), Status.MALFORMED, hex);
    }
  });

  it("reads an extended report: who asks for the round trip, and when it says that it is", () => {
    const report = createReport();
    equal(parseHex("80c90001 0badcafe 80cf0004 0badcafe 04000002 aaaa1111 2222bbbb", report), Status.OK);
    isTrue(report.question.asked, "asked");
    equal(report.question.ssrcHigh, 0x0bad);
    equal(report.question.timeHigh, 0x1111);
    equal(report.question.timeLow, 0x2222);
    equal(parseHex("80c90001 0badcafe 80cf0001 0badcafe", report), Status.OK);
    isTrue(!report.question.asked, "a report without blocks");
    equal(parseHex("80c90001 0badcafe 80cf0000", report), Status.MALFORMED);
    equal(parseHex("80c90001 0badcafe 80cf0002 0badcafe 04000002", report), Status.MALFORMED);
  });

  it("never reads outside, wherever a compound is cut", () => {
    const whole = bytesOfHex(`${SENDER} ${BLOCK} ${DESCRIPTION} 81cb0003 0badcafe 04627965 62000000`);
    const report = createReport();
    for (let end = 0; end < whole.length; end += 1) {
      const cut = createBytes(end);
      for (let index = 0; index < end; index += 1) {
        cut[index] = whole[index];
      }
      // Sound where a packet ends.
      equal(parse(cut, end, report) === Status.OK, end === 52 || end === 64, `${end} octets`);
    }
  });

  it("takes a compound with any of its octets changed for good or for malformed, and never reads outside", () => {
    const whole = `81c9000700000001 ${BLOCK} 80cf0004 0badcafe 04000002 aaaa1111 2222bbbb a1cb0002 0badcafe 00000004`;
    const original = bytesOfHex(whole);
    const report = createReport();
    equal(parse(original, original.length, report), Status.OK);
    let refused = 0;
    for (let at = 0; at < original.length; at += 1) {
      for (const value of [0, 1, 0x1f, 0x7f, 0x80, 0xa1, 0xcf, 0xff]) {
        const changed = bytesOfHex(whole);
        changed[at] = value;
        refused += parse(changed, changed.length, report) === Status.OK ? 0 : 1;
      }
    }
    isTrue(refused > 40 && refused < original.length * 8, `${refused} refused`);
  });

  it("writes the sender report and the receiver report that it reads", () => {
    const report = createReport();
    const bytes = createBytes(REPORT_BYTES_MAXIMUM);
    equal(parseHex(`${SENDER} ${BLOCK}`, report), Status.OK);
    let end = writeReport(bytes, 0, report);
    equal(hexOf(bytes, 0, end), `${SENDER} ${BLOCK}`.split(" ").join(""));
    report.isSender = false;
    end = writeReport(bytes, 0, report);
    equal(hexOf(bytes, 0, end), `81c90007 0badcafe ${BLOCK}`.split(" ").join(""));
    report.aboutUs = false;
    end = writeReport(bytes, 0, report);
    equal(hexOf(bytes, 0, end), "80c900010badcafe");
  });

  it("clips the packets lost to 24 bits", () => {
    const report = createReport();
    report.aboutUs = true;
    const bytes = createBytes(REPORT_BYTES_MAXIMUM);
    const counts = [0, 1, -1, 0x7fffff, 0x800000, 0x3ffffff, -0x800000, -0x800001, -0x3ffffff];
    const kept = ["000000", "000001", "ffffff", "7fffff", "7fffff", "7fffff", "800000", "800000", "800000"];
    for (let index = 0; index < counts.length; index += 1) {
      report.block.packetsLost = counts[index];
      writeReport(bytes, 0, report);
      equal(hexOf(bytes, 13, 16), kept[index], `${counts[index]} lost`);
    }
  });

  it("writes the canonical name with one to four zeros behind it", () => {
    const bytes = createBytes(32);
    const written = [
      "81ca0002 00010002 0100 0000",
      "81ca0002 00010002 0101 6100",
      "81ca0003 00010002 0102 6162 00000000",
    ];
    for (let length = 0; length < written.length; length += 1) {
      const end = writeSourceDescription(bytes, 0, 1, 2, bytesOf("abcdef"), length);
      equal(hexOf(bytes, 0, end), written[length].split(" ").join(""), `a name of ${length}`);
    }
    equal(writeSourceDescription(bytes, 0, 1, 2, bytesOf("abcdef"), 5), 16);
    equal(writeSourceDescription(bytes, 0, 1, 2, bytesOf("abcdef"), 6), 20);
  });

  it("writes a goodbye that is understood", () => {
    const bytes = createBytes(24);
    const report = createReport();
    report.ssrcHigh = 0x0bad;
    report.ssrcLow = 0xcafe;
    const end = writeGoodbye(bytes, writeReport(bytes, 0, report), 0x0bad, 0xcafe);
    equal(hexOf(bytes, 0, end), "80c900010badcafe81cb00010badcafe");
    equal(parse(bytes, end, report), Status.OK);
    isTrue(report.goodbye, "the goodbye");
  });
});
