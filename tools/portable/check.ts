// The portable-subset checker: walks every file of firmware/ and hal/*.ts once, asks each family of rules about each node
// and collects refusals with file and line. CONTRIBUTING.md has the subset; the files beside this one have the rules.

import path from "node:path";
import ts from "typescript";
import { checkAllocation } from "./allocation";
import { checkControl } from "./control";
import { findCycles } from "./cycles";
import { checkLibrary, checkOperators } from "./library";
import { checkModules } from "./modules";
import { checkNumbers } from "./numbers";
import type { Place, Rule } from "./place";
import { checkText } from "./text";
import { checkNothing, checkTruth } from "./truth";

const RULES: readonly Rule[] = [
  checkControl,
  checkAllocation,
  checkNumbers,
  checkTruth,
  checkNothing,
  checkText,
  checkOperators,
  checkLibrary,
  checkModules,
];

/** A node outside the subset. */
export interface Refusal {
  file: ts.SourceFile;
  /** Offset of the node in the file's text, and its length. */
  start: number;
  length: number;
  /** "portable/for-of" */
  rule: string;
  message: string;
}

/** A file's path from the root of the project, with "/" on every system. */
export function projectPath(root: string, fileName: string): string {
  return path.relative(root, fileName).split(path.sep).join("/");
}

/** Whether a file is a part of a device's program: firmware/, hal/native/, hal/codecs/ and what the boards boot. */
export function isProgramPath(file: string): boolean {
  return /^(firmware\/|hal\/native\/|hal\/codecs\/|boards\/[^/]+\/[^/]+$)/.test(file);
}

/** Whether a file is bound to the subset: a device's program, and the interfaces of hal/. */
export function isPortablePath(file: string): boolean {
  return file.endsWith(".ts") && !file.endsWith(".d.ts") && (isProgramPath(file) || /^hal\/[^/]+$/.test(file));
}

/** The refusals of one file, in the order of the text. */
export function checkFile(program: ts.Program, file: ts.SourceFile, root: string): Refusal[] {
  const refusals: Refusal[] = [];
  const filePath = projectPath(root, file.fileName);
  const place: Place = {
    checker: program.getTypeChecker(),
    program,
    file,
    path: filePath,
    crypto: filePath.startsWith("firmware/crypto/"),
    refuse(node, rule, message) {
      const start = node.getStart(file);
      refusals.push({ file, start, length: node.getEnd() - start, rule: `portable/${rule}`, message });
    },
  };
  const visit = (node: ts.Node): void => {
    for (const rule of RULES) {
      rule(node, place);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return refusals.sort((left, right) => left.start - right.start);
}

/** The refusals of all portable files of a program, and of import cycles among them. */
export function checkProgram(program: ts.Program, root: string): Refusal[] {
  const files = program
    .getSourceFiles()
    .filter((file) => isPortablePath(projectPath(root, file.fileName)))
    .sort((left, right) => (left.fileName < right.fileName ? -1 : 1));
  const refusals = files.flatMap((file) => checkFile(program, file, root));
  for (const cycle of findCycles(program.getTypeChecker(), files)) {
    const start = cycle.node.getStart(cycle.file);
    const way = cycle.files.map((file) => projectPath(root, file.fileName)).join(" > ");
    refusals.push({
      file: cycle.file,
      start,
      length: cycle.node.getEnd() - start,
      rule: "portable/cycle",
      message: `an import cycle, which does not load in Lua: ${way}`,
    });
  }
  return refusals;
}

/** A refusal as `firmware/sip/x.ts:12:5: for-of allocates; use an index loop [portable/for-of]`. */
export function formatRefusal(refusal: Refusal, root: string): string {
  const { line, character } = refusal.file.getLineAndCharacterOfPosition(refusal.start);
  const at = `${projectPath(root, refusal.file.fileName)}:${line + 1}:${character + 1}`;
  return `${at}: ${refusal.message} [${refusal.rule}]`;
}

/** A refusal as a diagnostic of the compiler. */
export function toDiagnostic(refusal: Refusal): ts.Diagnostic {
  return {
    category: ts.DiagnosticCategory.Error,
    code: 900000,
    source: "portable",
    file: refusal.file,
    start: refusal.start,
    length: refusal.length,
    messageText: `${refusal.message} [${refusal.rule}]`,
  };
}
