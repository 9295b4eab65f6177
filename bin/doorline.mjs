#!/usr/bin/env node
// The command `doorline`: loads the TypeScript of the simulator and hands it the command line.

import { register } from "tsx/esm/api";

register();
const { main } = await import("../simulator/main.ts");
process.exit(await main(process.argv.slice(2)));
