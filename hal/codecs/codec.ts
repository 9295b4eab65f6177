// The engine of all codec chips: walks the lists of a chip's table (chip.ts) over I2C, one register at a time, and never waits:
// a pause is a time after which `poll` goes on. What was begun ends, power-up as power-down; a refused transfer is tried again.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { timeAfter, timeBetween } from "../../firmware/clock/time";
import type { Clock } from "../clock";
import { type AudioCodec, CodecState, CodecStatus } from "../codec";
import type { I2C } from "../i2c";
import { ClockRow, type CodecChip, type LevelMap, RegisterFormat, Role, Step } from "./chip";

/** Before a refused transfer is tried again. */
const RETRY_MS = 100;

/**
 * Refusals in a row after which the chip is taken for one that lost its power: it is begun anew, or, when it was to stop, is off. One
 * that can be read, and is found on, has kept it: it is stopped first, because a start with sound on is a pop.
 */
const REFUSALS_UNTIL_ANEW = 3;

/** How a board wires a chip. */
export interface CodecWiring {
  /** The chip's I2C address, seven bits. */
  readonly address: number;
  /** Decibels of the chip's volume at a volume of 0. */
  readonly volumeAtZero: number;
  /** Decibels of the chip's microphone amplifier at a microphone gain of 0: what the board's microphone needs. */
  readonly microphoneAtZero: number;
}

interface Codec extends AudioCodec {
  readonly chip: CodecChip;
  readonly i2c: I2C;
  readonly clock: Clock;
  readonly wiring: CodecWiring;
  /** Room for one transfer. */
  readonly buffer: Bytes;
  state: CodecState;
  volumeRest: number;
  microphoneRest: number;
  /** Index in chip.clocks, -1 before `configure`. */
  row: number;
  isMaster: boolean;
  /** Values of the two levels, as they go to the registers. */
  volumeValue: number;
  microphoneValue: number;
  isMuted: boolean;
  /** Whether it is to be on. */
  isWanted: boolean;
  /** Whether the chip lacks a level or muting that is set. */
  hasChanged: boolean;
  /** Where in the list of the state the work is. */
  at: number;
  isWaiting: boolean;
  /** While it waits: device time at which it goes on. */
  due: number;
  /** In a row. */
  refusals: number;
  /** Whether it may still be on, although it is to be started. */
  wasOn: boolean;
}

/** The bits that a list, from an index, has for a register. */
function bitsOf(bits: number[], from: number, register: number): number {
  let sum = 0;
  for (let index = from; index < bits.length; index += 2) {
    if (bits[index] === register) {
      sum |= bits[index + 1];
    }
  }
  return sum;
}

/** Puts the address of a register, with bit 8 of the data where that belongs to it. Returns the offset behind it. */
function putAddress(codec: Codec, register: number, value: number): number {
  const buffer = codec.buffer;
  if (codec.chip.format === RegisterFormat.A16_D16) {
    buffer[0] = register >> 8;
    buffer[1] = register & 0xff;
    return 2;
  }
  buffer[0] = codec.chip.format === RegisterFormat.A8_D8 ? register : (register << 1) | ((value >> 8) & 1);
  return 1;
}

function writeRegister(codec: Codec, register: number, value: number): CodecStatus {
  let end = putAddress(codec, register, value);
  if (end === 2) {
    codec.buffer[end] = (value >> 8) & 0xff;
    end += 1;
  }
  codec.buffer[end] = value & 0xff;
  const status = codec.i2c.write(codec.wiring.address, codec.buffer, 0, end + 1);
  return status < 0 ? CodecStatus.REFUSED : CodecStatus.OK;
}

/** Writes a list of registers and values. */
function writeAll(codec: Codec, writes: number[]): CodecStatus {
  let status: CodecStatus = CodecStatus.OK;
  for (let index = 0; index < writes.length && status === CodecStatus.OK; index += 2) {
    status = writeRegister(codec, writes[index], writes[index + 1]);
  }
  return status;
}

/** Whether registers have what a list of register, mask and value says; WRONG_CHIP: they have not. */
function compare(codec: Codec, list: number[]): CodecStatus {
  for (let index = 0; index < list.length; index += 3) {
    const end = putAddress(codec, list[index], 0);
    // What is read is as wide as what addresses it.
    if (codec.i2c.writeRead(codec.wiring.address, codec.buffer, 0, end, end) < 0) {
      return CodecStatus.REFUSED;
    }
    const value = end === 2 ? (codec.buffer[2] << 8) | codec.buffer[3] : codec.buffer[1];
    if ((value & list[index + 1]) !== list[index + 2]) {
      return CodecStatus.WRONG_CHIP;
    }
  }
  return CodecStatus.OK;
}

