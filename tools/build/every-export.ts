// An entry that exports everything that the modules of firmware/ export: the bundle of the bench, which measures functions
// that the device's own entry keeps to itself. Each is exported under a second binding, so that among themselves the modules
// call each other as they do in the device's program: through plain variables, not through exported ones, which V8 reads
// anew each time.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";

/** The name of the entry. */
export const everyExportId = "\0every-export";

/** The names that a module exports; types and const enums are nothing in a bundle. */
function exportedNames(file: string): string[] {
  const declarations = readFileSync(file, "utf8").matchAll(/^export (?:function|const|let) (?!enum\b)(\w+)/gm);
  return [...declarations].map((declaration) => declaration[1]);
}

/** @param taken names that another module has: the entries all have a `createDevice`, and the first is the whole device's */
function exportAgain(file: string, index: number, taken: Set<string>): string {
  const names = exportedNames(file).filter((name) => !taken.has(name));
  const exports = names.map((name) => {
    taken.add(name);
    return `export const ${name} = module${index}.${name};\n`;
  });
  return exports.length === 0 ? "" : `import * as module${index} from ${JSON.stringify(file)};\n${exports.join("")}`;
}

/** Makes the entry out of the files below firmware/. */
export function everyExport(root: string): Plugin {
  return {
    name: "every-export",
    resolveId: (id) => (id === everyExportId ? id : null),
    load(id) {
      if (id !== everyExportId) {
        return null;
      }
      const taken = new Set<string>();
      return readdirSync(path.join(root, "firmware"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .sort()
        .map((name, index) => exportAgain(path.join(root, "firmware", name), index, taken))
        .join("");
    },
  };
}
