// One Lua text out of the linked modules of a program, with its source map and the list of its short names. Text without
// indentation: a device that loads the text has it in its flash.

import type ts from "typescript";
import * as tstl from "typescript-to-lua";
import { type LuaLibFeature, loadInlineLualibFeatures } from "typescript-to-lua/dist/LuaLib";
import { projectPath } from "../portable/check";
import { BUFFER_PRELUDE } from "./buffers";
import { withFieldNumbers } from "./field-numbers";
import type { FieldNames } from "./fields";
import { declarationOf } from "./groups";
import type { ForeignStatements } from "./inline";
import { type LinkedProgram, link } from "./link";
import type { LuaModule } from "./lua-modules";
import { numberFields } from "./numbers-of-fields";

/** A compiled bundle. */
export interface LuaBundle {
  code: string;
  /** The source map of `code`, version 3 with one section a module, as JSON. Its lines are exact, its columns near. */
  map: string;
  /** What the short names and the numbered fields of `code` are called in the source. */
  names: BundleNames;
  /** The Lua text of every module by its path from the root, for the size report. */
  modules: { path: string; code: string }[];
}

/** The readable names behind a bundle, for tracebacks and dumps. */
export interface BundleNames {
  /** "firmware/sip/via.ts putVia" by short name. */
  functions: { [short: string]: string };
  /** The fields of a record by the name of its interface: { "Dialog": { "3": "state" } }. */
  records: { [title: string]: { [number: string]: string } };
}

/** Prints without indentation, and with the file that each statement comes from. */
class Printer extends tstl.LuaPrinter {
  readonly #root: string;

  constructor(root: string, host: tstl.EmitHost, program: ts.Program, fileName: string) {
    super(host, program, fileName);
    this.#root = root;
    this.relativeSourcePath = projectPath(root, fileName);
  }

  override printDoStatement(
    statement: tstl.DoStatement | ForeignStatements,
  ): ReturnType<tstl.LuaPrinter["printDoStatement"]> {
    const around = this.relativeSourcePath;
    if ("fileName" in statement) {
      this.relativeSourcePath = projectPath(this.#root, statement.fileName);
    }
    const printed = super.printDoStatement(statement);
    this.relativeSourcePath = around;
    return printed;
  }

  protected override pushIndent(): void {}
  protected override popIndent(): void {}
}

interface Printed {
  path: string;
  code: string;
  map: string;
}

const GROUP_BEGIN = ";(function() ";
const GROUP_END = "end)() ";

/** Everything that the text of a bundle is made of. */
export interface BundleParts {
  root: string;
  program: ts.Program;
  host: tstl.EmitHost;
  modules: readonly LuaModule[];
  entry: string;
  fields: FieldNames;
}

/** Links and prints. @throws LinkFailed */
export function createBundle({ root, program, host, modules, entry, fields }: BundleParts): LuaBundle {
  const numbers = numberFields(fields);
  const linked = link(modules, entry, (node) => withFieldNumbers(node, numbers));
  const print = ({ fileName, file }: LuaModule): Printed => {
    const plain = { ...file, luaLibFeatures: new Set<LuaLibFeature>() };
    const { code, sourceMap } = new Printer(root, host, program, fileName).print(plain);
    return { path: projectPath(root, fileName), code, map: sourceMap };
  };
  const groups = linked.groups.map(({ modules, locals }) => ({ locals, printed: modules.map(print) }));
  const printed = groups.flatMap((group) => group.printed);
  const prelude = preludeOf(linked, host);
  return {
    code: [prelude, ...groups.map(groupOf), exportsOf(linked)].join(""),
    map: mapOf(prelude, printed),
    names: namesOf(root, linked, fields, numbers),
    modules: printed,
  };
}

/** A group as a function that is called at once; no line moves. */
function groupOf({ locals, printed }: { locals: readonly string[]; printed: readonly Printed[] }): string {
  return `${GROUP_BEGIN}${declarationOf(locals)}${printed.map(({ code }) => code).join("")}${GROUP_END}`;
}

/** TypeScriptToLua's library as far as it is used, the buffers, and the environment. */
function preludeOf(linked: LinkedProgram, host: tstl.EmitHost): string {
  const features = new Set(
    linked.groups.flatMap(({ modules }) => modules).flatMap(({ file }) => [...file.luaLibFeatures]),
  );
  const library = features.size === 0 ? "" : `${loadInlineLualibFeatures(features, tstl.LuaTarget.Lua53, host)}\n`;
  const globals = linked.globals.map((name) => `${name} = ${name}`).join(", ");
  return `${library}${BUFFER_PRELUDE}local ${linked.bootTable}, _ENV = {}, { ${globals} }\n`;
}

function exportsOf(linked: LinkedProgram): string {
  return `return { ${[...linked.exports].map(([name, short]) => `${name} = ${short}`).join(", ")} }\n`;
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}

function mapOf(prelude: string, printed: readonly Printed[]): string {
  let line = linesOf(prelude);
  const sections = printed.map(({ code, map }) => {
    const section = { offset: { line, column: 0 }, map: JSON.parse(map) };
    line += linesOf(code);
    return section;
  });
  return JSON.stringify({ version: 3, sections });
}

function namesOf(
  root: string,
  linked: LinkedProgram,
  fields: FieldNames,
  numbers: ReadonlyMap<string, number>,
): BundleNames {
  const names: BundleNames = { functions: {}, records: {} };
  for (const [key, short] of linked.names) {
    names.functions[short] = projectPath(root, key).replace(/ local /, " ");
  }
  for (const record of fields.records.filter(({ title }) => title !== "")) {
    const numbered = record.names.flatMap((name): [string, string][] => {
      const number = numbers.get(name);
      return number === undefined ? [] : [[String(number), name]];
    });
    if (numbered.length > 0) {
      names.records[record.title] = Object.fromEntries(numbered);
    }
  }
  return names;
}
