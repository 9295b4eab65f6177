// DNS answers as octets: names with compression, records in any order, and messages that lie about names, counts and lengths.

import { type Bytes, copyBytes, createBytes } from "../../firmware/bytes/bytes";
import { createFixedText } from "../../firmware/bytes/fixed-text";
import { createAnswer, packRecords, readAnswer, Verdict } from "../../firmware/dns/answer";
import { QUERY_OCTETS, RecordType, secondsAt, writeQuery } from "../../firmware/dns/message";
import { NAME_OCTETS, readName, setName, skipName } from "../../firmware/dns/name";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, bytesOfHex, hexOf, textOf } from "../octets";
import { SeededRandom } from "../rig/time";

const name = createFixedText(NAME_OCTETS);
const answer = createAnswer();
const query = createBytes(QUERY_OCTETS);
const into = createBytes(64);

/** The question "a.b", type and class: 9 octets from offset 12 on. */
function ask(type: RecordType): number {
  setName(name, bytesOf("a.b"), 0, 3);
  return writeQuery(query, new SeededRandom(3), name.bytes, name.length, type, false);
}

/** An answer to the last question: flags, the three counts, and what follows the question. */
function answerOf(flags: string, counts: string, length: number, records: string): string {
  const id = hexOf(query, 0, 2);
  return `${id}${flags}0001${counts}${hexOf(query, 12, length)}${records}`;
}

/** The verdict on an answer, with the packed records and the TTL where there are some. */
function verdictOf(hex: string, length: number): string {
  const bytes = bytesOfHex(hex);
  const verdict = readAnswer(answer, bytes, bytes.length, query, length);
  if (verdict === Verdict.FOUND) {
    const end = packRecords(answer, bytes, bytes.length, into, 0, into.length);
    return `found ${answer.packed} ${hexOf(into, 0, end)} ${answer.ttl}`;
  }
  return ["foreign", "failed", `none ${answer.ttl}`, "alias"][verdict];
}

/** The type, class IN, a TTL of 60 s, and data behind their length. */
function rest(type: string, data: string): string {
  const octets = bytesOfHex(data).length;
  const digits = "0123456789abcdef";
  return `${type} 0001 0000003c 00${digits.charAt((octets - (octets % 16)) / 16)}${digits.charAt(octets % 16)} ${data}`;
}

describe("a domain name", () => {
  it("is made of a host in lower case, a dot at its end counting for nothing", () => {
    const cases: [string, string][] = [
      ["pbx.Example.COM", "03706278076578616d706c6503636f6d00"],
      ["hall", "0468616c6c00"],
      ["hall.", "0468616c6c00"],
    ];
    for (const [text, octets] of cases) {
      const bytes = bytesOf(`<${text}>`);
      isTrue(setName(name, bytes, 1, text.length + 1), text);
      equal(hexOf(name.bytes, 0, name.length), octets, text);
    }
  });

  it("has no empty label, none above 63 octets, and 128 octets in all", () => {
    let label = "";
    for (let index = 0; index < 63; index += 1) {
      label += "x";
    }
    for (const text of ["", ".", ".a", "a..b", "a.b..", `${label}x.a`, `${label}.${label}`]) {
      isTrue(!setName(name, bytesOf(text), 0, text.length), text);
    }
    const longest = `${label}.${label.substring(1)}`;
    isTrue(setName(name, bytesOf(longest), 0, longest.length), "126 octets of text");
    equal(name.length, 128);
  });

  it("is read through pointers, in lower case", () => {
    //  0: 1 "B" 0     3: 1 "a" -> 0     7: -> 3
    const bytes = bytesOfHex("014200 0161c000 c003");
    isTrue(readName(bytes, bytes.length, 7, name), "two pointers");
    equal(hexOf(name.bytes, 0, name.length), "0161016200");
    equal(skipName(bytes, bytes.length, 7), 9);
    equal(skipName(bytes, bytes.length, 3), 7);
    equal(skipName(bytes, bytes.length, 0), 3);
  });

  it("is none where pointers go round, forward or out, labels are cut or of an unknown kind", () => {
    const cases: [string, string, number][] = [
      ["a pointer to itself", "c000", 0],
      ["two that point at each other", "c002c000", 2],
      ["round through a label", "0161c000", 0],
      ["forward", "c00200", 0],
      ["out of the message", "c0ff", 0],
      ["half a pointer", "c0", 0],
      ["a label that is cut", "0561626364", 0],
      ["no end", "0161", 0],
      ["an extended label", "416100", 0],
      ["a reserved label", "806100", 0],
      ["nothing", "", 0],
      ["behind the end", "00", 1],
    ];
    for (const [what, hex, at] of cases) {
      const bytes = bytesOfHex(hex);
      isTrue(!readName(bytes, bytes.length, at, name), what);
    }
  });

  it("is none with a label of 65 octets, which is of an unknown kind", () => {
    const bytes = createBytes(67);
    bytes[0] = 65;
    isTrue(!readName(bytes, bytes.length, 0, name), "read");
    equal(skipName(bytes, bytes.length, 0), -1, "passed over");
  });

  it("is not read when it is longer than 128 octets", () => {
    let hex = "";
    for (let index = 0; index < 9; index += 1) {
      hex += "0e6161616161616161616161616161";
    }
    const bytes = bytesOfHex(`${hex}00`);
    isTrue(!readName(bytes, bytes.length, 0, name), "136 octets");
    isTrue(readName(bytes, bytes.length, 15, name), "121 octets");
    equal(skipName(bytes, bytes.length, 0), 136, "and can be passed over");
  });
});

