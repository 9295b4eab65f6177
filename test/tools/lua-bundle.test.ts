// The Lua bundle as a whole: what the linker leaves out, writes in and renames, what keeps its name for the outside, and that
// every line of the bundle still leads to its line of TypeScript.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { SourceMap } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, missingLine, skipOrFail } from "../../tools/requirements";
import type { LuaBundle } from "../../tools/tstl/bundle";
import { compileLua } from "../../tools/tstl/compile";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Compiles files that exist here alone; the first is the entry. */
function compile(files: { [file: string]: string }): LuaBundle {
  const texts = Object.entries(files).map(([file, text]): [string, string] => [path.join(root, file), text]);
  return compileLua(root, texts[0][0], new Map(texts), false);
}

/** What a piece of Lua prints that has the exports of a bundle as `bundle`. */
function run(context: Mocha.Context, bundle: LuaBundle, program: string): string {
  const lua = findProgram("lua5.4");
  if (lua === "") {
    skipOrFail(context, missingLine("lua5.4"));
  }
  const loader = `local bundle = (function() ${bundle.code} end)() ${program}`;
  return execFileSync(lua, ["-"], { input: loader, encoding: "utf8" }).trim();
}

const COUNTER = `
export interface Counter { count: number; step: number; sums: number[]; before: Counter[] }
export function createCounter(step: number): Counter { return { count: 0, step, sums: [], before: [] }; }
export function countOn(counter: Counter): void { counter.count += counter.step; counter.before[0].count += 1; }
export function isUnused(): boolean { return true; }
const NEVER_READ = createCounter(3);
export const READ = createCounter(4);
`;

