// The face of a contender in JavaScript: named operations over the corpus. bench/cases.ts lists the names; the witness that
// `run` returns is defined there too, so that every contender is seen to have read the same things.

import type { Corpus } from "../corpus";

export interface Operation {
  /** Does the operation once on variant `index` and returns its witness, -1 when it failed. */
  run(index: number): number;
  /** What the operation makes, for the driver's check; absent where it makes nothing. */
  sample?(): Uint8Array;
}

export interface Contender {
  /** As the report shows it, e.g. "0.0.6". */
  version: string;
  operations: Record<string, Operation>;
}

/** Each contender's module exports one as `createContender`; `firmware` names the module that holds Doorline's own code. */
export type CreateContender = (corpus: Corpus, firmware: string) => Contender | Promise<Contender>;