describe("a DNS query", () => {
  it("asks one question with recursion", () => {
    const length = ask(RecordType.SRV);
    equal(hexOf(query, 2, length), "01000001000000000000 0161016200 0021 0001".split(" ").join(""));
  });

  it("has letters in random case, and nothing else of it changes", () => {
    const text = "abcdefghijklmnopqrstuvwxyz-0189.xyz"; // 20 of 2^29 spellings: two are the same once in 2,800,000 seeds
    setName(name, bytesOf(text), 0, text.length);
    const seen: string[] = [];
    const random = new SeededRandom(5);
    for (let round = 0; round < 20; round += 1) {
      const length = writeQuery(query, random, name.bytes, name.length, RecordType.A, true);
      const question = textOf(query, 12, length - 4);
      equal(question.toLowerCase(), textOf(name.bytes, 0, name.length));
      isTrue(seen.indexOf(question) < 0, "another one each time");
      seen.push(question);
    }
  });
});

describe("a TTL", () => {
  it("counts to 65,535 seconds, and as 0 with its highest bit set", () => {
    const cases: [string, number][] = [
      ["00000000", 0],
      ["0000003c", 60],
      ["0000ffff", 65535],
      ["00010000", 65535],
      ["7fffffff", 65535],
      ["80000000", 0],
      ["ffffffff", 0],
    ];
    for (const [hex, seconds] of cases) {
      equal(secondsAt(bytesOfHex(hex), 0), seconds, hex);
    }
  });
});

