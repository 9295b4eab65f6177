import type { AudioCodec } from "../../hal/codec";
import { CodecState, CodecStatus } from "../../hal/codec";
import type { CodecChip } from "../../hal/codecs/chip";
import { createCodec } from "../../hal/codecs/codec";
import { CS42L52, CS42L52_ADDRESS } from "../../hal/codecs/cs42l52";
import { ES8311, ES8311_ADDRESS } from "../../hal/codecs/es8311";
import { ES8388, ES8388_ADDRESS } from "../../hal/codecs/es8388";
import { SGTL5000, SGTL5000_ADDRESS } from "../../hal/codecs/sgtl5000";
import { WM8960, WM8960_ADDRESS } from "../../hal/codecs/wm8960";
import { describe, equal, isTrue, it } from "../harness";
import { CS42L52_MODEL } from "./cs42l52-model";
import { ES8311_MODEL } from "./es8311-model";
import { ES8388_MODEL } from "./es8388-model";
import { SGTL5000_MODEL } from "./sgtl5000-model";
import { type ChipModel, createSimulatedChip, FREQUENCY_UNIT, powerUp, type SimulatedChip } from "./simulated-chip";
import { WM8960_MODEL } from "./wm8960-model";

const SLAVE = 1;
const MASTER = 2;
const BOTH = 3;

/** What is promised of a chip: the tests' own words, beside the table and the model. */
interface ChipPromise {
  chip: CodecChip;
  model: ChipModel;
  address: number;
  /** Master clock, sample rate, roles, and so on. */
  clocks: number[];
  /** Master clocks and sample rates that it cannot do at all. */
  refused: number[];
  /** Decibels: the ends of volume and microphone gain, the latter in hundredths, and the latter's step. */
  softest: number;
  loudest: number;
  microphoneLowest: number;
  microphoneHighest: number;
  microphoneStep: number;
  /** Register, value and mask of its identity; an empty list when it has none. */
  identity: number[];
}

// biome-ignore format: a clock a group
const PROMISES: ChipPromise[] = [
  {
    chip: ES8388, model: ES8388_MODEL, address: ES8388_ADDRESS,
    clocks: [
      2048000, 8000, BOTH, 4096000, 8000, BOTH, 6144000, 8000, BOTH, 8192000, 8000, BOTH, 12288000, 8000, BOTH,
      12000000, 8000, MASTER, 24000000, 8000, MASTER,
      4096000, 16000, BOTH, 8192000, 16000, BOTH, 12288000, 16000, BOTH, 12000000, 16000, MASTER, 24000000, 16000, MASTER,
    ],
    refused: [11289600, 8000, 11289600, 16000, 2048000, 16000, 12288000, 11025],
    softest: -9600, loudest: 0, microphoneLowest: 0, microphoneHighest: 2400, microphoneStep: 300, identity: [],
  },
  {
    chip: ES8311, model: ES8311_MODEL, address: ES8311_ADDRESS,
    clocks: [
      2048000, 8000, BOTH, 4096000, 8000, BOTH, 6144000, 8000, BOTH, 8192000, 8000, BOTH, 12288000, 8000, BOTH,
      16384000, 8000, BOTH, 18432000, 8000, BOTH,
      1024000, 16000, BOTH, 2048000, 16000, BOTH, 4096000, 16000, BOTH, 8192000, 16000, BOTH,
      12288000, 16000, BOTH, 16384000, 16000, BOTH,
    ],
    refused: [11289600, 8000, 24000000, 8000, 11289600, 16000, 24000000, 16000],
    softest: -9550, loudest: 3200, microphoneLowest: 0, microphoneHighest: 3000, microphoneStep: 300,
    identity: [0xfd, 0xfe],
  },
  {
    chip: WM8960, model: WM8960_MODEL, address: WM8960_ADDRESS,
    clocks: [
      2048000, 8000, BOTH, 4096000, 8000, BOTH, 12288000, 8000, BOTH, 11289600, 8000, BOTH, 12000000, 8000, BOTH,
      24000000, 8000, BOTH,
      4096000, 16000, BOTH, 12288000, 16000, BOTH, 11289600, 16000, BOTH, 12000000, 16000, BOTH, 24000000, 16000, BOTH,
    ],
    refused: [2048000, 16000, 12288000, 44100],
    softest: -12700, loudest: 0, microphoneLowest: -425, microphoneHighest: 4300, microphoneStep: 75, identity: [],
  },
  {
    chip: SGTL5000, model: SGTL5000_MODEL, address: SGTL5000_ADDRESS,
    clocks: [
      8192000, 8000, BOTH, 12288000, 8000, BOTH, 16384000, 8000, BOTH, 11289600, 8000, MASTER, 12000000, 8000, MASTER,
      24000000, 8000, MASTER,
      8192000, 16000, BOTH, 12288000, 16000, BOTH, 16384000, 16000, BOTH, 11289600, 16000, MASTER,
      12000000, 16000, MASTER, 24000000, 16000, MASTER,
    ],
    refused: [2048000, 8000, 4096000, 16000],
    softest: -9000, loudest: 0, microphoneLowest: 2000, microphoneHighest: 4250, microphoneStep: 150, identity: [0x00],
  },
  {
    chip: CS42L52, model: CS42L52_MODEL, address: CS42L52_ADDRESS,
    clocks: [
      12288000, 8000, BOTH, 12000000, 8000, BOTH, 24000000, 8000, BOTH,
      12288000, 16000, BOTH, 12000000, 16000, BOTH, 24000000, 16000, BOTH,
    ],
    refused: [11289600, 8000, 2048000, 8000, 4096000, 16000],
    softest: -10200, loudest: 1200, microphoneLowest: 1600, microphoneHighest: 3200, microphoneStep: 100,
    identity: [0x01],
  },
];

