// The rule on import cycles: a Lua module that is required while it loads has no exports yet. Types, const enums and numeric
// constants are gone when a module loads, so that imports of them alone close no cycle.

import ts from "typescript";
import { constantDeclaration, constantOf } from "./constant";
import { symbolOf } from "./place";

/** One import that is still there when the program runs. */
interface Edge {
  node: ts.ImportDeclaration | ts.ExportDeclaration;
  target: ts.SourceFile;
}

/** An import that leads back to its own file. */
export interface Cycle {
  file: ts.SourceFile;
  node: ts.Node;
  /** The files from this one on, and back to it. */
  files: ts.SourceFile[];
}

function isRunTime(checker: ts.TypeChecker, name: ts.Identifier | ts.StringLiteral): boolean {
  const symbol = symbolOf(checker, name);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Value) === 0) {
    return false;
  }
  if ((symbol.flags & ts.SymbolFlags.ConstEnum) !== 0) {
    return false;
  }
  const initializer = constantDeclaration(symbol)?.initializer;
  return initializer === undefined || constantOf(checker, initializer) === undefined;
}

function edgesOf(checker: ts.TypeChecker, file: ts.SourceFile): Edge[] {
  const edges: Edge[] = [];
  for (const node of file.statements) {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || node.moduleSpecifier === undefined) {
      continue;
    }
    const target = checker.getSymbolAtLocation(node.moduleSpecifier)?.declarations?.[0];
    const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    if (target === undefined || !ts.isSourceFile(target) || bindings === undefined) {
      continue;
    }
    if (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) {
      const elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = bindings.elements;
      if (elements.some((element) => !element.isTypeOnly && isRunTime(checker, element.name))) {
        edges.push({ node, target });
      }
    }
  }
  return edges;
}

/** Every cycle among files, once, at the import that closes it. */
export function findCycles(checker: ts.TypeChecker, files: readonly ts.SourceFile[]): Cycle[] {
  const cycles: Cycle[] = [];
  const done = new Set<ts.SourceFile>();
  const trail: ts.SourceFile[] = [];
  const visit = (file: ts.SourceFile): void => {
    trail.push(file);
    for (const { node, target } of edgesOf(checker, file)) {
      const at = trail.indexOf(target);
      if (at >= 0) {
        cycles.push({ file, node, files: [...trail.slice(at), target] });
      } else if (!done.has(target)) {
        visit(target);
      }
    }
    trail.pop();
    done.add(file);
  };
  for (const file of files) {
    if (!done.has(file)) {
      visit(file);
    }
  }
  return cycles;
}