describe("a DNS answer", () => {
  it("has the records of the question's name and type, the others are left", () => {
    const length = ask(RecordType.A);
    const records =
      `c00c ${rest("0001", "c0000201")} c00c ${rest("001c", "20010db8000000000000000000000001")}` +
      ` 016300 ${rest("0001", "c0000263")} 0141c00e ${rest("0001", "c0000202")}`;
    equal(verdictOf(answerOf("8180", "000400000000", length, records), length), "found 2 04c000020104c0000202 60");
  });

  it("has its records behind aliases in any order", () => {
    const length = ask(RecordType.A);
    const records = `017a00 ${rest("0001", "c0000207")} 017900 ${rest("0005", "017a00")} c00c ${rest("0005", "017900")}`;
    equal(verdictOf(answerOf("8180", "000300000000", length, records), length), "found 1 04c0000207 60");
    const half = `c00c ${rest("0005", "017900")}`;
    equal(verdictOf(answerOf("8180", "000100000000", length, half), length), "alias");
    equal(hexOf(answer.owner.bytes, 0, answer.owner.length), "017900", "the alias");
    let chain = `c00c ${rest("0005", "013000")}`;
    for (let link = 0; link < 8; link += 1) {
      chain += ` 013${link}00 ${rest("0005", `013${link + 1}00`)}`;
    }
    equal(verdictOf(answerOf("8180", "000900000000", length, chain), length), "failed", "nine aliases");
    equal(verdictOf(answerOf("8180", "000800000000", length, chain), length), "alias", "eight of them");
    const circle = `c00c ${rest("0005", "017900")} 017900 ${rest("0005", "c00c")}`;
    equal(verdictOf(answerOf("8180", "000200000000", length, circle), length), "failed", "aliases that go round");
  });

  it("sorts SRV records by priority and weight, keeps those that fit, and uncompresses their names", () => {
    const length = ask(RecordType.SRV);
    const srv = (priority: string, weight: string): string =>
      `c00c ${rest("0021", `00${priority} 00${weight} 13c4 0178c00c`)}`;
    const records = [srv("14", "00"), srv("0a", "05"), srv("0a", "01"), srv("0a", "05"), srv("1e", "00")].join(" ");
    const kept = (priority: string, weight: string): string => `0d00${priority}00${weight}13c401780161016200`;
    const packed = [kept("0a", "01"), kept("0a", "05"), kept("0a", "05"), kept("14", "00")].join("");
    equal(verdictOf(answerOf("8180", "000500000000", length, records), length), `found 4 ${packed} 60`);
  });

  it("leaves records out whose data are malformed", () => {
    const length = ask(RecordType.NAPTR);
    const good = "000a 0001 0173 0178 00 0178 00";
    const records = ["000a 0001 0573", "000a 0001 01730178ff", "000a 0001 0173 0178 00 c0ff", "000a", "", good];
    let hex = "";
    for (const data of records) {
      hex += `c00c ${rest("0023", data)} `;
    }
    equal(verdictOf(answerOf("8180", "000600000000", length, hex), length), `found 1 0c${good.split(" ").join("")} 60`);
    const addresses = ask(RecordType.A);
    const wrong = `c00c ${rest("0001", "c00002")} c00c ${rest("0001", "c000020102")}`;
    equal(verdictOf(answerOf("8180", "000200000000", addresses, wrong), addresses), "found 0  60");
  });

  it("says no for as long as the SOA allows: the lower of its TTL and its minimum", () => {
    const length = ask(RecordType.A);
    const soa = (minimum: string): string =>
      `016200 ${rest("0006", `00 00 00000001 00000001 00000001 00000001 ${minimum}`)}`;
    equal(verdictOf(answerOf("8183", "000000010000", length, soa("0000001e")), length), "none 30");
    equal(verdictOf(answerOf("8180", "000000010000", length, soa("00000e10")), length), "none 60");
    equal(verdictOf(answerOf("8180", "000000000000", length, ""), length), "none 0", "without SOA");
    equal(verdictOf(answerOf("8180", "0000ffff0000", length, soa("0000001e")), length), "none 30", "a lie of counts");
    const short = `016200 ${rest("0006", "00 00 00000001")}`;
    equal(verdictOf(answerOf("8180", "000000010000", length, short), length), "none 0", "an SOA that is cut");
  });

  it("has failed when the server says so, or claims more than there is", () => {
    const length = ask(RecordType.A);
    const record = `c00c ${rest("0001", "c0000201")}`;
    equal(verdictOf(answerOf("8182", "000100000000", length, record), length), "failed", "SERVFAIL");
    equal(verdictOf(answerOf("8185", "000100000000", length, record), length), "failed", "REFUSED");
    equal(verdictOf(answerOf("8180", "ffff00000000", length, record), length), "failed", "65,535 records");
    equal(verdictOf(answerOf("8380", "000200000000", length, record), length), "found 1 04c0000201 60", "truncated");
    equal(verdictOf(answerOf("8380", "000000000000", length, ""), length), "failed", "truncated to nothing");
    const long = "c00c 0001 0001 0000003c ffff c0000201";
    equal(verdictOf(answerOf("8180", "000100000000", length, long), length), "failed", "a length of 65,535");
    const chaos = `c00c 0001 0003 0000003c 0004 c0000201`;
    equal(verdictOf(answerOf("8180", "000100000000", length, chaos), length), "none 0", "another class");
  });

  itSlow("is read without a fault however it is cut or changed", () => {
    const length = ask(RecordType.SRV);
    const records =
      `c00c ${rest("0005", "017900")} 017900 ${rest("0021", "000a 0001 13c4 0178c00c")}` +
      ` c00c ${rest("0006", "00 00 00000001 00000001 00000001 00000001 0000001e")}`;
    const good = bytesOfHex(answerOf("8180", "000200010000", length, records));
    const read = (bytes: Bytes): void => {
      if (readAnswer(answer, bytes, bytes.length, query, length) === Verdict.FOUND) {
        isTrue(packRecords(answer, bytes, bytes.length, into, 0, into.length) <= into.length, "packed within bounds");
      }
    };
    for (let end = 0; end <= good.length; end += 1) {
      const cut = createBytes(end);
      copyBytes(cut, 0, good, 0, end);
      read(cut);
    }
    const values = [0x00, 0x01, 0x3f, 0x40, 0x80, 0xc0, 0xff];
    for (let at = 2; at < good.length; at += 1) {
      const octet = good[at];
      for (const value of values) {
        good[at] = value;
        read(good);
      }
      good[at] = octet;
    }
  });
});
