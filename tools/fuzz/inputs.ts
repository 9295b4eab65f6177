// The inputs of a folder by their names, and one of them given to a target.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beginInput } from "./runtime";

export type Target = (input: Uint8Array) => void;

export interface NamedInput {
  file: string;
  octets: Uint8Array;
}

/** The inputs of a folder, in the order of their names; none when there is no such folder. */
export function readInputs(folder: string): NamedInput[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => ({
    file: path.join(folder, name),
    octets: Uint8Array.from(readFileSync(path.join(folder, name))),
  }));
}

/** Gives an input to a target. Returns what it threw, or "". */
export function tryInput(target: Target, octets: Uint8Array): string {
  beginInput();
  try {
    target(Uint8Array.from(octets));
    return "";
  } catch (problem) {
    return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  }
}

/** A target by its name. Asked for late, so that what it imports is instrumented and its globals are there. */
export function findTarget(name: string): Target {
  const { TARGETS } = require("../../test/fuzz/targets") as typeof import("../../test/fuzz/targets");
  return TARGETS[name];
}
