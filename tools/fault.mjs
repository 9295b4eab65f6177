// `npm run fault -- --seed N --days N`: one fault run (test/fault/scenario.ts), with its counts and the digest of its messages.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "test/fault/main.ts", process.argv.slice(2));
