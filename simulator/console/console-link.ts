// The wire to a board's console: a serial port, or the socket at which `doorline run` gives out the console of the board in QEMU. Octets
// both ways; what is behind them is told apart elsewhere.

import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import { createConnection } from "node:net";
import { ReadStream, WriteStream } from "node:tty";
import { DeskError } from "../desk-error";

const BAUD = 115_200;

export interface ConsoleLink {
  /** Called with what comes. Set before anything can come. */
  onOctets: (octets: Buffer) => void;
  /** Called once, when the other end is gone or `close` was called. */
  onClosed: () => void;
  write(octets: Uint8Array | string): void;
  close(): void;
}

/** The end of a link that is not there. `isAbsent`: it may come back by itself. */
export class LinkError extends DeskError {
  constructor(
    message: string,
    readonly isAbsent: boolean,
  ) {
    super(message);
  }
}

function refusalOf(port: string, { code, message }: NodeJS.ErrnoException): LinkError {
  if (code === "EACCES" || code === "EPERM") {
    return new LinkError(
      `${port}: no permission: is this user in the group dialout? sudo usermod -aG dialout $USER`,
      false,
    );
  }
  return new LinkError(`${port} cannot be opened: ${code ?? message}`, code !== "ENOTTY");
}

function open(port: string): number {
  try {
    return openSync(port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw refusalOf(port, error as NodeJS.ErrnoException);
  }
}

/** Sets the line: 115,200 baud, eight bits, nothing translated, no modem's lines. @throws {LinkError} */
function setLine(port: string): void {
  const { status, stderr, error } = spawnSync(
    "stty",
    ["-F", port, String(BAUD), "raw", "-echo", "clocal", "-crtscts", "-hupcl"],
    { encoding: "utf8" },
  );
  if (error !== undefined || status !== 0) {
    throw new LinkError(`${port} is no serial port: ${(error?.message ?? stderr).trim()}`, false);
  }
}

/** Opens a serial port. @throws {LinkError} when it is not there, not allowed, or no serial port */
export async function openSerial(port: string): Promise<ConsoleLink> {
  if (!existsSync(port)) {
    throw new LinkError(
      `${port} is not there: is the board's USB cable in? ls /dev/ttyACM* /dev/ttyUSB* tells the ports`,
      true,
    );
  }
  closeSync(open(port));
  setLine(port);
  const input = new ReadStream(open(port));
  const output = new WriteStream(open(port));
  const link: ConsoleLink = {
    onOctets: () => undefined,
    onClosed: () => undefined,
    write: (octets) => void output.write(octets),
    close: () => {
      input.destroy();
      output.destroy();
    },
  };
  let isClosed = false;
  const end = (): void => {
    if (!isClosed) {
      isClosed = true;
      link.close();
      link.onClosed();
    }
  };
  input.on("data", (octets: Buffer) => link.onOctets(octets));
  for (const stream of [input, output]) {
    stream.on("error", end).on("close", end).on("end", end);
  }
  return link;
}

/** Connects to the socket of `doorline run`. @throws {LinkError} when nobody listens there */
export function openSocket(path: string): Promise<ConsoleLink> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const link: ConsoleLink = {
      onOctets: () => undefined,
      onClosed: () => undefined,
      write: (octets) => void socket.write(octets),
      close: () => void socket.destroy(),
    };
    socket
      .once("error", ({ code }: NodeJS.ErrnoException) =>
        reject(
          code === "EACCES"
            ? refusalOf(path, { code } as NodeJS.ErrnoException)
            : new LinkError(
                `no board runs at ${path}: doorline run --board mps2-an386, or name a serial port by --port`,
                true,
              ),
        ),
      )
      .once("connect", () => resolve(link))
      .on("data", (octets) => link.onOctets(octets))
      .once("close", () => link.onClosed());
  });
}
