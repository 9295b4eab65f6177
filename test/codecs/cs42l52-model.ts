// The CS42L52 as its data sheet, DS680F1, has it.

import { type ChipModel, isSameFrequency, isSettled, pop, type SimulatedChip, signed } from "./simulated-chip";

/** Marks: since when it has power, the master volume is muted, all amplifiers are muted; and how many of the required writes are done. */
const POWERED = 0;
const MUTED = 1;
const REQUIRED_DONE = 2;
const AMPLIFIERS_MUTED = 3;

/** Until the outputs are up: no number in DS680; CS42L56 has this one. */
const POWER_MS = 75;
/** 6.13.5: 1/8 dB a sample, at 8,000 a second, from 12 dB to -102 dB, and from 0 to -96 dB. */
const RAMP_MS = 114;
const AMPLIFIER_RAMP_MS = 96;

/** 4.11, in this order, while PDN is set, and after all settings (4.9). */
const REQUIRED: number[] = [0x00, 0x99, 0x3e, 0xba, 0x47, 0x80, 0x32, 0xbb, 0x32, 0x3b, 0x00, 0x00];

/** MCLK divided by the sample rate by SPEED, before RATIO: double, single, half, quarter. */
const SPEEDS: number[] = [1, 2, 4, 8];
const RATIOS: number[] = [128, 125, 132, 136];

function isPowered(value: number): boolean {
  return (value & 0x01) === 0;
}

function areAmplifiersMuted(chip: SimulatedChip): boolean {
  return (chip.registers[0x0f] & 0xf0) === 0xf0;
}

function powerWritten(chip: SimulatedChip, before: number, value: number): void {
  if (isPowered(value) && !isPowered(before)) {
    chip.marks[POWERED] = chip.time;
    if (!areAmplifiersMuted(chip) || !isSettled(chip, MUTED, 0)) {
      pop(chip, "power comes with sound");
    }
  } else if (!isPowered(value) && isPowered(before)) {
    chip.marks[POWERED] = -1;
    if (!isSettled(chip, MUTED, RAMP_MS)) {
      pop(chip, "power goes before the mute is through");
    }
    if (!isSettled(chip, AMPLIFIERS_MUTED, AMPLIFIER_RAMP_MS)) {
      pop(chip, "MCLK may go before the chip has muted and powered down");
    }
    if ((chip.registers[0x0c] & 0x03) !== 0x03) {
      pop(chip, "power goes without the ADCs muted");
    }
  }
}

