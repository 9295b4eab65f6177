// `doorline flash`: the plan, what it writes to a board's drive, and what it says when something is missing or does not fit.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, ProgramForm, readProgram, writeProgram } from "../../tools/build/program-image";
import { readElf } from "../../tools/native/elf";
import { compareFlash, FlashError, type FlashOptions, flashBoard, planFlash } from "../../tools/native/flash";

/** An ELF file of 32 bits with these parts of memory. */
function writeElf(parts: readonly { address: number; octets: Buffer }[]): Buffer {
  const head = Buffer.alloc(52 + 32 * parts.length);
  head.write("\x7fELF\x01\x01", "latin1");
  head.writeUInt32LE(52, 28);
  head.writeUInt16LE(32, 42);
  head.writeUInt16LE(parts.length, 44);
  let offset = head.length;
  parts.forEach(({ address, octets }, index) => {
    const at = 52 + 32 * index;
    head.writeUInt32LE(1, at);
    head.writeUInt32LE(offset, at + 4);
    head.writeUInt32LE(address, at + 12);
    head.writeUInt32LE(octets.length, at + 16);
    offset += octets.length;
  });
  return Buffer.concat([head, ...parts.map(({ octets }) => octets)]);
}

describe("the command flash", () => {
  let directory: string;
  let options: FlashOptions;
  /** Machine code, and the shell's name in it. */
  const codeOf = (board: string): Buffer => {
    const code = Buffer.alloc(70_000, 0x12);
    code.write(`DOORLINE BOARD ${board}\0`, 5000, "latin1");
    return code;
  };
  const imageFor = (board: string): Buffer =>
    writeProgram(ProgramForm.LUA_IMAGE, Buffer.from("a program"), { board, buildId: "door 7" });
  const code = codeOf("mps2-an386");
  const image = imageFor("mps2-an386");

  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-flash-"));
  });

  after(() => rmSync(directory, { recursive: true, force: true }));

  beforeEach(() => {
    rmSync(path.join(directory, "drive"), { recursive: true, force: true });
    mkdirSync(path.join(directory, "drive/SOFTWARE"), { recursive: true });
    mkdirSync(path.join(directory, "drive/MB/HBI0263B/AN386"), { recursive: true });
    writeFileSync(path.join(directory, "drive/MB/HBI0263B/board.txt"), "APPFILE: AN386\\an386_v2.txt ; the FPGA\r\n");
    options = {
      board: "mps2-an386",
      vm: "lua",
      layout: "large",
      ...filesFor("mps2-an386"),
      drive: path.join(directory, "drive"),
    };
  });

  /** Shell and program of a board, as files. */
  function filesFor(board: string): { shell: string; program: string } {
    const file = (name: string, octets: Buffer): string => {
      writeFileSync(path.join(directory, name), octets);
      return path.join(directory, name);
    };
    return {
      shell: file("shell.elf", writeElf([{ address: 0, octets: codeOf(board) }])),
      program: file("program.image", imageFor(board)),
    };
  }

  const flash = (changed: Partial<FlashOptions> = {}): string[] => {
    const said: string[] = [];
    flashBoard(
      { ...options, ...changed },
      (line) => said.push(line),
      () => undefined,
    );
    return said;
  };

  const refusal = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof FlashError, String(error));
      return error.message.replaceAll(directory, "…");
    }
    return "";
  };

  it("prints parts, files and commands with --dry-run, and touches nothing", () => {
    const before = readdirSync(options.drive, { recursive: true });
    const lines = planFlash(options).map((line) => line.replaceAll(directory, "…"));
    const crc = (octets: Buffer): string => crc32(octets).toString(16).padStart(8, "0");
    assert.match(lines[1], new RegExp(`^shell +0x00000000 +70,000 +1,048,576 +${crc(code)} +…/shell.elf$`));
    assert.match(lines[2], new RegExp(`^program +0x21800000 +73 +2,097,152 +${crc(image)} +…/program.image$`));
    assert.ok(lines.includes("1. write …/drive/SOFTWARE/shell.bin, 70,000 octets"));
    assert.ok(lines.includes("     IMAGE1FILE: \\SOFTWARE\\program.bin"));
    assert.match(lines[lines.length - 1], /^ {5}openocd -f .*verify_image …\/program\.image 0x21800000 bin;/);
    assert.deepEqual(readdirSync(options.drive, { recursive: true }), before);
  });

  it("has the addresses of the layout", () => {
    const small = readFileSync(new URL("../../boards/mps2-an386/small.ld", import.meta.url), "utf8");
    const origin = /PROGRAM .*ORIGIN = 0x([0-9a-f]+)/.exec(small)?.[1] ?? "none";
    const { shell, program } = filesFor("mps2-an386-small");
    assert.ok(planFlash({ ...options, layout: "small", shell, program })[2].includes(`0x${origin} `));
    assert.equal(
      refusal(() => planFlash({ ...options, layout: "tiny" })),
      '--layout: boards/mps2-an386 has no layout "tiny"',
    );
  });

  it("knows each board by its FPGA image: folder, address of the program, and which one the drive has to have", () => {
    const other = { ...options, board: "mps2-an500", ...filesFor("mps2-an500") };
    assert.equal(
      refusal(() => planFlash(other)),
      "…/drive has no MB/HBI0263…/AN500: copy Arm's AN500 package to the drive first",
    );
    mkdirSync(path.join(directory, "drive/MB/HBI0263B/AN500"));
    assert.match(
      refusal(() => planFlash(other)),
      /board is set to AN386\\an386_v2\.txt; APPFILE has to name .* AN500$/,
    );
    writeFileSync(path.join(directory, "drive/MB/HBI0263B/board.txt"), "APPFILE: AN500\\an500_v1.txt\r\n");
    const lines = planFlash(other);
    assert.match(lines[2], /^program +0x60800000 /);
    assert.ok(lines.some((line) => line.includes("HBI0263B/AN500/images.txt")));
  });

  it("writes shell, program and the list of images to the drive", () => {
    const done: [string, number, number][] = [];
    flashBoard(
      options,
      () => undefined,
      (file, count, all) => done.push([path.basename(file), count, all]),
    );
    const read = (name: string): Buffer => readFileSync(path.join(options.drive, name));
    assert.deepEqual(read("SOFTWARE/shell.bin"), code);
    assert.deepEqual(read("SOFTWARE/program.bin"), image);
    assert.equal(
      read("MB/HBI0263B/AN386/images.txt").toString(),
      "TITLE: Versatile Express Images Configuration File\r\n\r\n[IMAGES]\r\nTOTALIMAGES: 2\r\n\r\n" +
        "IMAGE0ADDRESS: 0x00000000\r\nIMAGE0FILE: \\SOFTWARE\\shell.bin\r\n\r\n" +
        "IMAGE1ADDRESS: 0x21800000\r\nIMAGE1FILE: \\SOFTWARE\\program.bin\r\n",
    );
    assert.deepEqual(done.slice(0, 4), [
      ["shell.bin", 32768, 70000],
      ["shell.bin", 65536, 70000],
      ["shell.bin", 70000, 70000],
      ["program.bin", 73, 73],
    ]);
    assert.match(flash().at(-1) ?? "", /press ON\/OFF\/RESET; then: doorline flash --board mps2-an386 --compare$/);
  });

  it("says what to connect when nothing is there, and plans nevertheless", () => {
    assert.equal(
      refusal(() => flash({ drive: "" })),
      "no MPS2 is there: connect its USB port, switch it on, and mount the drive V2M-MPS2 (or name it by --drive)",
    );
    const lines = planFlash({ ...options, drive: "" });
    assert.ok(lines.includes("1. write V2M-MPS2/SOFTWARE/shell.bin, 70,000 octets"));
  });

  it("says what is wrong with the drive", () => {
    assert.equal(
      refusal(() => flash({ drive: directory })),
      "--drive: … is no drive of an MPS2: it has no SOFTWARE and MB/HBI0263…",
    );
    writeFileSync(path.join(options.drive, "MB/HBI0263B/board.txt"), "APPFILE: AN385\\an385_v2.txt\r\n");
    assert.equal(
      refusal(() => flash()),
      "…/drive/MB/HBI0263B/board.txt: the board is set to AN385\\an385_v2.txt; APPFILE has to name the file in AN386",
    );
    rmSync(path.join(options.drive, "MB/HBI0263B/AN386"), { recursive: true });
    assert.equal(
      refusal(() => flash()),
      "…/drive has no MB/HBI0263…/AN386: copy Arm's AN386 package to the drive first",
    );
  });

  it("says what is wrong with shell and program, and writes nothing", () => {
    const change = (name: string, octets: Buffer): string => {
      const file = path.join(directory, name);
      writeFileSync(file, octets);
      return file;
    };
    const damaged = Buffer.from(image);
    damaged[70] ^= 1;
    const elsewhere = writeElf([{ address: 0x20000000, octets: code }]);
    const cases: [Partial<FlashOptions>, RegExp][] = [
      [{ shell: path.join(directory, "none") }, /none is not there: doorline build --board mps2-an386 --vm lua$/],
      [{ shell: change("text", Buffer.from("no ELF")) }, /text: it is no ELF file of 32 bits$/],
      [{ shell: change("cut", writeElf([{ address: 0, octets: code }]).subarray(0, 500)) }, /cut: .* is cut off$/],
      [{ shell: change("far", elsewhere) }, /far: 70000 octets at 536870912 do not fit the shell's 1048576 at 0/],
      [
        { shell: change("nameless", writeElf([{ address: 0, octets: Buffer.alloc(70_000, 0x12) }])) },
        /nameless: it is no shell for mps2-an386$/,
      ],
      [
        { shell: change("small", writeElf([{ address: 0, octets: codeOf("mps2-an386-small") }])) },
        /small: it is no shell for mps2-an386, but for mps2-an386-small$/,
      ],
      [
        { program: change("sister", imageFor("mps2-an500")) },
        /sister: it is a program for mps2-an500, not for mps2-an386$/,
      ],
      [
        { shell: change("codec", writeElf([{ address: 0, octets: codeOf("mps2-an386-hardware") }])) },
        /program.image: it is a program for mps2-an386, not for mps2-an386-hardware$/,
      ],
      [{ program: change("half", image.subarray(0, 70)) }, /half: it is cut off or damaged$/],
      [{ program: change("bad", damaged) }, /bad: it is cut off or damaged$/],
    ];
    for (const [changed, sentence] of cases) {
      assert.match(
        refusal(() => flash(changed)),
        sentence,
      );
    }
    assert.deepEqual(readdirSync(path.join(options.drive, "SOFTWARE")), []);
  });

  it("names the boards that it knows", () => {
    assert.equal(
      refusal(() => flash({ board: "linux" })),
      '"linux" is no board to flash; there are: mps2-an386, mps2-an500; boards/linux/README.md says how to install it',
    );
  });

  describe("--compare", () => {
    const search = process.env.PATH;

    afterEach(() => {
      process.env.PATH = search;
    });

    /** An openocd that notes its words and ends with a code. */
    const playOpenocd = (code: number): void => {
      const tools = path.join(directory, "tools");
      mkdirSync(tools, { recursive: true });
      const words = path.join(directory, "words");
      writeFileSync(
        path.join(tools, "openocd"),
        `#!/bin/sh\necho "$@" > ${words}\necho checksum mismatch >&2\nexit ${code}\n`,
      );
      chmodSync(path.join(tools, "openocd"), 0o755);
      process.env.PATH = `${tools}:${search}`;
    };

    const compare = (): string[] => {
      const said: string[] = [];
      compareFlash(options, (line) => said.push(line));
      return said;
    };

    it("has openocd read the board's memory", () => {
      playOpenocd(0);
      assert.deepEqual(compare(), [
        "shell: 70,000 octets are in the board's memory",
        "program: 73 octets are in the board's memory",
      ]);
      const words = readFileSync(path.join(directory, "words"), "utf8");
      assert.ok(
        words.includes(`reset halt; verify_image ${options.shell}; verify_image ${options.program} 0x21800000 bin;`),
      );
    });

    it("says what openocd says when they differ, and that openocd is missing", () => {
      playOpenocd(1);
      assert.match(refusal(compare), /^the board does not hold this, .*openocd says:\nchecksum mismatch$/);
      process.env.PATH = directory;
      assert.equal(refusal(compare), "openocd is missing, which reads the board's memory: sudo apt install openocd");
    });
  });
});

