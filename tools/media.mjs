// `npm run media`: a call of the MPS2 image in QEMU in which every frame is counted (test/mps2/media.test.ts), ten minutes long, or as long as
// `--minutes` says.

import { parseArgs } from "node:util";
import { runNode, TYPESCRIPT } from "./run.mjs";

/** A call ends after half an hour (settings, call.talk-limit). */
const MOST_MINUTES = 29;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (minutes > 0 && minutes <= MOST_MINUTES) {
  process.exitCode = await runNode(TYPESCRIPT, "node_modules/mocha/bin/mocha.js", ["test/mps2/media.test.ts"], {
    DOORLINE_MEDIA_SECONDS: String(Math.round(60 * minutes)),
  });
} else {
  console.error(`--minutes: "${values.minutes}" is not allowed; a number up to ${MOST_MINUTES}`);
  process.exitCode = 1;
}
