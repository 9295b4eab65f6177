// The judges of the interop suites judge rightly: levels of tones, G.711, digests. Their own references are published values.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeDigest } from "./digest";
import { decode, encode } from "./g711";
import { loudest, sine, verdict } from "./tone";
import { readWave, writeWave } from "./wave";

describe("interop › the judges", () => {
  it("measure a tone at its level, through G.711 too", () => {
    const tone = sine(1000, -20, 1);
    strictEqual(loudest(tone, 1000).toFixed(1), "-20.0");
    for (const law of ["PCMU", "PCMA"] as const) {
      const level = loudest(decode(law, encode(law, tone)), 1000);
      strictEqual(Math.abs(level + 20) < 0.2, true, `${law}: ${level} dBov`);
    }
  });

  it("call a full-scale sine -3 dBov, as RFC 6465 does", () => {
    strictEqual(loudest(sine(1000, -3.02, 1), 1000).toFixed(2), "-3.02");
  });

  it("find fault with silence, a wrong level and the listener's own tone", () => {
    const expected = { hertz: 1000, level: -20, absent: 700 };
    const leak = sine(700, -40, 1);
    const mixed = sine(1000, -20, 1).map((sample, index) => sample + leak[index]);
    strictEqual(verdict(sine(1000, -20, 1), expected), "");
    match(verdict(new Int16Array(8000), expected), /^1000 Hz at -127\.0 dBov/);
    match(verdict(sine(1000, -24, 1), expected), /^1000 Hz at -24\.0 dBov/);
    match(verdict(sine(700, -20, 1), expected), /^1000 Hz at/);
    match(verdict(mixed, expected), /^700 Hz at -40\.0 dBov, where it must be absent/);
  });

  it("decode G.711 as tables 1a to 2b of ITU-T G.711 say, on a 16-bit scale", () => {
    const mu = decode("PCMU", Uint8Array.of(0x00, 0x7f, 0x80, 0xff, 0xfe));
    const a = decode("PCMA", Uint8Array.of(0x2a, 0xaa, 0x55, 0xd5));
    deepStrictEqual([...mu], [-32124, 0, 32124, 0, 8]);
    deepStrictEqual([...a], [-32256, 32256, -8, 8]);
  });

  it("read a WAV file as it was written", () => {
    const folder = mkdtempSync(join(tmpdir(), "doorline-judges-"));
    const tone = sine(440, -10, 0.1);
    writeWave(join(folder, "tone.wav"), tone);
    deepStrictEqual(readWave(join(folder, "tone.wav")), tone);
    rmSync(folder, { recursive: true });
  });

  it("accept the digests of RFC 7616 3.9.1 and refuse another password", () => {
    const request = (algorithm: string, response: string) =>
      [
        "GET /dir/index.html HTTP/1.1",
        'Authorization: Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ' +
          `algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
          `cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="${response}"`,
        "",
      ].join("\r\n");
    const md5 = request("MD5", "8ca523f5e9506fed4657c9700eebdbec");
    const sha256 = request("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    strictEqual(judgeDigest(md5, "Mufasa", "Circle of Life"), "");
    strictEqual(judgeDigest(sha256, "Mufasa", "Circle of Life"), "");
    match(judgeDigest(md5, "Mufasa", "circle of life"), /^the response is/);
  });
});
