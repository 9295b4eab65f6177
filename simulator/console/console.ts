// `doorline console`: a board's log as it comes, keys to the board, and a new program for it. When the board or its port goes away, it is
// waited for.

import { readFileSync } from "node:fs";
import pc from "picocolors";
import { checkBoard } from "../../tools/build/board-name";
import { readProgram } from "../../tools/build/program-image";
import { DeskError, describeFileError } from "../desk-error";
import { lineProse, readLine } from "./console-line";
import { type ConsoleLink, LinkError, openSerial, openSocket } from "./console-link";
import { consoleSocketOf } from "./console-socket";
import { ProgramSender } from "./program-sender";

export interface ConsoleOptions {
  board: string;
  /** A serial port, or the socket of a board in QEMU; neither: that of `doorline run`. */
  port?: string;
  socket?: string;
  sendProgram?: string;
}

/** A log that goes into a pipe or a file stays plain, also where CI is set, which picocolors takes for a terminal. */
const colors = pc.createColors(process.stdout.isTTY ? pc.isColorSupported : process.env.FORCE_COLOR !== undefined);

const RECONNECT_MS = 500;
/** How long after a key a board that says nothing is told. */
const SILENCE_MS = 3000;
/** A new program's first line comes so soon, or it is told that it did not. */
const START_LIMIT_MS = 60_000;
const INTERRUPT = "\u0003";
const KEYS = "mqr";
const SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The board's layout is known to the board alone: it refuses the program of another one itself. */
function readImage(file: string, board: string): Buffer {
  try {
    const image = readFileSync(file);
    checkBoard(readProgram(image), board, true);
    return image;
  } catch (error) {
    throw new DeskError(
      `--send-program: ${file}: ${error instanceof RangeError ? error.message : describeFileError(error)}`,
    );
  }
}

class BoardConsole {
  #link: ConsoleLink | undefined;
  #isOver = false;
  #rest = "";
  #silence: NodeJS.Timeout | undefined;
  readonly sender = new ProgramSender((octets) => this.#link?.write(octets));
  /** Called with each line of the log. */
  onLine: (text: string) => void = () => undefined;

  constructor(readonly options: ConsoleOptions) {}

  get place(): string {
    const { board, port, socket } = this.options;
    return port ?? socket ?? consoleSocketOf(board);
  }

  /** @throws {LinkError} */
  async open(): Promise<void> {
    const link = await (this.options.port === undefined ? openSocket : openSerial)(this.place);
    link.onOctets = (octets) => this.#take(octets);
    link.onClosed = () => void this.#reopen();
    this.#link = link;
    this.#rest = "";
  }

  async #reopen(): Promise<void> {
    this.#link = undefined;
    if (this.#isOver) {
      return;
    }
    console.error(`${this.place} is gone: waiting for it (Ctrl-C ends)`);
    while (this.#link === undefined && !this.#isOver) {
      await sleep(RECONNECT_MS);
      await this.open().catch((error: unknown) => {
        if (!(error instanceof LinkError)) {
          throw error;
        }
      });
    }
    if (!this.#isOver) {
      console.error(`${this.place} is there again`);
    }
  }

  #take(octets: Buffer): void {
    clearTimeout(this.#silence);
    const lines = `${this.#rest}${octets.toString("latin1")}`.split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines.map((text) => text.trimEnd())) {
      if (!this.sender.take(line)) {
        console.log(lineProse(line, colors));
        this.onLine(readLine(line).text);
      }
    }
  }

  /** Sends a key that the board knows. */
  press(key: string): void {
    if (KEYS.includes(key)) {
      this.#link?.write(key);
      clearTimeout(this.#silence);
      this.#silence = setTimeout(
        () => console.error(`nothing answers at ${this.place}: is the board on, and the line at 115,200 baud?`),
        SILENCE_MS,
      );
    }
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#silence);
    this.#link?.close();
  }
}

/** Sends a program and waits for its first line. @throws {DeskError} */
async function sendProgram(board: BoardConsole, file: string, image: Buffer): Promise<void> {
  const { board: name, buildId } = readProgram(image);
  const octets = image.length.toLocaleString("en-US");
  console.log(`${file}: ${octets} octets, ${buildId} for ${name}`);
  await board.sender.send(
    image,
    (done) => {
      if (process.stdout.isTTY) {
        process.stdout.write(`\r${Math.floor((100 * done) / image.length)} %\r`);
      }
    },
    () => console.log("a call is on: the board takes the program over when it is at an end"),
  );
  console.log(`${octets} octets are written and compared; the board restarts`);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DeskError(`the program ${buildId} did not start within ${START_LIMIT_MS / 1000} s`)),
      START_LIMIT_MS,
    );
    board.onLine = (text) => {
      if (text.startsWith(`program ${buildId} on `)) {
        clearTimeout(timer);
        resolve();
      }
    };
  });
  console.log(
    "it runs; the board keeps it when it registers or has run for ten minutes, and takes the old one again if not",
  );
}

/** Shows a console until a person ends it, or until a program is sent. Returns the exit code. */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const image = options.sendProgram === undefined ? undefined : readImage(options.sendProgram, options.board);
  const board = new BoardConsole(options);
  await board.open();
  try {
    if (image !== undefined && options.sendProgram !== undefined) {
      await sendProgram(board, options.sendProgram, image);
      return 0;
    }
    console.log(`${board.place}; keys: m memory report, q end in good order, r restart, Ctrl-C leaves`);
    await new Promise<void>((resolve) => {
      for (const signal of SIGNALS) {
        process.once(signal, resolve);
      }
      process.stdin.setEncoding("utf8");
      if (process.stdin.isTTY) {
        process.stdin.setRawMode(true);
      }
      process.stdin.on("data", (text: string) => {
        for (const key of text) {
          if (key === INTERRUPT) {
            resolve();
          } else {
            board.press(key);
          }
        }
      });
    });
    return 0;
  } finally {
    board.close();
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(false);
    }
    process.stdin.pause();
  }
}
