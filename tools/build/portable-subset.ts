// Fails the build when firmware/ or hal/'s interfaces leave the portable subset, one line a refusal.

import path from "node:path";
import type { Plugin } from "rollup";
import ts from "typescript";
import { checkProgram, formatRefusal } from "../portable/check";

/** Checks what firmware/tsconfig.json includes. */
export function portableSubset(root: string): Plugin {
  return {
    name: "portable-subset",
    buildStart() {
      const file = path.join(root, "firmware/tsconfig.json");
      const { config } = ts.readConfigFile(file, ts.sys.readFile);
      const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(file));
      const refusals = checkProgram(ts.createProgram(fileNames, options), root);
      if (refusals.length > 0) {
        this.error(refusals.map((refusal) => formatRefusal(refusal, root)).join("\n"));
      }
    },
  };
}
