// The ES8388 as its data sheet, rev. 11.0, has it, with the sequences of its user guide (10.1, 10.5).

import { type ChipModel, isSameFrequency, isSettled, pop, powerUp, type SimulatedChip } from "./simulated-chip";

/** Marks: since when VMID is charged, the DACs are muted. */
const CHARGED = 0;
const MUTED = 1;

/** Registers 13 and 24, bits 4 … 0: MCLK divided by the sample rate, in master mode; 0: reserved. */
const RATIOS: number[] = [
  128, 192, 256, 384, 512, 576, 768, 1024, 1152, 1408, 1536, 2112, 2304, 0, 0, 0, 125, 136, 250, 272, 375, 500, 544,
  750, 1000, 1088, 1496, 1500, 0, 0, 0, 0,
];

/** Table 1: what a slave finds by itself, at single speed. */
const SLAVE_RATIOS: number[] = [256, 384, 512, 768, 1024];

/** How long VMID charges by VMIDSEL: not at all, 50 kΩ, 500 kΩ, 5 kΩ. */
const CHARGING_MS: number[] = [0, 500, 5000, 80];

/** From full level to silence, 0.5 dB every four samples, at 8,000 a second. */
const RAMP_MS = 96;

function outputsOf(chip: SimulatedChip): number {
  return chip.registers[4] & 0x3c;
}

function isMuted(chip: SimulatedChip): boolean {
  return (chip.registers[25] & 0x04) !== 0;
}

function controlWritten(chip: SimulatedChip, value: number): void {
  const isOn = (value & 0x04) !== 0 && (value & 0x03) !== 0;
  if (!isOn) {
    if (outputsOf(chip) !== 0) {
      pop(chip, "VMID falls below open outputs");
    }
    chip.marks[CHARGED] = -1;
  } else if (!isSettled(chip, CHARGED, 0)) {
    chip.marks[CHARGED] = chip.time + CHARGING_MS[value & 0x03];
  }
}

/** Register 2: whether digital parts and state machines are held. */
function isHeld(value: number): boolean {
  return (value & 0xf0) === 0xf0;
}

function chipPowerWritten(chip: SimulatedChip, before: number, value: number): void {
  if (outputsOf(chip) === 0) {
    return;
  }
  if (isHeld(value) && !isHeld(before) && !isSettled(chip, MUTED, RAMP_MS)) {
    pop(chip, "the DAC is held before the mute is through");
  }
  if (!isHeld(value) && isHeld(before) && !isMuted(chip)) {
    pop(chip, "the DAC begins with sound");
  }
  if (isHeld(value) !== isHeld(before) && (chip.registers[15] & 0x04) === 0) {
    pop(chip, "the ADC begins or ends with sound");
  }
}

function dacPowerWritten(chip: SimulatedChip, before: number, value: number): void {
  const opened = value & 0x3c & (0x3c - (before & 0x3c));
  const closed = before & 0x3c & (0x3c - (value & 0x3c));
  if (opened !== 0 && !isSettled(chip, CHARGED, 0)) {
    pop(chip, "outputs open before VMID is charged");
  }
  if ((opened | closed) !== 0 && !isHeld(chip.registers[2])) {
    pop(chip, "outputs open or close while the DAC's state machine runs");
  }
  if (opened !== 0 && !isMuted(chip)) {
    pop(chip, "outputs open with sound");
  }
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  if (register === 0 && (value & 0x80) !== 0) {
    if (outputsOf(chip) !== 0) {
      pop(chip, "reset");
    }
    powerUp(chip);
  } else if (register === 0) {
    controlWritten(chip, value);
  } else if (register === 2) {
    chipPowerWritten(chip, before, value);
  } else if (register === 4) {
    dacPowerWritten(chip, before, value);
  } else if (register === 25) {
    chip.marks[MUTED] = (value & 0x04) === 0 ? -1 : (before & 0x04) !== 0 ? chip.marks[MUTED] : chip.time;
    if ((value & 0xe0) !== 0x20) {
      pop(chip, "level changes without a ramp, or with a longer one");
    }
  }
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if (!isSettled(chip, CHARGED, 0)) {
    return "no VMID or reference";
  }
  if ((registers[0] & 0x3f) !== 0x15) {
    return "VMID still charged, or kept as in standby, or two sample rates";
  }
  if ((registers[1] & 0x3f) !== 0) {
    return "analog parts or bias off";
  }
  if (((registers[8] & 0x80) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  if ((registers[8] & 0x3f) !== 0) {
    return "bit clock not as the chip makes it by itself, or inverted";
  }
  return (registers[43] & 0xfc) !== 0x80 ? "two frame clocks, or none" : "";
}

/** Whether a converter divides MCLK to the sample rate, at single speed. */
function isInTime(chip: SimulatedChip, control: number): boolean {
  const clock = (chip.registers[8] & 0x40) !== 0 ? chip.masterClock >> 1 : chip.masterClock;
  const ratio = RATIOS[control & 0x1f];
  if (!chip.isMaster && SLAVE_RATIOS.indexOf(ratio) < 0) {
    return false;
  }
  return ratio >= 256 && (control & 0x20) === 0 && isSameFrequency(clock, chip.sampleRate * ratio);
}

function playback(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[2] & 0x55) !== 0) {
    return "digital part, state machine, DLL or reference of the DAC off";
  }
  if ((registers[4] & 0xc0) !== 0 || outputsOf(chip) !== 0x3c) {
    return "DACs or outputs off";
  }
  if ((registers[23] & 0xfe) !== 0x18) {
    return "not I2S of 16 bits";
  }
  if (!isInTime(chip, registers[24])) {
    return "DAC out of time";
  }
  if ((registers[39] & 0xc0) !== 0x80 || (registers[42] & 0xc0) !== 0x80) {
    return "mixers without the DACs alone";
  }
  return isMuted(chip) ? "muted" : "";
}

