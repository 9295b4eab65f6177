// A codec chip on a simulated bus and a simulated clock: decodes transfers to register writes as the chip's data sheet has them, and
// leaves to a model (one file a chip) what they mean: whether voice would pass, how loud, and what would be heard as a pop.

import type { Bytes } from "../../firmware/bytes/bytes";
import type { Clock } from "../../hal/clock";
import type { I2C } from "../../hal/i2c";

/** Frequencies are counted in 1,600 Hz: every clock of the tests is a multiple of it, and products stay within 28 bits. */
export const FREQUENCY_UNIT = 1600;

/** What a chip makes of its registers, written from the data sheet and without a look at the table. */
export interface ChipModel {
  readonly name: string;
  readonly address: number;
  /** Bits of a register's address and of its data. */
  readonly addressBits: number;
  readonly dataBits: number;
  /** WM8960: a read is not acknowledged. */
  readonly isReadable: boolean;
  /** Registers that are not 0 after power-on: register, value, and so on. */
  readonly resets: number[];
  /** Bits that a register has: register, mask, and so on. Others are written as they are at reset. */
  readonly bits: number[];
  /** The highest register. */
  readonly last: number;
  /** A register got a value. */
  written(this: void, chip: SimulatedChip, register: number, before: number, value: number): void;
  /** "" when voice from I2S is heard, else the first thing that is wrong. */
  playback(this: void, chip: SimulatedChip): string;
  /** "" when the microphone's voice is on I2S, else the first thing that is wrong. */
  capture(this: void, chip: SimulatedChip): string;
  /** Hundredths of a decibel from I2S to the output. */
  playbackGain(this: void, chip: SimulatedChip): number;
  /** Hundredths of a decibel from the microphone to I2S. */
  captureGain(this: void, chip: SimulatedChip): number;
  /** Whether it takes no more than standby current and its outputs are off. */
  isDown(this: void, chip: SimulatedChip): boolean;
}

export interface SimulatedChip {
  readonly model: ChipModel;
  readonly bus: I2C;
  readonly clock: Clock;
  readonly registers: number[];
  /** What is at MCLK and at LRCK of the board, in units of 1,600 Hz. */
  masterClock: number;
  sampleRate: number;
  /** Whether the board waits for the chip's clocks. */
  isMaster: boolean;
  /** Milliseconds. */
  time: number;
  /** What was heard. */
  pops: string;
  /** Transfers so far. */
  transfers: number;
  /** Transfers with these numbers are not acknowledged: refusedFrom … refusedTo - 1. */
  refusedFrom: number;
  refusedTo: number;
  /** Moments that the model needs, -1: not. What each means, the model says. */
  readonly marks: number[];
}

interface SimulatedBus extends I2C {
  chip: SimulatedChip;
}

interface SimulatedClock extends Clock {
  chip: SimulatedChip;
}

/** Notes what was heard; after some of it, no more. */
export function pop(chip: SimulatedChip, why: string): void {
  if (chip.pops.length < 200) {
    chip.pops = `${chip.pops}${why} at ${chip.time} ms; `;
  }
}

/** Whether a value leaves the bits alone that a register does not have. */
function isWhole(model: ChipModel, register: number, value: number): boolean {
  let reset = 0;
  for (let index = 0; index < model.resets.length; index += 2) {
    reset = model.resets[index] === register ? model.resets[index + 1] : reset;
  }
  for (let index = 0; index < model.bits.length; index += 2) {
    if (model.bits[index] === register) {
      return ((value ^ reset) & (0xffff - model.bits[index + 1])) === 0;
    }
  }
  return true;
}

/** Whether a mark is set and at least so long ago. */
export function isSettled(chip: SimulatedChip, mark: number, milliseconds: number): boolean {
  return chip.marks[mark] >= 0 && chip.time - chip.marks[mark] >= milliseconds;
}

/** Whether two frequencies are the same, to 250 millionths: what I2S and a G.711 peer do not notice. */
export function isSameFrequency(one: number, other: number): boolean {
  const difference = one > other ? one - other : other - one;
  return one > 0 && difference <= one >> 12;
}

/** The signed number in the lowest bits of a value. */
export function signed(value: number, bits: number): number {
  const range = 1 << bits;
  const low = value & (range - 1);
  return low >= range >> 1 ? low - range : low;
}

/** Power comes: every register as the data sheet has it. */
export function powerUp(chip: SimulatedChip): void {
  for (let register = 0; register <= chip.model.last; register += 1) {
    chip.registers[register] = 0;
  }
  for (let index = 0; index < chip.model.resets.length; index += 2) {
    chip.registers[chip.model.resets[index]] = chip.model.resets[index + 1];
  }
  for (let mark = 0; mark < chip.marks.length; mark += 1) {
    chip.marks[mark] = -1;
  }
}

/** Whether the chip acknowledges the transfer that begins now. */
function acknowledges(chip: SimulatedChip, address: number): boolean {
  const number = chip.transfers;
  chip.transfers += 1;
  return address === chip.model.address && (number < chip.refusedFrom || number >= chip.refusedTo);
}

function registerOf(model: ChipModel, buffer: Bytes, start: number): number {
  return model.addressBits === 16
    ? buffer[start] * 256 + buffer[start + 1]
    : model.addressBits === 7
      ? buffer[start] >> 1
      : buffer[start];
}

function write(this: I2C, address: number, buffer: Bytes, start: number, end: number): number {
  const chip = (this as SimulatedBus).chip;
  const model = chip.model;
  const octets = model.addressBits === 16 ? 4 : 2;
  if (!acknowledges(chip, address) || end - start !== octets) {
    return -2;
  }
  const register = registerOf(model, buffer, start);
  let value = buffer[end - 1];
  if (model.dataBits === 16) {
    value += buffer[end - 2] * 256;
  } else if (model.dataBits === 9) {
    value += (buffer[start] & 1) * 256;
  }
  if (register > model.last) {
    return -2;
  }
  if (!isWhole(model, register, value)) {
    pop(chip, `bits that register ${register} does not have`);
  }
  const before = chip.registers[register];
  chip.registers[register] = value;
  model.written(chip, register, before, value);
  return 0;
}

function read(this: I2C, _address: number, _buffer: Bytes, _start: number, _end: number): number {
  return -2;
}

function writeRead(this: I2C, address: number, buffer: Bytes, start: number, end: number, count: number): number {
  const chip = (this as SimulatedBus).chip;
  const model = chip.model;
  if (!acknowledges(chip, address) || !model.isReadable) {
    return -2;
  }
  const register = registerOf(model, buffer, start);
  const value = register <= model.last ? chip.registers[register] : 0;
  if (model.dataBits === 16) {
    buffer[end] = value >> 8;
  }
  buffer[end + count - 1] = value & 0xff;
  return 0;
}

function now(this: Clock): number {
  return (this as SimulatedClock).chip.time;
}

/** A chip that has just got its power. */
export function createSimulatedChip(model: ChipModel): SimulatedChip {
  const bus = { write, read, writeRead } as SimulatedBus;
  const clock = { now } as SimulatedClock;
  const chip: SimulatedChip = {
    model,
    bus,
    clock,
    registers: [],
    masterClock: 0,
    sampleRate: 0,
    isMaster: false,
    time: 1000,
    pops: "",
    transfers: 0,
    refusedFrom: 0,
    refusedTo: 0,
    marks: [-1, -1, -1, -1, -1, -1, -1],
  };
  for (let register = 0; register <= model.last; register += 1) {
    chip.registers.push(0);
  }
  bus.chip = chip;
  clock.chip = chip;
  powerUp(chip);
  return chip;
}
