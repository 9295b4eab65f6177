// The JavaScript bundle made small: terser with short names for the fields of the firmware's own records. The rule of what
// keeps its name is that of the Lua bundle (tools/tstl/fields.ts).

import path from "node:path";
import terser from "@rollup/plugin-terser";
import type { Plugin } from "rollup";
import ts from "typescript";
import { findFields } from "../tstl/fields";

/** The names that terser gave, its "name cache". */
export interface NameCache {
  vars?: object;
  props?: { props: { [name: string]: string } };
}

/**
 * Minifies a bundle that sets the global `name`.
 * @param cache filled with the short names
 */
export function minify(root: string, entry: string, name: string, cache: NameCache): Plugin {
  return terser({
    ecma: 5,
    toplevel: true,
    nameCache: cache as { [key: string]: unknown },
    compress: { passes: 3, top_retain: [name] },
    mangle: { reserved: [name], properties: { regex: oneOf(ownFields(root, entry)), builtins: true } },
    format: { comments: false, ascii_only: true },
  });
}

function ownFields(root: string, entry: string): ReadonlySet<string> {
  const { config } = ts.readConfigFile(path.join(root, "firmware/tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path.join(root, "firmware"));
  return findFields(ts.createProgram([entry], options), root).own;
}

function oneOf(names: ReadonlySet<string>): RegExp {
  return new RegExp(`^(?:${[...names].join("|")})$`);
}

/** Writes the short names of the fields beside the bundle, by their short ones. */
export function writeNames(fileName: string, cache: NameCache): Plugin {
  return {
    name: "write-names",
    generateBundle() {
      const fields: { [short: string]: string } = {};
      for (const [name, short] of Object.entries(cache.props?.props ?? {})) {
        fields[short] = name.slice(1); // terser keeps names behind a "$"
      }
      this.emitFile({ type: "asset", fileName, source: `${JSON.stringify({ fields }, null, 1)}\n` });
    },
  };
}
