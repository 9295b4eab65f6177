// How an Arm MPS2 is flashed: the board shows a drive, from which its controller loads FPGA and memories whenever power comes (Arm,
// "Cortex-M Prototyping System Technical Reference Manual", board configuration). openocd compares what is in memory then, by the
// board's own CMSIS-DAP.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { boardOfShell, checkBoard, layoutName } from "../build/board-name";
import { readProgram } from "../build/program-image";
import { readElf } from "./elf";
import { FlashError, type FlashOptions, type FlashPart, type FlashPlan, type FlashWay } from "./flash-way";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The FPGA image that makes the processor of a board: Arm's application note, by which the board is called. */
const fpgaOf = (board: string): string => board.slice("mps2-".length).toUpperCase();
const DRIVE_NAME = "V2M-MPS2";
/** Folders that systems put drives into; under some there is one for each user. */
const MOUNTS = ["/media", "/run/media", "/Volumes", "/mnt"];

interface Partition {
  address: number;
  octets: number;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 * 1024 };

/** The partition of that name in a linker script's MEMORY. */
function readPartition(board: string, layout: string, name: string): Partition {
  const script = path.join(root, "boards", board, `${layout}.ld`);
  const text = existsSync(script) ? readFileSync(script, "utf8") : "";
  const line = new RegExp(`^\\s*${name} .*ORIGIN = (0x[0-9a-f]+), LENGTH = (\\d+)([KM]?)$`, "im").exec(text);
  if (line === null) {
    throw new FlashError(`--layout: boards/${board} has no layout "${layout}"`);
  }
  return { address: Number(line[1]), octets: Number(line[2]) * UNITS[line[3]] };
}

/** A file of the project, as it is called from here. */
function inProject(...names: string[]): string {
  return path.relative(process.cwd(), path.join(root, ...names));
}

function readInput(file: string, { board, vm }: FlashOptions): Buffer {
  if (!existsSync(file)) {
    throw new FlashError(`${file} is not there: doorline build --board ${board} --vm ${vm}`);
  }
  return readFileSync(file);
}

/** Says of which file a mistake is. */
function checked<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new FlashError(`${file}: ${error.message}`);
    }
    throw error;
  }
}

function checkRoom({ name, source, address, octets, room }: FlashPart, partition: Partition): void {
  if (address !== partition.address || octets.length > room) {
    throw new FlashError(
      `${source}: ${octets.length} octets at ${address} do not fit the ${name}'s ${room} at ${partition.address}: is it of another layout?`,
    );
  }
}

function readParts(options: FlashOptions): FlashPart[] {
  const { board, vm, layout } = options;
  const place = { shell: readPartition(board, layout, "SHELL"), program: readPartition(board, layout, "PROGRAM") };
  const name = layoutName(board, layout);
  const folder = layout === "small" ? `${board}-${vm}-small` : `${board}-${vm}`;
  const shell = options.shell || inProject("build/boards", folder, `doorline-${board}-${vm}`);
  const program = options.program || inProject("dist", `${name}.${vm === "lua" ? "lua32" : "static-snapshot"}.image`);
  const loaded = checked(shell, () => readElf(readInput(shell, options)));
  const image = readInput(program, options);
  const shellName = boardOfShell(loaded.octets);
  if (shellName !== name && shellName !== `${name}-hardware`) {
    throw new FlashError(`${shell}: it is no shell for ${name}${shellName === "" ? "" : `, but for ${shellName}`}`);
  }
  checked(program, () => checkBoard(readProgram(image), shellName));
  const parts = [
    { name: "shell", source: shell, ...loaded, room: place.shell.octets },
    { name: "program", source: program, address: place.program.address, octets: image, room: place.program.octets },
  ];
  checkRoom(parts[0], place.shell);
  checkRoom(parts[1], place.program);
  return parts;
}

const hexOf = (address: number): string => `0x${address.toString(16).padStart(8, "0")}`;

/** The name on the drive: its controller reads names of 8 letters. */
const fileOf = ({ name }: FlashPart): string => `${name}.bin`;

