// Programs that tests need and npm does not bring: Lua, Duktape, baresip, kamailio, sipp. Where one is missing a test is
// skipped with a line that says how to get it; under DOORLINE_REQUIRE=all it fails instead.

import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Whether everything that can be tested must be: the setting of continuous integration. */
export const requireAll = process.env.DOORLINE_REQUIRE === "all";

const said = new Set<string>();

/** The path of a program in PATH or, with a "/" in its name, of just this file; "" when it is not there. */
export function findProgram(name: string): string {
  const directories = name.includes("/") ? [""] : (process.env.PATH ?? "").split(path.delimiter);
  for (const directory of directories) {
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this directory
    }
  }
  return "";
}

/** The line that says what to do about a missing program. */
export function missingLine(name: string): string {
  return `${name} is missing: npm run setup:system`;
}

/**
 * Takes part in a test that may lack something: skips it, or fails it under DOORLINE_REQUIRE=all.
 * @param context `this` of a mocha test or hook
 * @param line what is missing and how to get it; said once in a run
 */
export function skipOrFail(context: Mocha.Context, line: string): never {
  if (requireAll) {
    throw new Error(`${line} (DOORLINE_REQUIRE=all)`);
  }
  if (!said.has(line)) {
    said.add(line);
    console.log(`    ${line}`);
  }
  context.skip();
}

/**
 * The path of a program that a test needs.
 * @param context `this` of a mocha test or hook, which is skipped when the program is missing
 */
export function requireProgram(context: Mocha.Context, name: string): string {
  const file = findProgram(name);
  return file === "" ? skipOrFail(context, missingLine(name)) : file;
}
