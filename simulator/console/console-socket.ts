// The console of a board in QEMU, given out at a socket to any number of `doorline console`: all of them hear everything, and what any
// of them says goes to the board.

import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where `doorline run` gives out the console of a board, and `doorline console` looks for it. */
export function consoleSocketOf(board: string): string {
  return path.join(root, "build/boards", `${board}.console`);
}

/** Gives a console out. Returns what ends that. @throws when the socket cannot be made */
export async function serveConsole(
  socketPath: string,
  { input, output }: { input: Writable; output: Readable },
): Promise<() => void> {
  const listeners = new Set<Socket>();
  const server = createServer((socket) => {
    listeners.add(socket);
    socket
      .on("data", (octets) => void input.write(octets))
      .on("error", () => undefined)
      .once("close", () => listeners.delete(socket));
  });
  const tell = (octets: Buffer): void => {
    for (const socket of listeners) {
      socket.write(octets);
    }
  };
  // One that a run left behind which was killed.
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(socketPath, resolve);
  });
  output.on("data", tell);
  return () => {
    output.off("data", tell);
    server.close();
    for (const socket of listeners) {
      socket.destroy();
    }
  };
}
