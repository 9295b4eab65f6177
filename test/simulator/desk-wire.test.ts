// The wire to a device in a process of its own: neither side outlives the other.

import { equal, ok } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../native/build";

const LIMIT_MS = 10_000;
const LOOK_MS = 20;

async function waitFor(what: string, isThere: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!isThere()) {
    ok(Date.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Whether a process runs; one that has ended and that nobody has asked for yet does not. */
function isRunning(pid: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "latin1" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

describe("the wire to a device in a process of its own", () => {
  it("ends the device's process when the desk's is killed", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "doorline-wire-"));
    const note = path.join(directory, "pid");
    // The device waits for a command, as it does between polls; the desk never gives one.
    const script = `import { DeskWire } from "${path.join(root, "simulator/device/desk-wire")}";
      new DeskWire("sh", ["-c", "echo $$ > ${note}; exec cat"]);
      setInterval(() => undefined, 1000);`;
    const desk = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { cwd: root });
    let device = "";
    try {
      await waitFor("the device runs", () => existsSync(note) && readFileSync(note, "latin1").endsWith("\n"));
      device = readFileSync(note, "latin1").trim();
      equal(isRunning(device), true);
      desk.kill("SIGKILL");
      await waitFor("the device's process ends", () => !isRunning(device));
    } finally {
      desk.kill("SIGKILL");
      if (device !== "" && isRunning(device)) {
        process.kill(Number(device), "SIGKILL");
      }
      rmSync(directory, { recursive: true });
    }
  });
});
