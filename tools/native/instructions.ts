// `npm run instructions`: what the processor does for a frame, a call, an idle second, boot. In instructions of this machine, by
// callgrind, or with `--board mps2-an386` in those of a Cortex-M4F, by the board's counter in QEMU; neither depends on the load of
// this machine.

import { Command } from "commander";
import { COUNTED_WORDS } from "../../simulator/device/emulated-shell";
import { QEMU } from "../../simulator/mps2/emulated-board";
import { findProgram, missingLine } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { BoardBuildError, buildShell, requireTool, VMS, type Vm } from "./board-build";
import { countByCallgrind } from "./callgrind-count";
import { buildDatagrams, buildDeskProgram, buildEmulatedShell, IMAGE_BOARD } from "./desk-image";
import { countDatagrams, countOnImage, DATAGRAM_CHANCE, DATAGRAM_IN, DATAGRAM_OUT } from "./image-count";
import { BUDGETS } from "./instruction-budgets";
import { FRAME, IDLE_SECOND } from "./phases";

const HOST_BOARD = "linux";
/** Clocks of processors that a door may have. */
const CLOCKS_MHZ = [100, 168, 240] as const;
/** What goes on for as long as a call or the device lasts: how often a second. */
const RATES: ReadonlyMap<string, number> = new Map([
  [FRAME, 50],
  [DATAGRAM_OUT, 50],
  [DATAGRAM_IN, 50],
  [DATAGRAM_CHANCE, 50],
  [IDLE_SECOND, 1],
]);

/** A shell as it is measured, by the name of its column. */
interface Column {
  name: string;
  counts: Map<string, number>;
}

/** Counts in each VM that is here, with the native twins and without; says what is missing. */
function countColumns(
  vms: readonly Vm[],
  defines: readonly string[],
  count: (vm: Vm, defines: string[]) => Map<string, number>,
): Column[] {
  const columns: Column[] = [];
  for (const vm of vms) {
    try {
      columns.push({ name: vm, counts: count(vm, [...defines]) });
      columns.push({ name: `${vm}, no twins`, counts: count(vm, [...defines, `${vm.toUpperCase()}_TWINS=0`]) });
    } catch (error) {
      if (!(error instanceof BoardBuildError)) {
        throw error;
      }
      console.log(`${vm} is left out: ${error.message}\n`);
    }
  }
  return columns;
}

/** @throws {Error} when a second run counts otherwise */
function countTwice(count: () => Map<string, number>): Map<string, number> {
  const [first, second] = [count(), count()];
  for (const [name, instructions] of first) {
    if (second.get(name) !== instructions) {
      throw new Error(`${name}: ${instructions} instructions, and in a second run ${second.get(name)}`);
    }
  }
  return first;
}

/** What that many instructions are at each clock, an instruction a cycle: per cent of a processor, or milliseconds of one. */
function clockCells(name: string, count: number): Cell[] {
  const rate = RATES.get(name);
  return CLOCKS_MHZ.map((clock) =>
    rate === undefined
      ? `${(count / (clock * 1000)).toFixed(2)} ms`
      : `${((count * rate) / (clock * 10_000)).toFixed(2)} %`,
  );
}

function printTable(columns: readonly Column[], withClocks: boolean): void {
  const [{ counts }] = columns;
  const rows = [...counts].map(([name, count]): Cell[] => [
    name,
    ...columns.map((column) => column.counts.get(name) ?? ""),
    ...(withClocks ? clockCells(name, count) : []),
  ]);
  const heads = ["instructions", ...columns.map(({ name }) => name)];
  const clocks = withClocks ? CLOCKS_MHZ.map((clock) => `${clock} MHz`) : [];
  console.log(tableLines([...heads, ...clocks], rows).join("\n"));
}

/** The counts that there is an aim or a budget for; what was noted is Lua's. */
function printAims({ name, counts }: Column): void {
  const rows = [...BUDGETS].map(([phase, { noted, aim }]): Cell[] => {
    const count = counts.get(phase) ?? 0;
    return [
      phase,
      count,
      name === "lua" ? noted : "",
      aim === 0 ? "" : aim,
      aim === 0 ? "" : count < aim ? "met" : "missed",
    ];
  });
  console.log(`\n${tableLines([`aims, ${name}`, "instructions", "noted", "aim", ""], rows).join("\n")}`);
}

function measureHost(vms: readonly Vm[], defines: readonly string[]): number {
  const valgrind = findProgram("valgrind");
  if (valgrind === "") {
    console.log(missingLine("valgrind"));
    return 1;
  }
  const columns = countColumns(vms, defines, (vm, all) =>
    countByCallgrind(buildShell({ board: HOST_BOARD, vm, small: false, defines: all }), valgrind),
  );
  if (columns.length > 0) {
    printTable(columns, false);
  }
  return columns.length > 0 ? 0 : 1;
}

function measureImage(vms: readonly Vm[], defines: readonly string[]): number {
  const programs = new Map<Vm, string>();
  const columns = countColumns(vms, defines, (vm, all) => {
    const program = programs.get(vm) ?? buildDeskProgram(vm);
    programs.set(vm, program);
    const shell = buildEmulatedShell(program, vm, all, COUNTED_WORDS);
    return countTwice(() => countOnImage(shell));
  });
  if (columns.length > 0) {
    const loop = buildDatagrams("lua");
    for (const [name, count] of countTwice(() => countDatagrams(requireTool(QEMU), loop))) {
      columns[0].counts.set(name, count);
    }
    printTable(columns, true);
    printAims(columns[0]);
  }
  return columns.length > 0 ? 0 : 1;
}

const options = new Command("instructions")
  .option("--vm <vm>", `${VMS.join(" or ")}; without it each that is here`)
  .option("--board <board>", `${HOST_BOARD}, which is this machine, or ${IMAGE_BOARD}`, HOST_BOARD)
  .option("--define <name=value...>", "limits of the shell other than its own", [])
  .parse()
  .opts<{ vm?: Vm; board: string; define: string[] }>();
const chosen = VMS.filter((vm) => (options.vm ?? vm) === vm);
if (options.board === IMAGE_BOARD || options.board === HOST_BOARD) {
  process.exitCode = (options.board === HOST_BOARD ? measureHost : measureImage)(chosen, options.define);
} else {
  console.log(`instructions are counted for ${HOST_BOARD} and ${IMAGE_BOARD}`);
  process.exitCode = 1;
}
