// The ES8311 as its user guide has it.

import { type ChipModel, isSameFrequency, isSettled, pop, type SimulatedChip } from "./simulated-chip";

/** Marks: since when VMID charges, the DAC is muted, the DAC is up. */
const CHARGING = 0;
const MUTED = 1;
const DAC_UP = 2;

const CHARGE_MS = 90;
const MUTE_MS = 40;

function isOpen(chip: SimulatedChip): boolean {
  return (chip.registers[0x13] & 0x10) !== 0;
}

function isReset(chip: SimulatedChip): boolean {
  return (chip.registers[0] & 0x9f) !== 0x80;
}

function isUp(value: number): boolean {
  return (value & 0xfc) === 0 && (value & 0x03) !== 0;
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  if (register === 0 && (before & 0x80) !== 0 && isReset(chip) && isOpen(chip)) {
    pop(chip, "reset with an open output");
  } else if (register === 0x0d) {
    chip.marks[CHARGING] = !isUp(value) ? -1 : isUp(before) ? chip.marks[CHARGING] : chip.time;
    if (isOpen(chip) && !isUp(value)) {
      pop(chip, "VMID falls below an open output");
    }
  } else if (register === 0x12) {
    chip.marks[DAC_UP] = (value & 0x02) !== 0 ? -1 : chip.time;
    if (isOpen(chip) && (value & 0x02) !== 0) {
      pop(chip, "DAC goes before the output");
    }
  } else if (register === 0x31) {
    const isMuted = (value & 0x60) === 0x60;
    chip.marks[MUTED] = !isMuted ? -1 : (before & 0x60) === 0x60 ? chip.marks[MUTED] : chip.time;
  } else if (register === 0x13 && (value & 0x10) !== 0 && (before & 0x10) === 0) {
    if (!isSettled(chip, CHARGING, CHARGE_MS)) {
      pop(chip, "output opens before VMID is charged");
    }
    if (!isSettled(chip, DAC_UP, 10) || !isSettled(chip, MUTED, 0)) {
      pop(chip, "output opens without a silent DAC");
    }
  } else if (register === 0x13 && (value & 0x10) === 0 && (before & 0x10) !== 0) {
    if (!isSettled(chip, MUTED, MUTE_MS)) {
      pop(chip, "output closes before the mute is through");
    }
  }
}

/** The internal clock, which has to be 256 samples times the divider of the converters. */
function isInTime(chip: SimulatedChip, divider: number): boolean {
  const before = (chip.registers[2] >> 5) + 1;
  const times = 1 << ((chip.registers[2] >> 3) & 3);
  return isSameFrequency(chip.masterClock * times, chip.sampleRate * 256 * (divider + 1) * before);
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if (isReset(chip)) {
    return "in reset";
  }
  if ((registers[1] & 0xf0) !== 0x30) {
    return "MCLK or BCLK off, inverted or from elsewhere";
  }
  if (!isSettled(chip, CHARGING, CHARGE_MS)) {
    return "references not up";
  }
  if (((registers[0] & 0x40) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  // As the master: LRCK a 256th of the clock, BCLK at least 32 a sample.
  const isDivided = (registers[7] & 0x0f) === 0 && registers[8] === 0xff && (registers[6] & 0x1f) <= 7;
  const isSame = isSameFrequency(chip.masterClock, chip.sampleRate * 256);
  return chip.isMaster && !(isDivided && isSame) ? "wrong frame clock" : "";
}

function playback(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[1] & 0x05) !== 0x05 || registers[4] !== 0x10 || !isInTime(chip, registers[5] & 0x0f)) {
    return "DAC out of time";
  }
  if ((registers[6] & 0x60) !== 0 || (registers[0x37] & 0x08) === 0) {
    return "bit clock inverted, or the equaliser in the way";
  }
  if (registers[9] !== 0x0c) {
    return "not I2S of 16 bits, or muted there";
  }
  if ((registers[0x12] & 0x02) !== 0 || !isOpen(chip)) {
    return "DAC or output off";
  }
  return (registers[0x31] & 0x60) !== 0 ? "muted" : "";
}

function capture(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[1] & 0x0a) !== 0x0a || registers[3] !== 0x10 || !isInTime(chip, registers[5] >> 4)) {
    return "ADC out of time";
  }
  if ((registers[0x0a] & 0x7f) !== 0x0c || (registers[0x44] & 0xf0) !== 0) {
    return "not I2S of 16 bits, muted there, or something else's data";
  }
  if ((registers[0x0e] & 0x60) !== 0) {
    return "amplifier or modulator off";
  }
  if ((registers[0x1c] & 0x60) !== 0x60) {
    return "no high-pass filter, or the equaliser in the way";
  }
  return (registers[0x14] & 0x70) !== 0x10 ? "not the analog microphone" : "";
}

function playbackGain(chip: SimulatedChip): number {
  return 50 * chip.registers[0x32] - 9550;
}

function captureGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const amplifier = registers[0x14] & 0x0f;
  // The scale after the filter is 24 dB at reset, which is what its oversampling needs.
  return amplifier > 10 ? -99999 : 300 * amplifier + 600 * ((registers[0x16] & 7) - 4) + 50 * registers[0x17] - 9550;
}

function isDown(chip: SimulatedChip): boolean {
  const registers = chip.registers;
  const isStill = (registers[0x0d] & 0xff) === 0xfc && (registers[0x0e] & 0x60) === 0x60 && registers[1] === 0;
  return isStill && (registers[0x12] & 0x02) !== 0 && !isOpen(chip);
}

export const ES8311_MODEL: ChipModel = {
  name: "ES8311",
  address: 0x18,
  addressBits: 8,
  dataBits: 8,
  isReadable: true,
  // biome-ignore format: register, value
  resets: [
    0x00, 0x1f, 0x03, 0x10, 0x04, 0x10, 0x06, 0x03, 0x08, 0xff, 0x0c, 0x20, 0x0d, 0xfc, 0x0e, 0x6a, 0x10, 0x13, 0x11, 0x7c,
    0x12, 0x02, 0x13, 0x40, 0x16, 0x04, 0x1b, 0x0c, 0x1c, 0x4c, 0x37, 0x08, 0xfd, 0x83, 0xfe, 0x11,
  ],
  bits: [0x00, 0xff, 0x06, 0x7f, 0x07, 0x3f, 0x09, 0xff, 0x0a, 0x7f, 0x0d, 0xff, 0x12, 0x03, 0x14, 0x7f, 0x31, 0xff],
  last: 0xff,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
