// The WM8960 as its data sheet, rev. 4.4, has it; what VMID needs to move without a pop as the Linux driver has it.

import { type ChipModel, isSameFrequency, isSettled, pop, powerUp, type SimulatedChip } from "./simulated-chip";

/** Marks: since when VMID charges, the soft mute is on, the PLL runs with what is set, VMID falls, the DACs are up. */
const CHARGING = 0;
const MUTED = 1;
const LOCKING = 2;
const FALLING = 3;
const DACS_UP = 4;

const CHARGE_MS = 90;
const MUTE_MS = 64;
const LOCK_MS = 1;
const FALL_MS = 500;

/** ADCDIV, DACDIV in halves: SYSCLK divided by 256 samples; 0: reserved. */
const HALF_DIVIDERS: number[] = [2, 3, 4, 6, 8, 11, 12, 0];
/** BCLKDIV in halves. */
const HALF_BIT_DIVIDERS: number[] = [2, 3, 4, 6, 8, 11, 12, 16, 22, 24, 32, 44, 48, 64, 64, 64];

/** R28: the bias that does not need VMID, its buffer, and the soft start. */
const SOFT = 0x94;

function vmidOf(value: number): number {
  return (value >> 7) & 3;
}

function outputsOf(chip: SimulatedChip): number {
  return chip.registers[26] & 0x60;
}

function isMuted(chip: SimulatedChip): boolean {
  return (chip.registers[5] & 0x08) !== 0;
}

function powerWritten(chip: SimulatedChip, before: number, value: number): void {
  const wasOn = vmidOf(before) !== 0;
  const isOn = vmidOf(value) !== 0;
  if ((value & 0x3e) !== 0 && (before & 0x40) === 0) {
    pop(chip, "inputs get power before VREF");
  }
  if (wasOn === isOn) {
    return;
  }
  chip.marks[CHARGING] = isOn ? chip.time : -1;
  chip.marks[FALLING] = isOn ? -1 : chip.time;
  if ((chip.registers[28] & SOFT) !== SOFT) {
    pop(chip, "VMID moves without its soft start");
  }
  if (outputsOf(chip) !== 0) {
    pop(chip, "VMID moves below open outputs");
  }
}

function outputsWritten(chip: SimulatedChip, before: number, value: number): void {
  const opened = (value & 0x60) !== 0 && (before & 0x60) === 0;
  const closed = (before & 0x60) !== 0 && (value & 0x60) === 0;
  if (opened && !(isSettled(chip, CHARGING, CHARGE_MS) && (chip.registers[25] & 0x40) !== 0)) {
    pop(chip, "outputs open before VMID and VREF");
  }
  chip.marks[DACS_UP] = (value & 0x180) !== 0x180 ? -1 : (before & 0x180) === 0x180 ? chip.marks[DACS_UP] : chip.time;
  if (opened && !isSettled(chip, DACS_UP, 10)) {
    pop(chip, "outputs open together with the DACs");
  }
  if (opened && !isMuted(chip)) {
    pop(chip, "outputs open with sound");
  }
  if (closed && !isSettled(chip, MUTED, MUTE_MS)) {
    pop(chip, "outputs close before the mute is through");
  }
  chip.marks[LOCKING] = (value & 1) === 0 ? -1 : (before & 1) !== 0 ? chip.marks[LOCKING] : chip.time;
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  if (register === 15) {
    if (outputsOf(chip) !== 0) {
      pop(chip, "reset");
    }
    powerUp(chip);
  } else if (register === 25) {
    powerWritten(chip, before, value);
  } else if (register === 26) {
    outputsWritten(chip, before, value);
  } else if (register === 5) {
    chip.marks[MUTED] = (value & 8) === 0 ? -1 : (before & 8) !== 0 ? chip.marks[MUTED] : chip.time;
    if (((before ^ value) & 8) !== 0 && (chip.registers[6] & 0x0c) !== 8) {
      pop(chip, "the mute ends without its ramp, or with the longer one");
    }
  } else if (register === 28 && (before & 0x80) !== 0 && (value & 0x80) === 0) {
    if (!isSettled(chip, CHARGING, CHARGE_MS) && !isSettled(chip, FALLING, FALL_MS)) {
      pop(chip, "start-up bias goes while VMID moves");
    }
  } else if (register === 9 && ((before ^ value) & 0x40) !== 0 && (chip.registers[25] & 0x0c) !== 0) {
    pop(chip, "the pin of the ADC's frame clock changes while the ADC is on");
  } else if (register >= 52 && (chip.registers[26] & 1) !== 0) {
    chip.marks[LOCKING] = chip.time;
  }
}

/** SYSCLK in the unit of frequency, 0 when there is none. */
function systemClock(chip: SimulatedChip): number {
  const registers = chip.registers;
  const post = registers[4] & 0x06;
  if (post !== 0 && post !== 4) {
    return 0;
  }
  let clock = chip.masterClock;
  if ((registers[4] & 1) !== 0) {
    const whole = registers[52] & 0x0f;
    if (!isSettled(chip, LOCKING, LOCK_MS) || whole < 6 || whole > 12) {
      return 0;
    }
    const input = (registers[52] & 0x10) !== 0 ? clock >> 1 : clock;
    const upper = (registers[53] & 0xff) * 16 + ((registers[54] & 0xff) >> 4);
    const lower = (registers[54] & 0x0f) * 256 + (registers[55] & 0xff);
    const fraction = (input * upper + ((input * lower) >> 12)) >> 12;
    clock = (input * whole + ((registers[52] & 0x20) !== 0 ? fraction : 0)) >> 2;
  }
  return post === 4 ? clock >> 1 : clock;
}