/** A chip on a board with a codec over it; a microphone that wants 24 dB, which is 0 for the installer. */
interface Bench {
  promise: ChipPromise;
  chip: SimulatedChip;
  codec: AudioCodec;
}

function createBench(promise: ChipPromise): Bench {
  const chip = createSimulatedChip(promise.model);
  const wiring = { address: promise.address, volumeAtZero: 0, microphoneAtZero: 24 };
  return { promise, chip, codec: createCodec(promise.chip, chip.bus, chip.clock, wiring) };
}

function setClocks(bench: Bench, masterClock: number, sampleRate: number, isMaster: boolean): number {
  bench.chip.masterClock = (masterClock / FREQUENCY_UNIT) | 0;
  bench.chip.sampleRate = (sampleRate / FREQUENCY_UNIT) | 0;
  bench.chip.isMaster = isMaster;
  return bench.codec.configure(masterClock, sampleRate, isMaster);
}

/** The first clock of the promise as a slave. */
function setUsualClocks(bench: Bench): void {
  equal(setClocks(bench, bench.promise.clocks[0], bench.promise.clocks[1], false), CodecStatus.OK, "configure");
}

/** Polls, as the firmware's loop does, until nothing is under way, or too long. Returns the refusals that were told. */
function settle(bench: Bench): number {
  let refusals = 0;
  for (let turn = 0; turn < 500; turn += 1) {
    const answer = bench.codec.poll();
    if (answer === 0) {
      return refusals;
    }
    if (answer < 0) {
      refusals += 1;
      bench.chip.time += 20;
    } else {
      bench.chip.time += answer;
    }
  }
  return refusals;
}

function switchOn(bench: Bench): void {
  equal(bench.codec.start(), CodecStatus.OK, "start");
  settle(bench);
}

function expectVoice(bench: Bench, what: string): void {
  const model = bench.promise.model;
  equal(bench.codec.state, CodecState.ON, `${what}: state`);
  equal(model.playback(bench.chip), "", `${what}: playback`);
  equal(model.capture(bench.chip), "", `${what}: capture`);
  equal(bench.chip.pops, "", `${what}: pops`);
}

