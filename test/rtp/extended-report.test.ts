import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import {
  createSummary,
  createTimeQuestion,
  parseBlocks,
  sumUp,
  writeSummary,
  writeTimeAnswer,
} from "../../firmware/rtp/extended-report";
import { createStream, type Stream } from "../../firmware/rtp/stream";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOfHex, hexOf } from "../octets";

function stream(): Stream {
  const heard = createStream();
  heard.ssrcHigh = 0x0bad;
  heard.ssrcLow = 0xcafe;
  heard.intervalBegin = 0xfff0;
  heard.intervalExpected = 0x20;
  heard.intervalLost = 3;
  return heard;
}

function hex(text: string): string {
  return text.split(" ").join("");
}

const bytes: Bytes = createBytes(64);

describe("rtp/extended-report", () => {
  it("sums up loss, duplicates and jitter of an interval (RFC 3611 4.6)", () => {
    const summary = createSummary();
    summary.duplicates = 2;
    // 2, 4, 4, 4, 5, 5, 7 and 9 ms: mean 5, deviation 2
    for (const milliseconds of [2, 4, 4, 4, 5, 5, 7, 9]) {
      sumUp(summary, milliseconds * 8);
    }
    sumUp(summary, -1);
    equal(writeSummary(bytes, 4, stream(), summary), 44);
    equal(
      hexOf(bytes, 4, 44),
      hex("06e00009 0badcafe fff00010 00000003 00000002 00000010 00000048 00000028 00000010 00000000"),
    );
  });

  it("begins the next interval with nothing, and says nothing of one in which nothing was expected", () => {
    const summary = createSummary();
    sumUp(summary, 800);
    const heard = stream();
    writeSummary(bytes, 0, heard, summary);
    writeSummary(bytes, 0, heard, summary);
    equal(hexOf(bytes, 16, 36), "0000000000000000000000000000000000000000");
    heard.intervalExpected = 0;
    equal(writeSummary(bytes, 0, heard, summary), 0);
  });

  it("stays in range whatever the network does", () => {
    const summary = createSummary();
    for (let index = 0; index < 5000; index += 1) {
      sumUp(summary, index % 2 === 0 ? 65535 : 0);
    }
    equal(writeSummary(bytes, 0, stream(), summary), 40);
    equal(hexOf(bytes, 16, 36), hex("00000000 00000000 0000ffff 000003fc 000003f8"));
  });

  it("finds the question for the round trip among other blocks, and answers it once", () => {
    const question = createTimeQuestion();
    const blocks = bytesOfHex("0100 0001 12345678 0400 0002 aaaa1111 2222bbbb 0600 0000");
    isTrue(parseBlocks(blocks, 0, blocks.length, question), "the lengths hold");
    isTrue(question.asked, "asked");
    equal(question.timeHigh, 0x1111);
    equal(question.timeLow, 0x2222);
    question.ssrcHigh = 0x0bad;
    question.ssrcLow = 0xcafe;
    equal(writeTimeAnswer(bytes, 0, question, 1, 0x8000), 16);
    equal(hexOf(bytes, 0, 16), hex("05000003 0badcafe 11112222 00018000"));
    equal(writeTimeAnswer(bytes, 0, question, 1, 0x8000), 0);
  });

  it("takes no blocks whose lengths do not hold, and never reads outside, wherever they are cut", () => {
    const question = createTimeQuestion();
    for (const text of ["0400", "04000002", "0400000200000000", "04000002aaaa11112222bbbb0600ffff"]) {
      const blocks = bytesOfHex(text);
      isTrue(!parseBlocks(blocks, 0, blocks.length, question), text);
    }
    const odd = bytesOfHex("04000001 aaaa1111 04000003 aaaa1111 2222bbbb 00000000");
    question.asked = false;
    isTrue(parseBlocks(odd, 0, odd.length, question), "questions of another length are passed over");
    isTrue(!question.asked, "not asked");
  });
});
