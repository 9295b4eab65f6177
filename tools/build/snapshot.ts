// Snapshots of a JavaScript bundle for JerryScript, by the `jerry-snapshot` of an installation: bytecode instead of source. A
// snapshot is loaded into RAM; a static one runs where it lies and takes its names from a list. The program that runs a snapshot
// must have been built with the same profile, error messages and line information as the one that made it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { narrowIntegers } from "./narrow-integers";
import { ProgramForm, type ProgramNames, writeProgram } from "./program-image";

/** The installation of JerryScript that the user names, or "". */
export function jerryscriptPrefix(): string {
  return process.env.JERRYSCRIPT_PREFIX ?? "";
}

/** The line for those who name none. */
export const JERRYSCRIPT_MISSING = "JERRYSCRIPT_PREFIX names no JerryScript (hal/jerryscript-bindings/README.md)";

/** Program images (program-image.ts) of the same bundle. */
export interface SnapshotImages {
  snapshot: Buffer;
  staticSnapshot: Buffer;
}

/**
 * Makes both.
 * @param source ES5, one script
 * @param prefix where JerryScript is installed
 * @throws {Error} with the words of `jerry-snapshot` when it refuses the source
 */
export function createSnapshots(source: string, prefix: string, names: ProgramNames): SnapshotImages {
  const directory = mkdtempSync(path.join(tmpdir(), "doorline-snapshot-"));
  const run = (words: string[]): void => {
    execFileSync(path.join(prefix, "bin/jerry-snapshot"), words, {
      cwd: directory,
      stdio: ["ignore", "ignore", "pipe"],
    });
  };
  try {
    writeFileSync(path.join(directory, "bundle.js"), narrowIntegers(source));
    run(["generate", "-o", "snapshot", "bundle.js"]);
    run(["litdump", "--format", "list", "-o", "literals", "snapshot"]);
    run(["generate", "--static", "--load-literals-list-format", "literals", "-o", "static", "bundle.js"]);
    const read = (name: string): Buffer => readFileSync(path.join(directory, name));
    return {
      snapshot: writeProgram(ProgramForm.SNAPSHOT, read("snapshot"), names),
      staticSnapshot: writeProgram(ProgramForm.STATIC_SNAPSHOT, read("static"), names, read("literals")),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
