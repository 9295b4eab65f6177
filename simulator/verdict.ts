// The verdict on one call: what was heard, pressed and moved, what is missing, and the one line that says so.

/** A tone that was heard. */
export interface HeardTone {
  /** Of the tone that the other side speaks. */
  hertz: number;
  /** dBov, to a tenth. */
  level: number;
}

export interface Verdict {
  good: boolean;
  /** What is not as it should be, one clause each; empty when it is good. */
  missing: string[];
  /** The address that was called and has answered; "" when nobody did. */
  answeredBy: string;
  /** Milliseconds from the press to the answer. */
  answeredAfter: number;
  /** What the door hears; null: nothing. With a phone of its own voice `hertz` is 0. */
  doorHears: HeardTone | null;
  /** What the indoor station hears; null: nothing, or unknown because it is somebody else's phone. */
  indoorHears: HeardTone | null;
  /** Whether what the other side hears can be known: only of the desk's own indoor station. */
  indoorIsOurs: boolean;
  /** The keys that the station took. */
  keys: string;
  /** The relay that was released, from 1; 0: none. */
  relay: number;
  /** Milliseconds that it was energised. */
  pulse: number;
  /** How the call ended. */
  ended: string;
}

/** A verdict before the call: nothing has happened. */
export function createVerdict(indoorIsOurs: boolean): Verdict {
  return {
    good: false,
    missing: [],
    answeredBy: "",
    answeredAfter: 0,
    doorHears: null,
    indoorHears: null,
    indoorIsOurs,
    keys: "",
    relay: 0,
    pulse: 0,
    ended: "",
  };
}

function toneText({ hertz, level }: HeardTone): string {
  return `${hertz === 0 ? "a voice" : `${hertz} Hz`} at ${level.toFixed(1)} dBov`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function indoorText(verdict: Verdict): string {
  if (!verdict.indoorIsOurs) {
    return "what the other side hears is not known";
  }
  return `the indoor station hears ${verdict.indoorHears === null ? "nothing" : toneText(verdict.indoorHears)}`;
}

/** The verdict in one line. */
export function verdictLine(verdict: Verdict): string {
  if (verdict.answeredBy === "") {
    return `NOT GOOD: ${verdict.missing.join("; ")}.`;
  }
  const parts = [
    `${verdict.answeredBy} answered after ${seconds(verdict.answeredAfter)}`,
    `the door hears ${verdict.doorHears === null ? "nothing" : toneText(verdict.doorHears)}`,
    indoorText(verdict),
    verdict.keys === "" ? "no keys came" : `keys ${verdict.keys}`,
    verdict.relay === 0 ? "no relay moved" : `relay ${verdict.relay} released for ${seconds(verdict.pulse)}`,
    verdict.ended,
  ];
  const told = `${parts.join("; ")}.`;
  return verdict.good ? `GOOD: ${told}` : `NOT GOOD: ${verdict.missing.join("; ")}. What happened: ${told}`;
}
