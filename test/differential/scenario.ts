// A scenario: a station with its settings, and a script of what people, peers and the network do to it. The script sees the
// outside only, so that the same one plays with the firmware in this process and with the built program in any VM.

import { createBoardSettings, pollDevice, startDevice } from "../../firmware/device";
import { createStationLimits } from "../../firmware/limits";
import { createDevice } from "../../firmware/main";
import type { Board } from "../../hal/board";
import { bytesOf } from "../octets";
import { Door, type Elsewhere } from "../rig/door";
import { Peer } from "../rig/peer";
import { Trace, tracedBoard } from "./trace";

/** The other sides, new in every run, so that their branches and Call-IDs are the same in each. */
export interface People {
  anna: Peer;
  bert: Peer;
  clara: Peer;
  /** Nobody that the station knows. */
  mallory: Peer;
  registrar: Peer;
}

function createPeople(): People {
  return {
    anna: new Peer("anna", 9, 5060),
    bert: new Peer("bert", 10, 5060),
    clara: new Peer("clara", 11, 5060),
    mallory: new Peer("mallory", 66, 5060),
    registrar: new Peer("registrar", 50, 5060),
  };
}

export interface Scenario {
  /** A sentence of what happens. */
  title: string;
  /** Lines of the station's settings, behind the common ones of the rig. */
  settings: string[];
  play(door: Door, people: People): void;
}

/** Boots a device on a board whose storage holds the settings. */
export type Engine = (board: Board) => Elsewhere;

/** The firmware's own modules in this process. */
export function bootHere(board: Board): Elsewhere {
  const device = createDevice(board, createStationLimits(), createBoardSettings(board));
  startDevice(device);
  return { poll: () => pollDevice(device) };
}

/** Plays a scenario with a seed. Returns its trace, also of one that ended in an error, which is its last line. */
export function playScenario(scenario: Scenario, seed: number, engine: Engine): readonly string[] {
  let elapsed = () => 0;
  const trace = new Trace(() => elapsed());
  try {
    const door = new Door(scenario.settings, seed, undefined, (board, settings) => {
      const clock = board.clock as unknown as { elapsed: number };
      elapsed = () => clock.elapsed;
      const text = bytesOf(settings);
      board.storage.write(0, text, text.length);
      return engine(tracedBoard(board, trace));
    });
    scenario.play(door, createPeople());
  } catch (error) {
    trace.say(`the script ended: ${error instanceof Error ? error.message : String(error)}`);
  }
  return trace.lines;
}

/** Where two traces part: "" when nowhere. */
export function firstDifference(expected: readonly string[], actual: readonly string[]): string {
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index += 1) {
    if (expected[index] !== actual[index]) {
      return `line ${index + 1}: ${expected[index] ?? "the end"} — but here: ${actual[index] ?? "the end"}`;
    }
  }
  return "";
}
