// WAV files of 16-bit mono samples at 8,000 a second (RIFF, Microsoft's PCM format): what peers play and record. A file that
// is still being written, whose header does not yet say its length, is read as far as it goes.

import { readFileSync, writeFileSync } from "node:fs";
import { RATE } from "./tone";

const HEADER_OCTETS = 44;

/** Writes `samples` as a WAV file. */
export function writeWave(path: string, samples: Int16Array): void {
  const file = Buffer.alloc(HEADER_OCTETS + samples.length * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32); // octets a sample
  file.writeUInt16LE(16, 34); // bits a sample
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => {
    file.writeInt16LE(sample, HEADER_OCTETS + index * 2);
  });
  writeFileSync(path, file);
}

/** The samples of a WAV file, finished or growing; throws when it is no 16-bit mono file at 8,000 samples a second. */
export function readWave(path: string): Int16Array {
  const file = readFileSync(path);
  if (file.length < HEADER_OCTETS) {
    return new Int16Array(0);
  }
  // A header of zeros is filled in when the file is closed: what follows it are the samples.
  let chunk = file[0] === 0 ? HEADER_OCTETS - 8 : 12;
  while (file[0] !== 0 && chunk + 8 <= file.length && file.toString("latin1", chunk, chunk + 4) !== "data") {
    if (file.toString("latin1", chunk, chunk + 4) === "fmt ") {
      const channels = file.readUInt16LE(chunk + 10);
      const rate = file.readUInt32LE(chunk + 12);
      const bits = file.readUInt16LE(chunk + 22);
      if (channels !== 1 || rate !== RATE || bits !== 16) {
        throw new Error(`${path}: ${channels} channels, ${rate} Hz, ${bits} bits; expected 1, ${RATE}, 16`);
      }
    }
    chunk += 8 + file.readUInt32LE(chunk + 4);
  }
  const start = chunk + 8;
  const count = Math.max(0, Math.floor((file.length - start) / 2));
  return Int16Array.from({ length: count }, (_, index) => file.readInt16LE(start + index * 2));
}
