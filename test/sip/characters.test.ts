// Character classes of RFC 3261 25.1, linear white space, quoted strings and the commas between values.

import {
  CHARACTER_BLANK,
  CHARACTER_DIGIT,
  CHARACTER_HOST,
  CHARACTER_TOKEN,
  CHARACTER_USER,
  CHARACTERS,
  endOfValue,
  skipBlanks,
  skipClass,
  skipHost,
  skipQuotedString,
  trimBlanks,
} from "../../firmware/sip/characters";
import { describe, equal, it } from "../harness";
import { bytesOf } from "../octets";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";

describe("characters", () => {
  it("belong to the classes of the RFC and to no other", () => {
    const cases: [number, string][] = [
      [CHARACTER_TOKEN, `${LETTERS}${DIGITS}-.!%*_+\`'~`],
      [CHARACTER_HOST, `${LETTERS}${DIGITS}-.`],
      [CHARACTER_DIGIT, DIGITS],
      [CHARACTER_BLANK, " \t\r\n"],
      [CHARACTER_USER, `${LETTERS}${DIGITS}-_.!~*'()&=+$,;?/%`],
    ];
    equal(CHARACTERS.length, 256);
    for (const [flag, members] of cases) {
      for (let octet = 0; octet < 256; octet += 1) {
        const isMember = members.indexOf(String.fromCharCode(octet)) >= 0;
        equal((CHARACTERS[octet] & flag) !== 0, isMember, `class ${flag}, octet ${octet}`);
      }
    }
  });

  it("are skipped while they are blanks, from both ends, inside the view", () => {
    const bytes = bytesOf(" \t\r\n a b \r\n ");
    equal(skipBlanks(bytes, 0, bytes.length), 5);
    equal(skipBlanks(bytes, 5, bytes.length), 5);
    equal(skipBlanks(bytes, 0, 3), 3, "only blanks");
    equal(trimBlanks(bytes, 0, bytes.length), 8);
    equal(trimBlanks(bytes, 0, 8), 8);
    equal(trimBlanks(bytes, 2, 5), 2, "only blanks");
    equal(skipBlanks(bytes, bytes.length, bytes.length), bytes.length, "nothing");
  });

  it("are skipped while they are of a class", () => {
    const bytes = bytesOf("12a:3");
    equal(skipClass(bytes, 0, 5, CHARACTER_DIGIT), 2);
    equal(skipClass(bytes, 0, 1, CHARACTER_DIGIT), 1);
    equal(skipClass(bytes, 0, 5, CHARACTER_TOKEN), 3);
    equal(skipClass(bytes, 3, 5, CHARACTER_TOKEN), 3);
  });

  it("make a host: a name, or an IPv6 reference with its brackets", () => {
    const cases: [string, number][] = [
      ["h", 1],
      ["a-1.example.com:5060", 15],
      ["192.0.2.1;x", 9],
      ["[2001:db8::1]:5060", 13],
      ["[::ffff:192.0.2.1]", 18],
      ["", -1],
      [":5060", -1],
      ["@h", -1],
      ["]", -1],
      ["[", -1],
      ["[]", -1],
      ["[::1", -1],
      ["[[::1]]", -1],
      ["[::1 ]", -1],
      ["[::\x001]", -1],
    ];
    for (const [text, behind] of cases) {
      equal(skipHost(bytesOf(text), 0, text.length), behind, text);
    }
    equal(skipHost(bytesOf("[::1]"), 0, 4), -1, "its bracket closes outside the view");
  });

  it("make a quoted string up to its closing quote", () => {
    const cases: [string, number][] = [
      ['""', 2],
      ['"a"b"', 3],
      ['"a\\"b"', 6],
      ['"\\\\"x', 4],
      ['"a,<>\r\n b"', 10],
      ['"', -1],
      ['"a', -1],
      ['"a\\"', -1],
      ['"a\\', -1],
      ['"\\\\\\"', -1],
    ];
    for (const [text, behind] of cases) {
      equal(skipQuotedString(bytesOf(text), 0, text.length), behind, text);
    }
    equal(skipQuotedString(bytesOf('"a\\"b"'), 0, 5), -1, "its last quote is outside the view");
  });

  it("make a value up to a comma outside quotes and angle brackets", () => {
    const cases: [string, number][] = [
      ["", 0],
      ["a", 1],
      ["a,b", 1],
      [",", 0],
      ['"a,b",c', 5],
      ['"a\\",b",c', 7],
      ["<a,b>,c", 5],
      ['<a",b>,c"', 6],
      ['"<",a', 3],
      ["<<a>,b", 4],
      [">,b", 1],
      ['"a,b', 4],
      ["<a,b", 4],
      ['a"\\', 3],
      ["\xff,a", 1],
    ];
    for (const [text, end] of cases) {
      equal(endOfValue(bytesOf(text), 0, text.length), end, text);
    }
    equal(endOfValue(bytesOf("ab,c"), 0, 2), 2, "a comma outside the view");
    equal(endOfValue(bytesOf("a,b,c"), 2, 5), 3, "from the middle");
  });
});
