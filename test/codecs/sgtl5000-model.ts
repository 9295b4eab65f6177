// The SGTL5000 as its data sheet, rev. 6.0, has it, at VDDA and VDDIO of 3.3 V and with VDDD from outside.

import { type ChipModel, isSameFrequency, isSettled, pop, type SimulatedChip } from "./simulated-chip";

const DIG_POWER = 0x02;
const CLK_CTRL = 0x04;
const I2S_CTRL = 0x06;
const SSS_CTRL = 0x0a;
const ADCDAC_CTRL = 0x0e;
const DAC_VOL = 0x10;
const ADC_CTRL = 0x20;
const ANA_CTRL = 0x24;
const LINREG = 0x26;
const REF = 0x28;
const MIC = 0x2a;
const LINE_OUT = 0x2c;
const LINE_OUT_VOL = 0x2e;
const ANA_POWER = 0x30;
const PLL = 0x32;
const CLK_TOP = 0x34;

/** Marks: since when VAG rises, falls, the DACs are muted. */
const RISING = 0;
const FALLING = 1;
const DACS_MUTED = 2;

/** VAG with its slow ramp (table 28), and the ramp of the volume, for which there is no number. */
const VAG_MS = 400;
const RAMP_MS = 40;

const VAG_BIT = 0x80;
const LINE_OUT_BIT = 0x01;
const LINE_OUT_MUTE = 0x100;

/** System rates by CLK_CTRL bits 3, 2, in hundreds of hertz, and the dividers of bits 5, 4. */
const SYSTEM_RATES: number[] = [320, 441, 480, 960];
const RATE_DIVIDERS: number[] = [1, 2, 4, 6];
const CLOCK_RATIOS: number[] = [256, 384, 512];

function isAudible(chip: SimulatedChip): boolean {
  return (chip.registers[ANA_CTRL] & LINE_OUT_MUTE) === 0;
}

function powerWritten(chip: SimulatedChip, before: number, value: number): void {
  const risen = value & (0xffff - before);
  const fallen = before & (0xffff - value);
  if ((risen & VAG_BIT) !== 0) {
    chip.marks[RISING] = chip.time;
    chip.marks[FALLING] = -1;
    if ((chip.registers[REF] & 1) === 0) {
      pop(chip, "VAG rises without its slow ramp");
    }
  }
  if ((fallen & VAG_BIT) !== 0) {
    chip.marks[RISING] = -1;
    chip.marks[FALLING] = chip.time;
  }
  // Table 33: VAG takes the line outputs up and down with it, so that they have power as long as it moves.
  if (((risen | fallen) & VAG_BIT) !== 0 && (value & LINE_OUT_BIT) === 0) {
    pop(chip, "VAG moves without the line outputs");
  }
  if ((risen & LINE_OUT_BIT) !== 0 && (before & VAG_BIT) !== 0) {
    pop(chip, "line outputs get power when VAG is up");
  }
  if ((fallen & LINE_OUT_BIT) !== 0 && !isSettled(chip, FALLING, VAG_MS)) {
    pop(chip, "line outputs lose power before VAG is down");
  }
  if ((risen & 0x0a) !== 0 && (value & VAG_BIT) === 0) {
    pop(chip, "converters without VAG");
  }
  if ((fallen & 0x500) !== 0 && (chip.registers[CLK_CTRL] & 3) === 3) {
    pop(chip, "PLL goes while all runs by it");
  }
  if (isAudible(chip) && ((risen | fallen) & (VAG_BIT | LINE_OUT_BIT | 0x08)) !== 0) {
    pop(chip, "power changes below open line outputs");
  }
}

function written(chip: SimulatedChip, register: number, before: number, value: number): void {
  if (register === ANA_POWER) {
    powerWritten(chip, before, value);
  } else if (register === PLL && before !== value && (chip.registers[ANA_POWER] & 0x400) !== 0) {
    pop(chip, "PLL is changed while it runs");
  } else if (register === ADCDAC_CTRL) {
    const isMuted = (value & 0x0c) === 0x0c;
    chip.marks[DACS_MUTED] = !isMuted ? -1 : chip.marks[DACS_MUTED] < 0 ? chip.time : chip.marks[DACS_MUTED];
    if ((value & 0x200) === 0 && isAudible(chip)) {
      pop(chip, "DACs change without a ramp");
    }
  } else if (register === ANA_CTRL && ((before ^ value) & LINE_OUT_MUTE) !== 0) {
    if (isAudible(chip) && !isSettled(chip, RISING, VAG_MS)) {
      pop(chip, "line outputs open before VAG is up");
    }
    if (isAudible(chip) ? !isSettled(chip, DACS_MUTED, 0) : !isSettled(chip, DACS_MUTED, RAMP_MS)) {
      pop(chip, "line outputs switch with sound");
    }
  }
}

/** Whether MCLK, by the way that is set, makes the system rate, and that the sample rate. */
function isInTime(chip: SimulatedChip): boolean {
  const control = chip.registers[CLK_CTRL];
  const system = SYSTEM_RATES[(control >> 2) & 3];
  if (system !== (((chip.sampleRate * 1600) / 100) | 0) * RATE_DIVIDERS[(control >> 4) & 3]) {
    return false;
  }
  const units = (system / 16) | 0; // of 1,600 Hz; none of the tests asks for 44.1 kHz
  if ((control & 3) !== 3) {
    return isSameFrequency(chip.masterClock, units * CLOCK_RATIOS[control & 3]);
  }
  const input = (chip.registers[CLK_TOP] & 8) !== 0 ? chip.masterClock >> 1 : chip.masterClock;
  const output = input * (chip.registers[PLL] >> 11) + ((input * (chip.registers[PLL] & 0x7ff)) >> 11);
  const isRunning = (chip.registers[ANA_POWER] & 0x500) === 0x500 && input * 1600 <= 17000000;
  // 196.608 MHz: 6,144 times 32 kHz
  return isRunning && chip.isMaster && isSameFrequency(output, 122880);
}

