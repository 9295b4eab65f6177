// The station as a Linux board's executable (boards/linux) in a process of its own: its voice from one WAV file and its ear in
// another, its pins on their socket. To these tests it is what station.ts is in this process.

import { existsSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { builtProgram, imageFile, type NativeVm } from "../native/build";
import type { Bed } from "./bed";
import type { Program } from "./peers/process";
import { STATION_ADDRESS, STATION_HERTZ, STATION_LEVEL, STATION_PORT } from "./station";
import { sine } from "./tone";
import { until } from "./waiting";
import { readWave, writeWave } from "./wave";

/** A whole number of periods, because it is played over and over. */
const TONE_SECONDS = 1;
const RTP_PORT = 10000;
/** Under the sanitizers a boot takes its time. */
const BOOT_LIMIT_MS = 15_000;

export class LinuxShell {
  /** Where it is called without a proxy. */
  readonly uri: string;
  readonly program: Program;
  /** What the pins' socket told, line by line: "relay 0 1", "led 2 0" … */
  readonly outputs: string[] = [];
  private pins: Socket | undefined;
  private readonly recording: string;

  private constructor(bed: Bed, vm: NativeVm, text: string, at: string) {
    const file = (name: string) => join(bed.directory, name);
    const isV6 = at.includes(":");
    this.uri = `sip:door@${isV6 ? `[${at}]` : at}:${STATION_PORT}`;
    this.recording = file("heard.wav");
    writeWave(file("voice.wav"), sine(STATION_HERTZ, STATION_LEVEL, TONE_SECONDS));
    writeFileSync(file("doorline.conf"), `${text}\n`);
    const options = {
      program: imageFile(vm),
      settings: file("doorline.conf"),
      "state-directory": file("state"),
      address: isV6 ? "none" : at,
      address6: isV6 ? at : "none",
      "sip-port": STATION_PORT,
      "rtp-port": RTP_PORT,
      "audio-in": `wav:${file("voice.wav")}`,
      "audio-out": `wav:${this.recording}`,
      "pins-socket": file("pins"),
      buttons: "0 1",
      leds: "0 1 2",
      relays: "0 1",
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const name = `doorline-linux-${vm}`;
    // The sanitizers stay but for the search for leaks, which looks for its process in /proc, where those outside of the namespace are.
    const environment = { ASAN_OPTIONS: "detect_leaks=0" };
    this.program = bed.start({ name, command: builtProgram(name), args, environment });
  }

  /** Boots a station with the settings of a text; it ends with the test. */
  static async start(bed: Bed, vm: NativeVm, text: string, at = STATION_ADDRESS): Promise<LinuxShell> {
    if (at === STATION_ADDRESS) {
      // The board speaks on addresses that its links have; all of 127.0.0.0/8 can be bound, but only this is there.
      const add = bed.start({ name: "ip", command: "ip", args: ["address", "replace", `${at}/8`, "dev", "lo"] });
      await add.end;
    }
    const shell = new LinuxShell(bed, vm, text, at);
    await shell.program.printed(/ booted /, BOOT_LIMIT_MS);
    const pins = connect(join(bed.directory, "pins"));
    shell.pins = pins;
    bed.atEnd(() => {
      pins.destroy();
    });
    shell.collectOutputs(pins);
    await until(() => shell.outputs.includes("relay 0 0"), "the pins");
    return shell;
  }

  /** Presses a button, counted from 0, and lets it go when the board has seen it. */
  async press(button: number): Promise<void> {
    this.pins?.write(`press ${button}\n`);
    await this.program.printed(new RegExp(` button ${button} `));
    this.pins?.write(`release ${button}\n`);
  }

  /** What a relay, counted from 0, was told last: 1 energised. */
  relay(index: number): number {
    const lines = this.outputs.filter((line) => line.startsWith(`relay ${index} `));
    return Number(lines.at(-1)?.at(-1));
  }

  /** How often a relay was energised. */
  releases(index: number): number {
    return this.outputs.filter((line) => line === `relay ${index} 1`).length;
  }

  /** Everything that the speaker has played since its last start. */
  heard(): Int16Array {
    return existsSync(this.recording) ? readWave(this.recording) : new Int16Array(0);
  }

  /** Asks it to end, as a service manager does. Returns its exit code, or the signal that ended it. */
  async stop(): Promise<number | string | undefined> {
    await this.program.stop();
    return this.program.ended;
  }

  private collectOutputs(pins: Socket): void {
    let rest = "";
    pins.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      this.outputs.push(...lines);
    });
    pins.on("error", () => undefined); // it ended: its program says so
  }
}