describe("the Lua bundle", function () {
  this.timeout(60_000);

  it("leaves out what the entry does not reach, values that nobody reads among it", () => {
    const bundle = compile({
      "firmware/entry.ts":
        'import { countOn, READ } from "./counter"; export function start(): void { countOn(READ); countOn(READ); }',
      "firmware/counter.ts": COUNTER,
    });
    const named = Object.values(bundle.names.functions);
    assert.deepEqual(
      named.filter((name) => /isUnused|NEVER_READ/.test(name)),
      [],
    );
    assert(named.includes("firmware/counter.ts READ"), named.join());
    assert.doesNotMatch(bundle.code, /require/);
  });

  it("numbers the fields of the firmware's records and lists their names", function () {
    const bundle = compile({
      "firmware/entry.ts": `
        import { countOn, createCounter, READ } from "./counter";
        export function start(): number {
          READ.before.push(createCounter(1));
          countOn(READ); countOn(READ); countOn(READ.before[0].before.length === 0 ? READ : READ);
          return READ.count * 100 + READ.before[0].count;
        }`,
      "firmware/counter.ts": COUNTER,
    });
    assert.deepEqual(Object.values(bundle.names.records.Counter).sort(), ["before", "count", "step", "sums"]);
    assert.doesNotMatch(bundle.code, /\.(count|step|sums|before)\b|\b(count|sums|before) = /);
    assert.equal(run(this, bundle, "print(bundle.start())"), "1203");
  });

  it("keeps the names that hal/, JavaScript's library or the memory report say", () => {
    const bundle = compile({
      "firmware/entry.ts": `
        import type { Socket } from "../hal/outside";
        export interface PoolUse { inUse: number }
        export interface Own { port: number; inside: number; list: number[] }
        export function start(socket: Socket, own: Own, use: PoolUse): number {
          own.inside = own.port; use.inUse = own.list.length;
          return socket.port;
        }`,
      "hal/outside.ts": "export interface Socket { port: number }",
    });
    assert.match(bundle.code, /own\[\d\] = own\.port\nuse\.inUse = #own\[\d\]\nreturn socket\.port/);
  });

  it("numbers hal/'s fields and methods too where the entry is a board's, and the counters as its shell reads them", function () {
    const bundle = compile({
      "boards/some/board.ts": `
        import type { Socket } from "../../hal/outside";
        export interface PoolUse { refused: number; limit: object; highWater: number; inUse: number }
        interface Own extends Socket { reads: number }
        interface Holder { sockets: Own[] }
        function read(this: Socket, more: number): number {
          const own = this as Own;
          own.reads += 1;
          return own.port + own.reads + more;
        }
        function createHolder(): Holder { return { sockets: [{ port: 7, read, reads: 0 }] }; }
        export const HOLDER = createHolder();
        export const USE: PoolUse = { refused: 4, limit: HOLDER, highWater: 3, inUse: 2 };
        export function start(index: number): number { return HOLDER.sockets[index + 1 - 1].read(100); }`,
      "hal/outside.ts": "export interface Socket { port: number; read(this: Socket, more: number): number }",
    });
    assert.doesNotMatch(bundle.code, /\b(port|read|reads|sockets|inUse)\b/);
    const program = "print(bundle.start(0), bundle.start(0), bundle.USE[2], bundle.USE[3], bundle.USE[4])";
    assert.equal(run(this, bundle, program), "108\t109\t2\t3\t4");
  });

  it("numbers a record's own length, and leaves that of lists and buffers alone", function () {
    const bundle = compile({
      "firmware/entry.ts": `
        interface Bytes { readonly length: number; [index: number]: number }
        interface Kept { bytes: Bytes; length: number; all: Kept[] }
        export function start(): number {
          const kept: Kept = { bytes: new Uint8Array(9), length: 2, all: [] };
          kept.all.push(kept);
          kept.length += 3;
          return kept.bytes.length * 100 + kept.length * 10 + kept.all.length;
        }`,
    });
    assert.equal(bundle.code.match(/\.length\b/g)?.length, 1, bundle.code);
    assert.equal(run(this, bundle, "print(bundle.start())"), "951");
  });

  it("keeps what only boot needs where the collector takes it when boot is over", function () {
    // Functions that another group of modules says are in a table: as many as it takes to make two groups.
    const many = Array.from(
      { length: 250 },
      (_, index) => `export function f${index}(): number { let n = 0; while (n < ${index}) { n += 2; } return n; }`,
    );
    const calls = Array.from({ length: 250 }, (_, index) => `f${index}() + f${index}()`);
    const bundle = compile({
      "firmware/entry.ts": `
        import { countOn, createPart, type Part } from "./part";
        import { ${many.map((_, index) => `f${index}`).join(", ")} } from "./many";
        export function createAll(): Part { const part = createPart(3); part.parts.push(createPart(4)); return part; }
        export function work(part: Part): number { countOn(part); countOn(part); return ${calls.join(" + ")}; }`,
      "firmware/part.ts": `
        export interface Part { count: number; parts: Part[] }
        export function createPart(count: number): Part { const part: Part = { count, parts: [] }; while (part.count > 9) { part.count -= 1; } return part; }
        export function countOn(part: Part): void { while (part.count < 90) { part.count += 1; } }`,
      "firmware/many.ts": many.join("\n"),
    });
    const shortOf = (name: string): string =>
      Object.entries(bundle.names.functions).find(([, long]) => long.endsWith(` ${name}`))?.[0] ?? "";
    const [table, name] = shortOf("createPart").split(".");
    assert.match(name, /^\w+$/);
    assert.match(shortOf("countOn"), /^\w+$/);
    const program = `
      local dying = setmetatable({ bundle.createAll }, { __mode = "v" })
      local work, part = bundle.work, bundle.createAll()
      bundle = nil collectgarbage() collectgarbage()
      print(#dying, work(part) > 0)`;
    assert.equal(run(this, bundle, program), "0\ttrue");
    assert(bundle.code.includes(`local ${table}, _ENV = {}, {`));
  });

  it("lets the outside read the pools of a device by name", function () {
    const bundle = compileLua(root, path.join(root, "tools/size/device.ts"), new Map(), false);
    const program = "for _, use in ipairs(bundle.createReportedDevice().memory.pools) do print(use.limit.name) end";
    assert.match(run(this, bundle, program), /^SIP client transactions$/m);
  });

  it("never gives two fields of one record the same number", () => {
    const { names } = compileLua(root, path.join(root, "firmware/main.ts"), new Map(), false);
    for (const [title, fields] of Object.entries(names.records)) {
      assert.equal(new Set(Object.values(fields)).size, Object.keys(fields).length, title);
    }
    assert(Object.keys(names.records).length > 50);
  });

  it("computes the fields of a literal in the order in which they are written", function () {
    const fields = ["f", "e", "d", "c", "b", "a"];
    const bundle = compile({
      "firmware/entry.ts": `
        interface Small { a: number; b: number }
        interface Large { ${fields.map((field) => `${field}: number`).join("; ")} }
        let last = 0;
        function next(): number { last += 1; return last; }
        export function start(): number {
          const small: Small = { b: next(), a: next() };
          const large: Large = { ${fields.map((field) => `${field}: next()`).join(", ")} };
          return small.b * 10 + small.a + large.f * 100 + large.e * 1000 + large.a * 10000;
        }`,
    });
    assert.equal(run(this, bundle, "print(bundle.start())"), "84312");
  });

  it("writes in what is called once, with early returns, shadowed names and changed parameters", function () {
    const bundle = compile({
      "firmware/entry.ts": `
        import { clamp } from "./clamp";
        function early(value: number, end: number): number {
          for (let index = 0; index < end; index += 1) {
            if (index * index > value) { return index; }
          }
          return -1;
        }
        function changed(value: number): number { value += 5; return value; }
        function swapped(left: number, right: number): number { const sum = left * 10; return sum + right; }
        function isOdd(value: number): boolean { if (value < 0) { return false; } return value % 2 === 1; }
        function parity(value: number): number { const rest = value % 2; return rest; }
        export function start(left: number, right: number): number {
          const first = early(left, 100);
          const second = changed(left);
          let third = 1;
          third = swapped(right, left);
          const fourth = clamp(third);
          if (isOdd(left) && parity(right) === 0) { third += 1; }
          return left + first * 100 + second * 10000 + third * 1000000 + fourth * 100000000;
        }`,
      "firmware/clamp.ts":
        "export function clamp(value: number): number { if (value > 9) { return 9; } return value; }",
    });
    assert.deepEqual(Object.values(bundle.names.functions), ["firmware/entry.ts start"]);
    assert.equal(run(this, bundle, "print(bundle.start(7, 2))"), "928120307");
    assert.equal(run(this, bundle, "print(bundle.start(8, 2))"), "928130308");
  });

  it("writes in what is called in the middle of a statement, and computes all of it in the same order", function () {
    const bundle = compile({
      "firmware/entry.ts": `
export interface Box { low: number; high: number }
let calls = 0;
function bump(box: Box): number { box.low += 1; return box.low; }
function grow(box: Box): number { box.high += box.low; return box.high; }
function isFull(box: Box): boolean { box.low *= 2; return box.low > 9; }
function isEmpty(box: Box): boolean { box.high -= 1; return box.high === 0; }
function count(): number { calls += 1; return calls; }
function half(value: number): number { const rest = value % 2; return value - rest; }
function createBox(low: number): Box { return { low, high: 0 }; }
const FIRST = createBox(2);
function add(left: number, right: number): number { calls += 1; return left * 10 + right; }
export function start(low: number): string {
  const box = createBox(low);
  const before = box.low * 100 + bump(box);
  const list = [calls, add(calls, count()), add(box.high, grow(box))];
  let path = 0;
  if (box.low > 3 && isFull(box)) {
    path = 1;
  } else if (box.high < 3 || isEmpty(box)) {
    path = 2;
  }
  box.high = half(box.high) + path;
  return \`\${before} \${list.join()} \${path} \${box.low} \${box.high} \${FIRST.low}\`;
}
`,
    });
    const left = ["FIRST", "add", "bump", "calls", "count", "createBox", "grow", "start"];
    assert.deepEqual(
      Object.values(bundle.names.functions)
        .map((name) => name.replace("firmware/entry.ts ", ""))
        .sort(),
      left,
    );
    assert.equal(
      run(this, bundle, "print(bundle.start(2)) print(bundle.start(4)) print(bundle.start(9))"),
      "203 0,1,3 0 3 2 2\n405 3,34,5 1 10 5 2\n910 6,67,10 1 20 11 2",
    );
  });

  it("makes the constant texts that it says in one call and writes their numbers in", function () {
    const bundle = compile({
      "firmware/entry.ts": `
import { createText, textByte, textLength } from "./bytes/text";
const VIA = createText("Via");
const UNSAID = createText("nobody says this");
const TABLE = [createText(""), VIA, createText("To"), createText("a\`b"), createText("Via")];
export function look(): string { return \`\${VIA} \${TABLE.join()} \${textLength(TABLE[2])} \${textByte(TABLE[2], 1)}\`; }
export function unsaid(): number { return 0; }
`,
    });
    assert.doesNotMatch(bundle.code, /nobody says this/);
    assert.equal(bundle.code.match(/"Via/g)?.length, 1, bundle.code);
    assert.equal(run(this, bundle, "print(bundle.look())"), "1 2,1,3,4,1 2 111");
  });

  it("writes short functions out where that is no longer than to call them, and means the same", function () {
    const bundle = compile({
      "firmware/entry.ts": `
export interface Pair { low: number; high: number; count: number }
function span(pair: Pair): number { return pair.high - pair.low; }
function isWide(pair: Pair, least: number): boolean { return span(pair) >= least; }
function choose(first: number, second: number): number { return first < second ? first : second; }
function countOn(pair: Pair): number { return choose(take(pair), pair.count); }
function take(pair: Pair): number { pair.count += 1; return pair.count; }
export function createPair(low: number, high: number): Pair { return { low, high, count: 0 }; }
export function look(owner: object, least: number): string {
  const pair = owner as Pair;
  isWide(pair, least);
  const wide = isWide(pair, least) ? 2 * span(pair) : -span(pair);
  return \`\${wide} \${isWide(pair, pair.low + 1)} \${choose(take(pair), take(pair))} \${countOn(pair)} \${countOn(pair)}\`;
}
`,
    });
    const named = Object.values(bundle.names.functions);
    assert(!named.includes("firmware/entry.ts span"), named.join());
    assert.match(bundle.code, /function \w+\(pair, least\)/, "the parameter takes the name that it is cast to");
    assert.equal(
      run(
        this,
        bundle,
        "print(bundle.look(bundle.createPair(3, 8), 4)) print(bundle.look(bundle.createPair(3, 8), 6))",
      ),
      "10 true 1 3 4\n-5 true 1 3 4",
    );
  });

  it("writes out what only computes wherever it is said, but for arguments that do something", function () {
    const bundle = compile({
      "firmware/entry.ts": `
export interface Ring { at: number; values: number[] }
function between(earlier: number, later: number): number { return (((later - earlier) & 0xffff) ^ 0x8000) - 0x8000; }
function twice(value: number): number { return value * 2; }
function next(ring: Ring): number { ring.at += 1; return ring.at; }
export function createRing(): Ring { return { at: 1, values: [5, 7, 11] }; }
export function look(ring: Ring, least: number): string {
  const first = between(ring.values[ring.at - 1] + 1, -ring.values[ring.at] * 2);
  const second = 3 * between(least + 1, twice(ring.values[2] - 1));
  return \`\${first} \${second} \${between(ring.at, next(ring))} \${between(next(ring), ring.at)} \${between(next(ring), next(ring))}\`;
}
`,
    });
    const between = Object.entries(bundle.names.functions).find(([, name]) => name.endsWith(" between"))?.[0];
    assert.equal(bundle.code.split(`${between}(`).length - 1, 1 + 3, bundle.code);
    assert.equal(run(this, bundle, "print(bundle.look(bundle.createRing(), 2))"), "-20 51 1 0 1");
  });

  it("writes a switch as a chain where no case runs into the next, and means the same anywhere", function () {
    const bundle = compile({
      "firmware/entry.ts": `
function chain(value: number): number {
  let result = 0;
  switch (value) {
    case 1:
      return 10;
    case 2:
      for (let index = 0; index < 9; index += 1) { if (index === 4) { break; } result += 1; }
      break;
    case 3: {
      const other = value * 2;
      result = other;
      break;
    }
    default:
      result = -1;
  }
  return result + 100;
}
function running(value: number): number {
  let result = 0;
  switch (value) {
    case 1:
    case 2:
      result += 1;
    case 3:
      if (result === 0) { break; }
      result += 10;
  }
  return result;
}
function early(value: number): number {
  switch (value) {
    case 1:
      if (value > 0) { break; }
      return 7;
    case 2:
      return 8;
  }
  return 9;
}
export function look(): string {
  const values: number[] = [];
  for (let value = 0; value < 5; value += 1) { values.push(chain(value)); values.push(running(value)); values.push(early(value)); }
  return values.join();
}
`,
    });
    assert.equal(run(this, bundle, "print(bundle.look())"), "99,0,9,10,11,9,104,11,8,106,0,9,99,0,9");
    assert.equal(bundle.code.match(/^repeat$/gm)?.length, 2, "running and early");
  });

  it("keeps what one part of a bundle says alone in locals", () => {
    const bundle = compile({
      "firmware/entry.ts":
        "const STEPS = [3, 4];\nfunction step(index: number): number { let sum = 0; while (sum < index) { sum += STEPS[0]; } return sum; }\nexport function start(): number { return step(STEPS[1]) + step(9); }\n",
    });
    const shortOf = (name: string): string =>
      Object.entries(bundle.names.functions).find(([, long]) => long === `firmware/entry.ts ${name}`)?.[0] ?? "";
    assert.match(
      bundle.code,
      new RegExp(`^;\\(function\\(\\) local ${shortOf("STEPS")} local function ${shortOf("step")}\\(`, "m"),
    );
  });

  it("leads from every line back to its file and line", () => {
    const bundle = compile({
      "firmware/entry.ts": 'import { far } from "./far";\nexport function start(): number {\n  return far(7);\n}\n',
      "firmware/far.ts":
        "function twice(value: number): number {\n  const double = value * 2;\n  return double;\n}\nexport function far(value: number): number {\n  const ten = twice(value) + twice(3);\n  return ten + 1;\n}\n",
    });
    const lines = bundle.code.split("\n");
    const map = new SourceMap(JSON.parse(bundle.map));
    const originOf = (text: string): string => {
      const line = lines.findIndex((one) => one.includes(text));
      const entry = map.findEntry(line, lines[line].indexOf(text)) as { originalSource: string; originalLine: number };
      return `${entry.originalSource}:${entry.originalLine + 1}`;
    };
    assert.equal(originOf("value * 2"), "firmware/far.ts:2");
    assert.equal(originOf("ten + 1"), "firmware/far.ts:7");
  });

  it("answers a name that nothing has with an error", () => {
    assert.throws(
      () =>
        compile({
          "firmware/entry.ts": "declare const gone: number; export function start(): number { return gone; }",
        }),
      /nothing in the bundle is called gone/,
    );
  });
});
