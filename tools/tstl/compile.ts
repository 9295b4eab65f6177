// Compiles a program of TypeScript files to one Lua text with Doorline's plugin. The text needs nothing but a Lua VM of
// version 5.3 or newer; loading it runs the entry file and answers its exports.

import path from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { createBundle, type LuaBundle } from "./bundle";
import { findFields } from "./fields";
import { LinkFailed } from "./link";
import type { LuaModule } from "./lua-modules";
import { createPlugin, missingLibraryFunctions } from "./plugin";
import { withoutSelf } from "./self";
import { virtualHost } from "./virtual-host";

/** Errors of a compilation, one line each. */
export class CompilationFailed extends Error {}

/** What every compilation to Lua has in common. */
export const LUA_OPTIONS: tstl.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
  skipLibCheck: true,
  luaTarget: tstl.LuaTarget.Lua53,
  luaLibImport: tstl.LuaLibImportKind.RequireMinimal,
  noImplicitSelf: true,
  noHeader: true,
  removeComments: true,
  sourceMap: true,
};

/** Throws when a list of diagnostics has an error. */
export function refuseErrors(diagnostics: readonly ts.Diagnostic[], root: string): void {
  const errors = diagnostics.filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) {
    const host: ts.FormatDiagnosticsHost = {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    };
    throw new CompilationFailed(ts.formatDiagnostics(errors, host));
  }
}

/**
 * Compiles an entry file and all that it imports.
 * @param root the root of the project
 * @param entry the entry file; `virtual` may hold its text
 * @param virtual texts of files that are not on the disk, by absolute path
 * @param check whether firmware/ and hal/*.ts are checked against the portable subset
 * @throws CompilationFailed with one line an error
 */
export function compileLua(
  root: string,
  entry: string,
  virtual: ReadonlyMap<string, string>,
  check: boolean,
): LuaBundle {
  const options: tstl.CompilerOptions = {
    ...LUA_OPTIONS,
    rootDir: root,
    outDir: path.join(root, "dist"),
    configFilePath: path.join(root, "tsconfig.json"),
  };
  const program = ts.createProgram(
    [entry],
    options as ts.CompilerOptions,
    virtualHost(options as ts.CompilerOptions, virtual, withoutSelf),
  );
  refuseErrors(ts.getPreEmitDiagnostics(program), root);
  const modules: LuaModule[] = [];
  const transpiler = new tstl.Transpiler();
  const { diagnostics } = transpiler.emit({
    program,
    plugins: [createPlugin(root, check), takeModules(modules)],
    writeFile() {},
  });
  refuseErrors(diagnostics, root);
  const bundle = linked(() =>
    createBundle({ root, program, host: ts.sys, modules, entry, fields: findFields(program, root, entry) }),
  );
  const missing = missingLibraryFunctions(bundle.code);
  if (missing.length > 0) {
    throw new CompilationFailed(`the Lua bundle calls ${missing.join(", ")}, which it does not have`);
  }
  return bundle;
}

function linked(create: () => LuaBundle): LuaBundle {
  try {
    return create();
  } catch (error) {
    throw error instanceof LinkFailed ? new CompilationFailed(error.message) : error;
  }
}

/** Keeps the syntax trees and lets TypeScriptToLua write nothing of its own. */
function takeModules(modules: LuaModule[]): tstl.Plugin {
  return {
    printer: () => ({ code: "", sourceMap: "", sourceMapNode: undefined as never }),
    afterPrint(_program, _options, _host, files) {
      for (const { fileName, luaAst } of files.splice(0)) {
        if (luaAst !== undefined) {
          modules.push({ fileName, file: luaAst });
        }
      }
    },
  };
}
