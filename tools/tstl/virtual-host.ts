// A compiler host over the disk and a few files that exist in memory only: generated entries, snippets of tests.

import ts from "typescript";

/**
 * @param virtual texts by absolute path; they go before files on the disk
 * @param rewrite what is made of the text of every file of the project, declarations excepted
 */
export function virtualHost(
  options: ts.CompilerOptions,
  virtual: ReadonlyMap<string, string>,
  rewrite: (fileName: string, text: string) => string = (_fileName, text) => text,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const { fileExists, directoryExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => virtual.has(name) || fileExists.call(host, name);
  host.directoryExists = (name) =>
    [...virtual.keys()].some((file) => file.startsWith(`${name}/`)) || directoryExists?.call(host, name) === true;
  host.readFile = (name) => virtual.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    if (name.endsWith(".d.ts")) {
      return getSourceFile.call(host, name, languageVersion, ...rest);
    }
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, rewrite(name, text), languageVersion, true);
  };
  return host;
}
