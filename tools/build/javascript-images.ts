// The JavaScript bundle as the program images that the JerryScript shell runs (hal/native/program.h): dist/<name>.js.image of the
// source and, where JERRYSCRIPT_PREFIX names an installation, <name>.snapshot.image and <name>.static-snapshot.image.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";
import { ProgramForm, writeProgram } from "./program-image";
import { createSnapshots, jerryscriptPrefix } from "./snapshot";

/** "doorline 1a2b3c4d5e6f": the same for the same bundle. Of a long name as much as the header of an image has room for. */
export function buildIdOf(name: string, code: string): string {
  return `${name.slice(0, 15)} ${createHash("sha256").update(code).digest("hex").slice(0, 12)}`;
}

/** Writes the images after the bundle is written. */
export function javascriptImages(name: string): Plugin {
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
      const buildId = buildIdOf(name, chunk.code);
      write("js", writeProgram(ProgramForm.JAVASCRIPT, Buffer.from(chunk.code), new Uint8Array(0), buildId));
      if (jerryscriptPrefix() !== "") {
        const images = createSnapshots(chunk.code, jerryscriptPrefix(), buildId);
        write("snapshot", images.snapshot);
        write("static-snapshot", images.staticSnapshot);
      }
    },
  };
}