function describeClocks(promise: ChipPromise): void {
  const name = promise.model.name;
  it(`${name} passes voice at every clock that is promised, as slave and as master`, () => {
    for (let index = 0; index < promise.clocks.length; index += 3) {
      for (let role = SLAVE; role <= MASTER; role += 1) {
        const bench = createBench(promise);
        const masterClock = promise.clocks[index];
        const sampleRate = promise.clocks[index + 1];
        const status = setClocks(bench, masterClock, sampleRate, role === MASTER);
        const what = `${masterClock} Hz, ${sampleRate} Hz, role ${role}`;
        if ((promise.clocks[index + 2] & role) === 0) {
          equal(status, CodecStatus.UNSUPPORTED, what);
        } else {
          equal(status, CodecStatus.OK, what);
          switchOn(bench);
          expectVoice(bench, what);
        }
      }
    }
  });

  it(`${name} refuses clocks that it cannot use, and does not start without any`, () => {
    const bench = createBench(promise);
    for (let index = 0; index < promise.refused.length; index += 2) {
      const status = setClocks(bench, promise.refused[index], promise.refused[index + 1], false);
      equal(status, CodecStatus.UNSUPPORTED, `${promise.refused[index]} Hz`);
    }
    equal(bench.codec.start(), CodecStatus.UNSUPPORTED, "start");
    equal(bench.codec.poll(), 0, "poll");
    equal(bench.chip.transfers, 0, "transfers");
  });

  it(`${name} passes no voice at a clock that it was not told`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    bench.chip.masterClock += bench.chip.masterClock >> 3;
    switchOn(bench);
    isTrue(promise.model.playback(bench.chip) !== "", "playback is out of time");
    isTrue(promise.model.capture(bench.chip) !== "", "capture is out of time");
  });
}

function describeLife(promise: ChipPromise): void {
  const name = promise.model.name;
  it(`${name} goes on and off again and again without a pop, and is powered down when off`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    for (let round = 0; round < 3; round += 1) {
      switchOn(bench);
      expectVoice(bench, `round ${round}`);
      bench.chip.time += 5000;
      equal(bench.codec.stop(), CodecStatus.OK, "stop");
      settle(bench);
      equal(bench.codec.state, CodecState.OFF, "state");
      isTrue(promise.model.isDown(bench.chip), "powered down");
      equal(bench.chip.pops, "", "pops");
    }
  });

  it(`${name} can be stopped at any moment of its start, and started at any moment of its stop`, () => {
    const whole = createBench(promise);
    setUsualClocks(whole);
    switchOn(whole);
    const starting = whole.chip.time - 1000;
    for (let moment = 0; moment < starting; moment += 37) {
      const bench = createBench(promise);
      setUsualClocks(bench);
      equal(bench.codec.start(), CodecStatus.OK, "start");
      pollUntil(bench, 1000 + moment);
      equal(bench.codec.stop(), CodecStatus.OK, "stop");
      pollUntil(bench, bench.chip.time + 60);
      equal(bench.codec.start(), CodecStatus.OK, "start again");
      settle(bench);
      expectVoice(bench, `stopped after ${moment} ms`);
      equal(bench.codec.stop(), CodecStatus.OK, "stop");
      settle(bench);
      isTrue(promise.model.isDown(bench.chip), `stopped after ${moment} ms: powered down`);
    }
  });

  it(`${name} cannot be configured while it is on`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    switchOn(bench);
    equal(setClocks(bench, promise.clocks[0], promise.clocks[1], false), CodecStatus.BUSY);
  });

  it(`${name} never waits: each poll takes no time, and a wait is told`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    equal(bench.codec.start(), CodecStatus.OK, "start");
    const wait = bench.codec.poll();
    isTrue(wait > 0, "a start has a wait");
    const transfers = bench.chip.transfers;
    bench.chip.time += wait - 1;
    equal(bench.codec.poll(), 1, "a millisecond is left");
    equal(bench.chip.transfers, transfers, "nothing is sent in a wait");
  });
}

/** Polls every 10 ms until a moment. */
function pollUntil(bench: Bench, time: number): void {
  while (bench.chip.time < time) {
    bench.codec.poll();
    bench.chip.time += 10;
  }
}

