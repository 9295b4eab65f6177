// Cirrus Logic (Wolfson) WM8960, stereo codec: data sheet rev. 4.4, "Clocking and sample rates" (tables 39 to 45), "Enabling the outputs",
// registers (pages 71 to 85). A microphone at LINPUT1, the amplifier at HP_L or HP_R; class D stays off. It cannot be read.

import { type CodecChip, RegisterFormat, Role, Step } from "./chip";

export const WM8960_ADDRESS = 0x1a;

const LEFT_INPUT_VOLUME = 0;
const LOUT1_VOLUME = 2;
const ROUT1_VOLUME = 3;
const CLOCKING_1 = 4;
const DAC_CONTROL_1 = 5;
const DAC_CONTROL_2 = 6;
const AUDIO_INTERFACE_1 = 7;
const CLOCKING_2 = 8;
const AUDIO_INTERFACE_2 = 9;
const LEFT_DAC_VOLUME = 10;
const RIGHT_DAC_VOLUME = 11;
const RESET = 15;
const LEFT_ADC_VOLUME = 21;
const ADDITIONAL_CONTROL_1 = 23;
const POWER_1 = 25;
const POWER_2 = 26;
const ANTI_POP_1 = 28;
const ADCL_SIGNAL_PATH = 32;
const LEFT_OUT_MIX = 34;
const RIGHT_OUT_MIX = 37;
const POWER_3 = 47;
const PLL_N = 52;
const PLL_K1 = 53;
const PLL_K2 = 54;
const PLL_K3 = 55;

export const WM8960: CodecChip = {
  format: RegisterFormat.A7_D9,
  identity: [],
  on: [],
  // CLOCKING_1: ADCDIV, DACDIV: 1 0, 2 2, 3 3, 6 6; SYSCLKDIV 2: 4; CLKSEL PLL: 1. CLOCKING_2: BCLKDIV to 64 bits a sample: 4 4, 8 7,
  // 12 9, 24 12. The PLL makes 98.304 MHz, of which SYSCLK is an eighth; its ratio is N + K / 2^24, fractional: 0x20, MCLK halved: 0x10.
  clocks: [
    [2048000, 8000, Role.BOTH, CLOCKING_1, 0x000, CLOCKING_2, 4],
    [4096000, 8000, Role.BOTH, CLOCKING_1, 0x090, CLOCKING_2, 7],
    [12288000, 8000, Role.BOTH, CLOCKING_1, 0x1b0, CLOCKING_2, 12],
    // biome-ignore format: a row is a line
    [11289600, 8000, Role.BOTH, CLOCKING_1, 0x1b5, CLOCKING_2, 12, POWER_2, 1, PLL_N, 0x28, PLL_K1, 0xb5, PLL_K2, 0x1d, PLL_K3, 0x9b],
    // biome-ignore format: a row is a line
    [12000000, 8000, Role.BOTH, CLOCKING_1, 0x1b5, CLOCKING_2, 12, POWER_2, 1, PLL_N, 0x28, PLL_K1, 0x31, PLL_K2, 0x26, PLL_K3, 0xe9],
    // biome-ignore format: a row is a line
    [24000000, 8000, Role.BOTH, CLOCKING_1, 0x1b5, CLOCKING_2, 12, POWER_2, 1, PLL_N, 0x38, PLL_K1, 0x31, PLL_K2, 0x26, PLL_K3, 0xe9],
    [4096000, 16000, Role.BOTH, CLOCKING_1, 0x000, CLOCKING_2, 4],
    [12288000, 16000, Role.BOTH, CLOCKING_1, 0x0d8, CLOCKING_2, 9],
    // biome-ignore format: a row is a line
    [11289600, 16000, Role.BOTH, CLOCKING_1, 0x0dd, CLOCKING_2, 9, POWER_2, 1, PLL_N, 0x28, PLL_K1, 0xb5, PLL_K2, 0x1d, PLL_K3, 0x9b],
    // biome-ignore format: a row is a line
    [12000000, 16000, Role.BOTH, CLOCKING_1, 0x0dd, CLOCKING_2, 9, POWER_2, 1, PLL_N, 0x28, PLL_K1, 0x31, PLL_K2, 0x26, PLL_K3, 0xe9],
    // biome-ignore format: a row is a line
    [24000000, 16000, Role.BOTH, CLOCKING_1, 0x0dd, CLOCKING_2, 9, POWER_2, 1, PLL_N, 0x38, PLL_K1, 0x31, PLL_K2, 0x26, PLL_K3, 0xe9],
  ],
  masterBits: [AUDIO_INTERFACE_1, 0x040],
  start: [
    RESET,
    0,
    DAC_CONTROL_1,
    0x008, // muted
    DAC_CONTROL_2,
    0x008, // unmuted slowly
    PLL_N,
    0,
    PLL_K1,
    0,
    PLL_K2,
    0,
    PLL_K3,
    0,
    POWER_2,
    0x000, // the PLL alone, when it is used
    ANTI_POP_1,
    0x09c, // bias, buffers and soft start of VMID
    POWER_1,
    0x080, // VMID by 2 × 50 kΩ
    Step.WAIT,
    100,
    POWER_1,
    0x0c0, // VREF
    ANTI_POP_1,
    0x008, // outputs that are off stay at VMID
    CLOCKING_1,
    0,
    CLOCKING_2,
    0x1c0,
    AUDIO_INTERFACE_1,
    0x002, // I2S, 16 bits
    AUDIO_INTERFACE_2,
    0x040, // the ADC on the DAC's frame clock
    ADDITIONAL_CONTROL_1,
    0x1c4, // the left ADC in both slots
    ADCL_SIGNAL_PATH,
    0x118, // LINPUT1 to the amplifier, 13 dB boost, to the ADC
    LEFT_ADC_VOLUME,
    0x1c3, // 0 dB
    LEFT_OUT_MIX,
    0x150, // DAC to mixer
    RIGHT_OUT_MIX,
    0x150,
    LOUT1_VOLUME,
    0x179, // 0 dB
    ROUT1_VOLUME,
    0x179,
    Step.LEVELS,
    0,
    POWER_1,
    0x0ea, // left input, ADC, microphone bias
    POWER_3,
    0x02c, // left microphone amplifier, both mixers
    POWER_2,
    0x180, // DACs
    Step.WAIT,
    20,
    POWER_2,
    0x1e0, // outputs
    Step.SOUND,
    0,
  ],
  stop: [
    DAC_CONTROL_1,
    0x008,
    Step.WAIT,
    70, // the soft mute, 512 samples, at 8,000 a second (table 16)
    POWER_2,
    0x180,
    ANTI_POP_1,
    0x09c,
    POWER_1,
    0x000,
    Step.WAIT,
    600, // VMID falls slowly
    POWER_2,
    0x000,
    POWER_3,
    0x000,
    ANTI_POP_1,
    0x000,
  ],
  mute: [DAC_CONTROL_1, 0x008],
  unmute: [DAC_CONTROL_1, 0x000],
  // DACVOL 1 … 255 with its update bit
  volume: {
    registers: [LEFT_DAC_VOLUME, RIGHT_DAC_VOLUME],
    lowest: -12700,
    step: 50,
    count: 255,
    first: 0x101,
    each: 1,
  },
  // LINVOL -17.25 … 30 dB with its update bit, on top of the boost
  microphone: { registers: [LEFT_INPUT_VOLUME], lowest: -425, step: 75, count: 64, first: 0x100, each: 1 },
};
