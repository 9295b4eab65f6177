// The board guide is true: it names every function of device.h and nothing that is not there.

import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

describe("docs/porting.md", () => {
  const guide = read("docs/porting.md");
  const header = (name: string): string => read(`hal/native/${name}.h`);

  it("names each function of device.h, and no other", () => {
    const inHeader = [...header("device").matchAll(/\b(device_\w+)\([^)]*\)/g)].map(([, name]) => name);
    const inGuide = [...guide.matchAll(/\bdevice_\w+/g)].map(([name]) => name);
    deepStrictEqual([...new Set(inGuide)].sort(), [...new Set(inHeader)].sort());
  });

  it("names functions of the stores as they are", () => {
    const faces = header("record_store") + header("slots") + header("shell");
    for (const [name] of guide.matchAll(/\b(record_store|slots|shell)_[a-z]+\b(?!\.)/g)) {
      ok(name === "slots_test" || name === "record_store_test" || faces.includes(`${name}(`), name);
    }
  });

  it("names files that are there", () => {
    const files = [...guide.matchAll(/`((?:boards|docs|firmware|hal|simulator|test|tools)\/[\w./-]+)`/g)].map(
      ([, file]) => file,
    );
    ok(files.length > 10);
    deepStrictEqual(
      files.filter((file) => !existsSync(path.join(root, file))),
      [],
    );
  });
});
