// Everest ES8388, stereo codec: "ES8388 User Guide", register map 0 to 52 and its suggested power-up flow. A microphone at LIN1,
// loudspeaker amplifiers at any of the four outputs. It has no identity register. The charging of VMID is that of the Linux driver.

import { type CodecChip, RegisterFormat, Role, Step } from "./chip";

export const ES8388_ADDRESS = 0x10; // pin CE low; 0x11 high

const CHIP_CONTROL_1 = 0x00;
const CHIP_CONTROL_2 = 0x01;
const CHIP_POWER = 0x02;
const ADC_POWER = 0x03;
const DAC_POWER = 0x04;
const MASTER_MODE = 0x08;
const ADC_CONTROL_1 = 0x09;
const ADC_CONTROL_2 = 0x0a;
const ADC_CONTROL_3 = 0x0b;
const ADC_CONTROL_4 = 0x0c;
const ADC_CONTROL_5 = 0x0d;
const LADC_VOLUME = 0x10;
const RADC_VOLUME = 0x11;
const DAC_CONTROL_1 = 0x17;
const DAC_CONTROL_2 = 0x18;
const DAC_CONTROL_3 = 0x19;
const LDAC_VOLUME = 0x1a;
const RDAC_VOLUME = 0x1b;
const DAC_CONTROL_17 = 0x27;
const DAC_CONTROL_20 = 0x2a;
const DAC_CONTROL_21 = 0x2b;
const LOUT1_VOLUME = 0x2e;
const ROUT1_VOLUME = 0x2f;
const LOUT2_VOLUME = 0x30;
const ROUT2_VOLUME = 0x31;

const MCLK_HALVED = 0x40;

export const ES8388: CodecChip = {
  format: RegisterFormat.A8_D8,
  identity: [],
  // ADCFsRatio, DACFsRatio: 256 2, 512 4, 768 6, 1536 10, 750 23, 1500 27
  clocks: [
    [2048000, 8000, Role.BOTH, ADC_CONTROL_5, 2, DAC_CONTROL_2, 2],
    [4096000, 8000, Role.BOTH, ADC_CONTROL_5, 4, DAC_CONTROL_2, 4],
    [6144000, 8000, Role.BOTH, ADC_CONTROL_5, 6, DAC_CONTROL_2, 6],
    [12288000, 8000, Role.BOTH, ADC_CONTROL_5, 10, DAC_CONTROL_2, 10],
    [12000000, 8000, Role.BOTH, ADC_CONTROL_5, 27, DAC_CONTROL_2, 27],
    [24000000, 8000, Role.BOTH, ADC_CONTROL_5, 27, DAC_CONTROL_2, 27, MASTER_MODE, MCLK_HALVED],
    [4096000, 16000, Role.BOTH, ADC_CONTROL_5, 2, DAC_CONTROL_2, 2],
    [12288000, 16000, Role.BOTH, ADC_CONTROL_5, 6, DAC_CONTROL_2, 6],
    [12000000, 16000, Role.BOTH, ADC_CONTROL_5, 23, DAC_CONTROL_2, 23],
    [24000000, 16000, Role.BOTH, ADC_CONTROL_5, 23, DAC_CONTROL_2, 23, MASTER_MODE, MCLK_HALVED],
  ],
  masterBits: [MASTER_MODE, 0x80],
  start: [
    DAC_CONTROL_3,
    0x24, // muted, changes ramped
    DAC_POWER,
    0xc0, // DACs and outputs off
    CHIP_POWER,
    0xf3, // digital parts and state machines held
    MASTER_MODE,
    0x00,
    DAC_CONTROL_21,
    0x80, // ADC and DAC on one LRCK
    CHIP_CONTROL_2,
    0x40, // analog parts and bias on
    CHIP_CONTROL_1,
    0x17, // reference on, VMID charged by 5 kΩ
    Step.WAIT,
    100,
    CHIP_CONTROL_1,
    0x15, // VMID held by 50 kΩ
    ADC_CONTROL_2,
    0x00, // LIN1, RIN1
    ADC_CONTROL_3,
    0x02,
    ADC_CONTROL_4,
    0x0c, // I2S, 16 bits
    ADC_CONTROL_5,
    0x00,
    LADC_VOLUME,
    0x00, // 0 dB
    RADC_VOLUME,
    0x00,
    DAC_CONTROL_1,
    0x18, // I2S, 16 bits
    DAC_CONTROL_2,
    0x00,
    DAC_CONTROL_17,
    0xb8, // left DAC to left mixer
    DAC_CONTROL_20,
    0xb8, // right DAC to right mixer
    LOUT1_VOLUME,
    0x1e, // 0 dB
    ROUT1_VOLUME,
    0x1e,
    LOUT2_VOLUME,
    0x1e,
    ROUT2_VOLUME,
    0x1e,
    Step.LEVELS,
    0,
    CHIP_POWER,
    0x00,
    ADC_POWER,
    0x00, // inputs, ADCs and microphone bias
    DAC_POWER,
    0x00, // DACs, outputs still off
    Step.WAIT,
    20,
    DAC_POWER,
    0x3c,
    Step.SOUND,
    0,
  ],
  stop: [
    DAC_CONTROL_3,
    0x24,
    Step.WAIT,
    100, // 96 dB by 0.5 dB in 4 samples at 8,000 a second
    DAC_POWER,
    0xc0,
    ADC_POWER,
    0xfc,
    CHIP_POWER,
    0xff,
    CHIP_CONTROL_1,
    0x00, // reference and VMID off
    CHIP_CONTROL_2,
    0x4c,
  ],
  mute: [DAC_CONTROL_3, 0x24],
  unmute: [DAC_CONTROL_3, 0x20],
  // DACVOL: 0 dB at 0, -96 dB at 192
  volume: { registers: [LDAC_VOLUME, RDAC_VOLUME], lowest: -9600, step: 50, count: 193, first: 192, each: -1 },
  // MicAmpL and MicAmpR, 3 dB a step
  microphone: { registers: [ADC_CONTROL_1], lowest: 0, step: 300, count: 9, first: 0x00, each: 0x11 },
};
