// Refuses a bundle that is not ES5: JerryScript profiles and Duktape know no more.

import { parse } from "acorn";
import type { Plugin } from "rollup";

/** Parses every chunk as ES5, after all that rewrites it. */
export function onlyES5(): Plugin {
  return {
    name: "only-es5",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === "chunk") {
          parse(chunk.code, { ecmaVersion: 5, sourceType: "script" });
        }
      }
    },
  };
}
