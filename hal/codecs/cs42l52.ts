// Cirrus Logic CS42L52, stereo codec with class D: data sheet DS680F1, table 1 (clocks), 4.9 to 4.11 (power-up, power-down, required
// initialization), chapter 6 (registers). A microphone at MIC1A, the loudspeaker at a class D or headphone output: both are on.

import { type CodecChip, RegisterFormat, Role, Step } from "./chip";

export const CS42L52_ADDRESS = 0x4a;

const TEST_ACCESS = 0x00;
const CHIP_ID = 0x01;
const POWER_1 = 0x02;
const POWER_2 = 0x03;
const POWER_3 = 0x04;
const CLOCKING = 0x05;
const INTERFACE_1 = 0x06;
const INPUT_A_SELECT = 0x08;
const INPUT_B_SELECT = 0x09;
const ADC_MISCELLANEOUS = 0x0c;
const PLAYBACK_1 = 0x0d;
const MISCELLANEOUS = 0x0e;
const PLAYBACK_2 = 0x0f;
const MIC_A = 0x10;
const PGA_A = 0x12;
const PCM_A_MIXER = 0x1a;
const PCM_B_MIXER = 0x1b;
const MASTER_A_VOLUME = 0x20;
const MASTER_B_VOLUME = 0x21;
const LIMITER_ATTACK = 0x29;
const TEMPERATURE = 0x32;

export const CS42L52: CodecChip = {
  format: RegisterFormat.A8_D8,
  identity: [CHIP_ID, 0xf8, 0xe0],
  on: [POWER_1, 0x9f, 0x14],
  // SPEED in bits 6, 5 (quarter 3, half 2), 32kGROUP 0x10, RATIO 125 0x02, MCLKDIV2 0x01
  clocks: [
    [12288000, 8000, Role.BOTH, CLOCKING, 0x70],
    [12000000, 8000, Role.BOTH, CLOCKING, 0x72],
    [24000000, 8000, Role.BOTH, CLOCKING, 0x73],
    [12288000, 16000, Role.BOTH, CLOCKING, 0x50],
    [12000000, 16000, Role.BOTH, CLOCKING, 0x52],
    [24000000, 16000, Role.BOTH, CLOCKING, 0x53],
  ],
  masterBits: [INTERFACE_1, 0x80],
  start: [
    POWER_1,
    0x15, // all down; later without the second input
    POWER_2,
    0x04, // microphone A and its bias
    POWER_3,
    0xaa, // headphone and speaker outputs always on
    CLOCKING,
    0x00,
    INTERFACE_1,
    0x27, // I2S both ways, 16 bits
    INPUT_A_SELECT,
    0x90, // microphone A, PGA, ADC
    INPUT_B_SELECT,
    0x80, // nothing for a PGA without power (6.2.2)
    ADC_MISCELLANEOUS,
    0x00,
    PGA_A,
    0x00, // 0 dB
    PCM_A_MIXER,
    0x00, // 0 dB
    PCM_B_MIXER,
    0x00,
    PLAYBACK_1,
    0x63, // muted
    PLAYBACK_2,
    0xf0, // every output muted
    MISCELLANEOUS,
    0x02, // changes ramped
    LIMITER_ATTACK,
    0x00, // without bits 7 and 6 of its reset value, or no ramp is sure (6.13.5)
    Step.LEVELS,
    0,
    TEST_ACCESS,
    0x99, // 4.11, after all settings
    0x3e,
    0xba,
    0x47,
    0x80,
    TEMPERATURE,
    0xbb,
    TEMPERATURE,
    0x3b,
    TEST_ACCESS,
    0x00,
    POWER_1,
    0x14,
    Step.WAIT,
    75,
    PLAYBACK_2,
    0x00,
    Step.SOUND,
    0,
  ],
  stop: [
    PLAYBACK_1,
    0x63,
    PLAYBACK_2,
    0xf0, // now, for the chip has no rest before it is through, and needs MCLK until then (4.10)
    ADC_MISCELLANEOUS,
    0x03,
    Step.WAIT,
    120, // 114 dB by 1/8 dB a sample at 8,000 a second
    INPUT_A_SELECT,
    0x80,
    POWER_1,
    0x9f,
    POWER_2,
    0x07,
  ],
  mute: [PLAYBACK_1, 0x63],
  unmute: [PLAYBACK_1, 0x60],
  // Signed halves of a decibel: -102 dB is 34h, 12 dB is 18h
  volume: {
    registers: [MASTER_A_VOLUME, MASTER_B_VOLUME],
    lowest: -10200,
    step: 50,
    count: 229,
    first: 0x34,
    each: 1,
  },
  // MICGAIN: but 0Fh is 30.5 dB
  microphone: { registers: [MIC_A], lowest: 1600, step: 100, count: 17, first: 0x00, each: 1 },
};
