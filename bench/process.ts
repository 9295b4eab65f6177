// A contender as a process: it answers each line on its standard input with one line, so that the driver interleaves rounds of
// all contenders. The lines, the same for C (bench/native/rounds.c) and JavaScript (bench/javascript/worker.ts):
//   round CASE MILLISECONDS -> operations, nanoseconds of processor time (what others take of a core does not count)
//   allocation CASE         -> octets [calls], both per operation
//   witness CASE            -> the sum over all variants
//   sample CASE             -> what it makes, hexadecimal
// An answer that begins with "error" says that the contender has no such case or command.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Contender {
  name: string;
  version: string;
  /** Sends one line. Returns the words of the answer. */
  ask(line: string): Promise<string[]>;
  stop(): void;
}

/** Starts a program and, when it is one that says it, waits for the line with its version. */
export async function startContender(name: string, version: string, command: string[]): Promise<Contender> {
  const child = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function readLine(): Promise<string> {
    const line = await lines.next();
    if (line.done) {
      throw new Error(`${name} ended before it answered`);
    }
    return line.value;
  }

  return {
    name,
    version: version === "" ? await readLine() : version,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const answer = await readLine();
      if (answer.startsWith("error")) {
        throw new Error(`${name}: ${answer}`);
      }
      return answer.split(" ");
    },
    stop() {
      child.stdin.end();
    },
  };
}
