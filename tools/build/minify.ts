// The JavaScript bundle made small: terser with what a VM's memory asks of it.

import terser from "@rollup/plugin-terser";
import type { Plugin } from "rollup";

/** Minifies a bundle that sets the global `name`. */
export function minify(name: string): Plugin {
  return terser({
    ecma: 5,
    toplevel: true,
    // A function that is called once stays where it is: in the middle of its caller it would be made anew by each call.
    compress: { passes: 3, top_retain: [name], reduce_funcs: false },
    mangle: { reserved: [name] },
    format: { comments: false, ascii_only: true },
  });
}
