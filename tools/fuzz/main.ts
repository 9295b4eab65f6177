// npm run fuzz: compiles the targets, then lets the fuzzer loose on each in turn, in a process of its own, for a time. Inputs that reach
// something new are kept in build/fuzz-corpus; one that a target throws on is named with what it threw.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { TARGETS } from "../../test/fuzz/targets";
import { compileTargets } from "./compile";
import { runFuzzer } from "./process";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const options = new Command("fuzz")
  .description("Fuzzes the parsers and a whole station, guided by what the inputs reach.")
  .option("--target <name>", `one of ${Object.keys(TARGETS).join(", ")}; otherwise all`)
  .option("--seconds <n>", "how long on each", "60")
  .option("--seed <n>", "where chance begins", String(Date.now() % 1_000_000))
  .parse()
  .opts<{ target?: string; seconds: string; seed: string }>();

const names = Object.keys(TARGETS).filter((name) => options.target === undefined || name === options.target);
if (names.length === 0) {
  console.error(`--target ${options.target}: there is ${Object.keys(TARGETS).join(", ")}`);
  process.exit(2);
}
const program = compileTargets();
let problems = 0;
for (const name of names) {
  const kept = path.join(ROOT, "build/fuzz-corpus", name);
  mkdirSync(kept, { recursive: true });
  const report = await runFuzzer(program, {
    target: name,
    seed: Number(options.seed),
    runs: Number.MAX_SAFE_INTEGER,
    seconds: Number(options.seconds),
    folders: [kept, path.join(ROOT, "test/fuzz/corpus", name)],
  });
  const rate = Math.round(report.runs / Math.max(report.seconds, 0.001));
  console.log(
    `${name.padEnd(12)} ${report.runs} inputs, ${rate}/s, ${report.places} places, ${report.corpus} kept, seed ${options.seed}`,
  );
  if (report.problem !== undefined) {
    problems += 1;
    console.log(`  ${report.input}\n  ${report.problem.split("\n").join("\n  ")}`);
  }
}
process.exitCode = problems === 0 ? 0 : 1;