function describeLevels(promise: ChipPromise): void {
  const name = promise.model.name;
  it(`${name} takes the volume as far as it goes and leaves the rest to the firmware`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    switchOn(bench);
    for (let decibels = -140; decibels <= 40; decibels += 1) {
      bench.codec.setVolume(decibels);
      equal(bench.codec.apply(), CodecStatus.OK, "apply");
      const gain = promise.model.playbackGain(bench.chip);
      const wanted = decibels * 100;
      const expected = wanted < promise.softest ? promise.softest : wanted > promise.loudest ? promise.loudest : wanted;
      equal(gain, expected, `gain at ${decibels} dB`);
      const off = gain + 100 * bench.codec.volumeRest - wanted;
      isTrue(off >= -50 && off <= 50, `gain and rest make ${decibels} dB`);
    }
    expectVoice(bench, "after all volumes");
  });

  it(`${name} takes the microphone gain by its steps and leaves the rest to the firmware`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    switchOn(bench);
    for (let decibels = -40; decibels <= 30; decibels += 1) {
      bench.codec.setMicrophoneGain(decibels);
      equal(bench.codec.apply(), CodecStatus.OK, "apply");
      const gain = promise.model.captureGain(bench.chip);
      const wanted = (decibels + 24) * 100;
      if (wanted <= promise.microphoneLowest) {
        equal(gain, promise.microphoneLowest, `lowest at ${decibels} dB`);
      } else if (wanted >= promise.microphoneHighest) {
        equal(gain, promise.microphoneHighest, `highest at ${decibels} dB`);
      } else {
        isTrue(gain <= wanted && gain > wanted - promise.microphoneStep, `the step below ${decibels} dB`);
      }
      const off = gain + 100 * bench.codec.microphoneRest - wanted;
      isTrue(off >= -50 && off <= 50, `gain and rest make ${decibels} dB`);
    }
    expectVoice(bench, "after all gains");
  });

  it(`${name} has the levels from the first sound on that were set while it was off`, () => {
    const bench = createBench(promise);
    bench.codec.setVolume(-20);
    bench.codec.setMicrophoneGain(0);
    equal(bench.codec.apply(), CodecStatus.OK, "apply while off");
    equal(bench.chip.transfers, 0, "nothing is sent while off");
    setUsualClocks(bench);
    switchOn(bench);
    equal(promise.model.playbackGain(bench.chip), -2000, "playback");
    isTrue(promise.model.captureGain(bench.chip) > 2400 - promise.microphoneStep, "capture");
    expectVoice(bench, "first start");
    equal(bench.codec.stop(), CodecStatus.OK, "stop");
    settle(bench);
    bench.codec.setVolume(-90);
    switchOn(bench);
    equal(bench.codec.stop(), CodecStatus.OK, "stop");
    settle(bench);
    bench.codec.setVolume(0);
    switchOn(bench);
    equal(promise.model.playbackGain(bench.chip), 0, "playback, later");
    expectVoice(bench, "a later start, without a rise from what was set before");
  });

  it(`${name} is silent while muted, also when it starts muted, and hears on`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    bench.codec.setMuted(true);
    switchOn(bench);
    equal(promise.model.playback(bench.chip), "muted", "started muted");
    equal(promise.model.capture(bench.chip), "", "capture");
    bench.codec.setMuted(false);
    equal(bench.codec.apply(), CodecStatus.OK, "apply");
    expectVoice(bench, "unmuted");
    bench.codec.setMuted(true);
    equal(bench.codec.apply(), CodecStatus.OK, "apply");
    equal(promise.model.playback(bench.chip), "muted", "muted");
    equal(bench.chip.pops, "", "pops");
  });

  it(`${name} catches up with what was set in the middle of its start`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    equal(bench.codec.start(), CodecStatus.OK, "start");
    while (bench.codec.state !== CodecState.ON) {
      bench.codec.setVolume(0 - (bench.chip.time % 50));
      bench.codec.setMuted(bench.chip.time % 2 === 0);
      equal(bench.codec.apply(), CodecStatus.OK, "apply");
      bench.chip.time += 1;
      bench.codec.poll();
    }
    bench.codec.setVolume(-7);
    bench.codec.setMuted(false);
    settle(bench);
    equal(promise.model.playbackGain(bench.chip), -700, "playback");
    expectVoice(bench, "after all");
  });
}

