// Everest ES8311, mono codec: "ES8311 User Guide" rev. 1.11, clock tables and register map. A differential microphone at MIC1,
// the loudspeaker amplifier at OUTP and OUTN. All that runs in it is made of an internal clock of 256 samples.

import { type CodecChip, RegisterFormat, Role, Step } from "./chip";

export const ES8311_ADDRESS = 0x18; // pin CE low; 0x19 high

const RESET = 0x00;
const CLOCK_1 = 0x01;
const CLOCK_2 = 0x02;
const CLOCK_3 = 0x03;
const CLOCK_4 = 0x04;
const CLOCK_5 = 0x05;
const CLOCK_6 = 0x06;
const CLOCK_7 = 0x07;
const CLOCK_8 = 0x08;
const SERIAL_IN = 0x09;
const SERIAL_OUT = 0x0a;
const SYSTEM_1 = 0x0b;
const SYSTEM_2 = 0x0c;
const SYSTEM_3 = 0x0d;
const SYSTEM_4 = 0x0e;
const SYSTEM_6 = 0x10;
const SYSTEM_7 = 0x11;
const SYSTEM_8 = 0x12;
const SYSTEM_9 = 0x13;
const SYSTEM_10 = 0x14;
const ADC_1 = 0x15;
const ADC_2 = 0x16;
const ADC_3 = 0x17;
const ADC_7 = 0x1b;
const ADC_8 = 0x1c;
const DAC_1 = 0x31;
const DAC_2 = 0x32;
const DAC_6 = 0x37;

export const ES8311: CodecChip = {
  format: RegisterFormat.A8_D8,
  identity: [0xfd, 0xff, 0x83, 0xfe, 0xff, 0x11],
  // DIV_PRE - 1 in bits 7 … 5, MULT_PRE as a power of two in bits 4, 3; CLOCK_5 has the divider of ADC and DAC clock, each - 1.
  // As the master only at 256 samples: whether LRCK is divided from MCLK or from the internal clock, no source says for certain.
  clocks: [
    [2048000, 8000, Role.BOTH, CLOCK_2, 0x00],
    [4096000, 8000, Role.SLAVE, CLOCK_2, 0x20],
    [6144000, 8000, Role.SLAVE, CLOCK_2, 0x40],
    [8192000, 8000, Role.SLAVE, CLOCK_2, 0x60],
    [12288000, 8000, Role.SLAVE, CLOCK_2, 0xa0],
    [16384000, 8000, Role.SLAVE, CLOCK_2, 0xe0],
    [18432000, 8000, Role.SLAVE, CLOCK_2, 0x40, CLOCK_5, 0x22],
    [1024000, 16000, Role.SLAVE, CLOCK_2, 0x10],
    [2048000, 16000, Role.SLAVE, CLOCK_2, 0x08],
    [4096000, 16000, Role.BOTH, CLOCK_2, 0x00],
    [8192000, 16000, Role.SLAVE, CLOCK_2, 0x20],
    [12288000, 16000, Role.SLAVE, CLOCK_2, 0x40],
    [16384000, 16000, Role.SLAVE, CLOCK_2, 0x60],
  ],
  masterBits: [RESET, 0x40],
  start: [
    RESET,
    0x1f, // all blocks in reset
    Step.WAIT,
    20,
    RESET,
    0x80, // state machine on
    CLOCK_1,
    0x3f, // MCLK from its pin, all clocks on
    CLOCK_2,
    0x00,
    CLOCK_3,
    0x10, // oversampling of the ADC for 256 samples
    CLOCK_4,
    0x10, // and of the DAC
    CLOCK_5,
    0x00,
    CLOCK_6,
    0x03, // master: BCLK a quarter, 64 a sample
    CLOCK_7,
    0x00, // master: LRCK a 256th
    CLOCK_8,
    0xff,
    SERIAL_IN,
    0x0c, // I2S, 16 bits
    SERIAL_OUT,
    0x0c,
    SYSTEM_1,
    0x00,
    SYSTEM_2,
    0x00,
    SYSTEM_6,
    0x1f, // bias currents, as the vendor sets them
    SYSTEM_7,
    0x7f,
    DAC_1,
    0x60, // muted
    SYSTEM_3,
    0x01, // references and bias on, VMID charges
    Step.WAIT,
    100,
    SYSTEM_4,
    0x02, // microphone amplifier and modulator on
    ADC_1,
    0x40, // changes ramped
    ADC_2,
    0x24,
    ADC_3,
    0xbf, // 0 dB
    ADC_7,
    0x0a, // high-pass filter
    ADC_8,
    0x6a,
    DAC_6,
    0x48, // changes ramped, equaliser bypassed
    SYSTEM_8,
    0x00, // DAC on
    Step.LEVELS,
    0,
    Step.WAIT,
    20,
    SYSTEM_9,
    0x10, // output driver
    Step.SOUND,
    0,
  ],
  stop: [
    DAC_1,
    0x60,
    Step.WAIT,
    50,
    SYSTEM_9,
    0x00,
    SYSTEM_8,
    0x02,
    SYSTEM_4,
    0xff,
    SYSTEM_10,
    0x00,
    SYSTEM_3,
    0xfc,
    CLOCK_1,
    0x00,
    RESET,
    0x1f,
  ],
  mute: [DAC_1, 0x60],
  unmute: [DAC_1, 0x00],
  volume: { registers: [DAC_2], lowest: -9550, step: 50, count: 256, first: 0, each: 1 },
  // PGAGAIN, 3 dB a step, beside LINESEL: MIC1P and MIC1N
  microphone: { registers: [SYSTEM_10], lowest: 0, step: 300, count: 11, first: 0x10, each: 1 },
};
