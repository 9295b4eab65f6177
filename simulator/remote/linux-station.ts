// The executable of a Linux board (boards/linux) as the desk's device: pins on a socket, the visitor's voice in a WAV file that it plays
// over and over, its loudspeaker in another that is read as it grows. All in a directory that goes with it.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createSamples } from "../../firmware/bytes/bytes";
import type { SampleSink } from "../../hal/node/level-meter";
import { WavRecorder } from "../../hal/node/wav";
import type { DeskNetwork } from "../desk-network";
import type { Voice } from "../desk-options";
import { readSettings } from "../desk-station";
import { BUTTONS, LIGHTS, LOOK_MS, PRESS_MS, RELAYS, RemoteStation } from "./remote-station";

export interface LinuxStationOptions {
  /** What the desk calls it. */
  name: string;
  executable: string;
  program: string;
  /** With the ports. */
  settings: string;
  address: string;
  microphone: Voice;
  recorders: SampleSink[];
}

const WAV_HEADER_OCTETS = 44;
/** Octets of the loudspeaker that one look takes: 4 s. */
const TAKEN_OCTETS = 65_536;
const OUTPUT = /^(relay|led) (\d) ([01])$/;

/** A list of lines by their numbers: the socket plays as many pins. */
function pins(count: number): string {
  return Array.from({ length: count }, (_, index) => index).join(" ");
}

function writeVoice(file: string, { source, period }: Voice): void {
  const samples = createSamples(period);
  source.fill(samples, period);
  const wav = new WavRecorder(file);
  wav.take(samples, period);
  wav.close();
}

export class LinuxStation extends RemoteStation {
  private readonly directory = mkdtempSync(path.join(tmpdir(), "doorline-desk-"));
  private readonly timer: NodeJS.Timeout;
  private process: ChildProcess | undefined;
  private pins: Socket | undefined;
  private loudspeaker: number | undefined;
  private played = 0;

  private constructor(
    network: DeskNetwork,
    private readonly options: LinuxStationOptions,
  ) {
    super(network, readSettings(options.settings, "settings"), options.name, options.recorders);
    writeFileSync(this.file("doorline.conf"), options.settings);
    writeVoice(this.file("microphone.wav"), options.microphone);
    process.once("exit", this.kill);
    this.launch();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Starts it. @throws {DeskError} when it does not boot */
  static async start(network: DeskNetwork, options: LinuxStationOptions): Promise<LinuxStation> {
    const station = new LinuxStation(network, options);
    try {
      await station.booted();
    } catch (error) {
      station.close();
      throw error;
    }
    return station;
  }

  press(button: number): void {
    this.pins?.write(`press ${button}\n`);
    this.scheduler.after(PRESS_MS, () => this.pins?.write(`release ${button}\n`));
  }

  setPower(isOn: boolean): string {
    if (!isOn) {
      this.kill();
    } else if (!this.isOn) {
      this.isOn = true;
      this.launch();
    }
    return "";
  }

  setCable(): string {
    return `${this.options.name} is on this machine's own network, which has no cable to pull`;
  }

  stop(): void {
    this.process?.kill("SIGTERM");
  }

  get stopped(): boolean {
    return !this.isOn;
  }

  close(): void {
    process.off("exit", this.kill);
    clearInterval(this.timer);
    this.pins?.destroy();
    this.kill();
    this.closeLoudspeaker();
    rmSync(this.directory, { recursive: true, force: true });
  }

  protected askMemory(): void {
    this.process?.kill("SIGUSR1");
  }

  private readonly kill = (): void => {
    this.process?.kill("SIGKILL");
  };

  private file(name: string): string {
    return path.join(this.directory, name);
  }

  private launch(): void {
    const words = {
      program: this.options.program,
      settings: this.file("doorline.conf"),
      "state-directory": this.file("state"),
      address: this.options.address.includes(":") ? "none" : this.options.address,
      address6: this.options.address.includes(":") ? this.options.address : "none",
      "audio-in": `wav:${this.file("microphone.wav")}`,
      "audio-out": `wav:${this.file("loudspeaker.wav")}`,
      "pins-socket": this.file("pins"),
      buttons: pins(BUTTONS),
      leds: pins(LIGHTS),
      relays: pins(RELAYS),
      "trace-sip": "yes",
    };
    const child = spawn(
      this.options.executable,
      Object.entries(words).map(([key, value]) => `--${key}=${value}`),
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, JOURNAL_STREAM: undefined } },
    );
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      this.readLines(stream, (line) => this.takeLine(line));
    }
    child.on("error", (error) => this.takeLine(error.message));
    child.on("close", () => {
      this.process = undefined;
      this.pins?.destroy();
      this.pins = undefined;
      this.closeLoudspeaker();
      this.becomeDark();
    });
  }

  private readLines(stream: Readable | Socket, take: (line: string) => void): void {
    createInterface({ input: stream })
      .on("line", take)
      .on("error", () => undefined);
  }

  private look(): void {
    if (this.pins === undefined && this.isOn) {
      this.takePins();
    }
    this.listen();
  }

  /** Connects to the pins, which are there once it opens its board, and again after it has started anew. */
  private takePins(): void {
    const pins = connect(this.file("pins"));
    this.pins = pins;
    const lose = (): void => {
      if (this.pins === pins) {
        this.pins = undefined;
      }
    };
    pins.on("error", lose).on("close", lose);
    this.readLines(pins, (line) => {
      const [, kind, index, value] = OUTPUT.exec(line) ?? [];
      if (kind === "relay" || kind === "led") {
        this.takeOutput(kind, Number(index), value === "1");
      }
    });
  }

  /** Hears what was added to the loudspeaker's file. */
  private listen(): void {
    try {
      this.loudspeaker ??= openSync(this.file("loudspeaker.wav"), "r");
    } catch {
      return; // it has not opened its sound yet
    }
    const octets = Buffer.alloc(TAKEN_OCTETS);
    const count = readSync(this.loudspeaker, octets, 0, TAKEN_OCTETS, WAV_HEADER_OCTETS + 2 * this.played) >> 1;
    this.played += count;
    this.takeSound(Int16Array.from({ length: count }, (_, index) => octets.readInt16LE(2 * index)));
  }

  private closeLoudspeaker(): void {
    if (this.loudspeaker !== undefined) {
      closeSync(this.loudspeaker);
    }
    this.loudspeaker = undefined;
    this.played = 0;
  }
}
