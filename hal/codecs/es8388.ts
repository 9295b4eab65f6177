// Everest ES8388, stereo codec: data sheet rev. 11.0, chapters 4 (clocks) and 6 (registers); "ES8388 User Guide" of 2011, 10.1 and 10.5
// (start-up, standby). A microphone at LIN1, loudspeaker amplifiers at any of the four outputs. It has no identity register.

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
const ADC_CONTROL_7 = 0x0f;
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
  on: [DAC_POWER, 0xff, 0x3c],
  // ADCFsRatio, DACFsRatio: 256 2, 512 4, 768 6, 1024 7, 1536 10, 750 23, 1500 27. A slave finds the first four by itself, and no other.
  clocks: [
    [2048000, 8000, Role.BOTH, ADC_CONTROL_5, 2, DAC_CONTROL_2, 2],
    [4096000, 8000, Role.BOTH, ADC_CONTROL_5, 4, DAC_CONTROL_2, 4],
    [6144000, 8000, Role.BOTH, ADC_CONTROL_5, 6, DAC_CONTROL_2, 6],
    [8192000, 8000, Role.BOTH, ADC_CONTROL_5, 7, DAC_CONTROL_2, 7],
    [12288000, 8000, Role.SLAVE, ADC_CONTROL_5, 6, DAC_CONTROL_2, 6, MASTER_MODE, MCLK_HALVED],
    [12288000, 8000, Role.MASTER, ADC_CONTROL_5, 10, DAC_CONTROL_2, 10],
    [12000000, 8000, Role.MASTER, ADC_CONTROL_5, 27, DAC_CONTROL_2, 27],
    [24000000, 8000, Role.MASTER, ADC_CONTROL_5, 27, DAC_CONTROL_2, 27, MASTER_MODE, MCLK_HALVED],
    [4096000, 16000, Role.BOTH, ADC_CONTROL_5, 2, DAC_CONTROL_2, 2],
    [8192000, 16000, Role.BOTH, ADC_CONTROL_5, 4, DAC_CONTROL_2, 4],
    [12288000, 16000, Role.BOTH, ADC_CONTROL_5, 6, DAC_CONTROL_2, 6],
    [12000000, 16000, Role.MASTER, ADC_CONTROL_5, 23, DAC_CONTROL_2, 23],
    [24000000, 16000, Role.MASTER, ADC_CONTROL_5, 23, DAC_CONTROL_2, 23, MASTER_MODE, MCLK_HALVED],
  ],
  masterBits: [MASTER_MODE, 0x80],
  // The guide's order: state machines held, references, ADCs and inputs, DACs and outputs, the settings, and the state machines at last.
  start: [
    DAC_CONTROL_3,
    0x26, // muted, changes ramped
    ADC_CONTROL_7,
    0x24, // the same
    MASTER_MODE,
    0x00,
    CHIP_POWER,
    0xf3, // digital parts and state machines held
    DAC_CONTROL_21,
    0x80, // ADC and DAC on one LRCK
    CHIP_CONTROL_1,
    0x17, // reference on, VMID charged by 5 kΩ
    CHIP_CONTROL_2,
    0x40, // analog parts and bias on
    Step.WAIT,
    100, // the outputs follow VMID by the 1.5 kΩ of VROI
    CHIP_CONTROL_1,
    0x15, // VMID held by 50 kΩ
    ADC_POWER,
    0x00, // inputs, ADCs and microphone bias
    DAC_POWER,
    0x3c, // DACs and outputs
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
    Step.LEVELS,
    0,
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
    CHIP_POWER,
    0x00,
    ADC_CONTROL_7,
    0x20,
    Step.SOUND,
    0,
  ],
  // To standby, where reference and VMID stay.
  stop: [
    DAC_CONTROL_3,
    0x26,
    ADC_CONTROL_7,
    0x24,
    Step.WAIT,
    100, // 96 dB by 0.5 dB in 4 samples at 8,000 a second
    CHIP_POWER,
    0xf3,
    ADC_POWER,
    0xfc,
    DAC_POWER,
    0xc0,
  ],
  mute: [DAC_CONTROL_3, 0x26],
  unmute: [DAC_CONTROL_3, 0x22],
  // DACVOL: 0 dB at 0, -96 dB at 192
  volume: { registers: [LDAC_VOLUME, RDAC_VOLUME], lowest: -9600, step: 50, count: 193, first: 192, each: -1 },
  // MicAmpL and MicAmpR, 3 dB a step
  microphone: { registers: [ADC_CONTROL_1], lowest: 0, step: 300, count: 9, first: 0x00, each: 0x11 },
};
