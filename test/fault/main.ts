// `npm run fault`: one fault run of a seed, printed. Exit code 1 when something is not as it was before the faults.

import { Command, InvalidArgumentError } from "commander";
import { DAY, runFaults } from "./scenario";

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) {
    throw new InvalidArgumentError("a number above 0 is expected");
  }
  return value;
}

const options = new Command("fault")
  .description("A simulated time of calls and faults on the virtual clock; the same seed gives the same message trace.")
  .option("--seed <n>", "what happens", positive, 1)
  .option("--days <n>", "simulated days", positive, 7)
  .parse()
  .opts<{ seed: number; days: number }>();

const start = performance.now();
const { problems, pools, ...counts } = runFaults(options.seed, options.days * DAY);
for (const [name, value] of Object.entries(counts)) {
  console.log(`${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(20)} ${value}`);
}
console.log(`pools in use         ${pools.join(", ")}`);
console.log(`${options.days} days of seed ${options.seed} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
for (const problem of problems) {
  console.log(`WRONG: ${problem}`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
