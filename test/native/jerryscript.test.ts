// JavaScript programs in the C engine on JerryScript: the snapshots of a program do what its source does, the whole device boots
// from each form in its heap, and its polls leave nothing to collect. Only where JERRYSCRIPT_PREFIX names an installation: no package
// brings one. The cases of the C test programs themselves are run by native.test.ts.

import { ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { createSnapshots, JERRYSCRIPT_MISSING, jerryscriptPrefix } from "../../tools/build/snapshot";
import { buildNative, builtTest, programImage } from "./build";

/** Wide integers, texts, tables, closures over the script's variables, and buffers. */
const EVERYTHING = `
var doorline = (function () {
  var sums = [-680876936, 1732584193, -2147483648, 2147483647, 134217728, -134217729, 134217727];
  var octets = new Uint8Array(16), words = new Uint16Array(4);
  var total = 0;
  function add(value) { total = (total + value) | 0; return total; }
  function textLength(text) { for (var at = 0; at < text.length; at += 1) { octets[at] = text.charCodeAt(at); } return at; }
  return {
    createNativeDevice: function (native) { return { native: native, "a name": 7, list: [1, 2, 3] }; },
    startDevice: function (device) { words[3] = 65535; add(textLength("d\\u00e9j\\n vu")); },
    pollDevice: function (device) {
      var index = device.native.clockNow() / 20 % sums.length | 0;
      return (add(sums[index]) >>> 8) + device["a name"] + device.list.length + words[3] + octets[0];
    },
    stopDevice: function () {},
    isStopped: function () { return true; }
  };
})();
`;

const SETTINGS = `account.user = door
account.registrar = 192.0.2.9
account.password = secret
`;

const OPTIONS = [
  "OPTIONS sip:door@192.0.2.1 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-0000",
  "Max-Forwards: 70",
  "To: <sip:door@192.0.2.1>",
  "From: <sip:proxy@192.0.2.9>;tag=0000",
  "Call-ID: 0000@192.0.2.9",
  "CSeq: 1 OPTIONS",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

const WORK_LIMIT_MS = 240_000;

const FORMS = ["js", "snapshot", "static-snapshot"] as const;

type Form = (typeof FORMS)[number];

/** What a run printed: the answers of its polls with the log, and the figures of its memory. */
interface Run {
  answers: string;
  live: number;
  /** Octets that were taken and not given back at once, and messages that were sent, between the tenth poll and the end. */
  allocated: number;
  sent: number;
}

describe("JavaScript in the shell", () => {
  let directory = "";
  let tool = "";

  before(function () {
    if (jerryscriptPrefix() === "") {
      console.log(`    ${JERRYSCRIPT_MISSING}`);
      this.skip();
    }
    buildNative(this);
    tool = builtTest("jerryscript_image_tool");
    directory = mkdtempSync(path.join(tmpdir(), "doorline-jerryscript-"));
  });

  after(() => {
    if (directory !== "") {
      rmSync(directory, { recursive: true });
    }
  });

  const imageOf = (name: string, form: Form): string => path.join(directory, `${name}.${form}.image`);

  function build(name: string, source: string): void {
    const images = createSnapshots(source, jerryscriptPrefix(), { buildId: name });
    writeFileSync(imageOf(name, "js"), writeProgram(ProgramForm.JAVASCRIPT, Buffer.from(source), { buildId: name }));
    writeFileSync(imageOf(name, "snapshot"), images.snapshot);
    writeFileSync(imageOf(name, "static-snapshot"), images.staticSnapshot);
  }

  function run(name: string, form: Form, polls: number, ...more: string[]): Run {
    const { status, stdout, stderr } = spawnSync(tool, [imageOf(name, form), String(polls), ...more], {
      encoding: "utf8",
    });
    strictEqual(status, 0, stdout.slice(-2000) + stderr);
    const figure = (when: string, what: string): number =>
      Number(new RegExp(`^${when}: .*${what} (\\d+)`, "m").exec(stdout)?.[1]);
    return {
      answers: stdout.replace(/^(boot|warm|end): .*\n/gm, ""),
      live: figure("boot", "used"),
      allocated: figure("end", "allocated") - figure("warm", "allocated"),
      sent: figure("end", "sent") - figure("warm", "sent"),
    };
  }

  it("does the same as source, as a snapshot in RAM and as one in place", () => {
    build("everything", EVERYTHING);
    const expected = run("everything", "js", 50).answers;
    strictEqual(expected.split("\n").length, 61);
    strictEqual(run("everything", "snapshot", 50).answers, expected);
    strictEqual(run("everything", "static-snapshot", 50).answers, expected);
  });

  it("is refused when an octet of its image has changed", () => {
    build("damaged", EVERYTHING);
    const image = readFileSync(imageOf("damaged", "static-snapshot"));
    image[200] ^= 4;
    writeFileSync(imageOf("damaged", "static-snapshot"), image);
    const { status, stdout } = spawnSync(tool, [imageOf("damaged", "static-snapshot"), "1"], { encoding: "utf8" });
    strictEqual(status, 1);
    strictEqual(stdout, "the program is damaged\n");
  });

  describe("as the whole device", () => {
    let settings = "";
    let message = "";

    before(async function () {
      this.timeout(WORK_LIMIT_MS);
      settings = path.join(directory, "settings");
      message = path.join(directory, "message");
      writeFileSync(settings, SETTINGS);
      writeFileSync(message, OPTIONS);
      const image = await programImage(this, "jerryscript");
      for (const form of FORMS) {
        copyFileSync(path.join(path.dirname(image), `doorline.${form}.image`), imageOf("doorline", form));
      }
    });

    it("boots from each form, and polls alike", function () {
      this.timeout(WORK_LIMIT_MS);
      const [source, snapshot, inPlace] = FORMS.map((form) => run("doorline", form, 200));
      strictEqual(snapshot.answers, source.answers);
      strictEqual(inPlace.answers, source.answers);
      ok(inPlace.live < 0.5 * source.live, `${inPlace.live} of ${source.live}`);
    });

    it("answers a thousand requests and leaves nothing to collect", function () {
      this.timeout(WORK_LIMIT_MS);
      const { allocated, sent } = run("doorline", "static-snapshot", 1000, settings, message);
      ok(sent >= 1000, `${sent} messages`);
      strictEqual(allocated, 0);
    });
  });
});