function isInTime(chip: SimulatedChip, divider: number): boolean {
  return isSameFrequency(systemClock(chip), chip.sampleRate * 128 * HALF_DIVIDERS[divider & 7]);
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if (!isSettled(chip, CHARGING, CHARGE_MS) || (registers[25] & 0x40) === 0) {
    return "no VMID or VREF";
  }
  if (vmidOf(registers[25]) !== 1 || (registers[25] & 0x01) !== 0) {
    return "VMID as in standby, or no master clock";
  }
  if ((registers[28] & 0x95) !== 0) {
    return "still on the start-up bias, or in standby";
  }
  if (((registers[7] & 0x40) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  if ((registers[7] & 0x1bf) !== 0x002 || (registers[9] & 0x3f) !== 0) {
    return "not I2S of 16 bits";
  }
  const bits = HALF_BIT_DIVIDERS[registers[8] & 0x0f];
  return chip.isMaster && !isSameFrequency(systemClock(chip) * 2, bits * 64 * chip.sampleRate)
    ? "not 64 bit clocks a sample"
    : "";
}

function playback(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if (!isInTime(chip, registers[4] >> 3)) {
    return "DAC out of time";
  }
  if ((registers[26] & 0x180) !== 0x180 || outputsOf(chip) !== 0x60) {
    return "DACs or outputs off";
  }
  if ((registers[47] & 0x0c) !== 0x0c || (registers[34] & 0x180) !== 0x100 || (registers[37] & 0x180) !== 0x100) {
    return "mixers off or without the DACs alone";
  }
  if ((registers[5] & 0x06) !== 0 || (registers[23] & 0x90) !== 0x80) {
    return "de-emphasis, mono, or bias for another supply";
  }
  return isMuted(chip) ? "muted" : "";
}

function capture(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  // In slave mode the ADC has a frame clock of its own, unless the pin is something else.
  if (!isInTime(chip, registers[4] >> 6) || (registers[9] & 0x40) === 0) {
    return "ADC out of time";
  }
  if ((registers[25] & 0x2a) !== 0x2a || (registers[47] & 0x20) === 0) {
    return "input, ADC, bias or amplifier off";
  }
  if ((registers[32] & 0x1c8) !== 0x108) {
    return "microphone not routed";
  }
  if ((registers[23] & 0x0c) !== 0x04) {
    return "right slot without the microphone";
  }
  return (registers[0] & 0x80) !== 0 || (registers[21] & 0xff) === 0 || (registers[5] & 1) !== 0
    ? "muted, or unfiltered"
    : "";
}

function playbackGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const isUpdated = (registers[11] & registers[3] & 0x100) !== 0;
  const isSame = registers[10] === registers[11] && (registers[2] & 0x7f) === (registers[3] & 0x7f);
  const volume = registers[11] & 0xff;
  if (!isUpdated || !isSame || volume === 0 || (registers[3] & 0x7f) < 0x30) {
    return -99999;
  }
  return 50 * (volume - 255) + 100 * ((registers[3] & 0x7f) - 0x79) - ((registers[5] & 0x80) !== 0 ? 600 : 0);
}

const BOOSTS: number[] = [0, 1300, 2000, 2900];

function captureGain(chip: SimulatedChip): number {
  const registers = chip.registers;
  const digital = 50 * ((registers[21] & 0xff) - 0xc3);
  const isUpdated = (registers[0] & registers[21] & 0x100) !== 0;
  return isUpdated ? 75 * (registers[0] & 0x3f) - 1725 + BOOSTS[(registers[32] >> 4) & 3] + digital : -99999;
}

function isDown(chip: SimulatedChip): boolean {
  const registers = chip.registers;
  return registers[25] === 0 && registers[26] === 0 && registers[47] === 0 && (registers[28] & 0x80) === 0;
}

export const WM8960_MODEL: ChipModel = {
  name: "WM8960",
  address: 0x1a,
  addressBits: 7,
  dataBits: 9,
  isReadable: false,
  // biome-ignore format: register, value
  resets: [
    0, 0x097, 1, 0x097, 5, 0x008, 7, 0x00a, 8, 0x1c0, 10, 0x0ff, 11, 0x0ff, 18, 0x100, 19, 0x032, 21, 0x0c3, 22, 0x0c3, 23, 0x1c0,
    32, 0x100, 33, 0x100, 34, 0x050, 35, 0x050, 36, 0x050, 37, 0x050, 42, 0x040, 45, 0x050, 46, 0x050, 48, 0x002, 49, 0x037,
    50, 0x04d, 51, 0x080, 52, 0x008, 53, 0x031, 54, 0x026, 55, 0x0e9,
  ],
  // biome-ignore format: register, mask
  bits: [
    0, 0x1ff, 4, 0x1ff, 5, 0x0ef, 6, 0x06e, 7, 0x1ff, 8, 0x1cf, 9, 0x07f, 23, 0x1df, 25, 0x1ff, 26, 0x1fb, 28, 0x09d, 29, 0x070, 32, 0x1f8,
    34, 0x1f0, 37, 0x1f0, 47, 0x03c, 52, 0x1ff, 53, 0x0ff, 54, 0x0ff, 55, 0x0ff,
  ],
  last: 55,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
