// npm run bench: Doorline beside the libraries of its field, on the same octets, in one run, contenders taking turns.
// Prints tables with ratios and what each operation allocates, and writes all of it as JSON.

import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { CASES, type Case, DOORLINE } from "./cases";
import { type Corpus, makeCorpus, meanLength, writeCorpus } from "./corpus";
import { measureCase, type Participant, type Result, type Rounds } from "./measure";
import { compilePrograms, type NativeProgram } from "./native";
import { startContender } from "./process";
import { formatTable, formatVerdict, judge, type Verdict } from "./report";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "build/bench");
const BUNDLE = join(ROOT, "dist/doorline.es.js");

const FULL: Rounds = { count: 15, milliseconds: 100 };
const QUICK: Rounds = { count: 5, milliseconds: 30 };

interface Script {
  name: string;
  /** Its module in bench/javascript. */
  module: string;
  groups: Case["group"][];
  /** The only case of its groups that it has; absent when it has all. */
  only?: string;
}

const SIP: Case["group"][] = ["sip-parse", "sip-build"];

const SCRIPTS: Script[] = [
  { name: DOORLINE, module: "./doorline.ts", groups: [...SIP, "g711", "engine"] },
  { name: "sip", module: "./npm-sip.ts", groups: SIP },
  { name: "jssip", module: "./jssip.ts", groups: SIP },
  { name: "sip.js", module: "./sip-js.ts", groups: SIP },
  { name: "alawmulaw", module: "./alawmulaw.ts", groups: ["g711"] },
  { name: "binary heap", module: "./binary-heap.ts", groups: ["engine"], only: "timer" },
  { name: "node", module: "./node-timers.ts", groups: ["engine"], only: "timer" },
];

/** A young generation so large that a counted turn ends before its first collection, in MiB. */
const COUNTING_FLAGS = ["--min-semi-space-size=64", "--max-semi-space-size=64"];

interface Options {
  json: string;
  quick?: boolean;
  only?: string;
  firmware?: string;
}

function readOptions(): Options {
  const command = new Command("bench")
    .description("Measures Doorline beside other SIP and G.711 libraries.")
    .option("--json <file>", "where the figures go", join(FOLDER, "../bench.json"))
    .option("--quick", "fewer and shorter rounds")
    .option("--only <case>", `a case or a group: ${[...new Set(CASES.map((one) => one.group))].join(", ")}`)
    .option("--firmware <module>", "the module with Doorline's code (default: dist/doorline.es.js)");
  return command.parse().opts<Options>();
}

function chooseCases(only: string | undefined): Case[] {
  const chosen = CASES.filter((one) => only === undefined || only === one.name || only === one.group);
  if (chosen.length === 0) {
    const names = CASES.map((one) => one.name).join(", ");
    throw new Error(`--only ${only}: there is sip-parse, sip-build, g711, engine, or a case: ${names}`);
  }
  return chosen;
}

/** The module that holds Doorline's code, and a line that says when it is not the bundle that ships. */
function chooseFirmware(option: string | undefined): { module: string; note: string } {
  const file = option === undefined ? BUNDLE : resolve(option);
  if (existsSync(file)) {
    return { module: pathToFileURL(file).href, note: `doorline is ${file}, of ${statSync(file).mtime.toISOString()}` };
  }
  return {
    module: "./firmware",
    note: "doorline is the TypeScript sources, which are slower than what ships: npm run build makes dist/doorline.es.js",
  };
}

function scriptCommand(script: Script, firmware: string, flags: string[]): string[] {
  const worker = join(ROOT, "bench/javascript/worker.ts");
  return [process.execPath, "--expose-gc", ...flags, "--import", "tsx", worker, script.module, firmware];
}

function detailOf(one: Case, corpus: Corpus): string {
  switch (one.group) {
    case "sip-parse": {
      const messages = one.name === "parse-ok" ? corpus.answers : corpus.invites;
      return ` (${messages.length} variants of ${meanLength(messages)} octets)`;
    }
    case "sip-build":
      return ` (with Contact and ${corpus.replyBody.length} octets of SDP)`;
    case "g711":
      return " (frames of 160 samples)";
    case "engine":
      return one.name === "call" ? " (both sides counted)" : "";
  }
}

/** How the contenders of a case are started: to be timed, or to have their allocation counted. */
function contendersOf(one: Case, programs: NativeProgram[], firmware: string): Participant[] {
  const scripts = SCRIPTS.filter(
    (script) => script.groups.includes(one.group) && (script.only === undefined || script.only === one.name),
  ).map((script) => ({
    startTimed: () => startContender(script.name, "", scriptCommand(script, firmware, [])),
    startCounting: () => startContender(script.name, "", scriptCommand(script, firmware, COUNTING_FLAGS)),
  }));
  const natives = programs
    .filter((program) => program.groups.includes(one.group))
    .map(({ name, version, timed, counting }) => ({
      startTimed: () => startContender(name, version, [timed, FOLDER]),
      startCounting: () => startContender(name, version, [counting, FOLDER]),
    }));
  return [...scripts, ...natives];
}

async function main(): Promise<void> {
  const options = readOptions();
  const cases = chooseCases(options.only);
  process.chdir(ROOT);
  mkdirSync(FOLDER, { recursive: true });
  const corpus = makeCorpus();
  writeCorpus(corpus, FOLDER);
  const { programs, missing } = compilePrograms(FOLDER);
  const { module, note } = chooseFirmware(options.firmware);
  console.log(`${cpus()[0]?.model ?? "unknown processor"}, node ${process.version}; ${note}`);
  for (const { name, reason } of missing) {
    console.log(`without ${name}: ${reason}`);
  }

  const results: Result[] = [];
  const verdicts: Verdict[] = [];
  for (const one of cases) {
    const participants = contendersOf(one, programs, module);
    const result = await measureCase(one, participants, options.quick ? QUICK : FULL);
    results.push(result);
    const judged = judge(result);
    verdicts.push(...judged);
    console.log(`\n${[formatTable(result, detailOf(one, corpus)), ...judged.map(formatVerdict)].join("\n")}`);
  }

  const missed = verdicts.filter((verdict) => !verdict.met).length;
  console.log(`\n${verdicts.length - missed} of ${verdicts.length} aims met.`);
  mkdirSync(dirname(resolve(options.json)), { recursive: true });
  writeFileSync(
    options.json,
    `${JSON.stringify({ node: process.version, note, missing, results, verdicts }, null, 2)}\n`,
  );
}

try {
  await main();
} catch (problem) {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exitCode = 1;
}
