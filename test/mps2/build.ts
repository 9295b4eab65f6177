// The image of the MPS2 board, built for tests: the shell by the cross compiler, the program as it ships. In build/mps2-tests.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createLuaImage } from "../../tools/build/lua-image";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { compileLua } from "../../tools/tstl/compile";
import { root } from "../native/build";

export const BUILD_LIMIT_MS = 300_000;

/** The layouts of boards/mps2-an386, each with the program that it is for. */
export const LAYOUTS = {
  large: { entry: "boards/mps2-an386/board.ts", programAt: 0x21800000 },
  small: { entry: "boards/mps2-an386/small.ts", programAt: 0x2d000 },
} as const;
export type Layout = keyof typeof LAYOUTS;

const POINTER_OCTETS = 4;
const SOURCES = ["lua-5.4/src/lvm.c", "lwip/src/core/init.c"];

export interface BoardImage {
  shell: string;
  program: string;
  programAt: number;
}

function run(program: string, words: string[]): void {
  try {
    execFileSync(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${words.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

function directoryOf(layout: Layout): string {
  return path.join(root, "build/mps2-tests", layout);
}

/** Where `buildImage` puts the image, for a process that did not make it. */
export function imageOf(layout: Layout): BoardImage {
  return {
    shell: path.join(directoryOf(layout), "doorline-mps2-an386-lua"),
    program: path.join(directoryOf(layout), "doorline.lua32.image"),
    programAt: LAYOUTS[layout].programAt,
  };
}

const built = new Set<Layout>();

/**
 * Builds shell and program once in a process.
 * @param context `this` of a mocha hook, which is skipped when something that it needs is missing
 */
export function buildImage(context: Mocha.Context, layout: Layout): void {
  context.timeout(BUILD_LIMIT_MS);
  const [cmake, compiler] = ["cmake", "luac5.4", "arm-none-eabi-gcc", "qemu-system-arm"].map((program) =>
    requireProgram(context, program),
  );
  if (!SOURCES.every((file) => existsSync(path.join(root, "build/sources", file)))) {
    skipOrFail(context, "the source of Lua or lwIP is missing: npm run setup:system");
  }
  if (built.has(layout)) {
    return;
  }
  const directory = directoryOf(layout);
  const toolchain = path.join(root, "boards/mps2-an386/toolchain.cmake");
  const choices = ["-DDOORLINE_VM=lua", `-DDOORLINE_LAYOUT=${layout}`];
  run(cmake, ["-S", root, "-B", directory, "--toolchain", toolchain, ...choices]);
  run(cmake, ["--build", directory, "--parallel", "2"]);
  const listing = path.join(directory, "doorline.lua");
  writeFileSync(listing, compileLua(root, path.join(root, LAYOUTS[layout].entry), new Map(), true).code);
  run(compiler, ["-s", "-o", `${listing}c`, listing]);
  const { octets } = createLuaImage(readFileSync(`${listing}c`), POINTER_OCTETS);
  writeFileSync(imageOf(layout).program, writeProgram(ProgramForm.LUA_IMAGE, octets, undefined, "doorline test"));
  built.add(layout);
}
