// The desk in front of a person: the live panel and its keys on a terminal, plain lines elsewhere. It ends with q or a signal,
// always in good order.

import { createLogUpdate } from "log-update";
import picocolors from "picocolors";
import type { Desk } from "./desk";
import { colourFrame } from "./panel/frame";
import { pressKey } from "./panel/keys";
import { renderPanel } from "./panel/panel";
import { viewDesk } from "./panel/view";
import { logDesk } from "./text-log";

const FRAME_MS = 100;
const CLEAR = "\u001b[2J\u001b[H";
const SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Calls `quit` when a signal asks the program to end; a second one changes nothing, since the end has its own limit. */
function onSignals(quit: () => void): void {
  for (const signal of SIGNALS) {
    process.on(signal, quit);
  }
}

/** Takes keys from the terminal until the returned function is called. */
function readKeys(desk: Desk, quit: () => void): () => void {
  const input = process.stdin;
  if (!input.isTTY) {
    return () => undefined;
  }
  const take = (text: string): void => {
    // Keys that were pressed quickly come together; a sequence of a special key is no key of ours.
    const keys = text.startsWith("\u001b") ? [] : [...text];
    if (keys.some((key) => pressKey(desk, key))) {
      quit();
    }
  };
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.on("data", take);
  input.resume();
  return () => {
    input.off("data", take);
    input.setRawMode(false);
    input.pause();
  };
}

/** Shows the panel until the returned function is called. */
function showPanel(desk: Desk): () => void {
  const output = process.stdout;
  const update = createLogUpdate(output);
  const colors = picocolors.createColors(picocolors.isColorSupported);
  const show = (): void => {
    // One row less than there is: the last one is the cursor's.
    update(colourFrame(renderPanel(viewDesk(desk), output.columns, output.rows - 1), colors));
  };
  const resize = (): void => {
    update.clear();
    output.write(CLEAR);
    show();
  };
  output.write(CLEAR);
  show();
  const timer = setInterval(show, FRAME_MS);
  output.on("resize", resize);
  return () => {
    clearInterval(timer);
    output.off("resize", resize);
    show();
    update.done();
  };
}

/** Shows the desk until the person quits. Returns the exit code. */
export async function start(desk: Desk): Promise<number> {
  let quit: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    quit = resolve;
  });
  onSignals(quit);
  const isTerminal = process.stdout.isTTY === true;
  const endKeys = isTerminal ? readKeys(desk, quit) : () => undefined;
  let endPanel: () => void = () => undefined;
  if (isTerminal) {
    endPanel = showPanel(desk);
  } else {
    logDesk(desk, (line) => console.log(line));
  }
  await asked;
  await desk.stop();
  endPanel();
  endKeys();
  console.log("Stopped: calls ended, registration taken back, relays safe.");
  return 0;
}
