// The image of the MPS2 board, built for tests: the shell by the cross compiler, the program as it ships. In build/mps2-tests.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Mps2Board } from "../../simulator/mps2/shared-memory";
import { boardOf } from "../../tools/build/board-name";
import { createLuaImage } from "../../tools/build/lua-image";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { compileLua } from "../../tools/tstl/compile";
import { root } from "../native/build";

export const BUILD_LIMIT_MS = 300_000;

/** The layouts of boards/mps2-an386, the large one in both VMs, and the only one of boards/mps2-an500, each with its program. */
export const LAYOUTS = {
  large: { board: "mps2-an386", vm: "lua", script: "large", entry: "board.ts", programAt: 0x21800000 },
  small: { board: "mps2-an386", vm: "lua", script: "small", entry: "small.ts", programAt: 0x21800000 },
  /** The large one with the driver of the real board's codec, which QEMU does not have. */
  codec: { board: "mps2-an386", vm: "lua", script: "large", entry: "hardware.ts", programAt: 0x21800000 },
  javascript: { board: "mps2-an386", vm: "jerryscript", script: "large", entry: "board.ts", programAt: 0x21800000 },
  an500: { board: "mps2-an500", vm: "lua", script: "large", entry: "board.ts", programAt: 0x60800000 },
  an500JavaScript: {
    board: "mps2-an500",
    vm: "jerryscript",
    script: "large",
    entry: "board.ts",
    programAt: 0x60800000,
  },
} as const;
export type Layout = keyof typeof LAYOUTS;

/** `DOORLINE_MPS2_LARGE=an500`: what is shown on the large image is shown on that one, also where a suite is not run on both by itself. */
function chosen(layout: Layout): Layout {
  return layout === "large" && process.env.DOORLINE_MPS2_LARGE === "an500" ? "an500" : layout;
}

const POINTER_OCTETS = 4;
const SOURCES = ["lua-5.4/src/lvm.c", "lwip/src/core/init.c"];

export interface BoardImage {
  board: Mps2Board;
  /** What the board is called by its programs. */
  name: string;
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
  return path.join(root, "build/mps2-tests", chosen(layout));
}

/** Where `buildImage` puts the image, for a process that did not make it. */
export function imageOf(layout: Layout): BoardImage {
  const { board, vm, entry, programAt } = LAYOUTS[chosen(layout)];
  return {
    ...{ board, programAt, name: boardOf(root, path.join("boards", board, entry)) },
    shell: path.join(directoryOf(layout), `doorline-${board}-${vm}`),
    program: path.join(directoryOf(layout), `doorline.${vm === "lua" ? "lua32" : "static-snapshot"}.image`),
  };
}

/** The program of a board for Lua. */
function buildLua(compiler: string, entry: string, image: string): void {
  const listing = path.join(path.dirname(image), "doorline.lua");
  writeFileSync(listing, compileLua(root, entry, new Map(), true).code);
  run(compiler, ["-s", "-o", `${listing}c`, listing]);
  const { octets } = createLuaImage(readFileSync(`${listing}c`), POINTER_OCTETS);
  writeFileSync(image, writeProgram(ProgramForm.LUA_IMAGE, octets, { board: boardOf(root, entry), buildId: "test" }));
}

/** And for JerryScript, as `npm run build` makes it. */
function buildJavaScript(entry: string, image: string): void {
  const rollup = ["node_modules/rollup/dist/bin/rollup", "-c", "--silent"];
  run(process.execPath, [...rollup, "--configEntry", path.relative(root, entry), "--configName", "mps2-test"]);
  copyFileSync(path.join(root, "dist/mps2-test.static-snapshot.image"), image);
}

/** JerryScript is in no registry, so nobody can be made to have it, nor for the Cortex-M. */
function skipWithoutJerryScript(context: Mocha.Context): void {
  const { JERRYSCRIPT_PREFIX, JERRYSCRIPT_CORTEX_M } = process.env;
  if (JERRYSCRIPT_PREFIX === undefined || JERRYSCRIPT_CORTEX_M === undefined) {
    console.log("    JERRYSCRIPT_PREFIX and JERRYSCRIPT_CORTEX_M name no installations");
    context.skip();
  }
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
  const directory = directoryOf(layout);
  const { board, vm, script, entry } = LAYOUTS[chosen(layout)];
  if (vm === "jerryscript") {
    skipWithoutJerryScript(context);
  }
  if (built.has(layout)) {
    return;
  }
  if (chosen(layout) !== layout) {
    process.stdout.write(`    the ${layout} image is that of ${board}\n`);
  }
  const folder = path.join(root, "boards", board);
  const engine = `-DJERRYSCRIPT_PREFIX=${process.env.JERRYSCRIPT_CORTEX_M ?? ""}`;
  const sound = `-DDOORLINE_SOUND=${layout === "codec" ? "i2s" : "shared"}`;
  const choices = [`-DDOORLINE_VM=${vm}`, `-DDOORLINE_LAYOUT=${script}`, sound, engine];
  run(cmake, ["-S", root, "-B", directory, "--toolchain", path.join(folder, "toolchain.cmake"), ...choices]);
  run(cmake, ["--build", directory, "--parallel", "2"]);
  const image = imageOf(layout).program;
  if (vm === "lua") {
    buildLua(compiler, path.join(folder, entry), image);
  } else {
    buildJavaScript(path.join(folder, entry), image);
  }
  built.add(layout);
}
