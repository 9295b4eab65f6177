// What a codec chip is to the engine (codec.ts): a table. Registers, values and order are the data sheet's; a file per chip has
// them. No file of a chip contains code.

/** How a register write looks on the bus. */
export const enum RegisterFormat {
  /** Address octet, data octet. */
  A8_D8 = 0,
  /** Seven bits of address and nine of data in two octets; such a chip cannot be read. */
  A7_D9 = 1,
  /** Two octets of address, two of data, the higher first. */
  A16_D16 = 2,
}

/** What stands in a list of steps in the place of a register address. */
export const enum Step {
  /** Nothing happens for as many milliseconds as the second number says. */
  WAIT = -1,
  /** Volume and microphone gain as they are set. */
  LEVELS = -2,
  /** `mute` or `unmute`, as it is set. */
  SOUND = -3,
}

/**
 * A level that the chip sets in equal steps. The value of step n is `first` + n × `each`, cut to the width of a register, so that a map
 * may fall, wrap like a signed number, or hold both channels.
 */
export interface LevelMap {
  /** Written with the same value, in this order. */
  readonly registers: number[];
  /** Hundredths of a decibel at step 0. */
  readonly lowest: number;
  /** Hundredths of a decibel from step to step. */
  readonly step: number;
  /** 0 … count - 1 */
  readonly count: number;
  readonly first: number;
  readonly each: number;
}

/** Whom a row of `CodecChip.clocks` serves. */
export const enum Role {
  /** A chip that follows the bit and frame clock of the bus. */
  SLAVE = 1,
  /** A chip that makes them. */
  MASTER = 2,
  BOTH = 3,
}

/** The places of a row of `CodecChip.clocks`: master clock in Hz, sample rate in Hz, Role, then register, bits, and so on. */
export const enum ClockRow {
  MASTER_CLOCK = 0,
  SAMPLE_RATE = 1,
  ROLE = 2,
  BITS = 3,
}

export interface CodecChip {
  readonly format: RegisterFormat;
  /** Register, mask, expected value, and so on: checked before the first write. */
  readonly identity: number[];
  /** The same, of what `start` leaves and neither `stop` nor a loss of power does; empty for a chip that cannot be read. */
  readonly on: number[];
  /** One row (ClockRow) for each master clock and sample rate; its bits go into the registers of `start` when these are written. */
  readonly clocks: number[][];
  /** The bits of a chip that is the master of the bus, in the same way: register, bits, and so on. */
  readonly masterBits: number[];
  /** Register or `Step`, value, and so on: power-up in the order that makes no noise. Its writes may be repeated. */
  readonly start: number[];
  /** From the end of `start` to powered down. */
  readonly stop: number[];
  readonly mute: number[];
  readonly unmute: number[];
  readonly volume: LevelMap;
  readonly microphone: LevelMap;
}
