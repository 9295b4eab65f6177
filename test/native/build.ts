// The C side, configured and built for tests: once with the sanitizers, in build/native-tests…; and the programs that it runs. A test
// file asks for them in a hook.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { OutputOptions, RollupOptions } from "rollup";
import { createLuaImage } from "../../tools/build/lua-image";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { compileLua } from "../../tools/tstl/compile";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const jerryScript = process.env.JERRYSCRIPT_PREFIX ?? "";
/** One for each installation that is named: cmake finds one once, and what was built with another must not be taken for it. */
const directory = path.join(root, `build/native-tests${jerryScript.replaceAll(/[^\w.]+/g, "-")}`);

/** A build from nothing, on a slow machine. */
export const BUILD_LIMIT_MS = 300_000;

/** Whether this process has built it. */
let isBuilt = false;

function runQuietly(program: string, words: string[]): void {
  try {
    execFileSync(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${words.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

/**
 * Builds everything that can be built here.
 * @param context `this` of a mocha hook, which is skipped when cmake or the compiler is missing
 * @throws {Error} with the compiler's words when something does not build
 */
export function buildNative(context: Mocha.Context): void {
  context.timeout(BUILD_LIMIT_MS);
  const cmake = requireProgram(context, "cmake");
  requireProgram(context, "gcc");
  if (!isBuilt) {
    runQuietly(cmake, ["-S", root, "-B", directory, "-DDOORLINE_SANITIZE=ON", `-DJERRYSCRIPT_PREFIX=${jerryScript}`]);
    runQuietly(cmake, ["--build", directory, "--parallel", "2"]);
    isBuilt = true;
  }
}

/** The path of a file in the build's directory. */
export function builtFile(name: string): string {
  return path.join(directory, name);
}

/** The path of a program of the build; "" when what it needs is not there. */
export function builtProgram(name: string): string {
  return existsSync(builtFile(name)) ? builtFile(name) : "";
}

/** Builds a program as it is released, without the sanitizers, behind `buildNative`. Returns its path. */
export function releasedProgram(name: string): string {
  const released = `${directory}-released`;
  runQuietly("cmake", ["-S", root, "-B", released, "-DDOORLINE_TESTS=OFF", `-DJERRYSCRIPT_PREFIX=${jerryScript}`]);
  runQuietly("cmake", ["--build", released, "--parallel", "2", "--target", name]);
  return path.join(released, name);
}

/** The VMs that executables are built for. */
export const NATIVE_VMS = ["lua", "jerryscript"] as const;
export type NativeVm = (typeof NATIVE_VMS)[number];

/** Skips where a VM's executable is not built: JerryScript is in no registry, so nobody can be made to have it. */
export function skipWithoutShell(context: Mocha.Context, vm: NativeVm, executable: string): void {
  if (executable === "" && vm === "jerryscript") {
    console.log("    the JerryScript shell is not built: JERRYSCRIPT_PREFIX names no installation");
    context.skip();
  }
  if (executable === "") {
    skipOrFail(context, "the Lua shell is not built: npm run setup:system fetches Lua's source");
  }
}

/** The board's JavaScript bundle as `npm run build` makes it, with its images beside it. */
async function bundleBoard(file: string): Promise<void> {
  const { rollup } = await import("rollup");
  const { default: configure } = (await import(path.join(root, "rollup.config.js"))) as {
    default: (options: object) => RollupOptions[];
  };
  const [options] = configure({});
  const plugins = [options.plugins]
    .flat()
    .filter((plugin) => !(plugin && "name" in plugin && plugin.name === "lua-bundle"));
  const bundle = await rollup({ ...options, plugins });
  await bundle.write({ ...(options.output as OutputOptions), file });
  await bundle.close();
}

/** The board's Lua program as an image for this machine. */
function compileLuaImage(compiler: string, image: string): void {
  const listing = path.join(directory, "doorline.lua");
  const entry = path.join(root, "boards/linux/board.ts");
  writeFileSync(listing, compileLua(root, entry, new Map(), true).code);
  runQuietly(compiler, ["-s", "-o", `${listing}c`, listing]);
  const { octets } = createLuaImage(readFileSync(`${listing}c`), 8);
  writeFileSync(image, writeProgram(ProgramForm.LUA_IMAGE, octets, { board: "linux", buildId: "test" }));
}

/** Where `programImage` puts the image of a VM, for a process that did not make it. */
export function imageFile(vm: NativeVm): string {
  return builtFile(`doorline.${vm === "lua" ? "lua64" : "static-snapshot"}.image`);
}

const images = new Map<NativeVm, string>();

/** The path of the program image of the Linux board, as it ships; made once in a process, behind `buildNative`. */
export async function programImage(context: Mocha.Context, vm: NativeVm): Promise<string> {
  const image = imageFile(vm);
  if (!images.has(vm)) {
    if (vm === "lua") {
      compileLuaImage(requireProgram(context, "luac5.4"), image);
    } else {
      await bundleBoard(path.join(directory, "doorline.js"));
    }
    images.set(vm, image);
  }
  return image;
}

/** The path of a C test program; "" when what it needs is not there. */
export function builtTest(name: string): string {
  const note = path.join(directory, "tests", `${name}.path`);
  const file = existsSync(note) ? readFileSync(note, "utf8").trim() : "";
  return existsSync(file) ? file : "";
}
