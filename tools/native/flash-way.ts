// How a board is flashed: what each board says of itself (flash-mps2.ts) and what `doorline flash` does with it (flash.ts).

/** What a person can do something about; the message says what. */
export class FlashError extends Error {}

export interface FlashOptions {
  board: string;
  vm: string;
  /** Which of the board's memory layouts. */
  layout: string;
  /** The shell's executable and the program's image; "": where `doorline build` puts them. */
  shell: string;
  program: string;
  /** Where the board's drive is; "": looked for. */
  drive: string;
}

/** What lies in the board's memory afterwards. */
export interface FlashPart {
  name: string;
  /** The file that it is made of. */
  source: string;
  address: number;
  octets: Buffer;
  /** Octets of the partition. */
  room: number;
}

export interface FlashWrite {
  file: string;
  octets: Buffer;
}

export interface FlashPlan {
  parts: readonly FlashPart[];
  writes: readonly FlashWrite[];
  /** What a person has to do then, so that the board takes it over. */
  start: string;
  /** The program that compares the board's memory with the parts after that, with its words. */
  compare: readonly string[];
}

/** How a board is flashed. */
export interface FlashWay {
  /**
   * Reads shell and program, and says what is to be done. Paths on the drive begin with `drive`.
   * @throws {FlashError} when a file is missing, damaged or too long
   */
  plan(options: FlashOptions, drive: string): FlashPlan;
  /**
   * Finds the board.
   * @throws {FlashError} which says what to connect
   */
  findDrive(options: FlashOptions): string;
  /** Stands for the drive in the plan of a dry run when none is there. */
  driveName: string;
}
