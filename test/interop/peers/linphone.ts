// linphonec as a peer: one phone with G.711, its voice a tone from a WAV file, what it hears recorded to another, driven
// through its prompt. Its core does not start unless its data folder exists; it lives on 127.0.0.1 or ::1.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bed } from "../bed";
import { sine } from "../tone";
import { readWave, writeWave } from "../wave";
import type { Program } from "./process";

export interface LinphoneOptions {
  user: string;
  /** Of SIP over UDP and over TCP. */
  port: number;
  /** Its address, without brackets. */
  address: string;
  /** Its tone. */
  hertz: number;
  /** dBov */
  level: number;
  /** Answers by itself. */
  answers: boolean;
  /** Digits as SIP INFO; else RFC 4733. */
  info: boolean;
  /** Session-Expires, seconds; 0: no session timer of its own. */
  sessionExpires: number;
  /** Whether it supports reliable provisional responses. */
  reliable: boolean;
  /** Sends voice to where it comes from, not to where the description says. */
  symmetric: boolean;
}

const TONE_SECONDS = 30;

function configuration(options: LinphoneOptions): string {
  const host = options.address.includes(":") ? `[${options.address}]` : options.address;
  const timer =
    options.sessionExpires === 0
      ? ["session_expires_enabled=0"]
      : [
          "session_expires_enabled=1",
          `session_expires_value=${options.sessionExpires}`,
          "session_expires_min_value=90",
          "session_expires_refresher_value=2", // the caller
        ];
  const codecs = ["PCMU", "PCMA"].map(
    (name, index) => `[audio_codec_${index}]\nmime=${name}\nrate=8000\nchannels=1\nenabled=1`,
  );
  return [
    "[sip]",
    `sip_port=${options.port}`,
    `sip_tcp_port=${options.port}`,
    "sip_tls_port=0",
    `contact="${options.user}" <sip:${options.user}@${host}:${options.port}>`,
    "register_only_when_network_is_up=0",
    "auto_net_state_mon=0",
    "guess_hostname=0",
    "verify_server_certs=0",
    `use_ipv6=${options.address.includes(":") ? 1 : 0}`,
    `use_info=${options.info ? 1 : 0}`,
    `use_rfc2833=${options.info ? 0 : 1}`,
    `100rel_support_level=${options.reliable ? 1 : 0}`,
    ...timer,
    "[rtp]",
    `symmetric=${options.symmetric ? 1 : 0}`,
    `audio_rtp_port=${10000 + options.port}`,
    ...codecs,
    "",
  ].join("\n");
}

export class Linphone {
  readonly options: LinphoneOptions;
  /** Where it is called without a proxy. */
  readonly uri: string;
  readonly program: Program;
  private readonly recording: string;

  private constructor(bed: Bed, options: LinphoneOptions) {
    const folder = join(bed.directory, options.user);
    const host = options.address.includes(":") ? `[${options.address}]` : options.address;
    this.options = options;
    this.uri = `sip:${options.user}@${host}:${options.port}`;
    this.recording = join(folder, "heard.wav");
    for (const part of [".local/share/linphone", ".config/linphone"]) {
      mkdirSync(join(folder, part), { recursive: true });
    }
    writeWave(join(folder, "tone.wav"), sine(options.hertz, options.level, TONE_SECONDS));
    writeFileSync(join(folder, "linphonerc"), configuration(options));
    const args = ["-c", join(folder, "linphonerc"), ...(options.answers ? ["-a"] : [])];
    this.program = bed.start({
      name: `linphonec ${options.user}`,
      command: "linphonec",
      args,
      directory: folder,
      environment: {
        HOME: folder,
        XDG_DATA_HOME: join(folder, ".local/share"),
        XDG_CONFIG_HOME: join(folder, ".config"),
      },
    });
  }

  /** Starts one; it is ready to call and to be called. */
  static async start(bed: Bed, options: LinphoneOptions): Promise<Linphone> {
    const linphone = new Linphone(bed, options);
    const { program } = linphone;
    await program.printed(/linphonec>/);
    program.type("soundcard use files");
    await program.printed(/Using wav files/);
    program.type(`play ${join(bed.directory, options.user, "tone.wav")}`);
    program.type(`record ${linphone.recording}`);
    program.type("ports");
    await program.printed(new RegExp(`sip port = ${options.port}`));
    return linphone;
  }

  /** Types a command at its prompt. */
  type(command: string): void {
    this.program.type(command);
  }

  call(uri: string): void {
    this.type(`call ${uri} --audio-only`);
  }

  hangUp(): void {
    this.type("terminate");
  }

  /** Sends digits in the call, in the way of its options. */
  sendDigits(digits: string): void {
    this.type(digits);
  }

  /** Waits for a line of its prompt; `from` is an offset into the program's output. */
  async says(pattern: RegExp, limit = 6000, from = 0): Promise<void> {
    await this.program.printed(pattern, limit, from);
  }

  /** What it has heard in the last call, up to now. */
  heard(): Int16Array {
    return existsSync(this.recording) ? readWave(this.recording) : new Int16Array(0);
  }
}

/** A person with a phone: what most tests need, to be changed where a test is about it. */
export const LINPHONE: LinphoneOptions = {
  user: "person",
  port: 6100,
  address: "127.0.0.1",
  hertz: 1000,
  level: -20,
  answers: true,
  info: false,
  sessionExpires: 0,
  reliable: false,
  symmetric: false,
};
