// `doorline run --no-desk`: the MPS2 board in QEMU in front of a person. Its console comes to the terminal; keys press its buttons and go to its
// console; what its relays and lights do is told.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkBoard, layoutName } from "../../tools/build/board-name";
import { readProgram } from "../../tools/build/program-image";
import { readSymbols } from "../../tools/native/cross-board";
import { consoleSocketOf, serveConsole } from "../console/console-socket";
import { DeskError, describeFileError } from "../desk-error";
import { readSettings } from "../desk-station";
import { EmulatedBoard } from "./emulated-board";
import { isMps2Board, PSRAM_AT, SharedMemory } from "./shared-memory";

const root = fileURLToPath(new URL("../..", import.meta.url));

const BUTTONS = 4;
const RELAYS = 2;
const LIGHTS = 3;
const LOOK_MS = 100;
const INTERRUPT = "\u0003";
const SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

export interface RunOptions {
  board: string;
  vm: string;
  small?: boolean;
  settings?: string;
  memory?: string;
  address: string;
}

interface Files {
  shell: string;
  program: string;
}

/** A program that was built for another board is refused before that board is on. */
function checkProgram(file: string, board: string): void {
  try {
    checkBoard(readProgram(readFileSync(file)), board);
  } catch (error) {
    throw error instanceof RangeError ? new DeskError(`${path.relative(root, file)}: ${error.message}`) : error;
  }
}

function builtFiles({ board, vm, small }: RunOptions): Files {
  const name = small === true ? `${board}-small` : board;
  const files = {
    shell: path.join(
      root,
      "build/boards",
      small === true ? `${board}-${vm}-small` : `${board}-${vm}`,
      `doorline-${board}-${vm}`,
    ),
    program: path.join(root, "dist", `${name}.${vm === "lua" ? "lua32" : "static-snapshot"}.image`),
  };
  for (const file of [files.shell, files.program]) {
    if (!existsSync(file)) {
      throw new DeskError(
        `${path.relative(root, file)} is not there: doorline build --board ${board} --vm ${vm}${small === true ? " --small" : ""}`,
      );
    }
  }
  checkProgram(files.program, layoutName(board, small === true ? "small" : "large"));
  return files;
}

/** The file of the memory that outlives a board, when none is named. */
export function memoryOf(board: string): string {
  return path.join(root, "build/boards", `${board}.psram`);
}

/** The settings text, with the address that the board's peers see it at when it names none. */
function settingsText({ settings, address }: RunOptions): string | undefined {
  if (settings === undefined) {
    return undefined;
  }
  try {
    const text = readFileSync(settings, "utf8");
    return text.includes("network.advertised-address") ? text : `${text}\nnetwork.advertised-address = ${address}\n`;
  } catch (error) {
    throw new DeskError(`--settings: ${settings} cannot be read: ${describeFileError(error)}`);
  }
}

/** What a memory's file has from before. */
function settingsIn(file: string): string {
  const memory = new SharedMemory(file);
  const { settings } = memory;
  memory.close();
  return settings;
}

/** Tells what the outputs do, until the returned function is called. */
function watchOutputs(board: EmulatedBoard): () => void {
  const pins = [
    ...Array.from({ length: RELAYS }, (_, index) => ({ name: `relay ${index + 1}`, read: () => board.relay(index) })),
    ...Array.from({ length: LIGHTS }, (_, index) => ({ name: `light ${index + 1}`, read: () => board.light(index) })),
  ].map((pin) => ({ ...pin, was: false }));
  const look = async (): Promise<void> => {
    for (const pin of pins) {
      const is = await pin.read();
      if (is !== pin.was) {
        pin.was = is;
        console.log(`            ${pin.name} ${is ? "on" : "off"}`);
      }
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return () => clearInterval(timer);
}

function takeKey(board: EmulatedBoard, key: string, quit: () => void): void {
  const button = Number(key) - 1;
  if (key === INTERRUPT) {
    quit();
  } else if (button >= 0 && button < BUTTONS) {
    void board.press(button).catch(() => undefined);
  } else {
    board.type(key);
  }
}

/** Runs the board until a person ends it. Returns the exit code. */
export async function runBoard(options: RunOptions): Promise<number> {
  const { board: name } = options;
  if (!isMps2Board(name)) {
    throw new DeskError(`--board: QEMU runs ${Object.keys(PSRAM_AT).join(" and ")} alone`);
  }
  const files = builtFiles(options);
  const settings = settingsText(options);
  const memory = options.memory ?? memoryOf(name);
  mkdirSync(path.dirname(memory), { recursive: true });
  const { network } = readSettings(settings ?? settingsIn(memory), options.settings ?? memory);
  const board = await EmulatedBoard.start({
    ...{ ...files, board: name },
    ...{ programAt: readSymbols(files.shell).get("memory_first") ?? 0, settings, memory, address: options.address },
    udpPorts: [network.sipPort, network.rtpPort, network.rtpPort + 1],
    tcpPorts: [network.sipPort],
  });
  const hide = await serveConsole(consoleSocketOf(name), board.console);
  const unwatch = watchOutputs(board);
  console.log(
    `the board's settings and state are in ${path.relative(process.cwd(), memory)}; it sees this machine as 10.0.2.2`,
  );
  console.log("keys: 1 to 4 press buttons, m memory report, q end in good order, r restart, Ctrl-C power off");
  for (const line of board.lines) {
    console.log(line);
  }
  await new Promise<void>((resolve) => {
    board.onLine = (line) => {
      console.log(line);
      if (line.endsWith("ended in good order")) {
        resolve();
      }
    };
    for (const signal of SIGNALS) {
      process.once(signal, resolve);
    }
    process.stdin.setEncoding("utf8");
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(true);
    }
    process.stdin.on("data", (text: string) => {
      for (const key of text) {
        takeKey(board, key, resolve);
      }
    });
  });
  unwatch();
  hide();
  if (process.stdin.isTTY) {
    process.stdin.setRawMode(false);
  }
  process.stdin.pause();
  board.stop();
  return 0;
}
