// The numbers of the fields in the JavaScript bundle: those of the Lua bundle (tools/tstl/fields.ts), from 0 on because an array
// begins there, and the list of what they are called. What a shell reads keeps its name.

import path from "node:path";
import type { Plugin } from "rollup";
import ts from "typescript";
import { findFields } from "../tstl/fields";
import { numberFields } from "../tstl/numbers-of-fields";

export interface RecordFields {
  /** The number of each name. */
  numbers: ReadonlyMap<string, number>;
  /** The fields of a record by the name of its interface: { "Dialog": { "3": "state" } }. */
  records: { readonly [title: string]: { readonly [number: number]: string } };
}

/** Reads the program that an entry reaches. */
export function readFields(root: string, entry: string): RecordFields {
  const { config } = ts.readConfigFile(path.join(root, "firmware/tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path.join(root, "firmware"));
  // What a shell reads keeps its name here: this shell reads it by name.
  const fields = { ...findFields(ts.createProgram([entry], options), root, entry), fixed: new Map<string, number>() };
  const numbers = new Map([...numberFields(fields)].map(([name, number]) => [name, number - 1]));
  const records: { [title: string]: { [number: number]: string } } = {};
  for (const { title, names } of fields.records.filter((record) => record.title !== "")) {
    const numbered = names.flatMap((name) => {
      const number = numbers.get(name);
      return number === undefined ? [] : [[number, name] as const];
    });
    if (numbered.length > 0) {
      records[title] = { ...records[title], ...Object.fromEntries(numbered) };
    }
  }
  return { numbers, records };
}

/** Writes the names of the fields beside the bundle. */
export function writeNames(fileName: string, { records }: RecordFields): Plugin {
  return {
    name: "write-names",
    generateBundle() {
      this.emitFile({ type: "asset", fileName, source: `${JSON.stringify({ records }, null, 1)}\n` });
    },
  };
}
