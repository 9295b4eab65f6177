// The codec engine allocates nothing: power-up, levels, refusals and power-down of every chip, again and again. In Lua even garbage
// counts, because the collector is stopped meanwhile; on Node.js what stays counts.

import type { AudioCodec } from "../../hal/codec";
import { createCodec } from "../../hal/codecs/codec";
import { CS42L52, CS42L52_ADDRESS } from "../../hal/codecs/cs42l52";
import { ES8311, ES8311_ADDRESS } from "../../hal/codecs/es8311";
import { ES8388, ES8388_ADDRESS } from "../../hal/codecs/es8388";
import { SGTL5000, SGTL5000_ADDRESS } from "../../hal/codecs/sgtl5000";
import { WM8960, WM8960_ADDRESS } from "../../hal/codecs/wm8960";
import { equal, heapNow, isTrue, itSlow } from "../harness";
import { CS42L52_MODEL } from "./cs42l52-model";
import { ES8311_MODEL } from "./es8311-model";
import { ES8388_MODEL } from "./es8388-model";
import { SGTL5000_MODEL } from "./sgtl5000-model";
import { createSimulatedChip, type SimulatedChip } from "./simulated-chip";
import { WM8960_MODEL } from "./wm8960-model";

interface Collector {
  collectgarbage?: (option: string) => number;
}

const collector = globalThis as unknown as Collector;
/** More where only what stays is seen, and where it is among the code of the JIT compiler. */
const ROUNDS = collector.collectgarbage === undefined ? 4000 : 200;
/** What a round of all chips may leave behind, octets: less than one pair or closure a chip takes. */
const TOLERANCE = 32;

const MODELS = [CS42L52_MODEL, ES8311_MODEL, ES8388_MODEL, SGTL5000_MODEL, WM8960_MODEL];
const TABLES = [CS42L52, ES8311, ES8388, SGTL5000, WM8960];
const ADDRESSES = [CS42L52_ADDRESS, ES8311_ADDRESS, ES8388_ADDRESS, SGTL5000_ADDRESS, WM8960_ADDRESS];

function settle(chip: SimulatedChip, codec: AudioCodec): void {
  let answer = codec.poll();
  while (answer !== 0) {
    chip.time += answer < 0 ? 20 : answer;
    answer = codec.poll();
  }
}

function cycle(chip: SimulatedChip, codec: AudioCodec): void {
  chip.transfers = 0;
  codec.start();
  settle(chip, codec);
  codec.setVolume(-5);
  codec.setMicrophoneGain(3);
  codec.setMuted(true);
  codec.apply();
  codec.setMuted(false);
  codec.apply();
  chip.time += 1000;
  codec.stop();
  settle(chip, codec);
}

itSlow("a codec leaves nothing on the heap, whichever chip, also when it refuses", () => {
  const chips: SimulatedChip[] = [];
  const codecs: AudioCodec[] = [];
  for (let index = 0; index < MODELS.length; index += 1) {
    const chip = createSimulatedChip(MODELS[index]);
    chip.refusedFrom = 3;
    chip.refusedTo = 5;
    const wiring = { address: ADDRESSES[index], volumeAtZero: 0, microphoneAtZero: 24 };
    const codec = createCodec(TABLES[index], chip.bus, chip.clock, wiring);
    equal(codec.configure(12288000, 8000, false), 0, "configure");
    chips.push(chip);
    codecs.push(codec);
  }
  const run = (): void => {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let index = 0; index < chips.length; index += 1) {
        cycle(chips[index], codecs[index]);
      }
    }
  };
  run();
  const before = heapNow();
  if (collector.collectgarbage !== undefined) {
    collector.collectgarbage("stop");
  }
  run();
  const after = collector.collectgarbage === undefined ? heapNow() : collector.collectgarbage("count") * 1024;
  if (collector.collectgarbage !== undefined) {
    collector.collectgarbage("restart");
  }
  for (let index = 0; index < chips.length; index += 1) {
    equal(chips[index].pops, "", `${MODELS[index].name}: pops`);
  }
  isTrue(after - before < TOLERANCE * ROUNDS, `${after - before} octets in ${ROUNDS} rounds`);
});
