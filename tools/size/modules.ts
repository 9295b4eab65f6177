// What every module of firmware/ costs: its text in JavaScript (ES5, minified by itself), and what the Lua bundle has of it,
// as text and as bytecode without debug information: without what nobody uses, with the bundle's short names. A function that
// is called in one place alone counts where it is called.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { minify } from "terser";
import ts from "typescript";
import { findProgram } from "../requirements";
import { compileLua, refuseErrors } from "../tstl/compile";
import { type Cell, tableLines } from "./table";

/** Octets of a module in each form; -1 where it could not be measured. */
interface ModuleSize {
  path: string;
  javascript: number;
  lua: number;
  bytecode: number;
}

function emitModules(root: string, files: readonly string[]): Map<string, string> {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES5,
    ignoreDeprecations: "6.0",
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es5.d.ts"],
    types: [],
    removeComments: true,
    rootDir: root,
    outDir: root,
  };
  const program = ts.createProgram(
    files.map((file) => path.join(root, file)),
    options,
  );
  refuseErrors(ts.getPreEmitDiagnostics(program), root);
  const texts = new Map<string, string>();
  program.emit(undefined, (name, text) => {
    texts.set(path.relative(root, name).split(path.sep).join("/").replace(/js$/, "ts"), text);
  });
  return texts;
}

async function minifiedLength(text: string): Promise<number> {
  const { code } = await minify(text, { ecma: 5, module: true, toplevel: true, compress: { passes: 3 } });
  return Buffer.byteLength(code ?? "");
}

/** Octets of a Lua text as stripped bytecode, or -1 without luac5.4. */
function bytecodeLength(directory: string, text: string): number {
  const compiler = findProgram("luac5.4");
  if (compiler === "") {
    return -1;
  }
  const source = path.join(directory, "module.lua");
  const target = path.join(directory, "module.luac");
  writeFileSync(source, text);
  execFileSync(compiler, ["-s", "-o", target, source]);
  return readFileSync(target).length;
}

async function measureModules(root: string): Promise<ModuleSize[]> {
  const files = readdirSync(path.join(root, "firmware"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `firmware/${name.split(path.sep).join("/")}`)
    .sort();
  const entry = path.join(root, "firmware/main.ts");
  const lua = new Map(compileLua(root, entry, new Map(), false).modules.map((module) => [module.path, module.code]));
  const javascript = emitModules(root, files);
  const directory = mkdtempSync(path.join(tmpdir(), "doorline-size-"));
  try {
    const sizes: ModuleSize[] = [];
    for (const file of files) {
      const luaText = lua.get(file) ?? "";
      sizes.push({
        path: file,
        javascript: await minifiedLength(javascript.get(file) ?? ""),
        lua: Buffer.byteLength(luaText),
        bytecode: luaText === "" ? 0 : bytecodeLength(directory, luaText),
      });
    }
    return sizes;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Lines of the table of modules. */
export async function moduleLines(root: string): Promise<string[]> {
  const sizes = await measureModules(root);
  const rows: Cell[][] = sizes.map((size) => [size.path, size.javascript, size.lua, size.bytecode]);
  const sum = (pick: (size: ModuleSize) => number): number => sizes.reduce((total, size) => total + pick(size), 0);
  rows.push(["all", sum((size) => size.javascript), sum((size) => size.lua), sum((size) => size.bytecode)]);
  return tableLines(["module", "ES5 minified", "Lua", "Lua 5.4 bytecode, stripped"], rows);
}
