// The command line: `doorline start`, `doorline demo`, `doorline settings`. What a person did wrong is told in one sentence,
// with an exit code that is not 0 and no stack trace.

import { writeFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { BoardBuildError, buildBoard, VMS, type Vm } from "../tools/native/board-build";
import { compareFlash, FlashError, type FlashOptions, flashBoard, planFlash } from "../tools/native/flash";
import { type ConsoleOptions, runConsole } from "./console/console";
import { consoleSocketOf } from "./console/console-socket";
import { runDemo } from "./demo";
import { Desk } from "./desk";
import { DeskError, describeFileError } from "./desk-error";
import { createRealNetwork } from "./desk-network";
import { DEVICES, type DeskOptions } from "./desk-options";
import { planDesk } from "./desk-plan";
import { SettingsError } from "./desk-station";
import { memoryOf, type RunOptions, runBoard } from "./mps2/run";
import { drawFrame } from "./panel/picture";
import { playScene } from "./panel/scene";
import { sampleSettings } from "./settings-sample";
import { start } from "./start";
import { logDesk } from "./text-log";
import { verdictLine } from "./verdict";

/** The options of `doorline run`. */
type RunWords = Omit<RunOptions, "address"> & { address?: string; desk: boolean };

interface DemoOptions extends DeskOptions {
  json?: string;
}

/** Any free ones, so that it always runs. */
const FREE_PORTS = { sip: 0, rtp: 0, switchboard: 0 };
/** Milliseconds after which the indoor station of the demo answers by itself. */
const DEMO_ANSWERS_AFTER = 600;

function writeFile(option: string, file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new DeskError(`${option}: ${file} cannot be written: ${describeFileError(error)}`);
  }
}

async function startDesk(options: DeskOptions): Promise<number> {
  const plan = await planDesk(options, { readsSettingsFile: true });
  return start(await Desk.open(createRealNetwork(), plan));
}

/** The desk around a board: the device of that board and VM, with the memory and the console of `doorline run`. */
function runDesk({ board, vm, ...options }: Omit<RunWords, "desk">): Promise<number> {
  const device = DEVICES.find((name) => name === `${board}-${vm}` || (name === board && vm === "lua"));
  if (device === undefined) {
    throw new DeskError(
      `--board: "${board}" with ${vm} cannot be run here; there are linux, mps2-an386 and mps2-an500`,
    );
  }
  return startDesk({ memory: memoryOf(board), console: consoleSocketOf(board), ...options, device });
}

async function demo(options: DemoOptions): Promise<number> {
  const plan = await planDesk(options, {
    readsSettingsFile: false,
    ports: FREE_PORTS,
    settings: { "relay.1.pulse": "1" },
  });
  const desk = await Desk.open(createRealNetwork(), plan, { answersAfter: DEMO_ANSWERS_AFTER });
  logDesk(desk, (line) => console.log(line));
  const verdict = await runDemo(desk);
  await desk.stop();
  console.log(verdictLine(verdict));
  if (options.json !== undefined) {
    writeFile("--json", options.json, `${JSON.stringify(verdict, undefined, 2)}\n`);
  }
  return verdict.good ? 0 : 1;
}

/** What `doorline flash` is asked to do: the plan alone, the comparison alone, or all of it with its progress on a terminal. */
function flash({ dryRun, compare, ...options }: FlashOptions & { dryRun?: boolean; compare?: boolean }): void {
  const say = (line: string) => console.log(line);
  if (dryRun === true) {
    planFlash(options).forEach(say);
  } else if (compare === true) {
    compareFlash(options, say);
  } else {
    flashBoard(options, say, (file, done, all) => {
      if (process.stdout.isTTY) {
        process.stdout.write(`\r${file}: ${Math.floor((100 * done) / all)} %\r`);
      }
    });
  }
}

function addDeskOptions(command: Command): Command {
  return command
    .option("--settings <file>", "the station's settings (see: doorline settings)")
    .option("--peer <uri>", "button 1 calls this phone, without the switchboard")
    .option("--account <account>", "register elsewhere: user:password@host or user:password@host:port")
    .option("--address <address>", "the address of everything on the desk (default: 127.0.0.1, or the one peers need)")
    .option("--sip-port <port>", "the station's port for SIP")
    .option("--switchboard-port <port>", "the switchboard's port")
    .option("--no-switchboard", "the station alone")
    .option("--digest <algorithms>", "what the switchboard asks for: sha-256,md5 (the default), md5 for old phones")
    .option("--microphone <source>", "what the visitor says: tone:HZ or a WAV file (default: tone:1000)")
    .option("--record <directory>", "write what each side hears to door.wav and indoor.wav")
    .option("--device <device>", `where the station's firmware runs: ${DEVICES.join(", ")} (default: ${DEVICES[0]})`);
}

