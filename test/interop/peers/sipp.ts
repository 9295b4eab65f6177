// sipp as a peer: one scenario of test/interop/sipp, one call, its own loopback address. It says by its exit code whether
// every message was the one that the scenario expects.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bed } from "../bed";
import { until } from "../waiting";
import type { Program } from "./process";
import { TALK, talkFile } from "./talk";

export interface SippOptions {
  /** Name of the file in test/interop/sipp, without ".xml". */
  scenario: string;
  address: string;
  port: number;
  mediaPort: number;
  /** host:port that a caller calls; "" for a scenario that waits to be called. */
  remote: string;
  /** The user part that a caller calls. */
  service: string;
  /** Its own user part, and its user name where it is challenged. */
  user: string;
  password: string;
  /** The URI in its digests without its scheme; "": the remote address. */
  digestUri: string;
  /** Whether it swallows messages that come again, as most scenarios want; else each is one of the scenario's. */
  swallowsRepeats: boolean;
  /** What it plays when its scenario does. */
  talk: typeof TALK;
}

/** A phone of the tests: to be changed where a test is about it. */
export const PHONE: SippOptions = {
  scenario: "",
  address: "127.0.0.40",
  port: 5060,
  mediaPort: 10600,
  remote: "",
  service: "door",
  user: "person",
  password: "person-secret",
  digestUri: "",
  swallowsRepeats: true,
  talk: TALK,
};

/** Seconds after which sipp gives up by itself. */
const LIMIT_SECONDS = 20;
const SCENARIOS = fileURLToPath(new URL("../sipp/", import.meta.url));

/** Whether a UDP socket of this namespace is bound to address:port. */
function isBound(address: string, port: number): boolean {
  const octets = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  const entry = `${octets.reverse().join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
  return readFileSync("/proc/self/net/udp", "latin1").includes(entry);
}

export class Sipp {
  readonly options: SippOptions;
  /** Where it is called. */
  readonly uri: string;
  private readonly program: Program;
  private readonly errors: string;

  private constructor(bed: Bed, options: SippOptions) {
    this.options = options;
    this.uri = `sip:${options.user}@${options.address}:${options.port}`;
    this.errors = join(bed.directory, `${options.scenario}.errors`);
    writeFileSync(join(bed.directory, "talk.pcap"), talkFile(options.talk));
    const args = [
      ...(options.remote === "" ? [] : [options.remote]),
      ...["-sf", join(SCENARIOS, `${options.scenario}.xml`), "-s", options.service, "-key", "user", options.user],
      ...["-au", options.user, "-ap", options.password],
      ...(options.digestUri === "" ? [] : ["-auth_uri", options.digestUri]),
      ...["-i", options.address, "-p", String(options.port), "-mi", options.address, "-mp", String(options.mediaPort)],
      ...(options.swallowsRepeats ? [] : ["-nr"]),
      ...["-m", "1", "-nostdin", "-trace_err", "-error_file", this.errors],
      ...["-timeout", `${LIMIT_SECONDS}s`, "-timeout_error"],
    ];
    this.program = bed.start({ name: `sipp ${options.scenario}`, command: "sipp", args });
  }

  /** Starts one; a scenario that waits to be called is bound to its port when the promise settles. */
  static async start(bed: Bed, options: SippOptions): Promise<Sipp> {
    const sipp = new Sipp(bed, options);
    const ready = () => sipp.program.ended !== undefined || isBound(options.address, options.port);
    await until(ready, `the port of ${sipp.program.name}`);
    return sipp;
  }

  /** Waits for the end of the scenario; rejects with what went otherwise than it expects. */
  async done(): Promise<void> {
    const code = await this.program.end;
    if (code !== 0) {
      const errors = existsSync(this.errors) ? readFileSync(this.errors, "utf8") : "";
      throw new Error(`${this.program.name} ended with ${code}\n${errors.trim()}`);
    }
  }
}