describe("what flashing reads", () => {
  it("an ELF file as its octets in memory, with blanks between its parts", () => {
    const low = { address: 0x100, octets: Buffer.from("low") };
    const high = { address: 0x108, octets: Buffer.from("high") };
    assert.deepEqual(readElf(writeElf([high, low])), {
      address: 0x100,
      octets: Buffer.from("low\xff\xff\xff\xff\xffhigh", "latin1"),
    });
    assert.throws(() => readElf(writeElf([])), RangeError);
  });

  it("a program image's header, whatever lies behind the image", () => {
    const image = writeProgram(ProgramForm.LUA_IMAGE, Buffer.from("bundle"), { board: "linux", buildId: "door 7" });
    const slot = Buffer.concat([image, Buffer.alloc(100, 0xff)]);
    assert.deepEqual(readProgram(slot), {
      form: ProgramForm.LUA_IMAGE,
      length: 6,
      crc: crc32(Buffer.from("bundle")),
      board: "linux",
      buildId: "door 7",
    });
    for (let bit = 0; bit < 8 * image.length; bit += 1) {
      slot[bit >> 3] ^= 1 << (bit & 7);
      assert.throws(() => readProgram(slot), RangeError);
      slot[bit >> 3] ^= 1 << (bit & 7);
    }
  });
});
