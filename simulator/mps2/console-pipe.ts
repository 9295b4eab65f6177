// The way from the UART of a board in QEMU to this process. The board gives each octet two octets' time and then drops it, as its README says,
// and QEMU writes each by itself. A socket, which is what Node.js makes for a child, counts each of these as a buffer of its own and is full
// after 278; a pipe holds 65,536 however they came. What is read late is then not lost.

import { execFileSync } from "node:child_process";
import { constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import path from "node:path";
import type { Readable } from "node:stream";

export interface ConsolePipe {
  /** The descriptor that a child is given; then it is closed here. */
  writer: number;
  /** Ends when the child has. */
  reader: Readable;
}

/**
 * Makes a pipe, which has no name any more when this returns.
 * @param directory where it has one until then
 * @throws when the system has no mkfifo, or refuses it there
 */
export function openConsolePipe(directory: string): ConsolePipe {
  const name = path.join(directory, "console");
  execFileSync("mkfifo", ["-m", "600", name]);
  try {
    // Without waiting for one who writes, and then with one who reads.
    const descriptor = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(name, constants.O_WRONLY);
    return { writer, reader: new Socket({ fd: descriptor, readable: true, writable: false }) };
  } finally {
    rmSync(name);
  }
}