function describeFaults(promise: ChipPromise): void {
  const name = promise.model.name;
  it(`${name} that refuses any one transfer of its start says so and is on after a retry, without a pop`, () => {
    const whole = createBench(promise);
    setUsualClocks(whole);
    switchOn(whole);
    for (let transfer = 0; transfer < whole.chip.transfers; transfer += 1) {
      const bench = createBench(promise);
      setUsualClocks(bench);
      bench.chip.refusedFrom = transfer;
      bench.chip.refusedTo = transfer + 1;
      equal(bench.codec.start(), CodecStatus.OK, "start");
      equal(settle(bench), 1, `refusals told, transfer ${transfer}`);
      expectVoice(bench, `transfer ${transfer}`);
    }
  });

  it(`${name} that refuses any one transfer of its stop is powered down after a retry, without a pop`, () => {
    const whole = createBench(promise);
    setUsualClocks(whole);
    switchOn(whole);
    const first = whole.chip.transfers;
    equal(whole.codec.stop(), CodecStatus.OK, "stop");
    settle(whole);
    for (let transfer = first; transfer < whole.chip.transfers; transfer += 1) {
      const bench = createBench(promise);
      setUsualClocks(bench);
      bench.chip.refusedFrom = transfer;
      bench.chip.refusedTo = transfer + 1;
      switchOn(bench);
      bench.chip.time += 1000;
      equal(bench.codec.stop(), CodecStatus.OK, "stop");
      equal(settle(bench), 1, `refusals told, transfer ${transfer}`);
      isTrue(promise.model.isDown(bench.chip), `transfer ${transfer}: powered down`);
      equal(bench.chip.pops, "", `transfer ${transfer}: pops`);
    }
  });

  it(`${name} that lost its power is begun anew`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    switchOn(bench);
    powerUp(bench.chip);
    bench.chip.refusedFrom = bench.chip.transfers;
    bench.chip.refusedTo = bench.chip.transfers + 5;
    bench.codec.setVolume(-3);
    equal(bench.codec.apply(), CodecStatus.REFUSED, "apply");
    equal(settle(bench), 4, "refusals told");
    expectVoice(bench, "begun anew");
    equal(promise.model.playbackGain(bench.chip), -300, "playback");
  });

  // One that cannot be read does not tell it from a loss of power.
  if (promise.model.isReadable) {
    it(`${name} that kept its power while the bus was out is begun anew without a pop`, () => {
      for (let refusals = 3; refusals < 12; refusals += 1) {
        const bench = createBench(promise);
        setUsualClocks(bench);
        switchOn(bench);
        bench.chip.time += 1000;
        bench.chip.refusedFrom = bench.chip.transfers;
        bench.chip.refusedTo = bench.chip.transfers + refusals;
        bench.codec.setVolume(-3);
        equal(bench.codec.apply(), CodecStatus.REFUSED, "apply");
        equal(settle(bench), refusals - 1, "refusals told");
        expectVoice(bench, `after ${refusals} refusals`);
        equal(promise.model.playbackGain(bench.chip), -300, "playback");
      }
    });

    it(`${name} that kept its power while its end was refused is begun anew without a pop`, () => {
      const bench = createBench(promise);
      setUsualClocks(bench);
      switchOn(bench);
      bench.chip.time += 1000;
      bench.chip.refusedFrom = bench.chip.transfers;
      bench.chip.refusedTo = bench.chip.transfers + 3;
      equal(bench.codec.stop(), CodecStatus.OK, "stop");
      equal(settle(bench), 3, "refusals told");
      equal(bench.codec.state, CodecState.OFF, "state");
      switchOn(bench);
      expectVoice(bench, "again");
    });
  }

  it(`${name} that is gone does not hold up the end`, () => {
    const bench = createBench(promise);
    setUsualClocks(bench);
    switchOn(bench);
    bench.chip.refusedFrom = bench.chip.transfers;
    bench.chip.refusedTo = bench.chip.transfers + 1000;
    equal(bench.codec.stop(), CodecStatus.OK, "stop");
    equal(settle(bench), 3, "refusals told");
    equal(bench.codec.state, CodecState.OFF, "state");
  });

  if (promise.identity.length > 0) {
    it(`${name}: another chip at its address is told and left alone`, () => {
      for (let index = 0; index < promise.identity.length; index += 1) {
        const bench = createBench(promise);
        setUsualClocks(bench);
        bench.chip.registers[promise.identity[index]] = 0x5a5a;
        equal(bench.codec.start(), CodecStatus.OK, "start");
        equal(bench.codec.poll(), CodecStatus.WRONG_CHIP, "poll");
        for (let turn = 0; turn < 20; turn += 1) {
          bench.chip.time += 50;
          bench.codec.poll();
        }
        isTrue(bench.codec.state !== CodecState.ON, "is not on");
        const untouched = createSimulatedChip(promise.model).registers;
        for (let register = 0; register < untouched.length; register += 1) {
          if (register !== promise.identity[index]) {
            equal(bench.chip.registers[register], untouched[register], `register ${register}`);
          }
        }
      }
    });
  }
}

describe("codec chips", () => {
  for (let index = 0; index < PROMISES.length; index += 1) {
    describeClocks(PROMISES[index]);
    describeLife(PROMISES[index]);
    describeLevels(PROMISES[index]);
    describeFaults(PROMISES[index]);
  }
});
