// The desk's device for the Cortex-M4F of the MPS2 board (boards/desk-mps2): built, and started in QEMU so that its instructions can be
// counted by the board's own counter.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { emulatedShell } from "../../simulator/device/emulated-shell";
import type { Shell } from "../../simulator/device/process-device";
import { QEMU } from "../../simulator/mps2/emulated-board";
import { buildProgram, checkVm, jerryscriptFor, requireTool, runTool, type Vm } from "./board-build";
import { CROSS_COMPILER, toolchainOf } from "./cross-board";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The board whose processor and program it has. */
export const IMAGE_BOARD = "mps2-an386";

function buildTarget(directory: string, vm: Vm, defines: readonly string[], target: string): string {
  const cmake = requireTool("cmake");
  requireTool(CROSS_COMPILER);
  runTool(cmake, [
    ...["-S", root, "-B", directory, "--toolchain", toolchainOf(root, IMAGE_BOARD)],
    ...[`-DDOORLINE_PORTS=${IMAGE_BOARD};desk-mps2`, `-DDOORLINE_VM=${vm}`],
    ...[`-DDOORLINE_VM_DEFINES=${defines.join(";")}`, `-DJERRYSCRIPT_PREFIX=${jerryscriptFor(IMAGE_BOARD)}`],
  ]);
  runTool(cmake, ["--build", directory, "--parallel", "2", "--target", target]);
  return path.join(directory, target);
}

/**
 * Builds the executable.
 * @param directory of the build
 * @param defines limits of the VM other than its own: NAME=VALUE
 * @returns its path
 * @throws {BoardBuildError} with the compiler's words
 */
export function buildDeskImage(directory: string, vm: Vm, defines: readonly string[] = []): string {
  return buildTarget(directory, vm, defines, `doorline-desk-mps2-${vm}`);
}

function directoryOf(vm: Vm, defines: readonly string[]): string {
  return path.join(root, "build/boards", ["desk-mps2", vm, ...defines].join("-").replace(/\W+/g, "-"));
}

/** Builds the loop that sends datagrams to itself. Returns its path. @throws {BoardBuildError} */
export function buildDatagrams(vm: Vm): string {
  return buildTarget(directoryOf(vm, []), vm, [], "doorline-datagrams");
}

/** Builds the program that it runs. Returns the path of the image. @throws {BoardBuildError} */
export function buildDeskProgram(vm: Vm): string {
  const build = { board: IMAGE_BOARD, vm, small: false };
  checkVm(build);
  return buildProgram(build);
}

/** Builds the executable for a program, for QEMU with these words. @throws {BoardBuildError} */
export function buildEmulatedShell(
  program: string,
  vm: Vm,
  defines: readonly string[],
  words: readonly string[],
): Shell {
  const executable = buildDeskImage(directoryOf(vm, defines), vm, defines);
  return emulatedShell(requireTool(QEMU), executable, program, words);
}
