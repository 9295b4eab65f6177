// The bundles. dist/doorline.js: the whole device (firmware/main.ts) for a JavaScript VM without modules (JerryScript), ES5,
// minified, one script that sets the global `doorline`. dist/doorline.lua: the same for Lua, with its stripped bytecode.
// dist/doorline-small.*: the same two of firmware/small.ts, for boards whose code lies in RAM. Beside each lie its source map
// and, in *.names.json, the names behind what it has in their place, the numbers of records' fields. And dist/doorline.es.js: every
// export of firmware/ as a plain ES module, for the bench and the size report.
// `rollup -c --configEntry <file>` builds dist/doorline.* of another entry, and with --configName <name> dist/<name>.* alone.

import path from "node:path";
import { fileURLToPath } from "node:url";
import typescript from "@rollup/plugin-typescript";
import { register } from "tsx/esm/api";

register(); // the parts of the build in tools/ are TypeScript
const { everyExport, everyExportId } = await import("./tools/build/every-export.ts");
const { onlyES5 } = await import("./tools/build/only-es5.ts");
const { numberTexts } = await import("./tools/build/number-texts.ts");
const { compactScript } = await import("./tools/build/compact-script.ts");
const { withoutReasons } = await import("./tools/build/without-reasons.ts");
const { minify } = await import("./tools/build/minify.ts");
const { readFields, writeNames } = await import("./tools/build/record-fields.ts");
const { portableSubset } = await import("./tools/build/portable-subset.ts");
const { luaBundle } = await import("./tools/build/lua-bundle.ts");
const { noClosures } = await import("./tools/build/no-closures.ts");
const { javascriptImages } = await import("./tools/build/javascript-images.ts");

const root = path.dirname(fileURLToPath(import.meta.url));

const compile = (options = {}, before = []) =>
  typescript({
    transformers: { before },
    tsconfig: path.join(root, "firmware/tsconfig.json"),
    compilerOptions: { noEmit: false, removeComments: true, sourceMap: true, ...options },
    noEmitOnError: true,
  });

/** The two bundles of an entry, as dist/<name>.js and dist/<name>.lua. */
const device = (entry, name) => {
  const fields = readFields(root, entry);
  return {
    input: entry,
    plugins: [portableSubset(root), compile({}, [withoutReasons]), luaBundle(root, entry, name)],
    output: {
      file: `dist/${name}.js`,
      format: "iife",
      name: "doorline",
      strict: true,
      sourcemap: true,
      generatedCode: "es5",
      externalLiveBindings: false,
      freeze: false,
      esModule: false,
      plugins: [
        numberTexts(),
        compactScript(fields.numbers),
        minify("doorline"),
        onlyES5(),
        noClosures(),
        javascriptImages(root, entry, name),
        writeNames(`${name}.js.names.json`, fields),
      ],
    },
  };
};

const everything = {
  input: everyExportId,
  plugins: [everyExport(root), compile({ target: "es2020" })],
  output: { file: "dist/doorline.es.js", format: "es", sourcemap: true },
};

export default (options) =>
  options.configEntry === undefined
    ? [
        device(path.join(root, "boards/linux/board.ts"), "doorline"),
        device(path.join(root, "boards/linux/small.ts"), "doorline-small"),
        everything,
      ]
    : options.configName === undefined
      ? [device(path.resolve(root, options.configEntry), "doorline"), everything]
      : device(path.resolve(root, options.configEntry), options.configName);
