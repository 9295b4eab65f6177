// Compiles the fuzz targets with all that they import to CommonJS files in build/fuzz, the firmware instrumented.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { createInstrumenter } from "./instrument";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const FOLDER = path.join(ROOT, "build/fuzz");

/** What was compiled, as files to be run. */
export interface Programs {
  /** Fuzzes a target. */
  run: string;
  /** Distils the corpus of one. */
  distil: string;
}

/** Compiles. */
export function compileTargets(): Programs {
  const base = ts.readConfigFile(path.join(ROOT, "tsconfig.base.json"), ts.sys.readFile).config.compilerOptions;
  const { options } = ts.convertCompilerOptionsFromJson(base, ROOT);
  const names = ["run", "distil"].map((name) => path.join(ROOT, `tools/fuzz/${name}.ts`));
  const program = ts.createProgram(names, {
    ...options,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    lib: ["lib.es2023.d.ts"],
    types: ["node"],
    rootDir: ROOT,
    outDir: FOLDER,
    noEmit: false,
    ignoreDeprecations: "6.0",
  });
  program.emit(undefined, undefined, undefined, false, { before: [createInstrumenter({ place: 0 })] });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, "package.json"), '{ "type": "commonjs" }\n');
  return { run: path.join(FOLDER, "tools/fuzz/run.js"), distil: path.join(FOLDER, "tools/fuzz/distil.js") };
}
