// What the log of a device calls its program: the same for the same bundle, another one for another.

import { createHash } from "node:crypto";

/** "1a2b3c4d5e6f": as long as the header of an image has room for. */
export function buildIdOf(bundle: string | Uint8Array): string {
  return createHash("sha256").update(bundle).digest("hex").slice(0, 12);
}
