// The contenders in C: compiled at bench time against what pkg-config finds, once to be timed and once with the allocator
// counted. One that cannot be compiled is left out, and the report says which Debian package it wants.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Case } from "./cases";

export interface NativeProgram {
  name: string;
  groups: Case["group"][];
  version: string;
  timed: string;
  counting: string;
}

export interface MissingProgram {
  name: string;
  reason: string;
}

interface Library {
  /** The contender and its file in bench/native. */
  name: string;
  /** The module of pkg-config. */
  module: string;
  debianPackage: string;
  groups: Case["group"][];
}

const SIP: Case["group"][] = ["sip-parse", "sip-build"];

const LIBRARIES: Library[] = [
  { name: "sofia-sip", module: "sofia-sip-ua", debianPackage: "libsofia-sip-ua-dev", groups: SIP },
  { name: "libre", module: "libre", debianPackage: "libre-dev", groups: SIP },
  { name: "spandsp", module: "spandsp", debianPackage: "libspandsp-dev", groups: ["g711"] },
];

const COMMON_SOURCES = ["corpus.c", "rounds.c", "allocation.c"];

function sourcePath(file: string): string {
  return fileURLToPath(new URL(`native/${file}`, import.meta.url));
}

/** Runs a program. Returns its standard output, or undefined when it is not there or fails. */
function outputOf(command: string, commandArguments: string[]): string | undefined {
  const result = spawnSync(command, commandArguments, { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function compile(library: Library, output: string, options: string[], flags: string[]): string | undefined {
  const sources = [`${library.name}.c`, ...COMMON_SOURCES].map(sourcePath);
  return outputOf("gcc", ["-O2", ...options, "-o", output, ...sources, ...flags]);
}

/** Compiles the programs into `folder`. */
export function compilePrograms(folder: string): { programs: NativeProgram[]; missing: MissingProgram[] } {
  const programs: NativeProgram[] = [];
  const missing: MissingProgram[] = [];
  for (const library of LIBRARIES) {
    const { name, module, debianPackage, groups } = library;
    const version = outputOf("pkg-config", ["--modversion", module]);
    const flags = outputOf("pkg-config", ["--cflags", "--libs", module])?.split(/\s+/);
    if (version === undefined || flags === undefined) {
      missing.push({ name, reason: `the Debian package ${debianPackage} is not installed: npm run setup:system` });
      continue;
    }
    const timed = `${folder}/${name}`;
    const counting = `${folder}/${name}-counting`;
    if (
      compile(library, timed, [], flags) === undefined ||
      compile(library, counting, ["-DCOUNT_ALLOCATION"], flags) === undefined
    ) {
      missing.push({ name, reason: `bench/native/${name}.c could not be compiled: is gcc installed?` });
      continue;
    }
    programs.push({ name, groups, version, timed, counting });
  }
  return { programs, missing };
}
