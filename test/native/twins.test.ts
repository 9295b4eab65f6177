// The native twins in the VMs of the shells: the portable tests of what they replace once more with twins in place, all codes and
// samples of G.711 by checksum, and what is refused. Where JERRYSCRIPT_PREFIX names no installation, in Lua alone.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createG711, decodeG711, encodeG711, Law } from "../../firmware/audio/g711";
import { createBytes, createSamples } from "../../firmware/bytes/bytes";
import { crc32, ProgramForm, writeProgram } from "../../tools/build/program-image";
import { createSnapshots, JERRYSCRIPT_MISSING, jerryscriptPrefix } from "../../tools/build/snapshot";
import { skipOrFail } from "../../tools/requirements";
import { compilePortableTests, findPortableTests, type PortableTests } from "../../tools/vm/portable-tests";
import { readResults } from "../../tools/vm/results";
import { buildNative, builtTest, type NativeVm, root } from "./build";

const RUN_LIMIT_MS = 240_000;

/** What the twins replace. */
const FOLDERS = /^test\/(audio|bytes|crypto)\//;

/** Each raises an error with these words. */
const REFUSED = [
  ["findByte(octets, 0, 9, 1)", "argument 1 of findByte is not a buffer that has this part"],
  ["findByte(octets, -1, 2, 1)", "argument 1 of findByte is not a buffer that has this part"],
  ["findByte(samples, 0, 1, 1)", "argument 1 of findByte is not a buffer of octets"],
  ["findByte(octets, 0, 1.5, 1)", "argument 3 of findByte is not an integer of 32 bits"],
  ["findByte(octets, 0)", "argument 3 of findByte is not an integer of 32 bits"],
  ["copyBytes(octets, 6, octets, 0, 3)", "argument 1 of copyBytes is not a buffer that has this part"],
  ["copyBytes(octets, 0, octets, 6, 9)", "argument 3 of copyBytes is not a buffer that has this part"],
  ["fillBytes(octets, 0, 2147483647, 0)", "argument 1 of fillBytes is not a buffer that has this part"],
  ["equalBytes(octets, 0, 2, octets, 7, 9)", "argument 4 of equalBytes is not a buffer that has this part"],
  ["equalBytesAnyCase(7, 0, 2, octets, 0, 2)", "argument 1 of equalBytesAnyCase is not a buffer of octets"],
  ["equalBytesConstantTime(octets, 0, octets, 1, 8)", "argument 3 of equalBytesConstantTime is not a buffer that"],
  ["isPrintable(octets, 0, 9, 0)", "argument 1 of isPrintable is not a buffer that has this part"],
  ["encodeG711(0, 0, samples, 1, 4, octets, 0)", "argument 3 of encodeG711 is not a buffer that has this part"],
  ["encodeG711(0, 0, samples, 0, 4, octets, 5)", "argument 6 of encodeG711 is not a buffer that has this part"],
  ["decodeG711(0, 0, octets, 0, 5, samples, 0)", "argument 6 of decodeG711 is not a buffer that has this part"],
  ["decodeG711(0, 0, samples, 0, 4, samples, 0)", "argument 3 of decodeG711 is not a buffer of octets"],
  ["numberAt(octets, 7)", "argument 1 of numberAt is not a buffer that has this part"],
  ["writeNumberAt(octets, -1, 0)", "argument 1 of writeNumberAt is not a buffer that has this part"],
  ["writeFourNumbersAt(octets, 1, 0, 0, 0, 0)", "argument 1 of writeFourNumbersAt is not a buffer that has this part"],
  ["writeFourNumbersAt(octets, 0, 0, 0, 0)", "argument 6 of writeFourNumbersAt is not an integer of 32 bits"],
  ["delaySamples(samples, 4, 1, samples, 0, 1)", "argument 2 of delaySamples is not a number that"],
  ["delaySamples(samples, 0, 4, samples, 0, 1)", "argument 3 of delaySamples is not a number that"],
  ["delaySamples(samples, 0, 1, samples, 2, 3)", "argument 4 of delaySamples is not a buffer that has this part"],
  ["applyGain(samples, 1, 4, 256)", "argument 1 of applyGain is not a buffer that has this part"],
  ["applyGain(samples, 0, 4, 65536)", "argument 4 of applyGain is not a number that"],
  ["clearSamples(samples, -1, 2)", "argument 1 of clearSamples is not a buffer that has this part"],
  ["peakOf(octets, 0, 1)", "argument 1 of peakOf is not a buffer of samples"],
  ["compressMd5(block, 0, octets, 0)", "argument 3 of compressMd5 is not a buffer that has this part"],
  ["compressSha256(octets, 0, block, 0)", "argument 1 of compressSha256 is not a buffer that has this part"],
];

/** A script that reports what each of the calls above raises. */
const REFUSALS: { readonly [vm in NativeVm]: string } = {
  lua: [
    "local octets, samples, block = doorlineBuffer(8), doorlineBuffer(4, 1), doorlineBuffer(64)",
    ...REFUSED.map(
      ([call]) =>
        `doorlineReport("refused", select(2, pcall(function() return doorlineTwins.${call} end)) or "nothing")`,
    ),
  ].join("\n"),
  jerryscript: [
    "var octets = new Uint8Array(8), samples = new Int16Array(4), block = new Uint8Array(64);",
    ...REFUSED.map(
      ([call]) =>
        `try { doorlineTwins.${call}; doorlineReport("refused", "nothing"); } catch (e) { doorlineReport("refused", e.message); }`,
    ),
  ].join("\n"),
};

