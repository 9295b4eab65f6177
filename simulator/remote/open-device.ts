// Opens the device that a plan names: finds what `doorline build` made of it, builds that when it is missing, and starts it with the
// settings of the plan and ports that are free.

import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { SampleSink } from "../../hal/node/level-meter";
import { openUdpPair } from "../../hal/node/udp-socket";
import { type BoardBuild, buildShell, type Vm } from "../../tools/native/board-build";
import { readSymbols } from "../../tools/native/cross-board";
import { findProgram, missingLine } from "../../tools/requirements";
import { DeskError } from "../desk-error";
import type { DeskNetwork } from "../desk-network";
import type { DeviceName } from "../desk-options";
import type { DeskPlan, DeviceFiles } from "../desk-plan";
import { QEMU } from "../mps2/emulated-board";
import { isMps2Board, PSRAM_AT } from "../mps2/shared-memory";
import type { StationUnderDesk } from "../station-under-desk";
import { LinuxStation } from "./linux-station";
import { createAliasedNetwork, GATEWAY_ADDRESS } from "./loopback-alias";
import { Mps2Station } from "./mps2-station";

const root = fileURLToPath(new URL("../..", import.meta.url));

type RemoteName = Exclude<DeviceName, "node">;

interface DeviceKind {
  board: string;
  vm: Vm;
  /** The program's images that it runs, by the end of their names, the best first. */
  images: readonly string[];
}

const KINDS: Record<RemoteName, DeviceKind> = {
  "linux-lua": { board: "linux", vm: "lua", images: ["lua64.image"] },
  "linux-jerryscript": { board: "linux", vm: "jerryscript", images: ["static-snapshot.image", "js.image"] },
  "mps2-an386": { board: "mps2-an386", vm: "lua", images: ["lua32.image"] },
  "mps2-an500": { board: "mps2-an500", vm: "lua", images: ["lua32.image"] },
};

/** Whether the desk is at the loopback interface, which an emulated board knows by another name. */
function isAliased({ device, address, users }: DeskPlan): boolean {
  return isMps2Board(device.name) && users.length > 0 && address.startsWith("127.");
}

/** The network on which the desk meets the device of a plan. */
export function networkFor(plan: DeskPlan, network: DeskNetwork): DeskNetwork {
  return isAliased(plan) ? createAliasedNetwork(network, GATEWAY_ADDRESS, plan.address) : network;
}

/** When the newest of the files in some folders was written that have one of the endings, in milliseconds. */
function newestIn(folders: string[], endings: RegExp): number {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => endings.test(name))
      .map((name) => path.join(root, folder, name)),
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

function isCurrent(file: string, sources: number): boolean {
  return existsSync(file) && statSync(file).mtimeMs >= sources;
}

/**
 * What the device of a plan is made of. Before anything is opened, because a build holds everything else up. Throws a DeskError or a
 * BoardBuildError that says which program of the system is missing.
 */
export function deviceFiles({ device: { name, small, files } }: DeskPlan): DeviceFiles {
  if (isMps2Board(name) && findProgram(QEMU) === "") {
    throw new DeskError(missingLine(QEMU));
  }
  return files ?? findFiles(KINDS[name as RemoteName], small, (line) => process.stderr.write(`${line}\n`));
}

/** The files of a device, built when one is missing or older than its sources. Throws a BoardBuildError that says what is missing. */
function findFiles({ board, vm, images }: DeviceKind, small: boolean, say: (line: string) => void): DeviceFiles {
  const build: BoardBuild = { board, vm, small };
  const name = small ? `${board}-small` : board;
  const folder = path.join(root, "build/boards", [board, vm, ...(small ? ["small"] : [])].join("-"));
  const executable = path.join(folder, `doorline-${board}-${vm}`);
  // The boards that are an MPS2 share their sources.
  const folders = (isMps2Board(board) ? Object.keys(PSRAM_AT) : [board]).map((folder) => `boards/${folder}`);
  const program = images
    .map((ending) => path.join(root, "dist", `${name}.${ending}`))
    .find((file) => isCurrent(file, newestIn(["firmware", "hal", ...folders], /\.ts$/)));
  const shells = ["hal/native", `hal/${vm === "lua" ? "lua" : "jerryscript"}-bindings`, ...folders];
  if (program !== undefined && isCurrent(executable, newestIn(shells, /\.(c|h|ld|txt|cmake)$/))) {
    return { executable, program };
  }
  say(`building ${path.relative(root, executable)}, which takes a minute`);
  const files = { executable, program: buildShell(build).program };
  // What make found unchanged is current as well.
  for (const file of Object.values(files)) {
    utimesSync(file, new Date(), new Date());
  }
  return files;
}

/** Any even port that is free, with the one above, when none is asked for. */
async function choosePorts(plan: DeskPlan, network: DeskNetwork): Promise<{ sip: number; rtp: number }> {
  const { sip, rtp } = plan.ports;
  // Held together, so that they differ; and closed, so that the device can have them.
  const socket = await network.openSocket(plan.address, sip);
  const pair = await openUdpPair({ address: plan.address, port: rtp });
  const ports = { sip: socket.local.port, rtp: pair.rtp.local.port };
  for (const opened of [socket, pair.rtp, pair.rtcp]) {
    opened.close();
  }
  return ports;
}

/**
 * Starts the device of a plan. Throws a DeskError or a BoardBuildError.
 * @param network of `networkFor`
 * @param files of `deviceFiles`
 * @param switchboard its `host:port`; "" without one
 * @param recorders hear its loudspeaker
 */
export async function openDevice(
  plan: DeskPlan,
  network: DeskNetwork,
  { executable, program }: DeviceFiles,
  switchboard: string,
  recorders: SampleSink[],
): Promise<StationUnderDesk> {
  const { name, small, memory, console: consoleSocket } = plan.device;
  const ports = await choosePorts(plan, network);
  const board = { "network.sip-port": `${ports.sip}`, "network.rtp-port": `${ports.rtp}` };
  const common = {
    name: small ? `${name} small` : name,
    address: plan.address,
    microphone: plan.microphone,
    recorders,
    program,
  };
  if (!isMps2Board(name)) {
    const settings = plan.settingsTextFor(switchboard, board);
    return LinuxStation.start(network, { ...common, executable, settings });
  }
  const seenAt = isAliased(plan) ? GATEWAY_ADDRESS : plan.address;
  const settings = plan.settingsTextFor(switchboard, { ...board, "network.advertised-address": seenAt });
  const programAt = readSymbols(executable).get("memory_first") ?? 0;
  return Mps2Station.start(network, {
    ...{ ...common, board: name },
    shell: executable,
    programAt,
    settings,
    memory,
    console: consoleSocket,
  });
}