function writeLevel(codec: Codec, map: LevelMap, value: number): CodecStatus {
  let status: CodecStatus = CodecStatus.OK;
  for (let index = 0; index < map.registers.length && status === CodecStatus.OK; index += 1) {
    status = writeRegister(codec, map.registers[index], value);
  }
  return status;
}

function writeLevels(codec: Codec): CodecStatus {
  const status = writeLevel(codec, codec.chip.volume, codec.volumeValue);
  return status === CodecStatus.OK ? writeLevel(codec, codec.chip.microphone, codec.microphoneValue) : status;
}

function writeSound(codec: Codec): CodecStatus {
  return writeAll(codec, codec.isMuted ? codec.chip.mute : codec.chip.unmute);
}

function writeChanges(codec: Codec): CodecStatus {
  const levels = writeLevels(codec);
  const status = levels === CodecStatus.OK ? writeSound(codec) : levels;
  codec.hasChanged = status !== CodecStatus.OK;
  return status;
}

/** The step of a map that is the nearest one not above so many hundredths of a decibel; the lowest one for less. */
function stepOf(map: LevelMap, hundredths: number): number {
  const above = hundredths - map.lowest;
  if (above < 0) {
    return 0;
  }
  const step = (above / map.step) | 0;
  return step < map.count ? step : map.count - 1;
}

/** The whole decibels, rounded, that a step of a map lacks of so many hundredths of a decibel. */
function restOf(map: LevelMap, step: number, hundredths: number): number {
  const rest = hundredths - map.lowest - step * map.step;
  return rest < 0 ? 0 - (((50 - rest) / 100) | 0) : ((rest + 50) / 100) | 0;
}

function setVolume(this: AudioCodec, decibels: number): void {
  const codec = this as Codec;
  const map = codec.chip.volume;
  const hundredths = (decibels + codec.wiring.volumeAtZero) * 100;
  const step = stepOf(map, hundredths);
  codec.volumeValue = map.first + step * map.each;
  codec.volumeRest = restOf(map, step, hundredths);
  codec.hasChanged = true;
}

function setMicrophoneGain(this: AudioCodec, decibels: number): void {
  const codec = this as Codec;
  const map = codec.chip.microphone;
  const hundredths = (decibels + codec.wiring.microphoneAtZero) * 100;
  const step = stepOf(map, hundredths);
  codec.microphoneValue = map.first + step * map.each;
  codec.microphoneRest = restOf(map, step, hundredths);
  codec.hasChanged = true;
}

function setMuted(this: AudioCodec, isMuted: boolean): void {
  const codec = this as Codec;
  codec.isMuted = isMuted;
  codec.hasChanged = true;
}

function configure(this: AudioCodec, masterClock: number, sampleRate: number, isMaster: boolean): CodecStatus {
  const codec = this as Codec;
  if (codec.state !== CodecState.OFF || codec.isWanted) {
    return CodecStatus.BUSY;
  }
  const clocks = codec.chip.clocks;
  const role = isMaster ? Role.MASTER : Role.SLAVE;
  for (let index = 0; index < clocks.length; index += 1) {
    const row = clocks[index];
    const isRight = row[ClockRow.MASTER_CLOCK] === masterClock && row[ClockRow.SAMPLE_RATE] === sampleRate;
    if (isRight && (row[ClockRow.ROLE] & role) !== 0) {
      codec.row = index;
      codec.isMaster = isMaster;
      return CodecStatus.OK;
    }
  }
  return CodecStatus.UNSUPPORTED;
}

function start(this: AudioCodec): CodecStatus {
  const codec = this as Codec;
  if (codec.row < 0) {
    return CodecStatus.UNSUPPORTED;
  }
  codec.isWanted = true;
  return CodecStatus.OK;
}

function stop(this: AudioCodec): CodecStatus {
  (this as Codec).isWanted = false;
  return CodecStatus.OK;
}

function wait(codec: Codec, milliseconds: number): void {
  codec.isWaiting = true;
  codec.due = timeAfter(codec.clock.now(), milliseconds);
}

function enter(codec: Codec, state: CodecState): void {
  codec.state = state;
  codec.at = 0;
  codec.isWaiting = false;
  codec.refusals = 0;
}

/** Notes a refusal and plans the next try. */
function refuse(codec: Codec, status: CodecStatus): CodecStatus {
  codec.refusals += 1;
  if (codec.refusals >= REFUSALS_UNTIL_ANEW) {
    codec.wasOn = codec.wasOn || codec.state !== CodecState.STARTING;
    enter(codec, codec.isWanted ? CodecState.STARTING : CodecState.OFF);
  }
  wait(codec, RETRY_MS);
  return status;
}