function capture(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[2] & 0xaa) !== 0) {
    return "digital part, state machine, DLL or reference of the ADC off";
  }
  if ((registers[3] & 0xaf) !== 0) {
    return "left input, ADC, bias or microphone bias off or low";
  }
  if ((registers[10] & 0xc0) !== 0 || (registers[11] & 0x1c) !== 0 || (registers[15] & 0xe4) !== 0x20) {
    return "not LIN1, or muted";
  }
  if (registers[12] !== 0x0c) {
    return "not I2S of 16 bits";
  }
  return isInTime(chip, registers[13]) ? "" : "ADC out of time";
}

function playbackGain(chip: SimulatedChip): number {
  // LOUT1VOL to ROUT2VOL: 1Eh is 0 dB, and nothing else is used.
  for (let register = 46; register <= 49; register += 1) {
    if (chip.registers[register] !== 0x1e) {
      return -99999;
    }
  }
  return chip.registers[26] === chip.registers[27] ? -50 * chip.registers[26] : -99999;
}

function captureGain(chip: SimulatedChip): number {
  const isSame = chip.registers[16] === chip.registers[17] && chip.registers[9] >> 4 === (chip.registers[9] & 0x0f);
  return isSame ? 300 * (chip.registers[9] >> 4) - 50 * chip.registers[16] : -99999;
}

function isDown(chip: SimulatedChip): boolean {
  const registers = chip.registers;
  return (registers[2] & 0xf0) === 0xf0 && (registers[3] & 0xfc) === 0xfc && (registers[4] & 0xfc) === 0xc0;
}

export const ES8388_MODEL: ChipModel = {
  name: "ES8388",
  address: 0x10,
  addressBits: 8,
  dataBits: 8,
  isReadable: true,
  // biome-ignore format: register, value
  resets: [
    0, 0x06, 1, 0x5c, 2, 0xc3, 3, 0xfc, 4, 0xc0, 7, 0x7c, 8, 0x80, 11, 0x02, 13, 0x06, 14, 0x30, 15, 0x20, 16, 0xc0, 17, 0xc0,
    18, 0x38, 19, 0xb0, 20, 0x32, 21, 0x06, 24, 0x06, 25, 0x22, 26, 0xc0, 27, 0xc0, 28, 0x08, 30, 0x1f, 31, 0xf7,
    32, 0xfd, 33, 0xff, 34, 0x1f, 35, 0xf7, 36, 0xfd, 37, 0xff, 39, 0x38, 40, 0x28, 41, 0x28, 42, 0x38, 51, 0xaa, 52, 0xaa,
  ],
  // biome-ignore format: register, mask
  bits: [2, 0xff, 4, 0xfc, 9, 0xff, 10, 0xfc, 11, 0x9e, 13, 0x3f, 15, 0xec, 23, 0xfe, 24, 0x3f, 25, 0xec, 39, 0xf8, 42, 0xf8, 43, 0xfc, 46, 0x3f, 47, 0x3f, 48, 0x3f, 49, 0x3f],
  last: 52,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
