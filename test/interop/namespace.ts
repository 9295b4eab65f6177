// The suites run where nothing else does: a network namespace of their own, in which only the loopback interface exists, so
// that no port clashes and no datagram leaves the machine. Mocha sees every test; a worker process inside the namespace
// runs its body. It also has a process namespace: when the worker ends, all that its tests started ends with it.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findProgram, missingLine, skipOrFail } from "../../tools/requirements";
import type { Bed } from "./bed";

export type Body = (bed: Bed) => Promise<void>;
/** Defines a test; `limit` in milliseconds where it needs longer than most. */
export type DefineTest = (title: string, body: Body, limit?: number) => void;
export type Define = (test: DefineTest) => void;

/** A test as the worker runs it. */
export interface WorkerTest {
  body: Body;
  limit: number;
}

/** What the worker is told and what it answers. */
export interface Order {
  run: string;
}
export interface Outcome {
  title: string;
  /** "" for a pass, else what mocha shows. */
  failure: string;
}

/** Set in the worker: takes the tests of the file that it loaded. */
interface WorkerHost {
  doorlineInteropTests?: Map<string, WorkerTest>;
}
export const workerHost = globalThis as WorkerHost;

/** The limit of most tests, milliseconds. */
const TEST_LIMIT_MS = 30_000;
/** What mocha's limit is above the worker's own, which can say more. */
const MARGIN_MS = 10_000;
/** Ways into a new network namespace: as root, and as anybody where user namespaces are allowed. */
const ENTRANCES = [
  ["--net", "--pid", "--fork", "--kill-child"],
  ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"],
];
/** What every suite needs besides its peers. */
const BED_PROGRAMS = ["unshare", "ip", "dumpcap"];

// Debian keeps servers where not every user's path looks.
process.env.PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;

function entrance(): string[] | undefined {
  return ENTRANCES.find((options) => spawnSync("unshare", [...options, "true"]).status === 0);
}

class Worker {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<string, (failure: string) => void>();
  private output = "";

  constructor(way: string[], file: string) {
    const worker = fileURLToPath(new URL("worker.ts", import.meta.url));
    const inside = ["sh", "-c", 'ip link set lo up && exec "$0" "$@"'];
    const node = [process.execPath, "--import", "tsx", worker, file];
    this.process = spawn("unshare", [...way, ...inside, ...node], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    const take = (chunk: Buffer) => {
      this.output += chunk.toString("utf8");
    };
    this.process.stdout?.on("data", take);
    this.process.stderr?.on("data", take);
    this.process.on("message", (outcome: Outcome) => this.settle(outcome.title, outcome.failure));
    this.process.on("close", (code, signal) => {
      for (const title of this.waiting.keys()) {
        this.settle(title, `the worker ended (${code ?? signal}):\n${this.output}`);
      }
    });
  }

  /** Whether it can run a test. */
  isAlive(): boolean {
    return this.process.exitCode === null && this.process.connected;
  }

  /** Runs one test; resolves to "" or to what failed. */
  run(title: string): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.set(title, resolve);
      const order: Order = { run: title };
      this.process.send(order);
    });
  }

  end(): void {
    this.process.kill("SIGKILL");
  }

  private settle(title: string, failure: string): void {
    this.waiting.get(title)?.(failure);
    this.waiting.delete(title);
  }
}

/**
 * Defines a suite whose tests run in a namespace of their own.
 * @param file `import.meta.url` of the file that calls
 * @param programs what the tests start, by command
 * @param define calls its argument once a test
 * @param prepare makes what the tests start, once, outside of the namespace; it may skip the suite
 */
export function interop(
  file: string,
  title: string,
  programs: string[],
  define: Define,
  prepare: (context: Mocha.Context) => Promise<void> = () => Promise.resolve(),
): void {
  const tests = workerHost.doorlineInteropTests;
  if (tests !== undefined) {
    define((name, body, limit = TEST_LIMIT_MS) => tests.set(name, { body, limit }));
    return;
  }
  describe(`interop › ${title}`, () => {
    let way: string[] = [];
    let worker: Worker | undefined;
    before(async function () {
      for (const program of [...BED_PROGRAMS, ...programs]) {
        if (findProgram(program) === "") {
          skipOrFail(this, missingLine(program));
        }
      }
      way = entrance() ?? skipOrFail(this, "network namespaces are not allowed here: run the tests as root");
      await prepare(this);
    });
    after(() => worker?.end());
    define((name, _body, limit = TEST_LIMIT_MS) => {
      it(name, async function () {
        this.timeout(limit + MARGIN_MS);
        // A worker that a test took down is replaced for the next one.
        worker = worker?.isAlive() === true ? worker : new Worker(way, fileURLToPath(file));
        const failure = await worker.run(name);
        if (failure !== "") {
          throw new Error(failure);
        }
      });
    });
  });
}
