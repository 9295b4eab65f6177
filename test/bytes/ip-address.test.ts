// IP address literals: what is one, what only looks like one, and how they are written (RFC 5952).

import { type Bytes, createBytes, fillBytes } from "../../firmware/bytes/bytes";
import {
  copyEndpoint,
  createEndpoint,
  equalAddresses,
  parseAddress,
  parseIPv4,
  parseIPv6,
  putAddress,
  putHostAddress,
} from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, hexOf, textOf } from "../octets";

const address = createBytes(16);
const writer = createWriter();
const buffer = createBytes(64);

/** The octets of an IPv4 address between other octets, or "". */
function octetsOfIPv4(text: string): string {
  const target = createBytes(6);
  return parseIPv4(bytesOf(`1${text}1`), 1, text.length + 1, target, 1) ? hexOf(target, 0, 6) : "";
}

function octetsOfIPv6(text: string): string {
  const target = createBytes(18);
  fillBytes(target, 0, 18, 0xee);
  const parsed = parseIPv6(bytesOf(`1${text}1`), 1, text.length + 1, target, 1);
  equal(hexOf(target, 0, 1) + hexOf(target, 17, 18), "eeee", "nothing around it is written");
  return parsed ? hexOf(target, 1, 17) : "";
}

function written(family: number, from: Bytes): string {
  openWriter(writer, buffer, 0, buffer.length);
  putAddress(writer, family, from);
  return textOf(buffer, 0, writer.length);
}

/** Reads an address and writes it again. */
function rewritten(text: string): string {
  const family = parseAddress(bytesOf(text), 0, text.length, address);
  return family === 0 ? "none" : written(family, address);
}

describe("IPv4 address", () => {
  it("has four numbers of 0 … 255", () => {
    equal(octetsOfIPv4("0.0.0.0"), "000000000000");
    equal(octetsOfIPv4("192.0.2.1"), "00c000020100");
    equal(octetsOfIPv4("255.255.255.255"), "00ffffffff00");
    equal(octetsOfIPv4("10.1.20.100"), "000a01146400");
  });

  it("is none with anything else", () => {
    const cases = [
      "",
      ".",
      "1",
      "1.2",
      "1.2.3",
      "1.2.3.",
      ".1.2.3",
      "1..2.3",
      "1.2.3.4.",
      "1.2.3.4.5",
      "010.0.0.1",
      "1.2.3.00",
      "256.0.0.1",
      "1.2.3.256",
      "1.2.3.1000",
      "1.2.3.4294967297",
      "1.2.3.-1",
      "1.2.3.+1",
      "1.2.3.0x1",
      "1.2.3.a",
      " 1.2.3.4",
      "1.2.3.4 ",
      "1.2.3.4:5060",
      "a.b.c.d",
      "1.2.3.\x004",
    ];
    for (const text of cases) {
      equal(octetsOfIPv4(text), "", text);
    }
  });
});

describe("IPv6 address", () => {
  it("has eight groups, or fewer with one gap, or an IPv4 tail (RFC 4291 2.2)", () => {
    const cases: [string, string][] = [
      ["2001:db8:0:1:2:3:4:5", "20010db8000000010002000300040005"],
      ["2001:DB8:0000:0001:0002:3:4:5", "20010db8000000010002000300040005"],
      ["::", "00000000000000000000000000000000"],
      ["::1", "00000000000000000000000000000001"],
      ["1::", "00010000000000000000000000000000"],
      ["fe80::1:2", "fe800000000000000000000000010002"],
      ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
      ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
      ["1:2:3::5:6:7:8", "00010002000300000005000600070008"],
      ["1::8", "00010000000000000000000000000008"],
      ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
      ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
      ["1:2:3:4:5:6:192.0.2.1", "000100020003000400050006c0000201"],
      ["::1.2.3.4", "00000000000000000000000001020304"],
      ["aBcD:EF01::", "abcdef01000000000000000000000000"],
    ];
    for (const [text, octets] of cases) {
      equal(octetsOfIPv6(text), octets, text);
    }
  });

  it("is none with anything else", () => {
    const cases = [
      "",
      ":",
      ":::",
      "::::",
      "1",
      "1:",
      ":1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:",
      "1:2:3:4:5:6:7:8:",
      ":1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8",
      "1:2:3:4::5:6:7:8",
      "1::2::3",
      "1:::2",
      ":::1",
      "1::2:",
      "12345::",
      "::00001",
      "g::",
      "::1 ",
      " ::1",
      "::1%eth0",
      "[::1]",
      "::1/64",
      "1.2.3.4",
      "::1.2.3",
      "::1.2.3.256",
      "::1.2.3.4.5",
      "::1.2.3.4:5",
      "::1.2.3.4::",
      "::a.2.3.4",
      "1:2:3:4:5:6:7:1.2.3.4",
      "1:2:3:4:5:6:7::1.2.3.4",
      "1:2:3:4:5:1.2.3.4",
      "::\x001",
      "\xff::",
    ];
    for (const text of cases) {
      equal(octetsOfIPv6(text), "", text);
    }
  });
});

