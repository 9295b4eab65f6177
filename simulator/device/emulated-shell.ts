// The desk's device on the bare Cortex-M4F of the MPS2 board, in QEMU (boards/desk-mps2): to a ProcessDevice a shell as any other,
// whose wire is QEMU's standard input and output.

import type { Shell } from "./process-device";

/** Where the program's image lies: PROGRAM of boards/mps2-an386/large.ld. */
const PROGRAM_AT = 0x21800000;

/**
 * An instruction is 64 ns of the board's time and nothing is waited for: two runs take the same instructions, and the counter of 25 MHz
 * counts them. Live sound cannot keep up with it.
 */
export const COUNTED_WORDS: readonly string[] = ["-icount", "shift=6,sleep=off"];
/** Nanoseconds of an instruction under these, and of a tick of the counter. */
const INSTRUCTION_NS = 64;
const TICK_NS = 40;

/** Instructions that so many ticks of the counter are. */
export function instructionsOf(ticks: number): number {
  return Math.round((ticks * TICK_NS) / INSTRUCTION_NS);
}

/** Words for QEMU that run an executable on a board of its own: nobody at its console, nobody on its cable. */
export function machineWords(executable: string): string[] {
  return [
    ...["-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "null"],
    ...["-nic", "user,model=lan9118,restrict=on"],
    ...["-semihosting-config", "enable=on,target=native", "-kernel", executable],
  ];
}

/**
 * @param qemu the path of qemu-system-arm
 * @param executable doorline-desk-mps2-lua
 * @param program the board's program image, with pointers of 32 bits
 * @param words more words for QEMU
 */
export function emulatedShell(qemu: string, executable: string, program: string, words: readonly string[] = []): Shell {
  const load = ["-device", `loader,file=${program},addr=${PROGRAM_AT},force-raw=on`];
  return { command: qemu, program, words: [...machineWords(executable), ...load, ...words] };
}
