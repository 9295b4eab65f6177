// The JavaScript bundle as the program images that the JerryScript shell runs (hal/native/program.h): dist/<name>.js.image of the
// source and, where JERRYSCRIPT_PREFIX names an installation, <name>.snapshot.image and <name>.static-snapshot.image.

import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";
import { boardOf } from "./board-name";
import { buildIdOf } from "./build-id";
import { ProgramForm, writeProgram } from "./program-image";
import { createSnapshots, jerryscriptPrefix } from "./snapshot";

/** Writes the images after the bundle of `entry` is written. */
export function javascriptImages(root: string, entry: string, name: string): Plugin {
  return {
    name: "javascript-images",
    writeBundle(options, bundle) {
      const chunk = bundle[`${name}.js`];
      if (chunk?.type !== "chunk") {
        return;
      }
      const directory = options.dir ?? path.dirname(options.file ?? "");
      const write = (kind: string, image: Buffer): void => {
        writeFileSync(path.join(directory, `${name}.${kind}.image`), image);
      };
      const names = { board: boardOf(root, entry), buildId: buildIdOf(chunk.code) };
      write("js", writeProgram(ProgramForm.JAVASCRIPT, Buffer.from(chunk.code), names));
      if (jerryscriptPrefix() !== "") {
        const images = createSnapshots(chunk.code, jerryscriptPrefix(), names);
        write("snapshot", images.snapshot);
        write("static-snapshot", images.staticSnapshot);
      }
    },
  };
}
