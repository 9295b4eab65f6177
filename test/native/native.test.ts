// The C side: it builds without warnings under the sanitizers, every case of every C test is good, and the format is clang-format's.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { buildNative, builtTest, root } from "./build";

/** A C test program takes seconds at most. */
const RUN_LIMIT_MS = 60_000;

const sources = ["hal", "boards", "test/native"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[ch]$/.test(file))
    .map((file) => path.join(folder, file))
    .sort(),
);

/** The names in the table of cases (check.h); a long one is written in parts. */
function casesOf(source: string): string[] {
  const text = readFileSync(path.join(root, source), "utf8").replace(/"\s*\n\s*"/g, "");
  const table = /static const check_case cases\[\] = \{([\s\S]*?)\n\};/.exec(text)?.[1] ?? "";
  return [...table.matchAll(/\{\s*"([^"]+)"/g)].map((match) => match[1]);
}

/** test/native/linux/wav_test.c is the program linux_wav_test. */
function programOf(source: string): string {
  return path.relative("test/native", source).replace(/\.c$/, "").split(path.sep).join("_");
}

/** Runs a C test. Returns its lines, or undefined when what it tests is not built here. */
function runTest(name: string): string[] | undefined {
  const program = builtTest(name);
  if (program === "") {
    return undefined;
  }
  const run = spawnSync(program, { encoding: "utf8", timeout: RUN_LIMIT_MS });
  return [...run.stdout.split("\n"), ...run.stderr.split("\n")].filter((line) => line !== "");
}

describe("C", () => {
  before("builds without a warning, with sanitizers", function () {
    buildNative(this);
  });

  for (const source of sources.filter((file) => file.endsWith("_test.c"))) {
    describe(programOf(source), () => {
      let lines: string[] | undefined;

      before(function () {
        this.timeout(RUN_LIMIT_MS);
        lines = runTest(programOf(source));
      });

      for (const name of casesOf(source)) {
        it(name, function () {
          if (lines === undefined && programOf(source).startsWith("jerryscript")) {
            this.skip(); // JerryScript is in no package: nobody has to have it.
          }
          if (lines === undefined) {
            skipOrFail(this, `${programOf(source)} is not built: what it needs is missing (cmake's lines say what)`);
          }
          ok(lines.includes(`ok ${name}`), lines.filter((line) => !line.startsWith("ok ")).join("\n"));
        });
      }

      it("says nothing beside its cases", () => {
        strictEqual(casesOf(source).length > 0, true);
        deepStrictEqual(
          (lines ?? []).filter((line) => !/^(not )?ok /.test(line)),
          [],
        );
      });
    });
  }

  it("is formatted by clang-format", function () {
    const formatter = requireProgram(this, "clang-format");
    const { stderr } = spawnSync(formatter, ["--dry-run", "-Werror", ...sources], { cwd: root, encoding: "utf8" });
    strictEqual(stderr, "");
  });
});
