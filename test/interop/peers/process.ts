// A program that another made, run for one test: started in a process group of its own, its output collected, its readiness
// told by a line that it prints, its end certain (SIGTERM, then SIGKILL, to the group that was started and to no other).

import { type ChildProcess, spawn } from "node:child_process";

/** How long a program may take to end after SIGTERM, milliseconds. */
const GRACE_MS = 1500;
/** How many lines of its output a failure shows. */
const TAIL_LINES = 60;

export interface ProgramOptions {
  /** Shown in failures. */
  name: string;
  command: string;
  args: string[];
  /** Working directory. */
  directory: string;
  /** Takes standard output in place of `output`, for a program that prints data there. */
  onOutput?: (chunk: Buffer) => void;
  /** Set above those of this process. */
  environment?: Record<string, string>;
}

interface Waiter {
  pattern: RegExp;
  from: number;
  found: (match: RegExpExecArray) => void;
  failed: (error: Error) => void;
}

export class Program {
  readonly name: string;
  /** Standard output and standard error, in the order they came. */
  output = "";
  /** The exit code, or the signal's name; undefined while the program runs. */
  ended: number | string | undefined;
  /** Settles when the program has ended. */
  readonly end: Promise<number | string>;
  private readonly process: ChildProcess;
  private waiters: Waiter[] = [];

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.process = spawn(options.command, options.args, {
      cwd: options.directory,
      detached: true,
      env: { ...process.env, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.end = new Promise((resolve) => {
      const over = (how: number | string) => {
        this.ended = how;
        for (const waiter of this.waiters) {
          waiter.failed(new Error(`${this.name} ended (${how}) before it printed ${waiter.pattern}`));
        }
        this.waiters = [];
        resolve(how);
      };
      this.process.on("close", (code, signal) => over(code ?? signal ?? "unknown"));
      this.process.on("error", (error) => over(error.message));
    });
    this.process.stdin?.on("error", () => undefined); // it ended: `close` says so
    this.process.stdout?.on("data", options.onOutput ?? ((chunk: Buffer) => this.take(chunk)));
    this.process.stderr?.on("data", (chunk: Buffer) => this.take(chunk));
  }

  /** Waits for a match of `pattern` in the output from offset `from` on; rejects when the program ends or `limit` ms pass first. */
  printed(pattern: RegExp, limit = 5000, from = 0): Promise<RegExpExecArray> {
    const already = pattern.exec(this.output.slice(from));
    if (already !== null) {
      return Promise.resolve(already);
    }
    if (this.ended !== undefined) {
      return Promise.reject(new Error(`${this.name} ended (${this.ended}) before it printed ${pattern}`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        reject(new Error(`${this.name} did not print ${pattern} within ${limit} ms`));
      }, limit);
      const waiter: Waiter = {
        pattern,
        from,
        found: (match) => {
          clearTimeout(timer);
          resolve(match);
        },
        failed: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.waiters.push(waiter);
    });
  }

  /** Types a line on its standard input. */
  type(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Ends the program and all that it started. May be called again. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), GRACE_MS);
    await this.end;
    clearTimeout(timer);
    this.signal("SIGKILL");
  }

  /** The last lines of the output, for the message of a failure. */
  tail(): string {
    const lines = this.output.trimEnd().split("\n");
    return `--- ${this.name} (${this.ended === undefined ? "running" : `ended: ${this.ended}`})\n${lines.slice(-TAIL_LINES).join("\n")}`;
  }

  private take(chunk: Buffer): void {
    this.output += chunk.toString("latin1");
    for (const waiter of [...this.waiters]) {
      const match = waiter.pattern.exec(this.output.slice(waiter.from));
      if (match !== null) {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        waiter.found(match);
      }
    }
  }

  private signal(signal: NodeJS.Signals): void {
    const pid = this.process.pid;
    if (pid === undefined) {
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  }
}
