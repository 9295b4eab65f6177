// The portable-subset checker: a table of snippets, each with the rules that refuse it and where, and snippets that are
// inside the subset. `/*!*/` in a snippet marks the first letter of every node that is refused, in the order of the rules.

import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { checkFile, checkProgram, formatRefusal } from "../../tools/portable/check";
import { virtualHost } from "../../tools/tstl/virtual-host";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

interface Snippet {
  code: string;
  /** Rules without "portable/", in the order of the text. */
  rules: string[];
  /** Where the snippet stands; firmware/sip when it does not matter. */
  folder?: string;
}

const MARK = "/*!*/";

const REFUSED: Snippet[] = [
  // control flow
  { code: "export function f(a: number[]): void { /*!*/for (const x of a) { a[0] = x; } }", rules: ["for-of"] },
  {
    code: "export function f(a: object): void { /*!*/for (const x in a) { g(x); } } declare function g(x: string): void;",
    rules: ["for-in"],
  },
  { code: "export function f(): void { /*!*/outer: while (true) { break outer; } }", rules: ["label"] },
  { code: "export function f(): void { /*!*/try { f(); } finally { f(); } }", rules: ["try"] },
  { code: "export function f(): void { /*!*/throw 1; }", rules: ["throw"] },
  { code: "/*!*/export class A { x = 1; }", rules: ["class"] },
  { code: "export function f(this: { x: number }): number { return /*!*/this.x; }", rules: ["this"] },
  { code: "export const a = { /*!*/get x(): number { return 1; } };", rules: ["accessor"] },
  { code: "export const a = { /*!*/x(): number { return 1; } };", rules: ["method"] },
  { code: "/*!*/export async function f(): Promise<void> { /*!*/await f(); }", rules: ["async", "async"] },
  { code: "/*!*/export function* f(): unknown { /*!*/yield 1; }", rules: ["generator", "generator"] },
  { code: "export function f(): () => number { return /*!*/() => 1; }", rules: ["closure"] },
  { code: "export function createF(): () => number { return /*!*/function () { return 1; }; }", rules: ["closure"] },
  { code: "export function f(): void { /*!*/function g(): void {} g(); }", rules: ["closure"] },
  // allocation
  { code: "export function f(): object { return /*!*/{ a: 1 }; }", rules: ["literal"] },
  { code: "export function f(): number[] { return /*!*/[1]; }", rules: ["literal"] },
  { code: "export const a = [1, 2]; export const b = [/*!*/...a];", rules: ["spread"] },
  { code: "export const a = { x: 1 }; export const b = { /*!*/...a };", rules: ["spread"] },
  { code: "export function f(/*!*/...a: number[]): number { return a.length; }", rules: ["rest"] },
  { code: "export function f(a: { x: number }): number { const /*!*/{ x } = a; return x; }", rules: ["destructuring"] },
  { code: "export function f(a: number[]): number { let x = 0; /*!*/[x] = a; return x; }", rules: ["destructuring"] },
  { code: "export const a = /*!*/[1, , 2];", rules: ["hole"] },
  { code: 'export const key = "a"; export const a = { /*!*/[key]: 1 };', rules: ["computed-name"] },
  { code: "export const a = /*!*/new /*!*/Uint8Array(8);", rules: ["new", "library"] },
  {
    code: "export function f(): Uint8Array { return /*!*/new Uint8Array(8); }",
    rules: ["new"],
    folder: "firmware/bytes",
  },
  {
    code: "export function createF(a: number[]): Uint8Array { return /*!*/new Uint8Array(a); }",
    rules: ["new"],
    folder: "firmware/bytes",
  },
  {
    code: "export const a = /*!*/new /*!*/Map<string, string>();",
    rules: ["new", "library"],
    folder: "firmware/bytes",
  },
  {
    code: "export function createA(): object { return { a: 1 }; } export function f(): object { return /*!*/createA(); }",
    rules: ["boot-call"],
  },
  { code: "export function f(a: number[]): void { /*!*/a.push(1); }", rules: ["push"] },
  {
    code: "export function create(): void {} export function creates(): object { /*!*/create(); return /*!*/{}; }",
    rules: ["boot-call", "literal"],
  },
  // numbers
  { code: "export const a = /*!*/0.5;", rules: ["fraction"] },
  { code: "export const a = /*!*/1.0;", rules: ["fraction"] },
  { code: "export function f(a: number): number { return /*!*/a / 2; }", rules: ["division"] },
  { code: "export function f(a: number): number { let b = a; /*!*/b /= 2; return b; }", rules: ["division"] },
  { code: "export function f(a: number): number { return /*!*/a ** 2; }", rules: ["division"] },
  { code: "export const a = /*!*/0x8000000;", rules: ["width"] },
  { code: "export const a = /*!*/1 << 27;", rules: ["width"] },
  { code: "export const a = 65536; export const b = /*!*/a * 4096;", rules: ["width"] },
  { code: "export const a = /*!*/0x80000000;", rules: ["width"], folder: "firmware/crypto" },
  { code: "export const a = /*!*/10n;", rules: ["bigint"] },
  { code: "export function f(a: number): number { return /*!*/a >>> 1; }", rules: ["unsigned-shift"] },
  {
    code: "export function f(a: number): number { return /*!*/a >>> 0; }",
    rules: ["shift-count"],
    folder: "firmware/crypto",
  },
  { code: "export function f(a: number): number { return /*!*/a << 32; }", rules: ["shift-count"] },
  {
    code: "export function f(a: number, b: number): number { return (/*!*/a + b) ^ b; }",
    rules: ["open-sum"],
    folder: "firmware/crypto",
  },
  {
    code: "export function f(a: number, b: number): number { return (/*!*/a * b) >> 3; }",
    rules: ["open-sum"],
    folder: "firmware/crypto",
  },
  { code: "export function f(a: number): number { return /*!*/+a; }", rules: ["unary-plus"] },
  { code: "export function f(a: number, b: number): number { return /*!*/Math.imul(a, b); }", rules: ["library"] },
  {
    code: "export function f(a: number): number { return /*!*/Math.floor(a); }",
    rules: ["library"],
    folder: "firmware/crypto",
  },
  // truth
  { code: "export function f(a: number): number { if (/*!*/a) { return 1; } return 2; }", rules: ["truth"] },
  { code: "export function f(a: number): void { while (/*!*/a) { f(a); } }", rules: ["truth"] },
  { code: "export function f(a: string): boolean { return !/*!*/a; }", rules: ["truth"] },
  {
    code: "export function f(a: object, b: boolean): boolean { return b && /*!*/(a as boolean | object) && b; }",
    rules: ["truth"],
  },
  { code: "export function f(a: number): number { return /*!*/a ? 1 : 2; }", rules: ["truth"] },
  { code: "export function f(a: number): void { for (let i = 0; /*!*/i; i += 1) { f(a); } }", rules: ["truth"] },
  // nothing
  { code: "export const a: object | /*!*/null = /*!*/null;", rules: ["nothing", "nothing"] },
  {
    code: "export function f(a: number): number | /*!*/undefined { return a === 1 ? a : /*!*/undefined; }",
    rules: ["nothing", "nothing"],
  },
  { code: "export interface A { /*!*/x?: number }", rules: ["optional"] },
  { code: "export function f(/*!*/a?: number): boolean { return a === 1; }", rules: ["optional"] },
  { code: "export function f(/*!*/a = 1): number { return a; }", rules: ["optional"] },
  { code: "export function f(a: number[]): number { return /*!*/a[0]!; }", rules: ["nothing"] },
  { code: "export function f(a: { x: number }): number { return /*!*/a?.x; }", rules: ["nothing"] },
  { code: "export function f(a: number): number { return /*!*/a ?? 1; }", rules: ["nothing"] },
  { code: "export function f(): number { let /*!*/a: number; a = 1; return a; }", rules: ["nothing"] },
  // text
  { code: "export function f(a: string): string { return /*!*/a + a; }", rules: ["string-building"] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the snippet is source text
  { code: "export function f(a: string): string { return /*!*/`${a}.`; }", rules: ["string-building"] },
  { code: 'export function f(a: string): boolean { return /*!*/a === "x"; }', rules: ["string-comparison"] },
  {
    code: 'export function f(a: string): number { switch (/*!*/a) { case "x": return 1; default: return 2; } }',
    rules: ["string-comparison"],
  },
  { code: "export function f(a: string): number { return /*!*/a.charCodeAt(0); }", rules: ["string-method"] },
  { code: "export function f(a: string): string { return /*!*/a[0]; }", rules: ["string-index"] },
  { code: 'export function f(a: { x: number }): number { return /*!*/a["x"]; }', rules: ["string-index"] },
  { code: 'const A = "x"; export function createF(): string { return /*!*/A.toLowerCase(); }', rules: ["library"] },
  { code: "export const a = /*!*//x/;", rules: ["regex"] },
  // library and operators
  { code: 'export const a = /*!*/JSON.parse("1");', rules: ["library"] },
  { code: 'export const a = /*!*/parseInt("1", 10);', rules: ["library"] },
  { code: "export const a = /*!*/String(1);", rules: ["library"] },
  { code: "export const a = /*!*/NaN;", rules: ["library"] },
  { code: "export function f(a: number[]): number[] { return /*!*/a.slice(0); }", rules: ["library"] },
  { code: "export function createF(a: number[]): (x: number) => number { return /*!*/a.push; }", rules: ["library"] },
  { code: "export function createF(a: number[]): number { return /*!*/a.push(1); }", rules: ["library"] },
  { code: "export function f(a: number[]): void { /*!*/a.length = 0; }", rules: ["array-length"] },
  { code: "export function f(): number { return /*!*/arguments.length; }", rules: ["library"] },
  { code: "export function f(a: unknown): void { /*!*/typeof a; }", rules: ["operator"] },
  { code: "export function f(a: Partial<{ x: number }>): void { /*!*/delete a.x; }", rules: ["operator"] },
  {
    code: "export function f(a: object): boolean { return /*!*/a instanceof /*!*/Array; }",
    rules: ["operator", "library"],
  },
  { code: "export function f(a: number): number { return (/*!*/f(a), a); }", rules: ["operator"] },
  { code: "export function f(a: number): boolean { return /*!*/a == 1; }", rules: ["operator"] },
  // modules and state
  { code: "/*!*/let a = 1; export function f(): number { a += 1; return a; }", rules: ["state"] },
  { code: "/*!*/export let a = 1;", rules: ["state"] },
  { code: "/*!*/var a = 1; export function f(): number { return a; }", rules: ["var"] },
  { code: "/*!*/export enum A { B = 1 }", rules: ["enum"] },
  { code: "export const enum A { /*!*/B }", rules: ["enum"] },
  { code: "/*!*/export namespace A { export const b = 1; }", rules: ["module"] },
  { code: "/*!*/export default 1;", rules: ["module"] },
  { code: '/*!*/import * as bytes from "../bytes/bytes"; export const a = bytes.lowerCase(1);', rules: ["module"] },
  { code: 'import { sep } from /*!*/"node:path"; export const a = sep;', rules: ["import"] },
  { code: 'import { equal } from /*!*/"../../test/harness"; export const a = equal;', rules: ["import"] },
];

const ACCEPTED: Snippet[] = [
  { code: "export const A_MS = 500; export const B = A_MS * 64; export const C = -134217728;", rules: [] },
  {
    code: "export function f(a: number[]): number { let s = 0; for (let i = 0; i < a.length; i += 1) { s += a[i]; } return s; }",
    rules: [],
  },
  {
    code: "export interface T { n: number } export function createT(n: number): T { const a = { n } as T; return a; }",
    rules: [],
  },
  { code: "export function createList(): number[] { const a: number[] = []; a.push(1); return a; }", rules: [] },
  {
    code: "const SHIFT = 4; export function f(a: number): number { return ((a / 3) | 0) + (a >> SHIFT) + (a % 7); }",
    rules: [],
  },
  { code: "export function f(a: number, n: number): number { return (a >> n) & 1; }", rules: [] },
  { code: "export function f(a: boolean, b: number): boolean { return a && b === 1 ? !a : b > 2 || a; }", rules: [] },
  {
    code: 'const DIGITS = "0123"; export function f(a: number): number { return DIGITS.charCodeAt(a) + DIGITS.length; }',
    rules: [],
  },
  {
    code: "export interface L { owner: object; on: (owner: object) => void } export function f(l: L): void { l.on(l.owner); }",
    rules: [],
  },
  {
    code: "export interface U { read(this: U, n: number): number } export function f(u: U): number { return u.read(1); }",
    rules: [],
  },
  {
    code: "export const enum K { A = 0, B = 1 << 3 } export function f(k: K): boolean { return k === K.B; }",
    rules: [],
  },
  { code: "function a(x: number): number { return x; } export const TABLE = [{ run: a }, { run: a }];", rules: [] },
  { code: "export const TABLE = [(x: number) => x + 1];", rules: [] },
  { code: 'import { createText } from "../bytes/text"; export const VIA = createText("Via: ");', rules: [] },
  { code: 'import type { Udp } from "../../hal/udp"; export function f(u: Udp): Udp { return u; }', rules: [] },
  {
    code: "export function f(a: number, b: number): number { return ((a + b) | 0) ^ Math.imul(a, b) ^ (a >>> 7) ^ -2147483648; }",
    rules: [],
    folder: "firmware/crypto",
  },
  { code: "export function f(w: { length: number }): void { w.length = 0; w.length += 1; }", rules: [] },
  { code: "export function createA(s: string): number { return s.charCodeAt(0) & 0xff; }", rules: [] },
];

/** All snippets as files of one program: the checker needs types, and a program costs a second. */
function checkSnippets(snippets: Snippet[]): { rules: string[]; starts: number[]; marks: number[] }[] {
  const virtual = new Map<string, string>();
  const names = snippets.map((snippet, index) => {
    const folder = snippet.folder ?? "firmware/sip";
    const file = folder === "firmware/bytes" ? "bytes" : `snippet-${index}`;
    // bytes.ts is the one file of its name: its snippets lie in roots of their own
    const base = folder === "firmware/bytes" ? path.join(root, `snippet-root-${index}`) : root;
    const name = path.join(base, folder, `${file}.ts`);
    virtual.set(name, snippet.code.split(MARK).join(""));
    return { name, base };
  });
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
    skipLibCheck: true,
  };
  const program = ts.createProgram(
    names.map(({ name }) => name),
    options,
    virtualHost(options, virtual),
  );
  return snippets.map((snippet, index) => {
    const file = program.getSourceFile(names[index].name);
    assert(file !== undefined);
    const refusals = checkFile(program, file, names[index].base);
    const marks: number[] = [];
    for (let at = snippet.code.indexOf(MARK); at >= 0; at = snippet.code.indexOf(MARK, at + 1)) {
      marks.push(at - marks.length * MARK.length);
    }
    return {
      rules: refusals.map((refusal) => refusal.rule.replace("portable/", "")),
      starts: refusals.map((refusal) => refusal.start),
      marks,
    };
  });
}

