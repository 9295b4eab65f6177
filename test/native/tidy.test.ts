// clang-tidy finds nothing (.clang-tidy) in the C of this machine's shells and tests, nor in that of the boards of another processor;
// JerryScript's binding is looked at where JERRYSCRIPT_PREFIX names an installation.

import { strictEqual } from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findBoards } from "../../tools/native/board-build";
import { CROSS_COMPILER, toolchainOf } from "../../tools/native/cross-board";
import { IMAGE_BOARD } from "../../tools/native/desk-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { root } from "./build";

const run = promisify(execFile);

const LIMIT_MS = 300_000;
const MOST_PARALLEL = 4;
const OWN = ["boards", "hal", "test"].map((folder) => path.join(root, folder) + path.sep);
const DATABASE = "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON";

/** Our own files that a configured build compiles. */
function filesOf(directory: string): string[] {
  const commands = JSON.parse(readFileSync(path.join(directory, "compile_commands.json"), "utf8")) as {
    file: string;
  }[];
  const files = commands.map(({ file }) => file).filter((file) => OWN.some((folder) => file.startsWith(folder)));
  return [...new Set(files)];
}

/** The C library's headers as the cross compiler finds them, for clang. */
function crossWords(compiler: string): string[] {
  const listed = spawnSync(compiler, ["-E", "-v", "-"], { input: "", encoding: "utf8" }).stderr;
  const [, folders] = /search starts here:\n([\s\S]*?)End of search list/.exec(listed.split('"..."')[1] ?? "") ?? [];
  const library = (folders ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.endsWith("/arm-none-eabi/include"));
  return ["--target=arm-none-eabi", ...library.map((folder) => `-isystem${folder}`)].map(
    (word) => `--extra-arg=${word}`,
  );
}

/** Runs as many at a time as there are processors. */
async function findings(tidy: string, directory: string, words: string[], files: string[]): Promise<string> {
  const count = Math.max(1, Math.min(availableParallelism(), MOST_PARALLEL));
  const lots = Array.from({ length: count }, (_, lot) => files.filter((_file, index) => index % count === lot));
  const runs = lots
    .filter((lot) => lot.length > 0)
    .map(async (lot) => {
      try {
        await run(tidy, ["-p", directory, "--quiet", ...words, ...lot], { cwd: root, maxBuffer: 1 << 26 });
        return "";
      } catch (error) {
        const { stdout, message } = error as { stdout?: string; message: string };
        return stdout ?? message;
      }
    });
  return (await Promise.all(runs)).join("");
}

describe("clang-tidy", () => {
  it("finds nothing in the C of this machine", async function () {
    this.timeout(LIMIT_MS);
    const [tidy, cmake] = ["clang-tidy", "cmake"].map((program) => requireProgram(this, program));
    const directory = path.join(root, "build/tidy");
    const prefix = `-DJERRYSCRIPT_PREFIX=${process.env.JERRYSCRIPT_PREFIX ?? ""}`;
    execFileSync(cmake, ["-S", root, "-B", directory, DATABASE, prefix], { stdio: "ignore" });
    strictEqual(await findings(tidy, directory, [], filesOf(directory)), "");
  });

  const seen = new Set<string>();
  for (const board of findBoards().filter((name) => toolchainOf(root, name) !== "")) {
    it(`finds nothing in the C of ${board}`, async function () {
      this.timeout(LIMIT_MS);
      const [tidy, cmake, compiler] = ["clang-tidy", "cmake", CROSS_COMPILER].map((program) =>
        requireProgram(this, program),
      );
      if (!existsSync(path.join(root, "build/sources/lwip"))) {
        skipOrFail(this, "the source of lwIP is missing: npm run setup:system");
      }
      const directory = path.join(root, `build/tidy-${board}`);
      // The desk's port to a bare processor is built with the one board's.
      const ports = board === IMAGE_BOARD ? `${board};desk-mps2` : board;
      const words = [
        "--toolchain",
        toolchainOf(root, board),
        `-DDOORLINE_PORTS=${ports}`,
        "-DDOORLINE_VM=lua",
        DATABASE,
      ];
      execFileSync(cmake, ["-S", root, "-B", directory, ...words], { stdio: "ignore" });
      // What a board has from another one has been looked at there.
      const files = filesOf(directory).filter((file) => !seen.has(file));
      for (const file of files) {
        seen.add(file);
      }
      strictEqual(await findings(tidy, directory, crossWords(compiler), files), "");
    });
  }
});
