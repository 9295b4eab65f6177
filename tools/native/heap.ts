// `npm run heap`: whether the VM's heap stays flat. For each VM that is here, one device in its shell, thousands of calls and an hour of
// media in virtual time; what is live after the last call has to be what was live after the first. It builds what it runs;
// `--shell` and `--program` name an executable and an image that are there, `--launcher` what runs another processor's.

import { Command } from "commander";
import type { Shell } from "../../simulator/device/process-device";
import { findProgram, missingLine } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { BoardBuildError, buildShell, VMS, type Vm } from "./board-build";
import { measureCollector } from "./collector";
import { type HeapRun, isFlat, runHeap } from "./heap-run";

interface Options {
  vm?: Vm;
  small?: boolean;
  shell?: string;
  program?: string;
  launcher?: string;
  calls: number;
  minutes: number;
}

function reportLines(run: HeapRun, calls: number, minutes: number): string[] {
  const rows: Cell[][] = [
    ["live after boot", run.boot],
    ["live after the first call", run.first],
    [`live after ${calls.toLocaleString("en")} calls`, run.calls],
    [`live after ${minutes} minutes of media`, run.media],
    ["in use, with what the allocator adds", run.used],
    ["peak", run.peak],
    ["room", run.total],
    ["buffers, outside of the room", run.buffers],
    ["allocated by a call", Math.round(run.perCall)],
    ["allocated by a frame of 20 ms", Math.round(run.perFrame)],
  ];
  const parts = run.parts.map(({ name, count, octets }): Cell[] => [name, count, octets]);
  return [
    ...tableLines([run.engine, "octets"], rows),
    ...(parts.length === 0 ? [] : ["", ...tableLines(["live after boot and calls", "count", "octets"], parts)]),
  ];
}

function chosenShell({ shell, program, launcher }: Options): Shell | undefined {
  if (shell === undefined || program === undefined) {
    return undefined;
  }
  return { command: shell, program, launcher: launcher?.split(" ") };
}

function readOptions(): Options {
  return new Command("heap")
    .option("--vm <vm>", `${VMS.join(" or ")}; without it each that is here`)
    .option("--small", "the small device")
    .option("--shell <file>", "doorline-desk-lua or doorline-desk-jerryscript, with --program")
    .option("--program <image>", "what doorline build wrote for it")
    .option("--launcher <words>", "runs the shell: an emulator with its options")
    .option("--calls <number>", "calls", Number, 10_000)
    .option("--minutes <number>", "minutes of media", Number, 60)
    .parse()
    .opts<Options>();
}

/** The shells that are chosen or can be built here; of a VM that is missing it says what is. */
function shellsOf(options: Options): Shell[] {
  const chosen = chosenShell(options);
  if (chosen !== undefined) {
    return [chosen];
  }
  const shells: Shell[] = [];
  for (const vm of VMS.filter((name) => (options.vm ?? name) === name)) {
    try {
      shells.push(buildShell({ board: "linux", vm, small: options.small === true }));
    } catch (error) {
      if (!(error instanceof BoardBuildError)) {
        throw error;
      }
      console.log(`${vm} is left out: ${error.message}\n`);
    }
  }
  return shells;
}

/** What the collector's longest step takes; the instructions of an emulator would be counted with the device's. */
function collectorLine(shell: Shell): string {
  const valgrind = findProgram("valgrind");
  if (shell.launcher !== undefined || valgrind === "") {
    return shell.launcher === undefined ? missingLine("valgrind") : "";
  }
  const { steps, longest, total } = measureCollector(shell, valgrind);
  const [most, all] = [longest, total].map((count) => count.toLocaleString("en"));
  return `a round of the collector: ${steps} steps, the longest ${most} instructions of ${all}`;
}

const options = readOptions();
const shells = shellsOf(options);
const runs = shells.map((shell) => runHeap(shell, options.calls, options.minutes));
for (const [index, run] of runs.entries()) {
  console.log(reportLines(run, options.calls, options.minutes).join("\n"));
  console.log(isFlat(run) ? "flat" : "NOT FLAT");
  console.log(`${collectorLine(shells[index])}\n`);
}
process.exitCode = runs.length > 0 && runs.every(isFlat) ? 0 : 1;
