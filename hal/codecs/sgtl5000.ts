// NXP SGTL5000, stereo codec: data sheet SGTL5000 rev. 6.0, "Chip powerup and supply configurations" (page 26), "Clocking" (13), registers
// (30 to 45). For VDDA and VDDIO of 3.3 V and VDDD from outside, as new designs must have it. Microphone at MIC, amplifier at LINEOUT.

import { type CodecChip, RegisterFormat, Role, Step } from "./chip";

export const SGTL5000_ADDRESS = 0x0a; // pin CTRL_ADR0_CS low; 0x2a high

const CHIP_ID = 0x0000;
const DIG_POWER = 0x0002;
const CLK_CTRL = 0x0004;
const I2S_CTRL = 0x0006;
const SSS_CTRL = 0x000a;
const ADCDAC_CTRL = 0x000e;
const DAC_VOL = 0x0010;
const ANA_ADC_CTRL = 0x0020;
const ANA_CTRL = 0x0024;
const LINREG_CTRL = 0x0026;
const REF_CTRL = 0x0028;
const MIC_CTRL = 0x002a;
const LINE_OUT_CTRL = 0x002c;
const LINE_OUT_VOL = 0x002e;
const ANA_POWER = 0x0030;
const PLL_CTRL = 0x0032;
const CLK_TOP_CTRL = 0x0034;

/** PLL and its amplifier, in ANA_POWER. */
const PLL_ON = 0x0500;
const MCLK_HALVED = 0x0008;

export const SGTL5000: CodecChip = {
  format: RegisterFormat.A16_D16,
  identity: [CHIP_ID, 0xff00, 0xa000],
  on: [ANA_POWER, 0x0080, 0x0080], // VAG
  // CLK_CTRL: a system rate of 32 kHz, of which 8 kHz is a fourth (0x20) and 16 kHz a half (0x10); MCLK is 256 (0), 384 (1) or 512 (2)
  // times the system rate, or the PLL (3) makes 196.608 MHz of it: INT_DIVISOR in bits 15 … 11, FRAC_DIVISOR / 2048 below. The
  // PLL is for the master only, for a slave's MCLK must be synchronous.
  clocks: [
    [8192000, 8000, Role.BOTH, CLK_CTRL, 0x20],
    [12288000, 8000, Role.BOTH, CLK_CTRL, 0x21],
    [16384000, 8000, Role.BOTH, CLK_CTRL, 0x22],
    [11289600, 8000, Role.MASTER, CLK_CTRL, 0x23, PLL_CTRL, 0x8b51, ANA_POWER, PLL_ON],
    [12000000, 8000, Role.MASTER, CLK_CTRL, 0x23, PLL_CTRL, 0x8312, ANA_POWER, PLL_ON],
    [24000000, 8000, Role.MASTER, CLK_CTRL, 0x23, PLL_CTRL, 0x8312, ANA_POWER, PLL_ON, CLK_TOP_CTRL, MCLK_HALVED],
    [8192000, 16000, Role.BOTH, CLK_CTRL, 0x10],
    [12288000, 16000, Role.BOTH, CLK_CTRL, 0x11],
    [16384000, 16000, Role.BOTH, CLK_CTRL, 0x12],
    [11289600, 16000, Role.MASTER, CLK_CTRL, 0x13, PLL_CTRL, 0x8b51, ANA_POWER, PLL_ON],
    [12000000, 16000, Role.MASTER, CLK_CTRL, 0x13, PLL_CTRL, 0x8312, ANA_POWER, PLL_ON],
    [24000000, 16000, Role.MASTER, CLK_CTRL, 0x13, PLL_CTRL, 0x8312, ANA_POWER, PLL_ON, CLK_TOP_CTRL, MCLK_HALVED],
  ],
  masterBits: [I2S_CTRL, 0x0080],
  start: [
    ANA_CTRL,
    0x0113, // all muted, zero-cross detector of the ADC on, ADC from the microphone
    ADCDAC_CTRL,
    0x020c, // DACs muted, volume ramped
    LINREG_CTRL,
    0x006c, // charge pump from VDDIO
    REF_CTRL,
    0x01f1, // VAG 1.575 V, nominal bias, slow ramp against pops
    LINE_OUT_CTRL,
    0x0322, // VAG of the line outputs 1.65 V, 0.36 mA
    MIC_CTRL,
    0x0171, // bias 3 V by 2 kΩ, 20 dB
    PLL_CTRL,
    0x0000,
    CLK_TOP_CTRL,
    0x0000,
    ANA_POWER,
    0x40eb, // ADC, DAC, line outputs, and VAG with them, by which they rise; regulators for VDDD off
    DIG_POWER,
    0x0063,
    LINE_OUT_VOL,
    0x0e0e, // full scale for these two VAGs
    CLK_CTRL,
    0x0000,
    I2S_CTRL,
    0x0130, // I2S, 16 bits, 32 a sample
    SSS_CTRL,
    0x0010, // I2S to DAC, ADC to I2S
    Step.LEVELS,
    0,
    Step.WAIT,
    400, // the slow ramp
    ANA_CTRL,
    0x0012, // line outputs and ADC
    Step.SOUND,
    0,
  ],
  stop: [
    ADCDAC_CTRL,
    0x020c,
    Step.WAIT,
    50,
    ANA_CTRL,
    0x0113,
    CLK_CTRL,
    0x0008, // off the PLL before that goes
    ANA_POWER,
    0x406b, // VAG falls, and the line outputs with it
    Step.WAIT,
    400,
    DIG_POWER,
    0x0000,
    MIC_CTRL,
    0x0000,
    ANA_CTRL,
    0x0111,
    ANA_POWER,
    0x4040,
  ],
  mute: [ADCDAC_CTRL, 0x020c],
  unmute: [ADCDAC_CTRL, 0x0200],
  // Both channels: 0 dB at 3Ch, -90 dB at F0h, in steps of 0.5017 dB
  volume: { registers: [DAC_VOL], lowest: -9000, step: 50, count: 181, first: 0xf0f0, each: -0x0101 },
  // Both channels 0 … 22.5 dB, on top of the microphone's 20 dB
  microphone: { registers: [ANA_ADC_CTRL], lowest: 2000, step: 150, count: 16, first: 0x0000, each: 0x0011 },
};
