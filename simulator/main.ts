// The command line: `doorline start`, `doorline demo`, `doorline settings`. What a person did wrong is told in one sentence,
// with an exit code that is not 0 and no stack trace.

import { writeFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { runDemo } from "./demo";
import { Desk } from "./desk";
import { DeskError, describeFileError } from "./desk-error";
import { createRealNetwork } from "./desk-network";
import type { DeskOptions } from "./desk-options";
import { planDesk } from "./desk-plan";
import { SettingsError } from "./desk-station";
import { drawFrame } from "./panel/picture";
import { playScene } from "./panel/scene";
import { sampleSettings } from "./settings-sample";
import { start } from "./start";
import { logDesk } from "./text-log";
import { verdictLine } from "./verdict";

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
    .option("--record <directory>", "write what each side hears to door.wav and indoor.wav");
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
    if (error instanceof DeskError || error instanceof SettingsError) {
      console.error(`doorline: ${error.message}`);
      return 1;
    }
    throw error;
  }
}
