// What a function costs in the VM of a shell, with its native twin and as the TypeScript that it stands for: instructions of this
// machine, counted by valgrind's callgrind, of one call. `node --import tsx tools/native/twin-cost.ts`; JerryScript where
// JERRYSCRIPT_PREFIX names one. Calls go from module to module by name, which a linked bundle's do not.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, missingLine } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { compileLua } from "../tstl/compile";
import { bundleJavaScript } from "../vm/javascript-bundle";
import { VMS, type Vm } from "./board-build";

const root = fileURLToPath(new URL("../..", import.meta.url));
const directory = path.join(root, "build/native-cost");

/** Calls in the shorter of two runs; the longer has twice as many, and their difference is counted. */
const CALLS = 20;

/** What is called, by what it is called in the table. */
const CASES: readonly (readonly [title: string, call: string])[] = [
  ["G.711: encode a frame, µ-law", "encodeG711(g711, Law.MU, samples, 0, 160, octets, 0)"],
  ["G.711: encode a frame, A-law", "encodeG711(g711, Law.A, samples, 0, 160, octets, 0)"],
  ["G.711: decode a frame, µ-law", "decodeG711(g711, Law.MU, octets, 0, 160, samples, 0)"],
  ["MD5 block", "compressMd5(hash.chain, hash.words, octets, 0)"],
  ["SHA-256 block", "compressSha256(hash.chain, hash.words, octets, 0)"],
  ["find in 600 octets", "findByte(octets, 0, 600, 1)"],
  ["find in 8 octets", "findByte(octets, 0, 8, 1)"],
  ["printable, 600 octets", "isPrintable(octets, 0, 600, 0)"],
  ["compare 600 octets", "equalBytes(octets, 0, 600, other, 0, 600)"],
  ["compare 8 octets in any case", "equalBytesAnyCase(octets, 0, 8, other, 0, 8)"],
  ["copy 600 octets", "copyBytes(other, 0, octets, 0, 600)"],
  ["copy 8 octets", "copyBytes(other, 0, octets, 0, 8)"],
  ["nothing", "nothing()"],
];

/** A program that makes one of the calls so many times. */
function programOf(call: string, times: number): string {
  return `
import { createG711, decodeG711, encodeG711, Law } from "../firmware/audio/g711";
import { copyBytes, createBytes, createSamples, equalBytes, equalBytesAnyCase, fillBytes, findByte, isPrintable }
  from "../firmware/bytes/bytes";
import { createHash } from "../firmware/crypto/hash";
import { compressMd5 } from "../firmware/crypto/md5";
import { compressSha256 } from "../firmware/crypto/sha256";

const g711 = createG711();
const hash = createHash();
const octets = createBytes(600);
const other = createBytes(600);
const samples = createSamples(160);
export function nothing(): void {}
export const all = [encodeG711, decodeG711, copyBytes, equalBytes, equalBytesAnyCase, findByte, isPrintable,
  compressMd5, compressSha256];
fillBytes(octets, 0, 600, 0x20);
fillBytes(other, 0, 600, 0x20);
for (let index = 0; index < 160; index += 1) {
  samples[index] = (index * 397) % 65536 - 32768;
}
export function work(): void {
  for (let time = 0; time < ${times}; time += 1) {
    ${call};
  }
}
work();
`;
}

function compile(vm: Vm, call: string, times: number): string {
  const entry = path.join(root, "test/twin-cost.ts");
  const virtual = new Map([[entry, programOf(call, times)]]);
  return vm === "lua" ? compileLua(root, entry, virtual, false).code : bundleJavaScript(root, entry, virtual);
}

function buildTools(): void {
  mkdirSync(directory, { recursive: true });
  const prefix = process.env.JERRYSCRIPT_PREFIX ?? "";
  execFileSync("cmake", ["-S", root, "-B", directory, `-DJERRYSCRIPT_PREFIX=${prefix}`], { stdio: "ignore" });
  for (const vm of VMS) {
    spawnSync("cmake", ["--build", directory, "--target", `${vm}_portable_tool`], { stdio: "ignore" });
  }
}

/** Instructions of a whole run. */
function count(vm: Vm, file: string, words: readonly string[]): number {
  const { stderr, status } = spawnSync(
    "valgrind",
    ["--tool=callgrind", "--callgrind-out-file=/dev/null", path.join(directory, `${vm}_portable_tool`), ...words, file],
    { encoding: "utf8" },
  );
  const total = /Collected : (\d+)/.exec(stderr)?.[1];
  if (status !== 0 || total === undefined) {
    throw new Error(`${vm}: ${stderr}`);
  }
  return Number(total);
}

function measure(vm: Vm, scratch: string, call: string): Cell[] {
  const files = [CALLS, 2 * CALLS].map((times) => {
    const file = path.join(scratch, `${times}.${vm}`);
    writeFileSync(file, compile(vm, call, times));
    return file;
  });
  return [["--references"], []].map((words) => {
    const [few, many] = files.map((file) => count(vm, file, words));
    return Math.round((many - few) / CALLS);
  });
}

function main(): number {
  const missing = ["valgrind", "cmake", "gcc"].filter((name) => findProgram(name) === "");
  if (missing.length > 0) {
    console.log(missing.map(missingLine).join("\n"));
    return 1;
  }
  buildTools();
  const vms = VMS.filter((vm) => existsSync(path.join(directory, `${vm}_portable_tool`)));
  const scratch = mkdtempSync(path.join(tmpdir(), "doorline-twin-cost-"));
  try {
    const rows = CASES.map(([title, call]): Cell[] => [title, ...vms.flatMap((vm) => measure(vm, scratch, call))]);
    const heads = vms.flatMap((vm) => [vm, "twin"]);
    console.log(tableLines(["instructions of a call", ...heads], rows).join("\n"));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return 0;
}

process.exitCode = main();
