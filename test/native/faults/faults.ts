// What can go wrong in a program, and what each VM says of it.

import type { NativeVm } from "../build";
import { EXHAUST, LOOP, OVERFILL, RAISE, RECUR, type Statement } from "./programs";

/** What a VM says of a fault, and as what the restart counts. */
export interface Told {
  says: RegExp;
  reason: string;
}

export interface Fault {
  title: string;
  statement: Statement;
  told: { readonly [vm in NativeVm]: Told };
}

export const FAULTS: readonly Fault[] = [
  {
    title: "takes more memory than there is",
    statement: EXHAUST,
    told: {
      lua: { says: /out of memory: no room for \d+ octets with \d+ of \d+ in use/, reason: "out of memory" },
      jerryscript: { says: /the heap of the VM is exhausted/, reason: "out of memory" },
    },
  },
  {
    title: "raises an error",
    statement: RAISE,
    told: {
      lua: { says: /script error: attempt to index a nil value/, reason: "script error" },
      jerryscript: { says: /: TypeError/, reason: "script error" },
    },
  },
  {
    title: "loops for ever",
    statement: LOOP,
    told: {
      lua: { says: /one call took more instructions than it may/, reason: "watchdog" },
      jerryscript: { says: /: the script loops/, reason: "watchdog" },
    },
  },
  {
    title: "calls itself for ever",
    statement: RECUR,
    told: {
      lua: { says: /out of memory/, reason: "out of memory" },
      jerryscript: { says: /: RangeError/, reason: "script error" },
    },
  },
  {
    title: "makes more buffers than there is room for",
    statement: OVERFILL,
    told: {
      lua: { says: /script error: .*LUA_BUFFER_OCTETS/, reason: "script error" },
      jerryscript: { says: /: RangeError.*JERRYSCRIPT_BUFFER_OCTETS/, reason: "script error" },
    },
  },
];

/** The reasons of a restart as the log calls them, by device_reset_reason. */
export const REASONS = ["power on", "watchdog", "out of memory", "script error", "program damaged", "fault"];
