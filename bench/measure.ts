// Measures a case: checks that the contenders do the same work, then lets them take turns, round by round, so that what else
// the machine does falls on all of them; counts allocation in processes that are not timed.

import type { Case } from "./cases";
import { FRAME_SAMPLES } from "./corpus";
import type { Contender } from "./process";

export interface Entry {
  contender: string;
  version: string;
  /** Units a second of processor time in each round. */
  rates: number[];
  /** The median of `rates`. */
  rate: number;
  /** Doorline's rate over this one's: the median of the ratios of the rounds. */
  ratio: number;
  /** Octets asked of the allocator in one operation. */
  allocatedOctets: number;
  /** Calls of the allocator in one operation; only C programs count them. */
  allocatorCalls?: number;
  /** How its result differs from Doorline's; absent when it does not. */
  difference?: string;
}

export interface Result {
  case: Case;
  entries: Entry[];
}

export function median(values: number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

async function sampleOf(contender: Contender, name: string): Promise<Buffer> {
  return Buffer.from((await contender.ask(`sample ${name}`))[0] ?? "", "hex");
}

/** Header lines with one blank behind the colon and names in small letters, sorted, and the body: order is free. */
function normalize(message: Buffer): string {
  const text = message.toString("latin1");
  const split = text.indexOf("\r\n\r\n");
  const [startLine, ...headers] = text.slice(0, split).split("\r\n");
  const kept = headers
    .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])
    // JsSIP always adds Supported; a received parameter in the top Via depends on where a request came from.
    .filter(([name]) => name !== "supported")
    .map(([name, value]) => `${name}: ${value.replace(/;received=[\d.]+/, "")}`)
    .sort();
  return [startLine, ...kept, text.slice(split + 4)].join("\n");
}

function describeDifference(one: Case, ours: Buffer, theirs: Buffer): string | undefined {
  if (one.unit === "messages") {
    return normalize(ours) === normalize(theirs) ? undefined : "its message is not the same";
  }
  const step = one.name.startsWith("decode") ? 2 : 1;
  let differing = 0;
  for (let index = 0; index < ours.length; index += step) {
    differing += ours.subarray(index, index + step).equals(theirs.subarray(index, index + step)) ? 0 : 1;
  }
  return differing === 0 ? undefined : `${differing} of ${ours.length / step} values differ`;
}

/** By contender: how its result differs from the first one's. Throws when one has not read what the first one read. */
async function compareWork(one: Case, contenders: Contender[]): Promise<(string | undefined)[]> {
  const differences: (string | undefined)[] = [];
  const [first] = contenders;
  const [ourWitness] = await first.ask(`witness ${one.name}`);
  const ourSample = await sampleOf(first, one.name);
  for (const contender of contenders) {
    const [witness] = await contender.ask(`witness ${one.name}`);
    if (one.group === "sip-parse" && witness !== ourWitness) {
      throw new Error(`${one.name}: ${contender.name} saw ${witness}, ${first.name} saw ${ourWitness}`);
    }
    differences.push(describeDifference(one, ourSample, await sampleOf(contender, one.name)));
  }
  return differences;
}

async function rateOf(contender: Contender, one: Case, milliseconds: number): Promise<number> {
  const [operations, nanoseconds] = (await contender.ask(`round ${one.name} ${milliseconds}`)).map(Number);
  return (operations * (one.unit === "samples" ? FRAME_SAMPLES : 1) * 1e9) / nanoseconds;
}

/** A contender of a case, not yet started. Each case has fresh processes, so that no figure depends on what ran before. */
export interface Participant {
  startTimed(): Promise<Contender>;
  startCounting(): Promise<Contender>;
}

export interface Rounds {
  count: number;
  milliseconds: number;
}

/** By contender: its rate in each round. Each round begins with another one. */
async function takeTurns(one: Case, contenders: Contender[], rounds: Rounds): Promise<number[][]> {
  const rates: number[][] = contenders.map(() => []);
  for (const contender of contenders) {
    await rateOf(contender, one, rounds.milliseconds);
  }
  for (let round = 0; round < rounds.count; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (round + turn) % contenders.length;
      rates[index].push(await rateOf(contenders[index], one, rounds.milliseconds));
    }
  }
  return rates;
}

async function countAllocation(one: Case, participant: Participant): Promise<number[]> {
  const contender = await participant.startCounting();
  const counts = await contender.ask(`allocation ${one.name}`);
  contender.stop();
  return counts.map(Number);
}

/** Measures one case; the first participant is Doorline. */
export async function measureCase(one: Case, participants: Participant[], rounds: Rounds): Promise<Result> {
  const contenders = await Promise.all(participants.map((participant) => participant.startTimed()));
  try {
    const differences = await compareWork(one, contenders);
    const rates = await takeTurns(one, contenders, rounds);
    const entries: Entry[] = [];
    for (const [index, contender] of contenders.entries()) {
      const [allocatedOctets, allocatorCalls] = await countAllocation(one, participants[index]);
      entries.push({
        contender: contender.name,
        version: contender.version,
        rates: rates[index].map(Math.round),
        rate: Math.round(median(rates[index])),
        ratio: median(rates[index].map((rate, round) => rates[0][round] / rate)),
        allocatedOctets,
        ...(allocatorCalls === undefined ? {} : { allocatorCalls }),
        ...(differences[index] === undefined ? {} : { difference: differences[index] }),
      });
    }
    return { case: one, entries };
  } finally {
    for (const contender of contenders) {
      contender.stop();
    }
  }
}