describe("the portable-subset checker", function () {
  this.timeout(60_000);
  let refused: ReturnType<typeof checkSnippets>;
  let accepted: ReturnType<typeof checkSnippets>;

  before(() => {
    const all = checkSnippets([...REFUSED, ...ACCEPTED]);
    refused = all.slice(0, REFUSED.length);
    accepted = all.slice(REFUSED.length);
  });

  for (const [index, snippet] of REFUSED.entries()) {
    it(`refuses ${snippet.code.split(MARK).join("")}`, () => {
      assert.deepEqual(refused[index].rules, snippet.rules);
      assert.deepEqual(refused[index].starts, refused[index].marks);
    });
  }

  for (const [index, snippet] of ACCEPTED.entries()) {
    it(`accepts ${snippet.code}`, () => {
      assert.deepEqual(accepted[index].rules, []);
    });
  }

  it("prints a refusal with file, line, column and rule", () => {
    const name = path.join(root, "firmware/sip/x.ts");
    const code = "export function f(a: number[]): void {\n  for (const x of a) {\n    a[0] = x;\n  }\n}\n";
    const options: ts.CompilerOptions = { strict: true, types: [] };
    const program = ts.createProgram([name], options, virtualHost(options, new Map([[name, code]])));
    assert.deepEqual(
      checkProgram(program, root).map((refusal) => formatRefusal(refusal, root)),
      ["firmware/sip/x.ts:2:3: for-of allocates; use an index loop [portable/for-of]"],
    );
  });

  it("refuses an import cycle, and none of types and constants alone", () => {
    const first = path.join(root, "firmware/sip/first-of-cycle.ts");
    const second = path.join(root, "firmware/sip/second-of-cycle.ts");
    const options: ts.CompilerOptions = { strict: true, types: [], module: ts.ModuleKind.ESNext };
    const check = (code: string): string[] => {
      const virtual = new Map([
        [
          first,
          'import { g } from "./second-of-cycle";\nexport const A = 1;\nexport function f(): void {\n  g();\n}\n',
        ],
        [second, code],
      ]);
      const program = ts.createProgram([first], options, virtualHost(options, virtual));
      return checkProgram(program, root).map((refusal) => formatRefusal(refusal, root));
    };
    assert.deepEqual(check('import { f } from "./first-of-cycle";\nexport function g(): void {\n  f();\n}\n'), [
      "firmware/sip/second-of-cycle.ts:1:1: an import cycle, which does not load in Lua: " +
        "firmware/sip/first-of-cycle.ts > firmware/sip/second-of-cycle.ts > firmware/sip/first-of-cycle.ts [portable/cycle]",
    ]);
    assert.deepEqual(
      check('import { A } from "./first-of-cycle";\nexport function g(): number {\n  return A;\n}\n'),
      [],
    );
  });
});
