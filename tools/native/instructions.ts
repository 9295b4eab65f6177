// `npm run instructions`: what the processor does for a frame, a call, an idle second, boot; in instructions of this machine, which do
// not depend on its load. The desk drives the shell under valgrind's callgrind, which counts inside of engine_boot and engine_poll
// only, without the wire to the desk, and writes a file whenever the desk asks for the device's memory: each is a phase.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { SPREAD_MS } from "../../firmware/sip/registration";
import { ProcessDevice, type Shell } from "../../simulator/device/process-device";
import { bytesOf } from "../../test/octets";
import { challengeOf } from "../../test/rig/digest";
import { Door } from "../../test/rig/door";
import { Peer, responseOf } from "../../test/rig/peer";
import { findProgram } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { BoardBuildError, buildShell, VMS, type Vm } from "./board-build";

const SETTINGS = [
  "account.registrar = 192.0.2.50",
  "account.password = open sesame",
  "call.answer-from = anna@192.0.2.9",
];
const GRANT = ["Contact: <sip:door@192.0.2.4:5060>;expires=600"];
const FRAME_MS = 20;
const FRAMES = 200;
const IDLE_SECONDS = 10;

const CALLGRIND = [
  ...["--tool=callgrind", "-q", "--collect-atstart=no", "--dump-before=engine_read_memory"],
  ...["engine_boot", "engine_poll", "desk_send", "desk_receive"].map((name) => `--toggle-collect=${name}`),
];

interface Phase {
  name: string;
  /** How often it does what the name says; 0: it only leads to the next one. */
  times: number;
}

/** Plays the phases on a shell; the end of each is marked. */
function play(shell: Shell, mark: (device: ProcessDevice, name: string, times: number) => void): void {
  let device: ProcessDevice | undefined;
  try {
    const door = new Door(SETTINGS, 271, undefined, (board, settings) => {
      const text = bytesOf(settings);
      board.storage.write(0, text, text.length);
      device = new ProcessDevice(board, shell);
      mark(device, "boot", 1);
      return device;
    });
    const end = (name: string, times: number): void => mark(device as ProcessDevice, name, times);
    const anna = new Peer("anna", 9, 5060);
    const registrar = new Peer("registrar", 50, 5060);
    const respond = (status: string, headers: string[]): void =>
      door.deliver(responseOf(door.expect("REGISTER"), status, "reg", headers, ""), registrar);

    door.advanceToMessage(SPREAD_MS);
    end("from boot to the first REGISTER", 1);
    respond("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("door.example", "n0nce", "MD5")}`]);
    end("401 with MD5 to the next REGISTER", 1);
    respond("200 OK", GRANT);
    door.advance(1000);
    end("", 0);
    door.advance(IDLE_SECONDS * 1000);
    end("an idle second", IDLE_SECONDS);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    end("an INVITE to its first answer", 1);
    let response = door.wire.next();
    while (!response.startsWith("SIP/2.0 200")) {
      door.advanceToMessage(10_000);
      response = door.wire.next();
    }
    call.takeResponse(response);
    door.deliver(call.acknowledge(""), anna);
    door.arriveVoice(anna.host);
    door.advance(1000);
    end("", 0);
    for (let frame = 0; frame < FRAMES; frame += 1) {
      door.arriveVoice(anna.host);
      door.advance(FRAME_MS);
    }
    end("a frame of 20 ms, both directions", FRAMES);
    door.deliver(call.bye(), anna);
    end("a BYE to its 200", 1);
    door.advance(40_000);
    end("", 0);
    door.press(0);
    door.expect("200 BYE");
    door.expect("INVITE");
    end("a press of the button to its INVITE", 1);
  } finally {
    device?.close();
  }
}

/** Instructions of each phase, once, in a shell. */
function countInstructions(shell: Shell, valgrind: string): Map<string, number> {
  const directory = mkdtempSync(path.join(tmpdir(), "doorline-instructions-"));
  try {
    const file = path.join(directory, "phase");
    const phases: Phase[] = [];
    play({ ...shell, launcher: [valgrind, ...CALLGRIND, `--callgrind-out-file=${file}`] }, (device, name, times) => {
      device.memory();
      if (device.fault !== -1) {
        throw new Error(`the device ended by itself (${device.fault}): ${device.lines.join("; ")}`);
      }
      phases.push({ name, times });
    });
    const counts = new Map<string, number>();
    for (const [index, { name, times }] of phases.entries()) {
      const total = /^totals: (\d+)/m.exec(readFileSync(`${file}.${index + 1}`, "latin1"))?.[1];
      if (total === undefined) {
        throw new Error(`callgrind wrote no total; it wrote ${readdirSync(directory).join(", ")}`);
      }
      if (times > 0) {
        counts.set(name, Math.round(Number(total) / times));
      }
    }
    return counts;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A shell as it is measured, by the name of its column. */
interface Contender {
  name: string;
  shell: Shell;
}

/** Each VM that is here, with the native twins and without; says what is missing. */
function findContenders(vms: readonly Vm[], defines: readonly string[]): Contender[] {
  const contenders: Contender[] = [];
  for (const vm of vms) {
    try {
      for (const [name, twins] of [
        [vm, []],
        [`${vm}, no twins`, [`${vm.toUpperCase()}_TWINS=0`]],
      ] as const) {
        contenders.push({
          name,
          shell: buildShell({ board: "linux", vm, small: false, defines: [...defines, ...twins] }),
        });
      }
    } catch (error) {
      if (!(error instanceof BoardBuildError)) {
        throw error;
      }
      console.log(`${vm} is left out: ${error.message}\n`);
    }
  }
  return contenders;
}

const options = new Command("instructions")
  .option("--vm <vm>", `${VMS.join(" or ")}; without it each that is here`)
  .option("--define <name=value...>", "limits of the shell other than its own", [])
  .parse()
  .opts<{ vm?: Vm; define: string[] }>();
const valgrind = findProgram("valgrind");
if (valgrind === "") {
  console.log("valgrind is missing: Debian's package of that name");
  process.exit(1);
}
const columns = findContenders(
  VMS.filter((vm) => (options.vm ?? vm) === vm),
  options.define,
).map(({ name, shell }) => ({ name, counts: countInstructions(shell, valgrind) }));
const names = [...(columns[0]?.counts.keys() ?? [])];
const rows = names.map((name): Cell[] => [name, ...columns.map(({ counts }) => counts.get(name) ?? 0)]);
console.log(tableLines(["instructions", ...columns.map(({ name }) => name)], rows).join("\n"));
process.exitCode = columns.length > 0 ? 0 : 1;
