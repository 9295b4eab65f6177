// A hand on the processor: QEMU's debugger port (GDB's remote protocol), for tests that need a fault which no program can make. Stops
// the processor, sets a register, and lets it go on.

import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** Numbers of the registers. */
export const enum Register {
  STACK_POINTER = 13,
  PROGRAM_COUNTER = 15,
}

/** Words for QEMU that open the port at a Unix socket. */
export function debuggerWords(socket: string): string[] {
  return ["-chardev", `socket,path=${socket},server=on,wait=off,id=debugger`, "-gdb", "chardev:debugger"];
}

function packet(text: string): string {
  const sum = [...Buffer.from(text, "latin1")].reduce((total, octet) => (total + octet) & 0xff, 0);
  return `$${text}#${sum.toString(16).padStart(2, "0")}`;
}

/** A command, and what its answer looks like: of itself QEMU says that the processor has stopped. */
interface Command {
  text: string;
  answer: RegExp;
}

/** QEMU lets registers be set by those who have read what registers there are. */
const READ_DESCRIPTION: Command = { text: "qXfer:features:read:target.xml:0,fff", answer: /\$l[^#]*#../ };
const DETACH: Command = { text: "D", answer: /\$OK#../ };
const LIMIT_MS = 5000;

/** Sends a command and takes its answer. @throws {Error} when no such answer comes */
async function order(socket: Socket, { text, answer }: Command): Promise<void> {
  let said = "";
  socket.write(packet(text));
  while (!answer.test(said)) {
    const [chunk] = (await once(socket, "data", { signal: AbortSignal.timeout(LIMIT_MS) })) as [Buffer];
    said += chunk.toString("latin1");
    socket.write("+".repeat(chunk.toString("latin1").split("$").length - 1));
  }
}

/** Sets a register of a processor that runs. @throws {Error} when the debugger refuses */
export async function setRegister(path: string, register: Register, value: number): Promise<void> {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  const socket = createConnection(path);
  try {
    await once(socket, "connect");
    await order(socket, READ_DESCRIPTION);
    await order(socket, { text: `P${register.toString(16)}=${octets.toString("hex")}`, answer: DETACH.answer });
    await order(socket, DETACH);
  } finally {
    socket.destroy();
  }
}
