// The Linux board follows the network: in a namespace of its own a link comes up after boot, and its address changes later. What the
// station then says of itself in its REGISTER is what a registrar would reach it by.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireProgram, skipOrFail } from "../../../tools/requirements";
import { BUILD_LIMIT_MS, buildNative, builtProgram, programImage } from "../build";

const TEST_LIMIT_MS = 60_000;

/** Ways into a new network namespace: as root, and as anybody where user namespaces are allowed. */
const ENTRANCES = [["--net"], ["--user", "--map-root-user", "--net"]];

/** $0 is the log, $@ the device. Each wait ends by what the station says; the whole is limited from outside. */
const SCRIPT = `
until_said() { until grep -q "$1" "$0"; do sleep 0.05; done; }
ip link set lo up
"$@" > "$0" &
device=$!
until_said "registration 1 0"
ip link add here type veth peer name there
ip link set there up
ip address add 192.0.2.2/24 dev here
ip link set here up
until_said "Contact: <sip:door@192.0.2.2:5060>"
ip address del 192.0.2.2/24 dev here
ip address add 192.0.2.7/24 dev here
until_said "Contact: <sip:door@192.0.2.7:5060>"
kill -TERM $device
wait $device
`;

describe("doorline-linux-lua on a network that changes", () => {
  let directory = "";
  let entrance: string[] = [];
  let device: string[] = [];

  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    requireProgram(this, "ip");
    requireProgram(this, "unshare");
    const way = ENTRANCES.find((options) => spawnSync("unshare", [...options, "true"]).status === 0);
    entrance = way ?? skipOrFail(this, "a network namespace of its own is not allowed here");
    buildNative(this);
    const executable = builtProgram("doorline-linux-lua");
    if (executable === "") {
      skipOrFail(this, "the source of Lua is missing: bash tools/native/lua-source.sh");
    }
    directory = mkdtempSync(path.join(tmpdir(), "doorline-network-"));
    const settings = path.join(directory, "doorline.conf");
    writeFileSync(settings, "account.user = door\naccount.registrar = 192.0.2.1\n");
    const image = await programImage(this, "lua");
    device = [
      executable,
      "--program",
      image,
      "--settings",
      settings,
      "--state-directory",
      directory,
      "--trace-sip=yes",
    ];
  });

  after(() => {
    if (directory !== "") {
      rmSync(directory, { recursive: true });
    }
  });

  it("registers with the address of the link that came up, and anew when that address changes", function () {
    this.timeout(TEST_LIMIT_MS);
    const log = path.join(directory, "log");
    const inside = ["timeout", "--kill-after=1", "40", "sh", "-c", SCRIPT, log, ...device];
    const { status, stderr } = spawnSync("unshare", [...entrance, ...inside], { encoding: "utf8" });
    strictEqual(status, 0, stderr);
    const contacts = [...readFileSync(log, "utf8").matchAll(/Contact: <sip:door@([\d.]+):5060>/g)].map(
      (match) => match[1],
    );
    deepStrictEqual([...new Set(contacts)].slice(-2), ["192.0.2.2", "192.0.2.7"]);
  });
});
