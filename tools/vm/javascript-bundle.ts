// Portable tests as one ES5 script for a JavaScript VM that has no modules: every file as a CommonJS function in one table.

import path from "node:path";
import ts from "typescript";
import { refuseErrors } from "../tstl/compile";
import { virtualHost } from "../tstl/virtual-host";

const LOADER = `var loaded = {};
function load(from, name) {
  var parts = from.split("/").slice(0, -1);
  name.split("/").forEach(function (part) {
    if (part === "..") { parts.pop(); } else if (part !== ".") { parts.push(part); }
  });
  var path = parts.join("/");
  if (!loaded[path]) {
    loaded[path] = {};
    modules[path](loaded[path], function (next) { return load(path, next); });
  }
  return loaded[path];
}
`;

/**
 * Compiles an entry file and all that it imports to one ES5 script.
 * @throws CompilationFailed with one line an error
 */
export function bundleJavaScript(root: string, entry: string, virtual: ReadonlyMap<string, string>): string {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES5,
    ignoreDeprecations: "6.0",
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: [],
    skipLibCheck: true,
    removeComments: true,
    rootDir: root,
    outDir: root,
  };
  const program = ts.createProgram([entry], options, virtualHost(options, virtual));
  refuseErrors(ts.getPreEmitDiagnostics(program), root);
  const modules: string[] = [];
  program.emit(undefined, (fileName, text) => {
    const name = modulePath(root, fileName);
    modules.push(`${JSON.stringify(name)}: function (exports, require) {\n${text}\n}`);
  });
  const start = `load("", ${JSON.stringify(modulePath(root, entry))});`;
  return `(function () {\nvar modules = {\n${modules.join(",\n")}\n};\n${LOADER}${start}\n})();\n`;
}

function modulePath(root: string, fileName: string): string {
  return path
    .relative(root, fileName)
    .replace(/\.[jt]s$/, "")
    .split(path.sep)
    .join("/");
}
