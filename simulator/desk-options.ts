// What the command line asks of the desk, checked: the values of its options, and a sentence for each that is not allowed.

import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { HashAlgorithm } from "../firmware/crypto/hash";
import { SAMPLE_RATE } from "../hal/node/audio-format";
import { endpointOf } from "../hal/node/endpoint";
import { createLoop, createSine, type SampleSource } from "../hal/node/sample-source";
import { readWav } from "../hal/node/wav";
import { DeskError, describeFileError } from "./desk-error";
import { readSipUri, type SipUri } from "./switchboard/domain";

/** The options as they were given. */
export interface DeskOptions {
  settings?: string;
  peer?: string;
  account?: string;
  address?: string;
  sipPort?: string;
  switchboardPort?: string;
  /** False with --no-switchboard. */
  switchboard?: boolean;
  digest?: string;
  microphone?: string;
  record?: string;
  device?: string;
  /** Of a device that is an image: its small program. */
  small?: boolean;
  /** The file of the memory that outlives an emulated board. */
  memory?: string;
  /** The socket at which the console of an emulated board is given out. */
  console?: string;
}

/** An account at a registrar elsewhere. */
export interface Account {
  user: string;
  password: string;
  host: string;
  /** 0: none given. */
  port: number;
}

/** dBov of every tone on the desk. */
export const TONE_LEVEL = -20;
/** What the visitor's microphone hears when nothing else is said. */
export const VISITOR_HERTZ = 1000;
/** What the person at the indoor station says. */
export const INDOOR_HERTZ = 440;

const TONE = /^tone:(\d+)$/;
const ACCOUNT = /^([^:@\s]+):(.+)@(\[[^\]\s]+\]|[^:@\s]+)(?::(\d{1,5}))?$/;

/** Where the station's firmware runs: in this process, or in a device of its own (docs/desk.md). */
export const DEVICES = ["node", "linux-lua", "linux-jerryscript", "mps2-an386", "mps2-an500"] as const;
export type DeviceName = (typeof DEVICES)[number];

/** The device of --device. */
export function readDevice(text: string = DEVICES[0]): DeviceName {
  const device = DEVICES.find((name) => name === text);
  if (device === undefined) {
    throw new DeskError(`--device: "${text}" is no device; there are ${DEVICES.join(", ")}`);
  }
  return device;
}

/** A port from 1 to 65535; undefined when the option was not given. */
export function readPort(option: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    throw new DeskError(`${option}: "${text}" is no port; a port is a number from 1 to 65535`);
  }
  return port;
}

/** The URI of --peer. */
export function readPeer(text: string): SipUri {
  const uri = readSipUri(text);
  if (uri === undefined || text.length > 96) {
    throw new DeskError(`--peer: "${text}" is no SIP URI; what is needed is one such as sip:phone@192.0.2.7:5060`);
  }
  return uri;
}

/** The account of --account. */
export function readAccount(text: string): Account {
  const parts = ACCOUNT.exec(text);
  const port = Number(parts?.[4] ?? 0);
  if (parts === null || port > 65535) {
    // The text is not quoted: it holds a password.
    throw new DeskError("--account: what is needed is user:password@host or user:password@host:port");
  }
  return { user: parts[1], password: parts[2], host: parts[3], port };
}

/** An address literal; undefined when the option was not given. */
export function readAddress(text: string | undefined): string | undefined {
  if (text !== undefined) {
    try {
      endpointOf(text, 0);
    } catch {
      throw new DeskError(`--address: "${text}" is no IPv4 or IPv6 address`);
    }
  }
  return text;
}

const ALGORITHM_NAMES: Record<string, HashAlgorithm> = { "sha-256": HashAlgorithm.SHA_256, md5: HashAlgorithm.MD5 };

/** The digest algorithms that the switchboard offers, in this order; undefined when the option was not given. */
export function readDigest(text: string | undefined): HashAlgorithm[] | undefined {
  return text?.split(",").map((name) => {
    const algorithm = ALGORITHM_NAMES[name.trim().toLowerCase()];
    if (algorithm === undefined) {
      throw new DeskError(`--digest: "${name}" is no algorithm of digest; there are sha-256 and md5`);
    }
    return algorithm;
  });
}

/** What a microphone hears. */
export interface Voice {
  source: SampleSource;
  /** Of a tone; 0: a recording. */
  hertz: number;
  /** Samples after which it begins anew. */
  period: number;
}

/** What the microphone hears: `tone:HZ` or the path of a WAV file. */
export function readMicrophone(text = `tone:${VISITOR_HERTZ}`): Voice {
  const hertz = Number(TONE.exec(text)?.[1] ?? 0);
  try {
    if (TONE.test(text)) {
      // Whole numbers of Hz: after a second every tone is where it began.
      return { source: createSine(hertz, TONE_LEVEL), hertz, period: SAMPLE_RATE };
    }
    const recording = readWav(text);
    return { source: createLoop(recording), hertz, period: recording.length };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DeskError(
      `--microphone: ${code === undefined ? message : `${text} cannot be read: ${describeFileError(error)}`}`,
    );
  }
}

/**
 * Makes a directory and those above it that are missing. Step by step, because the recursive mkdirSync never returns where
 * the system refuses with ENOENT, as below /proc.
 */
function makeDirectory(directory: string): void {
  const parent = path.dirname(directory);
  if (!existsSync(parent)) {
    makeDirectory(parent);
  }
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    mkdirSync(directory);
  }
}

/** Makes the directory of --record. Returns the paths of what each side hears. */
export function openRecordings(directory: string): { door: string; indoor: string } {
  try {
    makeDirectory(path.resolve(directory));
  } catch (error) {
    throw new DeskError(`--record: ${directory} cannot be made: ${describeFileError(error)}`);
  }
  return { door: path.join(directory, "door.wav"), indoor: path.join(directory, "indoor.wav") };
}
