// npm run fuzz: compiles the targets, then lets the fuzzer loose on each in turn, in a process of its own, for a time. Inputs that reach
// something new are kept in build/fuzz-corpus; one that a target throws on is named with what it threw. --minimise distils what was kept.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { TARGETS } from "../../test/fuzz/targets";
import { compileTargets } from "./compile";
import { distilCorpus, runFuzzer } from "./process";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const options = new Command("fuzz")
  .description("Fuzzes the parsers and whole stations, guided by what the inputs reach.")
  .option("--target <name>", `one of ${Object.keys(TARGETS).join(", ")}; otherwise all`)
  .option("--seconds <n>", "how long on each", "60")
  .option("--seed <n>", "where chance begins", String(Date.now() % 1_000_000))
  .option("--minimise", "runs nothing: puts the least of what was kept that reaches all of it into test/fuzz/corpus")
  .parse()
  .opts<{ target?: string; seconds: string; seed: string; minimise?: boolean }>();

const names = Object.keys(TARGETS).filter((name) => options.target === undefined || name === options.target);
if (names.length === 0) {
  console.error(`--target ${options.target}: there is ${Object.keys(TARGETS).join(", ")}`);
  process.exit(2);
}
const programs = compileTargets();
let problems = 0;

async function fuzz(target: string, kept: string, corpus: string): Promise<void> {
  const report = await runFuzzer(programs, {
    target,
    seed: Number(options.seed),
    runs: Number.MAX_SAFE_INTEGER,
    seconds: Number(options.seconds),
    kept,
    corpus,
  });
  const rate = Math.round((report.replayed + report.runs) / Math.max(report.seconds, 0.001));
  console.log(
    `${target.padEnd(12)} ${report.replayed} + ${report.runs} inputs, ${rate}/s, ${report.places} places, ${report.kept} kept, heap ${report.growth}, seed ${options.seed}`,
  );
  if (report.problem !== "") {
    problems += 1;
    console.log(`  ${report.input}\n  ${report.problem.split("\n").join("\n  ")}`);
  }
}

async function minimise(target: string, kept: string, corpus: string): Promise<void> {
  const report = await distilCorpus(programs, target, kept, corpus);
  console.log(`${target.padEnd(12)} ${report.inputs} inputs, ${report.octets} octets, ${report.places} places`);
  for (const file of report.problems) {
    problems += 1;
    console.log(`  fails: ${file}`);
  }
}

for (const target of names) {
  const kept = path.join(ROOT, "build/fuzz-corpus", target);
  const corpus = path.join(ROOT, "test/fuzz/corpus", target);
  mkdirSync(kept, { recursive: true });
  await (options.minimise === true ? minimise : fuzz)(target, kept, corpus);
}
process.exitCode = problems === 0 ? 0 : 1;
