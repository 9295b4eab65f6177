// The native twins of this process: what the shell put before the program, or none. The one place that looks; each module that
// has a twin chooses once, while it loads, and keeps its constant.

import type { Twins } from "../../hal/twins";

declare const doorlineTwins: Twins;

/** The twins, or false where the references do the work: on Node.js, and in a shell without. */
export const twins: Twins | false = typeof doorlineTwins !== "undefined" ? doorlineTwins : false;