function apply(this: AudioCodec): CodecStatus {
  const codec = this as Codec;
  if (codec.state !== CodecState.ON || !codec.hasChanged) {
    return CodecStatus.OK;
  }
  const status = writeChanges(codec);
  return status === CodecStatus.OK ? status : refuse(codec, status);
}

/** A register of `start`, with what belongs to the clocks. */
function writeConfigured(codec: Codec, register: number, value: number): CodecStatus {
  const bits = bitsOf(codec.chip.clocks[codec.row], ClockRow.BITS, register);
  const masterBits = codec.isMaster ? bitsOf(codec.chip.masterBits, 0, register) : 0;
  return writeRegister(codec, register, value | bits | masterBits);
}

/** Does the step at `at` of the list. */
function doStep(codec: Codec, register: number, value: number): CodecStatus {
  if (register === Step.WAIT) {
    wait(codec, value);
    return CodecStatus.OK;
  }
  if (register === Step.LEVELS) {
    codec.hasChanged = false;
    return writeLevels(codec);
  }
  if (register === Step.SOUND) {
    return writeSound(codec);
  }
  return codec.state === CodecState.STARTING
    ? writeConfigured(codec, register, value)
    : writeRegister(codec, register, value);
}

/** Milliseconds that are left of a wait, 0 when there is none. */
function waitLeft(codec: Codec): number {
  const left = codec.isWaiting ? timeBetween(codec.clock.now(), codec.due) : 0;
  if (left > 0) {
    return left;
  }
  codec.isWaiting = false;
  return 0;
}

/** Before the first write of a start: whether it is the chip; one that was on and still is goes to its stop. */
function look(codec: Codec): CodecStatus {
  const status = compare(codec, codec.chip.identity);
  if (status !== CodecStatus.OK || !codec.wasOn) {
    return status;
  }
  const found = codec.chip.on.length === 0 ? CodecStatus.WRONG_CHIP : compare(codec, codec.chip.on);
  if (found === CodecStatus.REFUSED) {
    return found;
  }
  codec.wasOn = false;
  if (found === CodecStatus.OK) {
    enter(codec, CodecState.STOPPING);
  }
  return CodecStatus.OK;
}

/** Goes on with the list of the state, up to its next wait or its end. Returns as `poll` does. */
function walk(codec: Codec): number {
  let status: CodecStatus = codec.at === 0 && codec.state === CodecState.STARTING ? look(codec) : CodecStatus.OK;
  const isStarting = codec.state === CodecState.STARTING;
  const list = isStarting ? codec.chip.start : codec.chip.stop;
  while (status === CodecStatus.OK && codec.at < list.length) {
    const left = waitLeft(codec);
    if (left > 0) {
      return left;
    }
    status = doStep(codec, list[codec.at], list[codec.at + 1]);
    if (status === CodecStatus.OK) {
      codec.at += 2;
      codec.refusals = 0;
    }
  }
  if (status !== CodecStatus.OK) {
    return refuse(codec, status);
  }
  const left = waitLeft(codec);
  if (left > 0) {
    return left;
  }
  enter(codec, isStarting ? CodecState.ON : CodecState.OFF);
  // A chip that is up or down when the contrary is wanted by now: the next poll begins with that.
  return isStarting !== codec.isWanted ? 1 : isStarting ? codec.apply() : 0;
}

function poll(this: AudioCodec): number {
  const codec = this as Codec;
  if (codec.isWanted && codec.state === CodecState.OFF) {
    enter(codec, CodecState.STARTING);
  } else if (!codec.isWanted && codec.state === CodecState.ON) {
    enter(codec, CodecState.STOPPING);
  }
  const left = waitLeft(codec);
  if (left > 0) {
    return left;
  }
  return codec.state === CodecState.STARTING || codec.state === CodecState.STOPPING ? walk(codec) : codec.apply();
}

/** Boot only: a codec, off, not yet configured, with volume and microphone gain at 0. The chip's table is the board's choice. */
export function createCodec(chip: CodecChip, i2c: I2C, clock: Clock, wiring: CodecWiring): AudioCodec {
  const codec: Codec = {
    chip,
    i2c,
    clock,
    wiring,
    buffer: createBytes(4),
    state: CodecState.OFF,
    volumeRest: 0,
    microphoneRest: 0,
    row: -1,
    isMaster: false,
    volumeValue: 0,
    microphoneValue: 0,
    isMuted: false,
    isWanted: false,
    hasChanged: false,
    at: 0,
    isWaiting: false,
    due: 0,
    refusals: 0,
    wasOn: false,
    configure,
    start,
    stop,
    setVolume,
    setMicrophoneGain,
    setMuted,
    apply,
    poll,
  };
  codec.setVolume(0);
  codec.setMicrophoneGain(0);
  return codec;
}
