// QEMU's machine protocol (QMP) over a Unix socket: JSON, a line each way. One command after the other.

import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class MachineProtocol {
  readonly #waiting: Waiting[] = [];

  private constructor(readonly socket: Socket) {
    createInterface({ input: socket })
      .on("line", (line) => this.#take(line))
      .on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("QEMU has closed its protocol")));
  }

  /** Connects, and trades capabilities. @throws when nobody listens */
  static async connect(path: string): Promise<MachineProtocol> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const protocol = new MachineProtocol(socket);
    await protocol.execute("qmp_capabilities", {});
    return protocol;
  }

  /** Runs a command. @throws with QEMU's words when it refuses */
  execute(command: string, words: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.socket.write(`${JSON.stringify({ execute: command, arguments: words })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  /** A line is an answer, or an event or greeting, which nobody waits for. */
  #take(line: string): void {
    const answer = JSON.parse(line) as { return?: unknown; error?: { desc: string } };
    if ("return" in answer) {
      this.#waiting.shift()?.resolve(answer.return);
    } else if (answer.error !== undefined) {
      this.#waiting.shift()?.reject(new Error(answer.error.desc));
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) {
      reject(error);
    }
  }
}
