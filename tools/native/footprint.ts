// `npm run footprint`: flash and static memory of each VM's shell with the program on a Cortex-M4, part by part, from the linker's map.
// The board below it is one that has nothing (test/native/footprint). JerryScript's library comes from an installation for that
// processor, which `--jerryscript` names.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { findProgram } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { BoardBuildError, buildProgram, VMS, type Vm } from "./board-build";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COMPILER = "arm-none-eabi-gcc";

/** Whose a file of the linker's map is: the first that fits. */
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/liblua_core|libjerry-/, "VM"],
  [/libdoorline_lua|doorline_jerryscript\.dir/, "binding"],
  [/libdoorline_twins/, "native twins"],
  [/libdoorline_native/, "shell"],
  [/libdoorline_program/, "program image"],
  [/null_port/, "port of a board that has nothing"],
  [/./, "C library"],
];

/** Which limits each VM is built with: no compiler of Lua, no room for snapshots that are copied. */
const LIMITS: { readonly [vm in Vm]: readonly string[] } = {
  lua: ["LUA_RUNS_BYTECODE=0"],
  jerryscript: ["JERRYSCRIPT_SNAPSHOT_OCTETS=0"],
};

/** What is larger in static memory is a room that a limit sizes, and is told by itself. */
const ROOM_OCTETS = 8192;

interface Section {
  name: string;
  octets: number;
  file: string;
}

/** The input sections that the linker kept: "name 0xaddress 0xsize file", a long name on a line of its own. */
function readMap(map: string): Section[] {
  const kept = map.slice(map.indexOf("Linker script and memory map"));
  const line = /^ (\.\S+|COMMON)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$/gm;
  return [...kept.matchAll(line)]
    .map(([, name, , size, file]) => ({ name, octets: Number.parseInt(size, 16), file }))
    .filter(({ octets }) => octets > 0);
}

/** Where a section lies when the device runs: code and constants in flash, what is written in RAM, values at boot in both. */
function placeOf(name: string): { flash: boolean; ram: boolean } {
  const isData = /^\.data/.test(name);
  return {
    flash: isData || /^\.(text|rodata|ARM\.ex|init|fini)/.test(name),
    ram: isData || /^(\.bss|COMMON)/.test(name),
  };
}

function footprintLines(vm: Vm, sections: readonly Section[]): string[] {
  const parts = new Map(OWNERS.map(([, owner]) => [owner, { flash: 0, ram: 0 }]));
  const rooms: Cell[][] = [];
  for (const { name, octets, file } of sections) {
    const place = placeOf(name);
    const owner = OWNERS.find(([pattern]) => pattern.test(file))?.[1] ?? "";
    const part = parts.get(owner);
    if (part === undefined) {
      continue;
    }
    part.flash += place.flash ? octets : 0;
    if (place.ram && octets >= ROOM_OCTETS) {
      rooms.push([`${owner}: ${name.replace(/^\.bss\./, "")}`, "", octets]);
    } else {
      part.ram += place.ram ? octets : 0;
    }
  }
  const rows = [...parts].map(([owner, { flash, ram }]): Cell[] => [owner, flash, ram]);
  return tableLines([`${vm} on a Cortex-M4`, "flash", "RAM"], [...rows, ...rooms]);
}

function link(vm: Vm, jerryScript: string): string {
  const image = buildProgram({ board: "linux", vm, small: false }).replace("lua64", "lua32");
  const directory = path.join(root, "build/boards", `footprint-${vm}`);
  const cmake = findProgram("cmake");
  const defines = LIMITS[vm].map((limit) => `-D${limit}`).join(" ");
  const words = [
    ...["-S", root, "-B", directory, "-DCMAKE_BUILD_TYPE=MinSizeRel", `-DDOORLINE_VM=${vm}`],
    ...["-DDOORLINE_TESTS=OFF", "-DDOORLINE_FOOTPRINT=ON", `-DDOORLINE_PROGRAM=${image}`],
    `-DCMAKE_TOOLCHAIN_FILE=${path.join(root, "test/native/footprint/cortex-m4.cmake")}`,
    ...[`-DCMAKE_C_FLAGS=${defines}`, `-DJERRYSCRIPT_PREFIX=${jerryScript}`],
  ];
  const quietly = { cwd: root, stdio: ["ignore", "ignore", "inherit"] as ("ignore" | "inherit")[] };
  execFileSync(cmake, words, quietly);
  execFileSync(cmake, ["--build", directory, "--target", `doorline-footprint-${vm}`], quietly);
  return readFileSync(path.join(directory, `doorline-footprint-${vm}.map`), "latin1");
}

const options = new Command("footprint")
  .option("--jerryscript <prefix>", "an installation of JerryScript for the Cortex-M4", "")
  .parse()
  .opts<{ jerryscript: string }>();
if (findProgram(COMPILER) === "") {
  console.log(`${COMPILER} is missing: Debian's packages gcc-arm-none-eabi and libnewlib-arm-none-eabi`);
  process.exit(1);
}
for (const vm of VMS) {
  if (vm === "jerryscript" && !existsSync(path.join(options.jerryscript, "include/jerryscript.h"))) {
    console.log("jerryscript is left out: --jerryscript names no installation");
    continue;
  }
  try {
    console.log(footprintLines(vm, readMap(link(vm, options.jerryscript))).join("\n"));
    console.log();
  } catch (error) {
    if (!(error instanceof BoardBuildError)) {
      throw error;
    }
    console.log(`${vm} is left out: ${error.message}`);
  }
}
