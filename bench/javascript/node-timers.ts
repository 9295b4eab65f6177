// Node.js's own timers: setTimeout and clearTimeout, which no operation here lives to see fire.

import type { CreateContender } from "./contender";
import { ARMED, intervalOf, TIMERS } from "./timers";

function ignore(): void {
  // It is stopped before it fires.
}

export const createContender: CreateContender = () => {
  const timers: NodeJS.Timeout[] = [];
  let next = 0;
  for (let index = 0; index < TIMERS; index += 1) {
    timers.push(setTimeout(ignore, index < ARMED ? intervalOf(index) : 1));
  }
  return {
    version: process.version.slice(1),
    operations: {
      timer: {
        run() {
          next = (next + 1) & (TIMERS - 1);
          clearTimeout(timers[next]);
          timers[next] = setTimeout(ignore, intervalOf(next));
          return 1;
        },
      },
    },
  };
};
