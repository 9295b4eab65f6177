// The Lua build against JavaScript: pieces of TypeScript are compiled with Doorline's plugin, run in every Lua VM, and must
// answer what JavaScript answers. What must not compile, and what may not be missing, is at the end.

import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { findProgram, missingLine, skipOrFail } from "../../tools/requirements";
import { compileLua } from "../../tools/tstl/compile";
import { missingLibraryFunctions } from "../../tools/tstl/plugin";
import { bundleJavaScript } from "../../tools/vm/javascript-bundle";
import { MACHINES } from "../../tools/vm/machines";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** A body of `function (a: number, b: number): number` and the pairs that it is called with. */
interface Piece {
  body: string;
  values: number[];
}

const ANY = [0, 1, -1, 7, -7, 31, 255, -256, 65535, 0x12345678, -0x12345678, 2147483647, -2147483648];
const POSITIVE = [1, 2, 3, 7, 255, 65536, 134217727];
const SMALL = [0, 1, -1, 300, -300, 46000, -46000];

const PIECES: Piece[] = [
  ...[
    "a | 0",
    "(a + b) | 0",
    "(a - b) | 0",
    "(a + b + a) | 0",
    "Math.imul(a, b)",
    "Math.imul(a + 1, b - 1)",
    "a & b",
    "a | b",
    "a ^ b",
    "~a",
    "~(a ^ b) | 0",
    "(a + b) & 0xffff",
    "(a - b) & 0x7ffffff",
    "(a + b) ^ b",
    "(a - b) | b",
    "(a + b) & b",
    "(a ^ b) | 0",
    "a << 1",
    "a << 8",
    "a << 31",
    "a << b",
    "a << (b & 15)",
    "(a << 5) ^ b",
    "(a << 7) & 0xffff",
    "((a & 0xff) << 24) | (b & 0xff)",
    "(a & 0xffff) << 15",
    "(a & 0xff) << (b & 31)",
    "a >> 1",
    "a >> 8",
    "a >> 30",
    "a >> 31",
    "a >> b",
    "a >> (b & 15)",
    "(a & 0xffff) >> 4",
    "(a & 0xffff) >> b",
    "(a + b) >> 3",
    "(a - 1) >> b",
    "a >>> 1",
    "a >>> 31",
    "a >>> ((b & 15) + 1)",
    "(a + b) >>> 3",
    "((a << 3) | (a >>> 29)) ^ ((b << 31) | (b >>> 1))",
    "(((a << 3) | (a >>> 29)) + b) | 0",
    "((a << 12) ^ b) | 0",
    "((a << 12) - (b << 3) + ((a << 5) & b)) | 0",
    "((a << 12) + b) >> 3",
    "((a << 9) | b) & 0x7fffff",
    "a > b ? a >> 1 : b >> 1",
    "a < 0 && b < 0 ? 1 : 0",
  ].map((expression) => ({ body: `return ${expression};`, values: ANY })),
  ...["a * b", "(a * b) | 0", "a * b + a", "(a * b) >> 4", "(a * 3) & 0xff"].map((expression) => ({
    body: `return ${expression};`,
    values: SMALL,
  })),
  ...["(a / b) | 0", "a % b", "((a / b) | 0) * b + (a % b) - a", "((a + b) / 2) | 0", "(a / 1000) | 0"].map(
    (expression) => ({ body: `return ${expression};`, values: POSITIVE }),
  ),
  { body: "let x = a; x <<= 3; x ^= b; x >>= 2; return x;", values: ANY },
  { body: "let x = a; x >>>= 4; x &= b; x |= 0; return x;", values: ANY },
  { body: "let x = a + b; x |= 0; return x;", values: ANY },
  { body: "const r = { x: a }; r.x >>= 3; r.x <<= 1; return r.x;", values: ANY },
  {
    body: "const w = new Uint16Array(4); w[2] = a & 0xffff; w[1 + 1] >>= 3; return w[2] + w[1] + w.length;",
    values: ANY,
  },
  {
    body: "const w = new Int16Array(5000); w[4999] = -7; return w[4999] + w[0] + w[2500] + w.length + (a & b);",
    values: SMALL,
  },
  { body: "const w = new Int16Array(2); w[1] = (a & 1) === 1 ? -5 : 9; return (w[1] >> 1) + (b & 1);", values: SMALL },
  {
    body: "const s: Samples = new Int16Array(2); s[1] = (a & 1) === 1 ? -5 : 9; return (s[1] >> 1) + (b & 1);",
    values: SMALL,
  },
  {
    body: "const w: Bytes = new Uint8Array(2); w[1] = a & 0xff; return (w[1] >> 1) + (w[1] << 24) + (b & 1);",
    values: SMALL,
  },
  { body: "const w = new Uint8Array(0); return w.length + (a & b);", values: SMALL },
  { body: "const w = new Uint8Array(1); return w[0] * 8 + w.length + (a & b);", values: SMALL },
  { body: 'return "AbC".charCodeAt(b & 1) + "x".charCodeAt(0) + (a & 1);', values: SMALL },
  {
    body: 'const s = "\\u00fc\\u00001\\"\\\\\\n"; return s.charCodeAt(a & 3) + s.length * 1000 + (b & 1);',
    values: SMALL,
  },
  { body: "return LIMIT + NEGATIVE + LOWEST + (1 << SHIFT) + (a & SHIFT) + Kind.SECOND + (b & 1);", values: SMALL },
  { body: "const l: Listener = { owner: LIST, on: addLength }; return l.on(l.owner, a) + b;", values: SMALL },
  { body: "return -2147483648 + a + 7 + (b & 1);", values: [0, 1, 2] },
];

