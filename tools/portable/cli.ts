// `npm run lint`'s look at the portable subset: checks firmware/ and hal/*.ts as firmware/tsconfig.json sees them, prints
// one line a refusal and ends with 1 when there is one.

import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { checkProgram, formatRefusal } from "./check";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const configPath = path.join(root, "firmware/tsconfig.json");
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(configPath, ts.sys.readFile).config,
  ts.sys,
  path.dirname(configPath),
);
const program = ts.createProgram(config.fileNames, config.options);
const refusals = checkProgram(program, root);
for (const refusal of refusals) {
  console.error(formatRefusal(refusal, root));
}
if (refusals.length > 0) {
  console.error(`portable subset: ${refusals.length} refused`);
  process.exitCode = 1;
} else {
  console.log(`portable subset: ${config.fileNames.length} files, none refused`);
}