describe("address", () => {
  it("is of family 4 or 6, with or without brackets, or none", () => {
    const cases: [string, number][] = [
      ["192.0.2.1", 4],
      ["::1", 6],
      ["[::1]", 6],
      ["[2001:db8::1]", 6],
      ["[192.0.2.1]", 0],
      ["[]", 0],
      ["[", 0],
      ["]", 0],
      ["[::1", 0],
      ["::1]", 0],
      ["[[::1]]", 0],
      ["localhost", 0],
      ["", 0],
    ];
    for (const [text, family] of cases) {
      equal(parseAddress(bytesOf(text), 0, text.length, address), family, text);
    }
    equal(parseAddress(bytesOf("x[::1]"), 1, 5, address), 0, "its bracket is outside the view");
  });

  it("is written by the rules of RFC 5952", () => {
    const cases: [string, string][] = [
      ["0.0.0.0", "0.0.0.0"],
      ["192.0.2.255", "192.0.2.255"],
      ["2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
      ["0:0:0:0:0:0:0:0", "::"],
      ["0:0:0:0:0:0:0:1", "::1"],
      ["1:0:0:0:0:0:0:0", "1::"],
      ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
      ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
      ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["1:0:0:4:5:0:0:0", "1:0:0:4:5::"],
      ["0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"],
      ["0:2:3:4:5:6:7:0", "0:2:3:4:5:6:7:0"],
      ["1:2:3:4:5:6::", "1:2:3:4:5:6::"],
      ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
      ["a:B0:c00:D000:0:00ff:fff:ffff", "a:b0:c00:d000:0:ff:fff:ffff"],
      ["::ffff:192.0.2.1", "::ffff:c000:201"],
    ];
    for (const [text, canonical] of cases) {
      equal(rewritten(text), canonical, text);
      equal(rewritten(canonical), canonical, `${canonical} again`);
    }
  });

  it("reads back from what is written, wherever its zeros are", () => {
    for (let mask = 0; mask < 256; mask += 1) {
      let rest = mask;
      for (let group = 0; group < 8; group += 1) {
        address[2 * group] = 0;
        address[2 * group + 1] = rest % 2 === 1 ? group + 1 : 0;
        rest = (rest - (rest % 2)) / 2;
      }
      const octets = hexOf(address, 0, 16);
      const text = written(6, address);
      equal(octetsOfIPv6(text), octets, text);
    }
  });

  it("is written as a host with brackets around IPv6 alone", () => {
    for (const [text, host] of [
      ["192.0.2.1", "192.0.2.1"],
      ["2001:db8::1", "[2001:db8::1]"],
    ]) {
      const family = parseAddress(bytesOf(text), 0, text.length, address);
      openWriter(writer, buffer, 0, buffer.length);
      putHostAddress(writer, family, address);
      equal(textOf(buffer, 0, writer.length), host);
    }
  });

  it("overflows a writer without room", () => {
    for (let room = 0; room < 9; room += 1) {
      parseAddress(bytesOf("192.0.2.1"), 0, 9, address);
      openWriter(writer, buffer, 0, room);
      putAddress(writer, 4, address);
      isTrue(writer.overflowed && writer.length <= room, `${room}`);
    }
  });
});

describe("endpoint", () => {
  it("is copied with all it has", () => {
    const source = createEndpoint();
    const target = createEndpoint();
    source.family = parseAddress(bytesOf("2001:db8::1"), 0, 11, source.address);
    source.port = 5070;
    copyEndpoint(target, source);
    source.address[15] = 9;
    equal(target.family, 6);
    equal(target.port, 5070);
    equal(written(6, target.address), "2001:db8::1", "a copy of its own");
  });

  it("has the address of another whatever their ports", () => {
    const left = createEndpoint();
    const right = createEndpoint();
    const cases: [string, string, boolean][] = [
      ["192.0.2.1", "192.0.2.1", true],
      ["192.0.2.1", "192.0.2.2", false],
      ["2001:db8::1", "2001:DB8:0::1", true],
      ["2001:db8::1", "2001:db8::2", false],
      ["0.0.0.0", "::", false],
    ];
    for (const [one, other, same] of cases) {
      fillBytes(left.address, 0, 16, 1);
      fillBytes(right.address, 0, 16, 2);
      left.family = parseAddress(bytesOf(one), 0, one.length, left.address);
      right.family = parseAddress(bytesOf(other), 0, other.length, right.address);
      left.port = 1;
      equal(equalAddresses(left, right), same, `${one} and ${other}`);
    }
  });
});