function requiredWritten(chip: SimulatedChip, register: number, value: number): void {
  const done = chip.marks[REQUIRED_DONE] < 0 ? 0 : chip.marks[REQUIRED_DONE];
  if (done < REQUIRED.length && !isPowered(chip.registers[2])) {
    if (REQUIRED[done] === register && REQUIRED[done + 1] === value) {
      chip.marks[REQUIRED_DONE] = done + 2;
    } else if (done > 0 && (register === 0 || register >= 0x32)) {
      chip.marks[REQUIRED_DONE] = 0;
    }
  } else if (register > 0x02 && register < 0x32 && !isPowered(chip.registers[2])) {
    chip.marks[REQUIRED_DONE] = 0;
  }
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  requiredWritten(chip, register, value);
  if (register === 0x02) {
    powerWritten(chip, before, value);
  } else if (register === 0x0d) {
    const isMuted = (value & 3) === 3;
    chip.marks[MUTED] = !isMuted ? -1 : (before & 3) === 3 ? chip.marks[MUTED] : chip.time;
    // 6.13.5, note 1
    if ((chip.registers[0x0e] & 0x02) === 0 || (isPowered(chip.registers[2]) && (chip.registers[0x29] & 0xc0) !== 0)) {
      pop(chip, "level changes without a ramp");
    }
  } else if (register === 0x0f) {
    const wereMuted = (before & 0xf0) === 0xf0;
    chip.marks[AMPLIFIERS_MUTED] = !areAmplifiersMuted(chip)
      ? -1
      : wereMuted
        ? chip.marks[AMPLIFIERS_MUTED]
        : chip.time;
    if (wereMuted && !areAmplifiersMuted(chip) && !isSettled(chip, POWERED, POWER_MS)) {
      pop(chip, "amplifiers open too early");
    }
    if (wereMuted && !areAmplifiersMuted(chip) && !isSettled(chip, MUTED, 0)) {
      pop(chip, "amplifiers open with sound");
    }
  } else if (register === 0x04 && isPowered(chip.registers[2]) && before !== value) {
    pop(chip, "amplifiers get or lose power on the way");
  }
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if (!isSettled(chip, POWERED, POWER_MS)) {
    return "powered down";
  }
  if (chip.marks[REQUIRED_DONE] !== REQUIRED.length) {
    return "required initialization missing";
  }
  const control = registers[5];
  const clock = (control & 1) !== 0 ? chip.masterClock >> 1 : chip.masterClock;
  const whole = SPEEDS[(control >> 5) & 3] * RATIOS[(control >> 1) & 3];
  const ratio = (control & 0x10) !== 0 ? whole + (whole >> 1) : whole;
  if ((control & 0x88) !== 0 || !isSameFrequency(clock, chip.sampleRate * ratio)) {
    return "out of time";
  }
  if (((registers[6] & 0x80) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  return (registers[6] & 0x7c) !== 0x24 ? "not I2S" : "";
}

function playback(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if (registers[4] !== 0xaa) {
    return "an amplifier is off, or follows a pin";
  }
  if ((registers[0x1a] & 0x80) !== 0 || (registers[0x1b] & 0x80) !== 0 || registers[0x26] !== 0) {
    return "PCM not mixed";
  }
  // Zero-cross detection would make the ramps longer.
  if (registers[0x0e] !== 0x02 || (registers[0x0d] & 0xfc) !== 0x60 || (registers[0x0f] & 0x07) !== 0) {
    return "passed by, frozen, without a ramp, or with another gain";
  }
  return (registers[0x0d] & 3) !== 0 || (registers[0x0f] & 0xf0) !== 0 ? "muted" : "";
}

function capture(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[2] & 0x0a) !== 0 || (registers[3] & 0x03) !== 0) {
    return "PGA, ADC, microphone or its bias off";
  }
  // 6.2.2: the PGA of channel B has no power, and so must not have an input.
  if ((registers[2] & 0x10) !== 0 && (registers[9] & 0x1f) !== 0) {
    return "an input without a PGA";
  }
  return registers[8] !== 0x90 || (registers[0x0c] & 0x75) !== 0 ? "microphone not routed, or muted" : "";
}

function playbackGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const mixer = 50 * signed(registers[0x1a], 7);
  const isFlat = registers[0x22] === 0 && registers[0x23] === 0 && registers[0x24] === 0 && registers[0x25] === 0;
  // 12 dB at 18h, -102 dB at 34h; between 19h and 33h nothing is defined.
  const master = registers[0x20] <= 0x18 ? registers[0x20] : registers[0x20] - 256;
  const isDefined = registers[0x20] <= 0x18 || registers[0x20] >= 0x34;
  return isFlat && isDefined && registers[0x1a] === registers[0x1b] && registers[0x20] === registers[0x21]
    ? 50 * master + mixer
    : -99999;
}

function captureGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const microphone = registers[0x10] & 0x1f;
  const isUsed = (registers[0x10] & 0x60) === 0 && microphone <= 16;
  // 6.15.3: 1 dB a step, but 0Fh is 30.5 dB.
  const preamplifier = microphone === 15 ? 3050 : 1600 + 100 * microphone;
  return isUsed ? preamplifier + 50 * signed(registers[0x12], 6) + 100 * signed(registers[0x16], 8) : -99999;
}

function isDown(chip: SimulatedChip): boolean {
  const isStill = (chip.registers[2] & 0x9f) === 0x9f && (chip.registers[3] & 0x07) === 0x07;
  return isStill && ((chip.registers[8] | chip.registers[9]) & 0x1f) === 0;
}

export const CS42L52_MODEL: ChipModel = {
  name: "CS42L52",
  address: 0x4a,
  addressBits: 8,
  dataBits: 8,
  isReadable: true,
  // biome-ignore format: register, value
  resets: [
    0x01, 0xe3, 0x02, 0x01, 0x03, 0x07, 0x04, 0x05, 0x05, 0xa0, 0x08, 0x81, 0x09, 0x81, 0x0a, 0xa5, 0x0d, 0x60, 0x0e, 0x02,
    0x18, 0x80, 0x19, 0x80, 0x1f, 0x88, 0x28, 0x7f, 0x29, 0xc0, 0x2b, 0x3f, 0x32, 0x3b, 0x34, 0x5f,
  ],
  bits: [0x02, 0x9f, 0x03, 0x1f, 0x0d, 0xff, 0x10, 0x7f, 0x12, 0xff],
  last: 0x47,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