/** A device that tells whether its program has found twins. */
const SEEKER = `
var doorline = (function () {
  var found = typeof doorlineTwins === "undefined" ? 0 : 1;
  function nothing() {}
  return {
    createNativeDevice: function () { return { found: found }; },
    startDevice: nothing,
    pollDevice: function (device) { return device.found; },
    stopDevice: nothing,
    isStopped: function () { return true; }
  };
})();
`;

/** The checksums that twins_test prints, of the reference. */
function checksumsOf(law: Law): string {
  const g711 = createG711();
  const samples = createSamples(65_536);
  const octets = createBytes(65_536);
  for (let index = 0; index < 65_536; index += 1) {
    samples[index] = index < 32_768 ? index : index - 65_536;
  }
  encodeG711(g711, law, samples, 0, 65_536, octets, 0);
  const codes = crc32(octets as Uint8Array);
  for (let code = 0; code < 256; code += 1) {
    octets[code] = code;
  }
  decodeG711(g711, law, octets, 0, 256, samples, 0);
  const decoded = new Uint8Array(Int16Array.from({ length: 256 }, (_, code) => samples[code]).buffer);
  return [codes, crc32(decoded)].map((sum) => sum.toString(16).padStart(8, "0")).join(" ");
}

describe("native twins", () => {
  let tests: PortableTests;
  let directory = "";

  before(function () {
    this.timeout(RUN_LIMIT_MS);
    buildNative(this);
    directory = mkdtempSync(path.join(tmpdir(), "doorline-twins-"));
    tests = compilePortableTests(
      root,
      findPortableTests(root).filter((file) => FOLDERS.test(file)),
    );
  });

  after(() => {
    if (directory !== "") {
      rmSync(directory, { recursive: true });
    }
  });

  /** Runs a script in the VM of a shell. */
  function run(vm: NativeVm, script: string, ...words: string[]): { reports: string[]; crash: string } {
    const file = path.join(directory, `script.${vm}`);
    writeFileSync(file, script);
    const { status, stdout, stderr } = spawnSync(builtTest(`${vm}_portable_tool`), [...words, file], {
      encoding: "utf8",
      maxBuffer: 1 << 24,
      timeout: RUN_LIMIT_MS,
    });
    const crash = status === 0 ? "" : `it ended with ${status}: ${stderr}`;
    return { reports: stdout.split("\n").filter((line) => line !== ""), crash };
  }

  it("give the codes and samples of G.711 that the reference gives, all of them", () => {
    const program = builtTest("twins_test");
    const { stdout } = spawnSync(program, ["checksums"], { encoding: "utf8" });
    deepStrictEqual(stdout.trim().split("\n"), [checksumsOf(Law.MU), checksumsOf(Law.A)]);
  });

  for (const vm of ["lua", "jerryscript"] as const) {
    describe(`in ${vm}`, () => {
      before(function () {
        if (builtTest(`${vm}_portable_tool`) !== "") {
          return;
        }
        if (vm === "jerryscript") {
          console.log(`    ${JERRYSCRIPT_MISSING}`);
          this.skip(); // JerryScript is in no package: nobody has to have it.
        }
        skipOrFail(this, "the source of Lua is missing: bash tools/native/lua-source.sh");
      });

      for (const [title, words] of [
        ["pass the tests of their references", []],
        ["are not needed: their references pass the same tests", ["--references"]],
      ] as const) {
        it(title, function () {
          this.timeout(RUN_LIMIT_MS);
          const language = vm === "lua" ? "lua" : "javascript";
          const { results, crash } = readResults(vm, tests.titles, run(vm, tests.bundles[language], ...words));
          strictEqual(crash, "");
          ok(tests.titles.length > 100, `${tests.titles.length} tests`);
          deepStrictEqual(
            tests.titles.filter((_, index) => results[index]?.outcome !== "pass"),
            [],
          );
        });
      }

      it("refuse what reaches outside of a buffer, or is none", () => {
        const { reports, crash } = run(vm, REFUSALS[vm]);
        strictEqual(crash, "");
        strictEqual(reports.length, REFUSED.length);
        for (const [index, [call, words]] of REFUSED.entries()) {
          ok(reports[index].includes(words), `${call}: ${reports[index]}`);
        }
      });
    });
  }

  it("are found by a JavaScript program in each of its forms", function () {
    if (jerryscriptPrefix() === "") {
      this.skip();
    }
    const { snapshot, staticSnapshot } = createSnapshots(SEEKER, jerryscriptPrefix(), { buildId: "seeker" });
    const source = writeProgram(ProgramForm.JAVASCRIPT, Buffer.from(SEEKER), { buildId: "seeker" });
    for (const [form, image] of Object.entries({ source, snapshot, staticSnapshot })) {
      const file = path.join(directory, `${form}.image`);
      writeFileSync(file, image);
      const { stdout } = spawnSync(builtTest("jerryscript_image_tool"), [file, "1"], { encoding: "utf8" });
      ok(/^(poll )?1$/m.test(stdout), `${form}: ${stdout}`);
    }
  });
});
