// A Linux board's executable in a process of its own, with a directory of its own, and the hand on its buttons: the pins' socket.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { openUdpPair, UdpSocket } from "../../../hal/node/udp-socket";
import { until } from "../../interop/waiting";

/** Whatever a device is waited for: sanitizers make it slow. */
const LIMIT_MS = 15_000;

export interface DeviceOptions {
  executable: string;
  image: string;
  /** Of the station, without the ports. */
  settings: string[];
  sipPort: number;
  rtpPort: number;
  /** Of the board, in place of what is usual here. */
  board?: Readonly<Record<string, string>>;
  /** A command that becomes the executable, which is given to it as arguments. */
  wrapper?: readonly string[];
  /** Where its log goes in place of `lines`. */
  log?: number;
}

export class LinuxDevice {
  /** What it wrote to its log, and the state of its outputs as the pins' socket told it; "end" where that was closed. */
  readonly lines: string[] = [];
  readonly outputs: string[] = [];
  exitCode: number | undefined;
  private readonly process: ChildProcess;
  private pins: Socket | undefined;

  private constructor(
    readonly directory: string,
    options: DeviceOptions,
  ) {
    const file = (name: string): string => path.join(directory, name);
    const ports = [`network.sip-port = ${options.sipPort}`, `network.rtp-port = ${options.rtpPort}`];
    writeFileSync(file("doorline.conf"), [...options.settings, ...ports, ""].join("\n"));
    const board = {
      settings: file("doorline.conf"),
      "state-directory": file("state"),
      program: options.image,
      address: "127.0.0.1",
      address6: "none",
      "audio-in": "tone",
      "audio-out": `wav:${file("heard.wav")}`,
      "pins-socket": file("pins"),
      buttons: "0",
      leds: "0 1 2",
      relays: "0",
      ...options.board,
    };
    const text = Object.entries(board).map(([key, value]) => `${key} = ${value}\n`);
    writeFileSync(file("board.conf"), text.join(""));
    const [command, ...words] = [...(options.wrapper ?? []), options.executable, "--config", file("board.conf")];
    this.process = spawn(command, words, { stdio: ["ignore", options.log ?? "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      collectLines(stream, this.lines);
    }
    this.process.on("exit", (code) => {
      this.exitCode = code ?? -1;
    });
  }

  /** Starts the executable. */
  static launch(options: DeviceOptions): LinuxDevice {
    return new LinuxDevice(mkdtempSync(path.join(tmpdir(), "doorline-")), options);
  }

  /** Starts the executable and takes its pins. */
  static async start(options: DeviceOptions): Promise<LinuxDevice> {
    const device = LinuxDevice.launch(options);
    try {
      await device.says(/program/);
      await device.takePins();
      await device.shows("relay 0 0");
    } catch (error) {
      device.destroy();
      throw error;
    }
    return device;
  }

  /** Takes the pins, also those of a device that has restarted. Answers when they have told their state. */
  async takePins(): Promise<void> {
    this.pins?.destroy();
    this.pins = await this.wait(() => this.connectPins(), "the pins");
  }

  /** Waits for a line of the log. */
  says(line: RegExp): Promise<string> {
    return this.wait(() => this.lines.find((each) => line.test(each)), String(line));
  }

  /** Waits for an output to be told, as "relay 0 1". */
  async shows(output: string): Promise<void> {
    await this.wait(() => this.outputs.includes(output), output);
  }

  /** Waits until it has ended. Returns the exit code. */
  ended(): Promise<number> {
    return this.wait(() => this.exitCode, "the end of the device");
  }

  /** What the relay does now. */
  get relay(): string {
    return this.outputs.filter((line) => line.startsWith("relay 0")).at(-1) ?? "";
  }

  push(): void {
    this.pins?.write("press 0\n");
  }

  letGo(): void {
    this.pins?.write("release 0\n");
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Ends it at once and removes what it left. */
  destroy(): void {
    this.pins?.destroy();
    this.process.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The pins' socket when it has told their state; undefined where nobody listens, or the device starts anew just then. */
  private connectPins(): Promise<Socket | undefined> {
    const already = this.outputs.length;
    // The relay is told last.
    const isTold = (): boolean => this.outputs.slice(already).some((line) => line.startsWith("relay"));
    const socket = connect(path.join(this.directory, "pins"));
    collectLines(socket, this.outputs);
    return new Promise((resolve) => {
      socket.on("data", () => isTold() && resolve(socket));
      socket.on("close", () => {
        if (isTold()) {
          this.outputs.push("end");
        }
        resolve(undefined);
      });
    });
  }

  /** Where it takes too long, the log says why. */
  private async wait<Found>(
    look: () => Found | undefined | false | Promise<Found | undefined | false>,
    what: string,
  ): Promise<Exclude<Found, undefined | false>> {
    try {
      return await until(look, what, LIMIT_MS);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.lines.join("\n")}`, { cause: error });
    }
  }
}

/** Ports that are free now. */
export async function freePorts(): Promise<{ sipPort: number; rtpPort: number }> {
  const sip = await UdpSocket.open({ address: "127.0.0.1", port: 0 });
  const pair = await openUdpPair({ address: "127.0.0.1", port: 0 });
  const ports = { sipPort: sip.local.port, rtpPort: pair.rtp.local.port };
  for (const socket of [sip, pair.rtp, pair.rtcp]) {
    socket.close();
  }
  return ports;
}

function collectLines(stream: NodeJS.ReadableStream | null, lines: string[]): void {
  let rest = "";
  stream?.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  stream?.on("error", () => undefined);
}
