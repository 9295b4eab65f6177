// The modules of a program as TypeScriptToLua leaves them: what the names at their top level mean, what they import and
// export. The statements that only carry names between modules are taken out.

import path from "node:path";
import * as tstl from "typescript-to-lua";

/** A file of TypeScript as a Lua syntax tree. */
export interface LuaModule {
  fileName: string;
  file: tstl.File;
}

/** A name at the top level of a file, or one of its exports. */
export interface Meaning {
  fileName: string;
  name: string;
  isExport: boolean;
}

/** A module that is to be linked. */
export interface Module extends LuaModule {
  /** What a name at the top level stands for. */
  names: Map<string, Meaning>;
  /** Names that stand for the exports of a file as a whole, this one's among them. */
  tables: Map<string, string>;
  exports: Set<string>;
  /** Exports of other files that this one passes on, under their own names. */
  passedOn: Map<string, Meaning>;
  /** What remains at the top level; declarations of locals are assignments. */
  statements: tstl.Statement[];
  imports: string[];
}

const EXPORTS = "____exports";

/** The modules that a file needs, each after what it imports. */
export function readModules(modules: readonly LuaModule[], entry: string): Module[] {
  const files = new Map(modules.map(({ fileName, file }) => [fileName, file]));
  const order: Module[] = [];
  const seen = new Set<string>();
  const visit = (fileName: string): void => {
    const file = files.get(fileName);
    if (!seen.has(fileName) && file !== undefined) {
      seen.add(fileName);
      const module = readModule(fileName, file, (name) => files.has(name));
      module.imports.forEach(visit);
      order.push(module);
    }
  };
  visit(entry);
  for (const { names } of order) {
    for (const [name, meaning] of names) {
      names.set(name, originOf(meaning, order));
    }
  }
  return order;
}

/** Where a name comes from that other files may have passed on. */
function originOf(meaning: Meaning, modules: readonly Module[]): Meaning {
  const module = modules.find(({ fileName }) => fileName === meaning.fileName);
  const passed = meaning.isExport ? module?.passedOn.get(meaning.name) : undefined;
  return passed === undefined ? meaning : originOf(passed, modules);
}

function readModule(fileName: string, file: tstl.File, exists: (fileName: string) => boolean): Module {
  const module: Module = {
    fileName,
    file,
    names: new Map(),
    tables: new Map([[EXPORTS, fileName]]),
    exports: new Set(),
    passedOn: new Map(),
    statements: [],
    imports: [],
  };
  for (const statement of file.statements) {
    const required = requiredPath(statement);
    if (required !== "") {
      readImport(module, statement, required, exists);
    } else if (tstl.isDoStatement(statement) && requiredPath(statement.statements[0]) !== "") {
      readPassedOn(module, statement, exists);
    } else if (tstl.isVariableDeclarationStatement(statement)) {
      readDeclaration(module, statement);
    } else if (!tstl.isReturnStatement(statement)) {
      readExport(module, statement);
      module.statements.push(statement);
    }
  }
  return module;
}

/** The path in `require("path")` or `local name = require("path")`; "" for any other statement. */
function requiredPath(statement: tstl.Statement): string {
  const value = tstl.isVariableDeclarationStatement(statement)
    ? statement.right?.[0]
    : tstl.isExpressionStatement(statement)
      ? statement.expression
      : undefined;
  if (value === undefined || !tstl.isCallExpression(value) || !tstl.isIdentifier(value.expression)) {
    return "";
  }
  const [argument] = value.params;
  return value.expression.text === "require" && tstl.isStringLiteral(argument) ? argument.value : "";
}

function readImport(
  module: Module,
  statement: tstl.Statement,
  required: string,
  exists: (fileName: string) => boolean,
): void {
  const base = path.resolve(path.dirname(module.fileName), required);
  const fileName = [`${base}.ts`, path.join(base, "index.ts"), base].find(exists);
  if (fileName === undefined) {
    throw new Error(`${module.fileName}: ${required} is not part of the program`);
  }
  module.imports.push(fileName);
  if (tstl.isVariableDeclarationStatement(statement)) {
    module.tables.set(statement.left[0].text, fileName);
  }
}

/** `export { name } from "./other"`: a block that requires the other and assigns its exports to ours. */
function readPassedOn(module: Module, block: tstl.DoStatement, exists: (fileName: string) => boolean): void {
  const [importing, ...assignments] = block.statements;
  readImport(module, importing, requiredPath(importing), exists);
  const fileName = module.imports[module.imports.length - 1];
  for (const assignment of assignments) {
    const value = tstl.isAssignmentStatement(assignment) ? assignment.right[0] : undefined;
    const target = tstl.isAssignmentStatement(assignment) ? assignment.left[0] : undefined;
    if (
      value === undefined ||
      target === undefined ||
      !tstl.isTableIndexExpression(value) ||
      !tstl.isTableIndexExpression(target) ||
      !tstl.isStringLiteral(value.index) ||
      !tstl.isStringLiteral(target.index) ||
      value.index.value !== target.index.value
    ) {
      throw new Error(`${module.fileName}: an export of another module is passed on under its own name only`);
    }
    module.passedOn.set(value.index.value, { fileName, name: value.index.value, isExport: true });
  }
}

function readDeclaration(module: Module, statement: tstl.VariableDeclarationStatement): void {
  const { left, right } = statement;
  if (left[0].text === EXPORTS) {
    return;
  }
  const [value] = right ?? [];
  if (value !== undefined && tstl.isTableIndexExpression(value) && tstl.isIdentifier(value.table)) {
    const fileName = module.tables.get(value.table.text);
    if (fileName !== undefined && value.table.text !== EXPORTS && tstl.isStringLiteral(value.index)) {
      module.names.set(left[0].text, { fileName, name: value.index.value, isExport: true });
      return;
    }
  }
  for (const { text } of left) {
    module.names.set(text, { fileName: module.fileName, name: text, isExport: false });
  }
  if (right !== undefined && right.length > 0) {
    const assignment = tstl.createAssignmentStatement(left, right);
    assignment.flags = statement.flags;
    module.statements.push(tstl.setNodePosition(assignment, tstl.getOriginalPos(statement)));
  }
}

function readExport(module: Module, statement: tstl.Statement): void {
  for (const target of tstl.isAssignmentStatement(statement) ? statement.left : []) {
    if (
      tstl.isTableIndexExpression(target) &&
      tstl.isIdentifier(target.table) &&
      target.table.text === EXPORTS &&
      tstl.isStringLiteral(target.index)
    ) {
      module.exports.add(target.index.value);
    }
  }
}
