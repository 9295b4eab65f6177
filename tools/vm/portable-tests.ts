// The portable tests as bundles: finds their files, compiles them with all that they import to one Lua text and one ES5
// script, and reads their titles from the script.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { compileLua } from "../tstl/compile";
import { bundleJavaScript } from "./javascript-bundle";
import type { Language } from "./machines";

/** The folders of test/ whose files run in every VM: those that mirror firmware/ and hal/codecs/, and the conformance suite. */
const PORTABLE_FOLDERS: readonly string[] = [
  "audio",
  "bytes",
  "clock",
  "codecs",
  "conformance",
  "crypto",
  "dns",
  "intercom",
  "memory",
  "rtp",
  "sdp",
  "settings",
  "sip",
  "stun",
];

/** The portable tests, compiled. */
export interface PortableTests {
  /** Paths from the root. */
  files: string[];
  /** Titles in the order in which a VM runs them: "describe › … › it". */
  titles: string[];
  bundles: { readonly [language in Language]: string };
}

/** The portable test files below test/, as paths from the root in the order of their names. */
export function findPortableTests(root: string): string[] {
  return PORTABLE_FOLDERS.flatMap((folder) => {
    const directory = path.join(root, "test", folder);
    if (!existsSync(directory)) {
      return [];
    }
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .sort()
      .map((name) => `test/${folder}/${name.split(path.sep).join("/")}`);
  });
}

/** Whether a path from the root is that of a portable test. */
export function isPortableTest(file: string): boolean {
  const [top, folder] = file.split("/");
  return top === "test" && PORTABLE_FOLDERS.includes(folder) && file.endsWith(".test.ts");
}

/**
 * Compiles test files for all VMs.
 * @param files paths from the root
 * @param texts files that are not on the disk, by absolute path
 * @throws CompilationFailed with one line an error
 */
export function compilePortableTests(
  root: string,
  files: readonly string[],
  texts: ReadonlyMap<string, string> = new Map(),
): PortableTests {
  const entry = path.join(root, "test", "every-portable-test.ts");
  const imports = files.map((file) => `import "../${file.replace(/\.ts$/, "")}";\n`).join("");
  const text = `${imports}import { runHere } from "../tools/vm/machine";\nrunHere();\nexport {};\n`;
  const virtual = new Map([...texts, [entry, text]]);
  const javascript = bundleJavaScript(root, entry, virtual);
  const lua = compileLua(root, entry, virtual, false).code;
  return { files: [...files], titles: titlesOf(javascript), bundles: { lua, javascript } };
}

function titlesOf(script: string): string[] {
  const titles: string[] = [];
  const runner = { doorlineMode: "list", doorlineReport: (_outcome: string, title: string) => titles.push(title) };
  vm.runInNewContext(script, runner);
  return titles;
}
