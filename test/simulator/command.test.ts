// The command `doorline` as a person meets it: mistakes and their sentences, the demo and its verdict, start and its end.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readWav } from "../../hal/node/wav";
import type { Verdict } from "../../simulator/verdict";
import { CommandRun, freePorts, type Result, runCommand, runHere } from "./command";

describe("doorline", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-"));
  });

  after(() => rmSync(directory, { recursive: true, force: true }));

  function write(name: string, content: string): string {
    const file = path.join(directory, name);
    writeFileSync(file, content);
    return file;
  }

  /** It said one sentence, on the error output, and failed. */
  function assertRefused({ code, output, errors }: Result, sentence: string): void {
    assert.deepEqual({ errors, output }, { errors: `doorline: ${sentence}\n`, output: "" });
    assert.ok(code !== 0 && code !== null);
  }

  it("says in one sentence what is wrong with a command line", async () => {
    const help = "; doorline --help tells what there is";
    const bad = write("bad.conf", "# a door\ncall.ring-limit = 3x\n");
    const text = write("text.wav", "no sound");
    const cases: [string[], string][] = [
      [["ring"], '"ring" is no command; there are start, demo, build, run, console, flash, settings, picture, help'],
      [["start", "--loud"], `unknown option '--loud'${help}`],
      [["start", "--sip-port"], `option '--sip-port <port>' argument missing${help}`],
      [["demo", "now"], `too many arguments for 'demo'. Expected 0 arguments but got 1${help}`],
      [
        ["demo", "--device", "esp32"],
        '--device: "esp32" is no device; there are node, linux-lua, linux-jerryscript, mps2-an386, mps2-an500',
      ],
      [
        ["run", "--board", "desk"],
        '--board: "desk" with lua cannot be run here; there are linux, mps2-an386 and mps2-an500',
      ],
      [["--sip-port", "0"], '--sip-port: "0" is no port; a port is a number from 1 to 65535'],
      [
        ["start", "--settings", "none.conf"],
        "--settings: none.conf cannot be read: there is no such file or directory",
      ],
      [["demo", "--settings", directory], `--settings: ${directory} cannot be read: it is a directory`],
      [
        ["start", "--settings", bad],
        `${bad}:2: call.ring-limit: "3x" is not allowed; a number from 5 to 120 (seconds)`,
      ],
      [
        ["start", "--peer", "anna"],
        '--peer: "anna" is no SIP URI; what is needed is one such as sip:phone@192.0.2.7:5060',
      ],
      [
        ["start", "--account", "door@192.0.2.1"],
        "--account: what is needed is user:password@host or user:password@host:port",
      ],
      [["start", "--address", "here"], '--address: "here" is no IPv4 or IPv6 address'],
      [["start", "--address", "203.0.113.7"], "--address: this machine does not have the address 203.0.113.7"],
      [
        ["start", "--microphone", "none.wav"],
        "--microphone: none.wav cannot be read: there is no such file or directory",
      ],
      [
        ["start", "--microphone", "tone:9000"],
        "--microphone: a tone of 9000 Hz is not possible; above 0 and below 4000",
      ],
      [
        ["start", "--microphone", text],
        `--microphone: ${text} is no WAV file; what is needed is a WAV file of 16-bit linear, A-law or mu-law samples, one channel, 8000 Hz`,
      ],
      [["start", "--digest", "md5,sha1"], '--digest: "sha1" is no algorithm of digest; there are sha-256 and md5'],
      [["demo", "--record", bad], `--record: ${bad} cannot be made: it is there and no directory`],
      [
        ["demo", "--record", "/proc/doorline/recordings"],
        "--record: /proc/doorline/recordings cannot be made: there is no such file or directory",
      ],
    ];
    for (const [words, sentence] of cases) {
      assertRefused(await runHere(words), sentence);
    }
    // As a process of its own it says the same, without a stack trace.
    for (const [words, sentence] of [cases[1], cases[7]]) {
      assertRefused(await runCommand(...words), sentence);
    }
  });

  it("says which port is in use and which option chooses another", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const taken = String(socket.address().port);
    const [free] = await freePorts(1);
    const [station, switchboard] = await Promise.all([
      runCommand("start", "--sip-port", taken, "--switchboard-port", String(free)),
      runCommand("start", "--sip-port", String(free), "--switchboard-port", taken),
    ]);
    socket.close();
    const inUse = `UDP 127.0.0.1 port ${taken} cannot be opened: the port is in use`;
    assertRefused(station, `${inUse}; --sip-port and network.rtp-port of the settings choose others`);
    assertRefused(switchboard, `${inUse}; --switchboard-port chooses another`);
  });

  it("prints settings to begin with, which it takes itself", async () => {
    const { code, output } = await runCommand("settings");
    assert.equal(code, 0);
    assert.match(output, /^#relay\.1\.code = 42#$/m);
    const file = write("sample.conf", output);
    assertRefused(
      await runHere(["start", "--settings", file, "--sip-port", "x"]),
      '--sip-port: "x" is no port; a port is a number from 1 to 65535',
    );
  });

  it("demo: a call through the switchboard on real sockets, both voices, the door, the end, and recordings of it", async () => {
    const json = path.join(directory, "verdict.json");
    const recordings = path.join(directory, "recordings");
    const began = performance.now();
    const { code, output, errors } = await runCommand("demo", "--json", json, "--record", recordings);
    const took = performance.now() - began;
    const verdict = JSON.parse(readFileSync(json, "utf8")) as Verdict;
    assert.deepEqual({ code, errors, missing: verdict.missing }, { code: 0, errors: "", missing: [] }, output);
    assert.ok(took < 12_000, `${took} ms`);
    assert.ok(verdict.good && verdict.indoorIsOurs);
    assert.match(verdict.answeredBy, /^sip:indoor@127\.0\.0\.1:\d+$/);
    assert.deepEqual([verdict.doorHears?.hertz, verdict.indoorHears?.hertz], [440, 1000]);
    assert.deepEqual([verdict.keys, verdict.relay, verdict.ended], ["42#", 1, "the indoor station hung up"]);
    assert.ok(Math.abs(verdict.pulse - 1000) <= 250, `${verdict.pulse} ms`);
    const last = output.trimEnd().split("\n").pop() ?? "";
    assert.match(last, /^GOOD: sip:indoor@.* the door hears 440 Hz .* keys 42#; relay 1 released .* hung up\.$/);
    assert.match(output, /401 Unauthorized \(REGISTER\)/);
    for (const side of ["door.wav", "indoor.wav"]) {
      assert.ok(readWav(path.join(recordings, side)).length > 8000, side);
    }
  });

  it("demo fails and says what is missing when there is nobody to call", async () => {
    const json = path.join(directory, "missing.json");
    const { code, output } = await runCommand("demo", "--no-switchboard", "--json", json);
    assert.equal(code, 1);
    assert.equal(output.trimEnd().split("\n").pop(), "NOT GOOD: the press of button 1 made no call.");
    const verdict = JSON.parse(readFileSync(json, "utf8")) as Verdict;
    assert.deepEqual([verdict.good, verdict.answeredBy, verdict.indoorIsOurs], [false, "", false]);
  });

  it("start without a terminal prints plain lines, and ends in good order at a signal", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const [sip, switchboard, rtp] = await freePorts(3);
      const settings = write("start.conf", `network.rtp-port = ${rtp - (rtp % 2)}\n`);
      const words = ["start", "--sip-port", String(sip), "--switchboard-port", String(switchboard)];
      const run = new CommandRun([...words, "--settings", settings]);
      await run.printed("  registered\n");
      run.signal(signal);
      const { code, output, errors } = await run.ended;
      assert.deepEqual({ code, errors }, { code: 0, errors: "" }, signal);
      assert.ok(!output.includes("\u001b"), "no control sequences");
      assert.match(output, /-> 127\.0\.0\.1:\d+ {2}REGISTER sip:127\.0\.0\.1:\d+/);
      assert.match(output, /not registered\nStopped: calls ended, registration taken back, relays safe\.\n$/);
    }
  });

  it("start takes doorline.conf of its directory when no other settings are named", async () => {
    const own = mkdtempSync(path.join(directory, "own-"));
    writeFileSync(path.join(own, "doorline.conf"), "relay.1.pulses = 1\n");
    const refused = await new CommandRun(["start"], own).ended;
    assertRefused(refused, "doorline.conf:1: relay.1.pulses: there is no such key; did you mean relay.1.pulse?");
    assert.ok(existsSync(path.join(own, "doorline.conf")));
  });

  it("draws the picture of the panel, the same each time, well-formed and without the machine in it", async () => {
    const files = ["one.svg", "two.svg"].map((name) => path.join(directory, name));
    for (const file of files) {
      assert.deepEqual(await runHere(["picture", file]), { code: 0, output: "", errors: "" });
    }
    const [one, two] = files.map((file) => readFileSync(file, "utf8"));
    assert.equal(one, two);
    assert.match(one, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    assert.match(one, /talking 0:05/);
    assert.match(one, /1 released/);
    assertRefused(
      await runHere(["picture", path.join(directory, "nowhere", "x.svg")]),
      `picture: ${path.join(directory, "nowhere", "x.svg")} cannot be written: there is no such file or directory`,
    );
  });
});
