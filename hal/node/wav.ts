// WAV files (RIFF WAVE): read as 16-bit linear or G.711 at 8,000 Hz, one channel; written as 16-bit linear. Nothing is
// resampled or mixed down: a file of another form is refused with what it is and what is needed.

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createG711, decodeG711, Law } from "../../firmware/audio/g711";
import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import { SAMPLE_RATE } from "./audio-format";
import type { SampleSink } from "./level-meter";

/** wFormatTag */
const FORMAT_PCM = 1;
const FORMAT_A_LAW = 6;
const FORMAT_MU_LAW = 7;
const FORMAT_EXTENSIBLE = 0xfffe;

const FORMAT_NAMES: Record<number, string> = {
  [FORMAT_PCM]: "linear",
  3: "floating point",
  [FORMAT_A_LAW]: "A-law",
  [FORMAT_MU_LAW]: "mu-law",
};

const EXPECTED = `what is needed is a WAV file of 16-bit linear, A-law or mu-law samples, one channel, ${SAMPLE_RATE} Hz`;

interface Format {
  tag: number;
  channels: number;
  rate: number;
  bits: number;
}

function readFormat(view: DataView, start: number): Format {
  const tag = view.getUint16(start, true);
  const isExtensible = tag === FORMAT_EXTENSIBLE && view.byteLength >= start + 26;
  return {
    // The first half of an extensible format's GUID is the tag that it would otherwise have.
    tag: isExtensible ? view.getUint16(start + 24, true) : tag,
    channels: view.getUint16(start + 2, true),
    rate: view.getUint32(start + 4, true),
    bits: view.getUint16(start + 14, true),
  };
}

function describeFormat(format: Format): string {
  const channels = format.channels === 1 ? "one channel" : `${format.channels} channels`;
  return `${format.bits}-bit ${FORMAT_NAMES[format.tag] ?? `format ${format.tag}`}, ${channels}, ${format.rate} Hz`;
}

function decode(content: Uint8Array, format: Format): Samples {
  if (format.tag === FORMAT_PCM) {
    const samples = createSamples(content.length >> 1);
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    for (let index = 0; index < samples.length; index += 1) {
      samples[index] = view.getInt16(2 * index, true);
    }
    return samples;
  }
  const samples = createSamples(content.length);
  decodeG711(createG711(), format.tag === FORMAT_A_LAW ? Law.A : Law.MU, content, 0, content.length, samples, 0);
  return samples;
}

/**
 * The samples of a WAV file. Throws an Error that names the file, what is wrong and what is needed.
 * @param name how messages call the file
 */
export function parseWav(content: Uint8Array, name: string): Samples {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const tagAt = (offset: number): string => String.fromCharCode(...content.subarray(offset, offset + 4));
  if (content.length < 12 || tagAt(0) !== "RIFF" || tagAt(8) !== "WAVE") {
    throw new Error(`${name} is no WAV file; ${EXPECTED}`);
  }
  let format: Format | undefined;
  let offset = 12;
  while (offset + 8 <= content.length) {
    const tag = tagAt(offset);
    const start = offset + 8;
    // A recorder that was cut off leaves a length that is too large: what is there counts.
    const end = Math.min(content.length, start + view.getUint32(offset + 4, true));
    if (tag === "fmt " && end - start >= 16) {
      format = readFormat(view, start);
    } else if (tag === "data" && format !== undefined) {
      const bits = format.tag === FORMAT_PCM ? 16 : 8;
      const isKnown = [FORMAT_PCM, FORMAT_A_LAW, FORMAT_MU_LAW].includes(format.tag);
      if (!isKnown || format.channels !== 1 || format.rate !== SAMPLE_RATE || format.bits !== bits) {
        throw new Error(`${name} is ${describeFormat(format)}; ${EXPECTED}`);
      }
      return decode(content.subarray(start, end), format);
    }
    offset = end + ((end - start) % 2);
  }
  throw new Error(`${name} has no samples; ${EXPECTED}`);
}

/** The samples of the WAV file at `path`. Throws as `parseWav`. */
export function readWav(path: string): Samples {
  return parseWav(readFileSync(path), path);
}

const HEADER_OCTETS = 44;

function createHeader(dataOctets: number): Uint8Array {
  const header = new Uint8Array(HEADER_OCTETS);
  const view = new DataView(header.buffer);
  const put = (offset: number, tag: string): void => header.set(Buffer.from(tag, "latin1"), offset);
  put(0, "RIFF");
  view.setUint32(4, HEADER_OCTETS - 8 + dataOctets, true);
  put(8, "WAVE");
  put(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, FORMAT_PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, 2 * SAMPLE_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, "data");
  view.setUint32(40, dataOctets, true);
  return header;
}

/** Writes what it takes into a WAV file, a second at a time; the file is whole after each second and after `close`. */
export class WavRecorder implements SampleSink {
  private readonly file: number;
  private readonly pending = new Uint8Array(2 * SAMPLE_RATE);
  private pendingOctets = 0;
  private written = 0;
  private closed = false;

  /** Throws when the file cannot be made. */
  constructor(readonly path: string) {
    this.file = openSync(path, "w");
    writeSync(this.file, createHeader(0));
  }

  take(samples: Samples, count: number): void {
    for (let index = 0; index < count && !this.closed; index += 1) {
      this.pending[this.pendingOctets] = samples[index] & 0xff;
      this.pending[this.pendingOctets + 1] = (samples[index] >> 8) & 0xff;
      this.pendingOctets += 2;
      if (this.pendingOctets === this.pending.length) {
        this.flush();
      }
    }
  }

  close(): void {
    if (!this.closed) {
      this.flush();
      closeSync(this.file);
      this.closed = true;
    }
  }

  private flush(): void {
    writeSync(this.file, this.pending, 0, this.pendingOctets, HEADER_OCTETS + this.written);
    this.written += this.pendingOctets;
    this.pendingOctets = 0;
    writeSync(this.file, createHeader(this.written), 0, HEADER_OCTETS, 0);
  }
}