const CONSTANTS = `
export const SHIFT = 4;
export const LIMIT = 5 * 64 + (1 << SHIFT);
export const NEGATIVE = -12;
export const LOWEST = -0x7ffffff;
export const LIST = [1, 2, 3];
export const enum Kind { FIRST = 1, SECOND = 2 }
export interface Listener { owner: object; on: (owner: object, n: number) => number }
export function addLength(owner: object, n: number): number { return (owner as number[]).length + n; }
`;

/** One function a piece, called with every pair of its values in a loop. */
function functionsText(): string {
  const functions = PIECES.map((piece, index) => `function f${index}(a: number, b: number): number { ${piece.body} }`);
  const calls = PIECES.map((piece, index) => `callAll(f${index}, [${piece.values.join(", ")}]);`);
  return [
    'import { addLength, Kind, LIMIT, LIST, type Listener, LOWEST, NEGATIVE, SHIFT } from "./constants";',
    "interface Runner { doorlineReport: (outcome: string, text: string) => void }",
    "interface Bytes { readonly length: number; [index: number]: number }",
    "interface Samples { readonly length: number; [index: number]: number }",
    "const { doorlineReport } = globalThis as unknown as Runner;",
    "function callAll(f: (a: number, b: number) => number, values: number[]): void {",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the snippet is source text
    '  for (const a of values) { for (const b of values) { doorlineReport("pass", `${f(a, b)}`); } }',
    "}",
    ...functions,
    ...calls,
    "export {};",
  ].join("\n");
}

/** What each report came from: "a >> 1 of -7 and 3". */
const LABELS = PIECES.flatMap((piece) =>
  piece.values.flatMap((a) => piece.values.map((b) => `${piece.body} of ${a} and ${b}`)),
);

describe("the Lua build", function () {
  this.timeout(120_000);
  const entry = path.join(root, "snippets", "main.ts");
  const virtual = new Map([
    [entry, functionsText()],
    [path.join(root, "snippets", "constants.ts"), CONSTANTS],
  ]);
  let lua = "";
  let expected: string[] = [];

  before(() => {
    lua = compileLua(root, entry, virtual, true).code;
    expected = [];
    const doorlineReport = (_outcome: string, text: string) => expected.push(text);
    vm.runInNewContext(bundleJavaScript(root, entry, virtual), { doorlineReport });
    assert.equal(expected.length, LABELS.length);
  });

  for (const machine of MACHINES.filter(({ language }) => language === "lua")) {
    it(`computes as JavaScript in ${machine.name}`, async function () {
      if (machine.program !== "" && findProgram(machine.program) === "") {
        skipOrFail(this, missingLine(machine.program));
      }
      const run = await machine.run(lua);
      assert.equal(run.crash, "", `after ${LABELS[run.reports.length - 1] ?? "nothing"}`);
      const differences = LABELS.map((label, index) => [label, run.reports[index]?.split("\t")[1], expected[index]])
        .filter(([, got, wanted]) => got !== wanted)
        .map(([label, got, wanted]) => `${label}: got ${got}, JavaScript says ${wanted}`);
      assert.deepEqual(differences, []);
    });
  }

  it("makes a string of a template with one value alone", async () => {
    const file = path.join(root, "snippets", "template.ts");
    const text = `
      interface Runner { doorlineReport: (outcome: string, text: string) => void }
      const { doorlineReport } = globalThis as unknown as Runner;
      const status = 200 + "ab".length;
      const word = "word";
      doorlineReport("pass", \`\${status}\` === "202" ? \`\${word}\` : "a number");
      export {};`;
    const [machine] = MACHINES;
    const run = await machine.run(compileLua(root, file, new Map([[file, text]]), false).code);
    assert.deepEqual(run, { reports: ["pass\tword"], crash: "" });
  });

  it("writes constants in and leaves no trace of them", () => {
    assert.match(lua, /return -134217387 \+ \(a & 4\) \+ 2 /);
    assert.doesNotMatch(lua, /LIMIT|NEGATIVE|LOWEST|SHIFT|SECOND/);
  });

  it("keeps plain operators where a number is known not to be negative", () => {
    assert.match(lua, /return \(a & 65535\) >> 4\b/);
    assert.match(lua, /return a \/\/ 256\b/);
  });

  it("answers a file outside the subset with an error that has file and line", () => {
    const name = path.join(root, "firmware/sip/outside-the-subset.ts");
    const code = "export function f(a: number[]): number {\n  return a.length / 2;\n}\n";
    assert.throws(
      () => compileLua(root, name, new Map([[name, code]]), true),
      /firmware\/sip\/outside-the-subset\.ts\(2,10\): error .*\[portable\/division\]/,
    );
  });

  it("compiles the same file when the subset is not asked for", () => {
    const name = path.join(root, "firmware/sip/outside-the-subset.ts");
    const code = "export function f(a: number[]): number {\n  return a.length / 2;\n}\n";
    assert.match(compileLua(root, name, new Map([[name, code]]), false).code, /#a \/ 2/);
  });

  it("answers a type error with file and line", () => {
    const name = path.join(root, "firmware/sip/wrong-type.ts");
    assert.throws(
      () => compileLua(root, name, new Map([[name, 'export const A: number = "x";\n']]), true),
      /wrong-type\.ts\(1,14\)/,
    );
  });

  it("finds library functions that a bundle calls and does not have", () => {
    const code = "local __TS__New = x.__TS__New\n__TS__New(A)\n__TS__ArraySlice(a)\n__TS__ArraySlice(b)";
    assert.deepEqual(missingLibraryFunctions(code), ["__TS__ArraySlice"]);
    assert.deepEqual(missingLibraryFunctions("local function __TS__New() end __TS__New()"), []);
  });
});
