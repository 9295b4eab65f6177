// Everest ES8311, mono codec: "ES8311 User Guide" rev. 1.11, chapters 6 to 11; for registers 0Bh to 13h, which it leaves out, the vendor's
// driver. A differential microphone at MIC1, the loudspeaker amplifier at OUTP and OUTN. ADC and DAC run at 256 clocks a sample.

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
  on: [SYSTEM_9, 0xff, 0x10],
  // 8.4 and 8.5: DIV_PRE - 1 in bits 7 … 5, MULT_PRE as a power of two in bits 4, 3; CLOCK_5 has the divider of ADC and DAC clock, each
  // - 1. 18.432 MHz has 6.144 MHz after DIV_PRE, which wants a DVDD of 3.3 V, and so larger dividers of BCLK and LRCK.
  clocks: [
    [2048000, 8000, Role.BOTH, CLOCK_2, 0x00],
    [4096000, 8000, Role.BOTH, CLOCK_2, 0x20],
    [6144000, 8000, Role.BOTH, CLOCK_2, 0x40],
    [8192000, 8000, Role.BOTH, CLOCK_2, 0x60],
    [12288000, 8000, Role.BOTH, CLOCK_2, 0xa0],
    [16384000, 8000, Role.BOTH, CLOCK_2, 0xe0],
    [18432000, 8000, Role.BOTH, CLOCK_2, 0x40, CLOCK_5, 0x22, CLOCK_6, 0x08, CLOCK_7, 0x02],
    [1024000, 16000, Role.BOTH, CLOCK_2, 0x10],
    [2048000, 16000, Role.BOTH, CLOCK_2, 0x08],
    [4096000, 16000, Role.BOTH, CLOCK_2, 0x00],
    [8192000, 16000, Role.BOTH, CLOCK_2, 0x20],
    [12288000, 16000, Role.BOTH, CLOCK_2, 0x40],
    [16384000, 16000, Role.BOTH, CLOCK_2, 0x60],
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
    0x10, // oversampling of the ADC for 256 clocks a sample
    CLOCK_4,
    0x10, // and of the DAC
    CLOCK_5,
    0x00,
    CLOCK_6,
    0x03, // master: BCLK a quarter of the internal clock, 64 a sample
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
    DAC_6,
    0x08, // equaliser bypassed; no ramp yet, or sound would rise from -95.5 dB
    ADC_1,
    0x00,
    ADC_2,
    0x04, // 24 dB, which the oversampling needs
    ADC_3,
    0xbf, // 0 dB
    ADC_7,
    0x0a, // high-pass filter
    ADC_8,
    0x6a,
    Step.LEVELS,
    0,
    SYSTEM_3,
    0x01, // references and bias on, VMID charges
    Step.WAIT,
    100,
    SYSTEM_3,
    0x02, // VMID in normal operation
    SYSTEM_4,
    0x02, // microphone amplifier and modulator on
    SYSTEM_8,
    0x00, // DAC on
    DAC_6,
    0x18, // changes ramped, 0.25 dB in 4 samples
    ADC_1,
    0x10,
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
    0x7a, // with the modulator in reset
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
