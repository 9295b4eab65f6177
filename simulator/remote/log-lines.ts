// What a board's log says, line by line (boards/linux/log.c, boards/mps2-an386/log.c): events by their names, SIP messages where the
// board writes them, and the memory report. A line that is none of these changes nothing.

import type { Endpoint } from "../../hal/endpoint";
import { parseEndpoint } from "../../hal/node/endpoint";
import { readLogEvent, splitLogLine } from "../log-line";

const MESSAGE = /^(->|<-) (?:to|from) (\S+)$/;
const MESSAGE_LINE = /^ {3}\| (.*)$/;
const PROGRAM = /^program .+ on (\S+ \S+); started by /;
const MEMORY = /^memory: (\d+) of \d+ octets in use, at most \d+; buffers (\d+) of \d+$/;

/** Who hears what the log says. */
export interface LogListener {
  onEvent(event: number, first: number, second: number): void;
  /** The head of a message; its body stays in the log. */
  onMessage(sent: boolean, head: Uint8Array, peer: Endpoint): void;
  /** A program starts on this engine. */
  onProgram(engine: string): void;
  /** Octets that the program has in use: in the VM's room, and its buffers. */
  onMemory(octets: number): void;
}

export class LogReader {
  private message: { sent: boolean; peer: Endpoint; lines: string[] } | undefined;

  constructor(private readonly listener: LogListener) {}

  take(line: string): void {
    const said = splitLogLine(line)?.said;
    if (said === undefined) {
      return;
    }
    const part = MESSAGE_LINE.exec(said)?.[1];
    if (part !== undefined) {
      this.takeMessageLine(part);
      return;
    }
    this.message = undefined;
    const [, arrow, peer] = MESSAGE.exec(said) ?? [];
    if (peer !== undefined) {
      this.message = { sent: arrow === "->", peer: parseEndpoint(peer), lines: [] };
      return;
    }
    this.takeStatement(said);
  }

  private takeMessageLine(part: string): void {
    if (this.message === undefined) {
      return;
    }
    const { sent, peer, lines } = this.message;
    lines.push(`${part}\r\n`);
    if (part === "") {
      this.message = undefined;
      this.listener.onMessage(sent, Buffer.from(lines.join(""), "latin1"), peer);
    }
  }

  private takeStatement(said: string): void {
    const logged = readLogEvent(said);
    if (logged !== undefined) {
      this.listener.onEvent(logged.event, logged.first, logged.second);
    }
    const engine = PROGRAM.exec(said)?.[1];
    if (engine !== undefined) {
      this.listener.onProgram(engine);
    }
    const memory = MEMORY.exec(said);
    if (memory !== null) {
      this.listener.onMemory(Number(memory[1]) + Number(memory[2]));
    }
  }
}