/** Refuses a first word that is no command: what is left out is `start`, so it would be taken for an argument of that. */
function checkCommand(word: string, program: Command): void {
  const names = [...program.commands.map((command) => command.name()), "help"];
  if (!word.startsWith("-") && !names.includes(word)) {
    throw new DeskError(`"${word}" is no command; there are ${names.join(", ")}`);
  }
}

/** Runs a command line. Returns the exit code. */
export async function main(words: string[]): Promise<number> {
  let code = 0;
  const program = new Command("doorline")
    .description("A SIP door intercom on the desk.")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(false);
  addDeskOptions(program.command("start", { isDefault: true }))
    .description("a station, a switchboard and an indoor station, with a live view; keys press the button and answer")
    .action(async (options: DeskOptions) => {
      code = await startDesk(options);
    });
  addDeskOptions(program.command("demo"))
    .description("one call by itself, with a verdict")
    .option("--json <file>", "write the verdict")
    .action(async (options: DemoOptions) => {
      code = await demo(options);
    });
  program
    .command("build")
    .description("a board's program and executable, with what they take")
    .requiredOption("--board <board>", "a folder of boards/, such as linux")
    .addOption(new Option("--vm <vm>", "the VM that runs the program").choices(VMS).default("lua"))
    .option("--small", "the small device, for boards with little memory")
    .action(async ({ board, vm, small }: { board: string; vm: Vm; small?: boolean }) => {
      await buildBoard({ board, vm, small: small === true }, (line) => console.log(line));
    });
  program
    .command("run")
    .description("a board with the desk around it, as of start --device; a board in QEMU keeps its memory")
    .requiredOption("--board <board>", "linux, mps2-an386 or mps2-an500")
    .addOption(new Option("--vm <vm>", "the VM of the shell").choices(VMS).default("lua"))
    .option("--small", "the small device, in the small layout")
    .option("--settings <file>", "its settings (default: the desk's; with --no-desk those that its memory has)")
    .option("--memory <file>", "what outlives a board in QEMU (default: one in build/)")
    .option("--address <address>", "this machine's address at which peers reach the board")
    .option("--no-desk", "a board in QEMU alone: its console here, keys press its buttons")
    .action(async ({ desk, ...options }: RunWords) => {
      code = desk ? await runDesk(options) : await runBoard({ ...options, address: options.address ?? "127.0.0.1" });
    });
  program
    .command("console")
    .description("a board's log as it comes; keys and new programs go to the board")
    .requiredOption("--board <board>", "mps2-an386 or mps2-an500")
    .option("--port <port>", "its serial port, such as /dev/ttyACM0 (default: the board of doorline run)")
    .option("--socket <path>", "the socket at which a board in QEMU has its console")
    .option("--send-program <file>", "send a program's image, which the board runs then")
    .action(async (options: ConsoleOptions) => {
      code = await runConsole(options);
    });
  program
    .command("flash")
    .description("put a board's shell and program where it starts from")
    .requiredOption("--board <board>", "a board with a flash of its own, such as mps2-an386")
    .addOption(new Option("--vm <vm>", "the VM of the shell").choices(VMS).default("lua"))
    .option("--layout <layout>", "the memory layout that the shell was linked for", "large")
    .option("--shell <file>", "the shell's executable (default: that of doorline build)", "")
    .option("--program <file>", "the program's image (default: that of doorline build)", "")
    .option("--drive <directory>", "where the board's drive is mounted (default: looked for)", "")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--compare", "only compare what the board's memory holds")
    .action(flash);
  program
    .command("settings")
    .description("print a settings file to begin with")
    .action(() => {
      process.stdout.write(sampleSettings());
    });
  program
    .command("picture <file>")
    .description("draw the panel in the middle of a call, as SVG")
    .action(async (file: string) => {
      writeFile("picture", file, drawFrame(await playScene()));
    });
  try {
    checkCommand(words[0] ?? "start", program);
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) {
        console.error(`doorline: ${error.message.replace(/^error: |\.$/g, "")}; doorline --help tells what there is`);
      }
      return error.exitCode;
    }
    if (
      error instanceof DeskError ||
      error instanceof SettingsError ||
      error instanceof BoardBuildError ||
      error instanceof FlashError
    ) {
      console.error(`doorline: ${error.message}`);
      return 1;
    }
    throw error;
  }
}
