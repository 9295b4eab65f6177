// The JavaScript bundle with fewer functions and smaller records in the memory of its VM: what is called once or hardly more than
// its call is written in, what runs at boot alone goes after the boot, large records are arrays. Before it is minified, while every
// name of the program is its own.

import type { Plugin } from "rollup";
import { moveIntoBoot } from "./script/boot-scope";
import { writeConstants } from "./script/constants";
import { numberFields } from "./script/fields";
import { inlineCalls } from "./script/inline";
import { Script } from "./script/program";

/** The function by which a shell makes the device, once. */
export const BOOT = "createNativeDevice";

/**
 * The same program, compact.
 * @param code ES5, one function around everything
 * @param numbers of the fields of records, from 0 on, no two alike in one record
 * @throws {SyntaxError} when the code is something else
 */
export async function compactCode(
  code: string,
  numbers: ReadonlyMap<string, number> = new Map(),
): Promise<{ code: string; map: string }> {
  const script = new Script(code);
  writeConstants(script);
  inlineCalls(script);
  numberFields(script, numbers);
  moveIntoBoot(script, BOOT);
  return await script.print();
}

/** Rewrites every chunk. */
export function compactScript(numbers: ReadonlyMap<string, number>): Plugin {
  return { name: "compact-script", renderChunk: (code) => compactCode(code, numbers) };
}