function common(chip: SimulatedChip): string {
  const registers = chip.registers;
  if ((registers[ANA_POWER] & 0x3a00) !== 0 || registers[LINREG] !== 0x6c) {
    return "regulators and charge pump not as these supplies need them";
  }
  if (!isSettled(chip, RISING, VAG_MS) || (registers[ANA_POWER] & 0x20) === 0) {
    return "no VAG or reference";
  }
  if ((registers[REF] & 0x1f0) !== 0x1f0 || (registers[REF] & 0x08) !== 0) {
    return "VAG not half of VDDA, or bias lowered";
  }
  if (!isInTime(chip)) {
    return "out of time";
  }
  if (((registers[I2S_CTRL] & 0x80) !== 0) !== chip.isMaster) {
    return "no master, or two";
  }
  return (registers[I2S_CTRL] & 0x17f) !== 0x130 ? "not I2S of 16 bits in slots of 16" : "";
}

function playback(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[DIG_POWER] & 0x21) !== 0x21 || (registers[ANA_POWER] & 0x4009) !== 0x4009) {
    return "I2S in, a DAC or line outputs off";
  }
  if ((registers[SSS_CTRL] & 0x30) !== 0x10 || (registers[LINE_OUT] & 0xf3f) !== 0x322) {
    return "DAC not from I2S, or VAG of the line outputs not half of VDDIO";
  }
  return !isAudible(chip) || (registers[ADCDAC_CTRL] & 0x0c) !== 0 ? "muted" : "";
}

function capture(chip: SimulatedChip): string {
  const registers = chip.registers;
  const fault = common(chip);
  if (fault !== "") {
    return fault;
  }
  if ((registers[DIG_POWER] & 0x42) !== 0x42 || (registers[ANA_POWER] & 0x02) === 0) {
    return "I2S out or ADC off";
  }
  if ((registers[SSS_CTRL] & 0x03) !== 0 || (registers[ANA_CTRL] & 0x05) !== 0) {
    return "not the microphone, or muted";
  }
  if ((registers[ADCDAC_CTRL] & 0x03) !== 0) {
    return "high-pass filter off or frozen";
  }
  return (registers[MIC] & 0x300) === 0 ? "no microphone bias" : "";
}

function playbackGain(chip: SimulatedChip): number {
  const left = chip.registers[DAC_VOL] & 0xff;
  const right = chip.registers[DAC_VOL] >> 8;
  // 40 log (1.575 V / 1.65 V) + 15 = 14 is full scale.
  const line = 50 * ((chip.registers[LINE_OUT_VOL] & 0x1f) - 14);
  const isSame = left === right && chip.registers[LINE_OUT_VOL] >> 8 === (chip.registers[LINE_OUT_VOL] & 0xff);
  return !isSame || left < 0x3c || left > 0xf0 ? -99999 : 50 * (0x3c - left) + line;
}

const MICROPHONE_GAINS: number[] = [0, 2000, 3000, 4000];

function captureGain(chip: SimulatedChip): number {
  const converter = chip.registers[ADC_CTRL] & 0x0f;
  const attenuation = (chip.registers[ADC_CTRL] & 0x100) !== 0 ? 600 : 0;
  return MICROPHONE_GAINS[chip.registers[MIC] & 3] + 150 * converter - attenuation;
}

function isDown(chip: SimulatedChip): boolean {
  // Before table 33: what ANA_POWER does not switch off.
  const areRest = (chip.registers[MIC] & 0x300) === 0 && (chip.registers[ANA_CTRL] & 0x22) === 0;
  const isStill = chip.registers[DIG_POWER] === 0 && areRest;
  return isStill && (chip.registers[ANA_POWER] & 0x3fbf) === 0;
}

export const SGTL5000_MODEL: ChipModel = {
  name: "SGTL5000",
  address: 0x0a,
  addressBits: 16,
  dataBits: 16,
  isReadable: true,
  // biome-ignore format: register, value
  resets: [
    0x00, 0xa011, CLK_CTRL, 0x0008, I2S_CTRL, 0x0010, SSS_CTRL, 0x0010, ADCDAC_CTRL, 0x020c, DAC_VOL, 0x3c3c, 0x14, 0x015f,
    0x22, 0x1818, ANA_CTRL, 0x0111, LINE_OUT_VOL, 0x0404, ANA_POWER, 0x7060, PLL, 0x5000,
  ],
  // biome-ignore format: register, mask
  bits: [
    DIG_POWER, 0x0073, CLK_CTRL, 0x003f, I2S_CTRL, 0x01ff, SSS_CTRL, 0x77f3, ADCDAC_CTRL, 0x330f, ADC_CTRL, 0x01ff,
    ANA_CTRL, 0x0177, LINREG, 0x006f, REF, 0x01ff, MIC, 0x0373, LINE_OUT, 0x0f3f, LINE_OUT_VOL, 0x1f1f, ANA_POWER, 0x7fff,
    CLK_TOP, 0x0808,
  ],
  last: 0x3c,
  written,
  playback,
  capture,
  playbackGain,
  captureGain,
  isDown,
};
