// The bed of one test: a directory, the programs that were started, the datagrams since the test began. Whatever becomes of
// the test, `close` ends its programs; after a failure `explain` says what they printed and what went over the wire.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Capture } from "./capture";
import { Program, type ProgramOptions } from "./peers/process";
import { type Expectation, verdict } from "./tone";
import { until } from "./waiting";

/** How long a tone may take from the start of a call to a recording, milliseconds. */
const TONE_LIMIT_MS = 4000;

export class Bed {
  /** For the files of this test; removed at its end. */
  readonly directory: string;
  readonly capture: Capture;
  /** Number of the first datagram of this test. */
  readonly firstDatagram: number;
  private readonly programs: Program[] = [];
  private readonly closers: (() => void | Promise<void>)[] = [];

  private constructor(capture: Capture, firstDatagram: number) {
    this.directory = mkdtempSync(join(tmpdir(), "doorline-interop-"));
    this.capture = capture;
    this.firstDatagram = firstDatagram;
  }

  /** Makes the bed of a test that begins now. */
  static async make(capture: Capture): Promise<Bed> {
    return new Bed(capture, await capture.mark());
  }

  /** Starts a program that ends with the test. */
  start(options: Omit<ProgramOptions, "directory"> & { directory?: string }): Program {
    const program = new Program({ directory: this.directory, ...options });
    this.programs.push(program);
    return program;
  }

  /** Has `closer` called at the end of the test, before the programs are stopped. */
  atEnd(closer: () => void | Promise<void>): void {
    this.closers.push(closer);
  }

  /**
   * Waits until a recording holds what is expected; rejects with the last verdict.
   * @param who the listener, for the message
   * @param recording the samples heard up to now
   */
  async hears(who: string, recording: () => Int16Array, expected: Expectation): Promise<void> {
    let problem = "";
    const look = () => {
      problem = verdict(recording(), expected);
      return problem === "";
    };
    try {
      await until(look, "a tone", TONE_LIMIT_MS);
    } catch {
      throw new Error(`${who} heard ${problem}`);
    }
  }

  /** The SIP messages of this test whose text matches. */
  async messages(pattern: RegExp): Promise<string[]> {
    await this.capture.mark();
    return this.capture
      .messages(this.firstDatagram)
      .map((message) => message.text)
      .filter((text) => pattern.test(text));
  }

  /** Everything that explains a failure: the output of the programs and the messages. */
  async explain(): Promise<string> {
    await this.capture.mark();
    const tails = this.programs.map((program) => program.tail());
    return [...tails, "--- the wire", this.capture.transcript(this.firstDatagram)].join("\n");
  }

  /** Ends what the test started. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const closer of this.closers.reverse()) {
      try {
        await closer();
      } catch (error) {
        failures.push(error);
      }
    }
    await Promise.all(this.programs.map((program) => program.stop()));
    rmSync(this.directory, { recursive: true, force: true });
    if (failures.length > 0) {
      throw failures[0];
    }
  }
}
