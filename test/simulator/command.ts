// The command `doorline` as a process of its own: what it prints, and the code with which it ends.

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "../../simulator/main";

const COMMAND = fileURLToPath(new URL("../../bin/doorline.mjs", import.meta.url));

export interface Result {
  code: number | null;
  output: string;
  errors: string;
}

export class CommandRun {
  readonly ended: Promise<Result>;
  output = "";
  private errors = "";
  private readonly child: ChildProcess;
  private onOutput: () => void = () => undefined;

  /** Starts it in a directory of its own, without a terminal. */
  constructor(words: string[], directory = path.dirname(COMMAND)) {
    this.child = spawn(process.execPath, [COMMAND, ...words], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.onOutput();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => resolve({ code, output: this.output, errors: this.errors }));
    });
  }

  /** Resolves when the output holds the text; rejects when the command ends without it. */
  printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onOutput = () => {
        if (this.output.includes(text)) {
          resolve();
        }
      };
      this.onOutput();
      this.ended.then(({ output, errors }) => reject(new Error(`ended without "${text}":\n${output}${errors}`)));
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** Runs a command line to its end. */
export function runCommand(...words: string[]): Promise<Result> {
  return new CommandRun(words).ended;
}

/** Runs a command line that ends by itself in this process. */
export async function runHere(words: string[]): Promise<Result> {
  const { log, error } = console;
  const result: Result = { code: null, output: "", errors: "" };
  console.log = (text: string) => {
    result.output += `${text}\n`;
  };
  console.error = (text: string) => {
    result.errors += `${text}\n`;
  };
  try {
    result.code = await main(words);
  } finally {
    Object.assign(console, { log, error });
  }
  return result;
}

/** Ports of 127.0.0.1 that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const sockets = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createSocket>>((resolve) => {
          const socket = createSocket("udp4");
          socket.bind(0, "127.0.0.1", () => resolve(socket));
        }),
    ),
  );
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  return ports;
}
