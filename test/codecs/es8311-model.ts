// The ES8311 as its user guide, rev. 1.11, has it; resets and bits of 0Bh to 13h as its data sheet has them.

import { type ChipModel, isSameFrequency, isSettled, pop, type SimulatedChip } from "./simulated-chip";

/** Marks: since when VMID charges, the DAC is muted, the DAC is up; until when what was set before the output opened fades in. */
const CHARGING = 0;
const MUTED = 1;
const DAC_UP = 2;
const FADED_OUT = 3;
const FADED_IN = 4;
/** Since when all of it is in reset, and whether it was so for long enough when that ended (9.1). */
const IN_RESET = 5;
const WAS_RESET = 6;

/** 9.1: "several milliseconds". */
const RESET_MS = 5;

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

/** A volume, in halves of a decibel, changes: 0.25 dB in so many samples as the ramp rate says, and at once at 0 (10.7, 11.2). */
function fade(chip: SimulatedChip, mark: number, rate: number, before: number, value: number): void {
  const quarters = 2 * (value > before ? value - before : before - value);
  const milliseconds = rate === 0 ? 0 : ((quarters << (rate + 1)) * 10) / (chip.sampleRate * 16);
  chip.marks[mark] = chip.time + (milliseconds | 0);
}

function resetWritten(chip: SimulatedChip, before: number, value: number): void {
  if ((before & 0x80) !== 0 && isReset(chip) && isOpen(chip)) {
    pop(chip, "reset with an open output");
  }
  if ((value & 0x9f) === 0x1f) {
    chip.marks[IN_RESET] = (before & 0x9f) === 0x1f && chip.marks[IN_RESET] >= 0 ? chip.marks[IN_RESET] : chip.time;
  } else {
    chip.marks[WAS_RESET] = isSettled(chip, IN_RESET, RESET_MS) ? chip.time : -1;
    chip.marks[IN_RESET] = -1;
  }
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  if (register === 0) {
    resetWritten(chip, before, value);
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
  } else if (register === 0x32 && !isOpen(chip)) {
    fade(chip, FADED_OUT, chip.registers[0x37] >> 4, before, value);
  } else if (register === 0x32 && before !== value && chip.registers[0x37] >> 4 === 0) {
    pop(chip, "level changes without a ramp");
  } else if (register === 0x17 && !isOpen(chip)) {
    fade(chip, FADED_IN, chip.registers[0x15] >> 4, before, value);
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

/** Whether the internal master clock is so many clocks a sample; DIV_PRE must not give more than 10 MHz (8.4). */
function isInternal(chip: SimulatedChip, clocks: number): boolean {
  const before = (chip.registers[2] >> 5) + 1;
  const times = 1 << ((chip.registers[2] >> 3) & 3);
  const isSlow = chip.masterClock <= 6250 * before;
  return isSlow && isSameFrequency(chip.masterClock * times, chip.sampleRate * clocks * before);
}

/** 8.5: at the oversampling of registers 03h and 04h. */
function isInTime(chip: SimulatedChip, divider: number): boolean {
  return isInternal(chip, 256 * (divider + 1));
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if (isReset(chip)) {
    return "in reset";
  }
  if (chip.marks[WAS_RESET] < 0) {
    return "never reset";
  }
  if ((registers[1] & 0xf0) !== 0x30) {
    return "MCLK or BCLK off, inverted or from elsewhere";
  }
  if (!isSettled(chip, CHARGING, CHARGE_MS)) {
    return "references not up";
  }
  if ((registers[0x0d] & 0x03) !== 2) {
    return "VMID still charging";
  }
  if (((registers[0] & 0x40) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  // 8.6, 8.7: as the master it divides both from the internal master clock. 64 bit clocks a sample are enough for everyone.
  if ((registers[7] & 0x30) !== 0) {
    return "no data, or no clocks";
  }
  const frame = (registers[7] & 0x0f) * 256 + registers[8] + 1;
  const isBit = (registers[6] & 0x1f) <= 19 && frame === 64 * ((registers[6] & 0x1f) + 1);
  return chip.isMaster && !(isBit && isInternal(chip, frame)) ? "wrong frame or bit clock" : "";
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
  if (!isSettled(chip, FADED_OUT, 0)) {
    return "still fades in";
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
  if ((registers[0x0e] & 0x70) !== 0) {
    return "amplifier or modulator off, or in reset";
  }
  // The table of 8.5, for 256 clocks a sample.
  if (registers[0x16] !== 0x04) {
    return "scale not for this oversampling";
  }
  if ((registers[0x1c] & 0x60) !== 0x60) {
    return "no high-pass filter, or the equaliser in the way";
  }
  if (!isSettled(chip, FADED_IN, 0)) {
    return "still fades in";
  }
  return (registers[0x14] & 0x70) !== 0x10 ? "not the analog microphone" : "";
}

function playbackGain(chip: SimulatedChip): number {
  return 50 * chip.registers[0x32] - 9550;
}

function captureGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const amplifier = registers[0x14] & 0x0f;
  // The table of 8.5: a scale of 24 dB belongs to this oversampling.
  return amplifier > 10 ? -99999 : 300 * amplifier + 600 * ((registers[0x16] & 7) - 4) + 50 * registers[0x17] - 9550;
}

function isDown(chip: SimulatedChip): boolean {
  const registers = chip.registers;
  const isStill = (registers[0x0d] & 0xff) === 0xfc && (registers[0x0e] & 0x70) === 0x70 && registers[1] === 0;
  return isStill && (registers[0x12] & 0x02) !== 0 && !isOpen(chip) && (registers[0] & 0x9f) === 0x1f;
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
    0x12, 0x02, 0x13, 0x40, 0x14, 0x10, 0x16, 0x04, 0x1b, 0x0c, 0x1c, 0x4c, 0x37, 0x08, 0xfd, 0x83, 0xfe, 0x11,
  ],
  // biome-ignore format: register, mask
  bits: [
    0x00, 0xdf, 0x02, 0xf8, 0x03, 0x7f, 0x06, 0x7f, 0x07, 0x3f, 0x09, 0xff, 0x0a, 0x7f, 0x0d, 0xff, 0x0e, 0x7c, 0x12, 0x03, 0x14, 0x7f,
    0x15, 0xf1, 0x16, 0x3f, 0x1b, 0x1f, 0x1c, 0x7f, 0x31, 0xe0, 0x37, 0xf8,
  ],
  last: 0xff,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
