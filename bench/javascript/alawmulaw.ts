// npm's alawmulaw: its encode and decode of a frame, each of which returns a new array.

import { createRequire } from "node:module";
import { type Corpus, FRAME_SAMPLES, VARIANTS } from "../corpus";
import type { CreateContender, Operation } from "./contender";

interface Law {
  encode(samples: Int16Array): Uint8Array;
  decode(codes: Uint8Array): Int16Array;
}

const require = createRequire(import.meta.url);

function encoder(law: Law, corpus: Corpus): Operation {
  const frames = Array.from({ length: VARIANTS }, (_, index) =>
    corpus.speech.slice(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
  );
  const ramp = Int16Array.from({ length: 65536 }, (_, index) => index - 32768);
  return { run: (index) => law.encode(frames[index])[index], sample: () => law.encode(ramp) };
}

function decoder(law: Law, corpus: Corpus): Operation {
  const frames = Array.from({ length: VARIANTS }, (_, index) =>
    law.encode(corpus.speech.slice(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES)),
  );
  const codes = Uint8Array.from({ length: 256 }, (_, index) => index);
  return { run: (index) => law.decode(frames[index])[index], sample: () => new Uint8Array(law.decode(codes).buffer) };
}

export const createContender: CreateContender = (corpus) => {
  const { alaw, mulaw } = require("alawmulaw") as { alaw: Law; mulaw: Law };
  return {
    version: (require("alawmulaw/package.json") as { version: string }).version,
    operations: {
      "encode-alaw": encoder(alaw, corpus),
      "encode-ulaw": encoder(mulaw, corpus),
      "decode-alaw": decoder(alaw, corpus),
      "decode-ulaw": decoder(mulaw, corpus),
    },
  };
};
