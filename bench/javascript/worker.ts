// A contender in JavaScript as a process of its own, so that no library shares a heap, a collector or a compiler's type
// feedback with another. Answers the lines that bench/process.ts describes, as bench/native/rounds.c does for C.

import { PerformanceObserver } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { makeCorpus, VARIANTS } from "../corpus";
import type { Contender, CreateContender, Operation } from "./contender";

/** A check of the clock after so many milliseconds of work costs nothing that is seen. */
const BATCH_MILLISECONDS = 1;
const WARM_UP_MILLISECONDS = 400;
/** The compiler itself allocates until it has seen so many operations; waited for as long at most. */
const COMPILED_OPERATIONS = 65_536;
const COMPILED_MILLISECONDS = 3000;
const COUNTED_OPERATIONS_MAXIMUM = 65_536;
const COUNTED_BATCHES = 64;
const COUNTED_TURNS = 7;
/** Buffers outside the heap are freed by another thread after a collection. */
const SWEEP_MILLISECONDS = 5;
/** The collector's entries reach an observer a little after a collection. */
const COLLECTOR_REPORT_MILLISECONDS = 20;

/** Keeps what the operations return alive, so that no compiler drops them. */
let sink = 0;

function runOperations(operation: Operation, count: number): void {
  let witness = 0;
  for (let index = 0; index < count; index += 1) {
    witness += operation.run(index & (VARIANTS - 1));
  }
  sink = (sink + witness) | 0;
}

/** Runs for at least `milliseconds`. Returns the operations done and the nanoseconds of processor time, the collector's too. */
function runRound(operation: Operation, milliseconds: number, batch: number): { count: number; nanoseconds: number } {
  const processor = process.cpuUsage();
  const end = performance.now() + milliseconds;
  let count = 0;
  do {
    runOperations(operation, batch);
    count += batch;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(processor);
  return { count, nanoseconds: Math.max(1, 1000 * (user + system)) };
}

/** Operations that take about BATCH_MILLISECONDS once the compiler has seen them. */
function warmUp(operation: Operation): number {
  const { count, nanoseconds } = runRound(operation, WARM_UP_MILLISECONDS, 8);
  return Math.max(1, Math.round((count * BATCH_MILLISECONDS * 1e6) / nanoseconds));
}

function median(values: number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

interface Growth {
  octets: number;
  /** When the operations ran, on performance.now()'s clock. */
  start: number;
  end: number;
}

function usedOctets(): number {
  const usage = process.memoryUsage();
  return usage.heapUsed + usage.arrayBuffers;
}

/** The growth of the heap, and of the buffers outside it, by `count` operations after a collection. */
async function growth(operation: Operation, count: number): Promise<Growth> {
  globalThis.gc?.();
  await setTimeout(SWEEP_MILLISECONDS);
  const start = performance.now();
  const before = usedOctets();
  runOperations(operation, count);
  const octets = usedOctets() - before;
  return { octets, start, end: performance.now() };
}

/**
 * Octets allocated by one operation: the median growth of several turns, less that of turns without operations. A turn
 * in which the collector ran says nothing; then all are done again with fewer operations.
 */
async function countAllocation(operation: Operation): Promise<number> {
  const batch = warmUp(operation);
  const end = performance.now() + COMPILED_MILLISECONDS;
  for (let done = 0; done < COMPILED_OPERATIONS && performance.now() < end; done += batch) {
    runOperations(operation, batch);
  }
  let count = Math.min(COUNTED_OPERATIONS_MAXIMUM, COUNTED_BATCHES * batch);
  while (count >= 1) {
    const collections: number[] = [];
    const observer = new PerformanceObserver((list) => {
      collections.push(...list.getEntries().map((entry) => entry.startTime));
    });
    observer.observe({ entryTypes: ["gc"] });
    const idle: number[] = [];
    const turns: Growth[] = [];
    for (let turn = 0; turn < COUNTED_TURNS; turn += 1) {
      idle.push((await growth(operation, 0)).octets);
      turns.push(await growth(operation, count));
    }
    await setTimeout(COLLECTOR_REPORT_MILLISECONDS);
    observer.disconnect();
    const quiet = turns.filter((turn) => !collections.some((at) => at >= turn.start && at <= turn.end));
    if (quiet.length * 2 > COUNTED_TURNS) {
      return Math.max(0, (median(quiet.map((turn) => turn.octets)) - median(idle)) / count);
    }
    count >>= 2;
  }
  return -1;
}

async function answer(contender: Contender, batches: Map<string, number>, line: string): Promise<string> {
  const [command, name, milliseconds] = line.split(" ");
  const operation = contender.operations[name];
  if (operation === undefined) {
    return `error no case ${name}`;
  }
  switch (command) {
    case "round": {
      const batch = batches.get(name) ?? warmUp(operation);
      batches.set(name, batch);
      const { count, nanoseconds } = runRound(operation, Number(milliseconds), batch);
      return `${count} ${nanoseconds}`;
    }
    case "allocation":
      return (await countAllocation(operation)).toFixed(1);
    case "witness": {
      let witness = 0;
      for (let index = 0; index < VARIANTS; index += 1) {
        witness += operation.run(index);
      }
      return String(witness);
    }
    case "sample":
      return Buffer.from(operation.sample?.() ?? []).toString("hex");
    default:
      return `error no command ${command}`;
  }
}

const module = (await import(process.argv[2])) as { createContender: CreateContender };
const contender = await module.createContender(makeCorpus(), process.argv[3] ?? "./firmware");
const batches = new Map<string, number>();
process.stdout.write(`${contender.version}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await answer(contender, batches, line)}\n`);
}
