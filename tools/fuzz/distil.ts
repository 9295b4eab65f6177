// Distils the corpus of one target: of all inputs, those of the corpus and those that a run has kept, the fewest and shortest that
// together reach what all of them reach, each cut down to what it is needed for. Inputs with names of their own stay as they are.
// usage: node distil.js TARGET KEPT CORPUS; the last line of the output is a report as JSON

import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findTarget, type NamedInput, readInputs, type Target, tryInput } from "./inputs";
import { lastPlaces } from "./runtime";

/** What distilled inputs are called, with a digest behind. All others were given their names by somebody. */
const DISTILLED = "reached-";

/** An input is shortened by pieces down to this part of it: octet by octet a station would take hours. */
const PIECES = 8;

export interface DistilReport {
  target: string;
  inputs: number;
  octets: number;
  places: number;
  /** Inputs that the target throws on: left out, and left where they are. */
  problems: string[];
}

interface Reaching {
  octets: Uint8Array;
  places: Set<number>;
}

/** How many of `inputs` reach each place. */
function countReaching(inputs: Reaching[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { places } of inputs) {
    for (const place of places) {
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

/** The short ones first, those that reach something new; then without those that the later ones made needless. */
function choose(named: Reaching[], others: Reaching[]): Reaching[] {
  const reached = new Set(named.flatMap(({ places }) => [...places]));
  const chosen: Reaching[] = [];
  for (const input of others.sort((one, other) => one.octets.length - other.octets.length)) {
    if ([...input.places].some((place) => !reached.has(place))) {
      chosen.push(input);
      for (const place of input.places) {
        reached.add(place);
      }
    }
  }
  const counts = countReaching([...named, ...chosen]);
  return chosen.filter(({ places }) => {
    const isNeeded = [...places].some((place) => counts.get(place) === 1);
    if (!isNeeded) {
      for (const place of places) {
        counts.set(place, (counts.get(place) ?? 0) - 1);
      }
    }
    return isNeeded;
  });
}

/** The input without most octets that it does not need to reach `wanted`: pieces of half of it, of a quarter … are taken out. */
function shorten(target: Target, input: Reaching, wanted: number[]): Reaching {
  let best = input;
  const least = Math.max(1, Math.ceil(input.octets.length / PIECES));
  for (let size = best.octets.length >> 1; size >= least; size >>= 1) {
    for (let at = best.octets.length - size; at >= 0; at -= size) {
      const octets = Uint8Array.from([...best.octets.slice(0, at), ...best.octets.slice(at + size)]);
      if (tryInput(target, octets) === "") {
        const places = new Set(lastPlaces());
        best = wanted.every((place) => places.has(place)) ? { octets, places } : best;
      }
    }
  }
  return best;
}

function distil(name: string, kept: string, folder: string): DistilReport {
  const target = findTarget(name);
  const report: DistilReport = { target: name, inputs: 0, octets: 0, places: 0, problems: [] };
  const named: Reaching[] = [];
  const others: Reaching[] = [];
  const old: NamedInput[] = readInputs(folder);
  for (const { file, octets } of [...old, ...readInputs(kept)]) {
    if (tryInput(target, octets) !== "") {
      report.problems.push(file);
    } else {
      const isNamed = path.dirname(file) === folder && !path.basename(file).startsWith(DISTILLED);
      (isNamed ? named : others).push({ octets, places: new Set(lastPlaces()) });
    }
  }
  const chosen = choose(named, others);
  for (let index = 0; index < chosen.length; index += 1) {
    const rest = countReaching([...named, ...chosen.filter((_, at) => at !== index)]);
    const wanted = [...chosen[index].places].filter((place) => !rest.has(place));
    chosen[index] = shorten(target, chosen[index], wanted);
  }
  for (const { file } of old) {
    if (path.basename(file).startsWith(DISTILLED) && !report.problems.includes(file)) {
      rmSync(file);
    }
  }
  for (const { octets } of chosen) {
    const digest = createHash("sha256").update(octets).digest("hex");
    writeFileSync(path.join(folder, `${DISTILLED}${digest.slice(0, 12)}`), octets);
  }
  report.inputs = named.length + chosen.length;
  report.octets = [...named, ...chosen].reduce((sum, { octets }) => sum + octets.length, 0);
  report.places = countReaching([...named, ...chosen]).size;
  return report;
}

const [name, kept, folder] = process.argv.slice(2);
console.log(JSON.stringify(distil(name, path.resolve(kept), path.resolve(folder))));
