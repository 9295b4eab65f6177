// baresip as a peer: one account, G.711 voice from a tone in a WAV file, what it hears recorded to another, driven through
// its ctrl_tcp module (netstrings of JSON). It lives on 127.0.0.1 or such, since its RTP sockets are bound to no address.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Bed } from "../bed";
import type { Law } from "../g711";
import { sine } from "../tone";
import { until, within } from "../waiting";
import { readWave, writeWave } from "../wave";
import type { Program } from "./process";

export interface BaresipOptions {
  user: string;
  /** The first address of a network that is wholly the loopback interface's; default 127.0.0.1. */
  address?: string;
  /** Of SIP over UDP; the port above is taken too. */
  port: number;
  /** Offered and accepted voice. */
  law: Law;
  /** Milliseconds a packet. */
  packetTime: number;
  /** Its tone. */
  hertz: number;
  /** dBov */
  level: number;
  /** Answers by itself. */
  answers: boolean;
  /** Where it registers: "" for nowhere, else host:port. */
  registrar: string;
  password: string;
}

export const BARESIP_ADDRESS = "127.0.0.1";

/** One event of ctrl_tcp: CALL_ESTABLISHED, CALL_CLOSED, REGISTER_OK … */
export interface BaresipEvent {
  type: string;
  peeruri: string;
  param: string;
}

interface Response {
  ok: boolean;
  data: string;
}

/** A WAV file's length, seconds: its end would end the call. */
const TONE_SECONDS = 30;
/** RTP ports of one instance, from its SIP port times two on: apart for every instance. */
const RTP_PORTS = 100;
/** The control port lies above the SIP port by this. */
const CONTROL_OFFSET = 1000;

function addressOf(options: BaresipOptions): string {
  return options.address ?? BARESIP_ADDRESS;
}

function configuration(folder: string, options: BaresipOptions): string {
  const rtp = 10000 + options.port;
  return `poll_method epoll
sip_listen ${addressOf(options)}:${options.port}
net_interface ${addressOf(options)}
call_max_calls 4
statmode_default off
audio_path ${folder}
audio_player aubridge,nil
audio_source aufile,${folder}/tone.wav
audio_alert aubridge,nil
audio_txmode poll
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_ports ${rtp}-${rtp + RTP_PORTS - 1}
jitter_buffer_delay 2-10
module_path /usr/lib/baresip/modules
module g711.so
module sndfile.so
snd_path ${folder}
module aufile.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${BARESIP_ADDRESS}:${options.port + CONTROL_OFFSET}
`;
}

function account(options: BaresipOptions): string {
  const registers = options.registrar !== "";
  const host = registers ? options.registrar : `${addressOf(options)}:${options.port}`;
  return [
    `<sip:${options.user}@${host}>`,
    `regint=${registers ? 60 : 0}`,
    ...(options.password === "" ? [] : [`auth_user=${options.user}`, `auth_pass=${options.password}`]),
    `audio_codecs=${options.law}`,
    `ptime=${options.packetTime}`,
    `answermode=${options.answers ? "auto" : "manual"}`,
    ...(registers ? [`outbound="sip:${options.registrar}"`] : []),
  ].join(";");
}

export class Baresip {
  readonly options: BaresipOptions;
  /** Where it is called without a proxy. */
  readonly uri: string;
  /** Everything that happened, in order. */
  readonly events: BaresipEvent[] = [];
  readonly program: Program;
  private readonly folder: string;
  private control!: Socket;
  private received = Buffer.alloc(0);
  private readonly responses: ((response: Response) => void)[] = [];

  private constructor(bed: Bed, options: BaresipOptions) {
    this.options = options;
    this.uri = `sip:${options.user}@${addressOf(options)}:${options.port}`;
    this.folder = join(bed.directory, `${options.user}-${options.port}`);
    mkdirSync(this.folder);
    writeWave(join(this.folder, "tone.wav"), sine(options.hertz, options.level, TONE_SECONDS));
    writeFileSync(join(this.folder, "config"), configuration(this.folder, options));
    writeFileSync(join(this.folder, "accounts"), `${account(options)}\n`);
    writeFileSync(join(this.folder, "contacts"), "");
    this.program = bed.start({ name: `baresip ${options.user}`, command: "baresip", args: ["-4", "-f", this.folder] });
  }

  /** Starts one; it is ready to call, to be called and, where it has a registrar, registered. */
  static async start(bed: Bed, options: BaresipOptions): Promise<Baresip> {
    const baresip = new Baresip(bed, options);
    await baresip.program.printed(/baresip is ready/);
    await baresip.open();
    bed.atEnd(() => {
      baresip.control.destroy();
    });
    if (options.registrar !== "") {
      await baresip.program.printed(/200 OK|registered/i);
    }
    return baresip;
  }

  /** Runs a command of its menu; rejects when it refuses. */
  async command(name: string, parameter = ""): Promise<string> {
    const text = JSON.stringify({ command: name, params: parameter, token: "" });
    const answered = new Promise<Response>((resolve) => this.responses.push(resolve));
    this.control.write(`${Buffer.byteLength(text)}:${text},`);
    const response = await within(answered, `baresip's answer to ${name}`);
    if (!response.ok) {
      throw new Error(`baresip refused ${name} ${parameter}: ${response.data}`);
    }
    return response.data;
  }

  async dial(uri: string): Promise<void> {
    await this.command("dial", uri);
  }

  async answer(): Promise<void> {
    await this.command("accept");
  }

  async hangUp(): Promise<void> {
    await this.command("hangup");
  }

  /** Sends RFC 4733 digits in the call. */
  async sendDigits(digits: string): Promise<void> {
    for (const digit of digits) {
      await this.command("sndcode", digit);
    }
  }

  /** Waits for an event, past ones included; returns it. */
  event(type: string, limit = 5000): Promise<BaresipEvent> {
    return until(() => this.events.find((event) => event.type === type), `${type} of ${this.program.name}`, limit);
  }

  /** What it has heard in the last call, up to now. */
  heard(): Int16Array {
    const files = readdirSync(this.folder).filter((name) => name.endsWith("-dec.wav"));
    const last = files.sort().at(-1);
    return last === undefined ? new Int16Array(0) : readWave(join(this.folder, last));
  }

  private async open(): Promise<void> {
    this.control = connect(this.options.port + CONTROL_OFFSET, BARESIP_ADDRESS);
    this.control.on("data", (chunk) => this.take(chunk));
    const opened = new Promise<void>((resolve, reject) => {
      this.control.once("connect", resolve);
      this.control.once("error", reject);
    });
    await within(opened, "baresip's control port");
  }

  /** Takes netstrings: length in decimal, colon, JSON, comma. */
  private take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const colon = this.received.indexOf(":");
      const length = Number(this.received.toString("latin1", 0, Math.max(colon, 0)));
      const end = colon + 1 + length;
      if (colon < 1 || this.received.length < end + 1) {
        return;
      }
      const text = this.received.toString("utf8", colon + 1, end);
      this.received = this.received.subarray(end + 1);
      const record = JSON.parse(text) as BaresipEvent & Response & { event?: boolean };
      if (record.event === true) {
        this.events.push(record);
      } else {
        this.responses.shift()?.(record);
      }
    }
  }
}

/** A person with a phone: what most tests need of baresip, to be changed where a test is about it. */
export const PERSON: BaresipOptions = {
  user: "person",
  port: 6000,
  law: "PCMU",
  packetTime: 20,
  hertz: 1000,
  level: -20,
  answers: true,
  registrar: "",
  password: "",
};
