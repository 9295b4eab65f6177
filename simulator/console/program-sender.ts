// A new program, sent to a board by its console: the sender's side of boards/mps2-an386/update.h. Every frame is answered by a line; one
// that is not answered in time is sent again, so octets that the line loses or changes cost time and nothing else.

import { crc32, readProgram } from "../../tools/build/program-image";
import { DeskError } from "../desk-error";

/** Octets of an image's header. */
const HEADER_OCTETS = 64;
/** Of a flash: a block has whole ones. */
const UNIT_OCTETS = 16;

/** A frame's start, several times: an octet that is lost there would make keys of the others. */
const STARTS = Buffer.of(1, 1, 1);
const ANSWER = /^#(begun|taken|busy|done|refused)(?: (.*))?$/;

/** Longer than a frame takes at 115,200 baud, and than the board waits for the next octet of one. */
const ANSWER_LIMIT_MS = 1000;
const TRIES = 10;
/** How often it may begin anew: the board was restarted in between. */
const BEGINNINGS = 5;
const BUSY_PAUSE_MS = 1000;

interface Answer {
  word: string;
  rest: string;
}

/** A frame, with whatever stands before and behind it on the line. */
export function frameOf(kind: "B" | "D" | "E", place: number, block: Uint8Array): Buffer {
  const head = Buffer.alloc(7);
  head.write(kind, "latin1");
  head.writeUInt32LE(place, 1);
  head.writeUInt16LE(block.length, 5);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(Buffer.concat([head, block])));
  return Buffer.concat([STARTS, head, block, sum]);
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class ProgramSender {
  #heard: ((answer: Answer) => void) | undefined;

  constructor(
    private readonly write: (octets: Uint8Array) => void,
    private readonly answerLimit = ANSWER_LIMIT_MS,
  ) {}

  /** Takes a line of the console. False: it is no answer, but one of the log. */
  take(line: string): boolean {
    const [, word, rest = ""] = ANSWER.exec(line) ?? [];
    if (word === undefined) {
      return false;
    }
    this.#heard?.({ word, rest });
    return true;
  }

  /** Sends a frame until it is answered by one of these words. @throws {DeskError} when nothing answers, or the board refuses */
  async #ask(frame: Uint8Array, words: readonly string[]): Promise<Answer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await new Promise<Answer | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), this.answerLimit);
        this.#heard = (heard) => {
          if (heard.word === "refused" || words.includes(heard.word)) {
            clearTimeout(timer);
            resolve(heard);
          }
        };
        this.write(frame);
      });
      this.#heard = undefined;
      if (answer?.word === "refused") {
        throw new DeskError(`the board refuses the program: ${answer.rest}`);
      }
      if (answer !== undefined) {
        return answer;
      }
    }
    throw new DeskError("nothing answers: is the board on, and does its shell take programs by the console?");
  }

  /** Sends what is missing, in blocks of so many octets. Returns whether all of it is there; false: the board forgot what it had. */
  async #sendFrom(image: Buffer, from: number, octets: number, progress: (done: number) => void): Promise<boolean> {
    for (let at = from; at < image.length; ) {
      progress(at);
      const block = image.subarray(at, at + octets);
      const { rest } = await this.#ask(frameOf("D", at, block), ["taken"]);
      if (Number(rest) < at) {
        return false;
      }
      at = Number(rest);
    }
    progress(image.length);
    return true;
  }

  /**
   * Sends an image; the board restarts with it then.
   * @param progress octets that are written
   * @param onBusy called when the board waits for the end of a call
   * @throws {DeskError} when it is no image, the board refuses it, or nothing answers
   */
  async send(image: Buffer, progress: (done: number) => void, onBusy: () => void): Promise<void> {
    try {
      readProgram(image);
    } catch (error) {
      throw error instanceof RangeError ? new DeskError(error.message) : error;
    }
    const none = new Uint8Array(0);
    let isThere = false;
    for (let beginnings = 0; !isThere; beginnings += 1) {
      if (beginnings === BEGINNINGS) {
        throw new DeskError("the board was restarted again and again while it took the program");
      }
      const begun = await this.#ask(frameOf("B", image.length, image.subarray(0, HEADER_OCTETS)), ["begun"]);
      const [from, octets] = begun.rest.split(" ").map(Number);
      // What the line made of the answer is no reason to send pieces that no flash takes.
      isThere =
        octets >= HEADER_OCTETS && octets % UNIT_OCTETS === 0 && (await this.#sendFrom(image, from, octets, progress));
    }
    const end = frameOf("E", image.length, none);
    let answer = await this.#ask(end, ["done", "busy"]);
    for (let busy = 0; answer.word === "busy"; busy += 1) {
      if (busy === 0) {
        onBusy();
      }
      await sleep(BUSY_PAUSE_MS);
      answer = await this.#ask(end, ["done", "busy"]);
    }
  }
}
