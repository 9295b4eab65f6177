// The Lua half of the build: compiles the same entry with TypeScriptToLua and writes dist/<name>.lua beside the JavaScript
// bundle, its source map, the names behind its short ones, and where luac5.4 is installed the bytecode without debug information
// and the programs that a shell in C runs in place, for processors of 32 and of 64 bits.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";
import { findProgram } from "../requirements";
import { compileLua } from "../tstl/compile";
import { boardOf } from "./board-name";
import { buildIdOf } from "./build-id";
import { createLuaImage, type PointerOctets } from "./lua-image";
import { ProgramForm, writeProgram } from "./program-image";

const POINTERS: readonly PointerOctets[] = [4, 8];

/** Writes the bundle of `entry` after the JavaScript bundle is written. */
export function luaBundle(root: string, entry: string, name: string): Plugin {
  return {
    name: "lua-bundle",
    generateBundle() {
      const bundle = compileLua(root, entry, new Map(), true);
      this.emitFile({ type: "asset", fileName: `${name}.lua`, source: bundle.code });
      this.emitFile({ type: "asset", fileName: `${name}.lua.map`, source: bundle.map });
      const names = `${JSON.stringify(bundle.names, null, 1)}\n`;
      this.emitFile({ type: "asset", fileName: `${name}.lua.names.json`, source: names });
    },
    writeBundle(options) {
      const compiler = findProgram("luac5.4");
      if (compiler === "") {
        this.warn(`luac5.4 is missing: no ${name}.luac (npm run setup:system)`);
        return;
      }
      const directory = options.dir ?? path.dirname(options.file ?? "");
      const target = path.join(directory, `${name}.luac`);
      execFileSync(compiler, ["-s", "-o", target, path.join(directory, `${name}.lua`)]);
      const names = { board: boardOf(root, entry), buildId: buildIdOf(readFileSync(target)) };
      for (const pointer of POINTERS) {
        const { octets } = createLuaImage(readFileSync(target), pointer);
        const program = writeProgram(ProgramForm.LUA_IMAGE, octets, names);
        writeFileSync(path.join(directory, `${name}.lua${8 * pointer}.image`), program);
      }
    },
  };
}