function imagesText(parts: readonly FlashPart[]): string {
  const images = parts.flatMap((part, index) => [
    "",
    `IMAGE${index}ADDRESS: ${hexOf(part.address)}`,
    `IMAGE${index}FILE: \\SOFTWARE\\${fileOf(part)}`,
  ]);
  const lines = ["TITLE: Versatile Express Images Configuration File", "", "[IMAGES]", `TOTALIMAGES: ${parts.length}`];
  return [...lines, ...images, ""].join("\r\n");
}

/** The folders of the board's revisions on a drive: MB/HBI0263B, MB/HBI0263C. */
function findRevisions(drive: string): string[] {
  const boards = path.join(drive, "MB");
  return existsSync(boards) ? readdirSync(boards).filter((name) => /^HBI0263/i.test(name)) : [];
}

/** The folder of the FPGA image, from which the controller takes its list of images. */
function findFpga(drive: string, fpga: string): string {
  if (drive === DRIVE_NAME) {
    return path.join(drive, "MB/HBI0263C", fpga);
  }
  for (const revision of findRevisions(drive)) {
    const folder = path.join(drive, "MB", revision, fpga);
    const chosen = path.join(drive, "MB", revision, "board.txt");
    if (existsSync(folder)) {
      const application = existsSync(chosen)
        ? (/^\s*APPFILE:\s*(\S+)/m.exec(readFileSync(chosen, "utf8"))?.[1] ?? "")
        : "";
      if (application !== "" && !application.toUpperCase().startsWith(fpga)) {
        throw new FlashError(`${chosen}: the board is set to ${application}; APPFILE has to name the file in ${fpga}`);
      }
      return folder;
    }
  }
  throw new FlashError(`${drive} has no MB/HBI0263…/${fpga}: copy Arm's ${fpga} package to the drive first`);
}

/** openocd reads where the shell belongs from the ELF file itself. */
function compareCommand([shell, program]: readonly FlashPart[]): string[] {
  const verify = [`verify_image ${shell.source}`, `verify_image ${program.source} ${hexOf(program.address)} bin`];
  const words = [
    "transport select swd",
    "swd newdap mps2 cpu",
    "dap create mps2.dap -chain-position mps2.cpu",
    "target create mps2.cpu cortex_m -dap mps2.dap",
    ["init", "reset halt", ...verify, "reset run", "shutdown"].join("; "),
  ];
  return ["openocd", "-f", "interface/cmsis-dap.cfg", ...words.flatMap((word) => ["-c", word])];
}

function isDrive(folder: string): boolean {
  return existsSync(path.join(folder, "SOFTWARE")) && findRevisions(folder).length > 0;
}

/** The folders in a folder, and none when it may not be read. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function plan(options: FlashOptions, drive: string): FlashPlan {
  const parts = readParts(options);
  const list = path.join(findFpga(drive, fpgaOf(options.board)), "images.txt");
  return {
    parts,
    writes: [
      ...parts.map((part) => ({
        file: path.join(drive, "SOFTWARE", fileOf(part)),
        octets: part.octets,
      })),
      { file: list, octets: Buffer.from(imagesText(parts), "latin1") },
    ],
    start: "eject the drive and press ON/OFF/RESET",
    compare: compareCommand(parts),
  };
}

function findDrive({ drive }: FlashOptions): string {
  if (drive !== "") {
    if (!isDrive(drive)) {
      throw new FlashError(`--drive: ${drive} is no drive of an MPS2: it has no SOFTWARE and MB/HBI0263…`);
    }
    return drive;
  }
  const near = MOUNTS.flatMap(foldersIn);
  const found = [...near, ...near.flatMap(foldersIn)].filter(isDrive);
  if (found.length === 0) {
    throw new FlashError(
      `no MPS2 is there: connect its USB port, switch it on, and mount the drive ${DRIVE_NAME} (or name it by --drive)`,
    );
  }
  if (found.length > 1) {
    throw new FlashError(`there are several MPS2: ${found.join(", ")}; --drive names the one to flash`);
  }
  return found[0];
}

export const mps2Way: FlashWay = { plan, findDrive, driveName: DRIVE_NAME };
