// Rules on modules and state: named imports from firmware/ and hal/'s interfaces only, constants in place of variables at
// module level (several stations live in one process), const enums with written values.

import ts from "typescript";
import type { Place } from "./place";

/** The modules with state: the text table, which fills while the modules load, and the count of octets allocated. */
const STATE_FILES = ["firmware/bytes/text.ts", "firmware/bytes/bytes.ts"];

/** Who may import what: dependencies run one way. */
const LAYERS: readonly { of: RegExp; imports: RegExp; message: string }[] = [
  {
    of: /^(firmware\/|hal\/[^/]+$)/,
    imports: /^(firmware\/|hal\/[^/]+$)/,
    message: "firmware/ imports itself and hal/'s interfaces only",
  },
  {
    of: /^hal\/codecs\//,
    imports: /^(firmware\/(bytes|clock)\/|hal\/[^/]+$|hal\/codecs\/)/,
    message: "hal/codecs/ imports firmware/bytes/, firmware/clock/ and hal/'s interfaces only",
  },
  {
    of: /^hal\//,
    imports: /^(firmware\/bytes\/|hal\/[^/]+$|hal\/native\/)/,
    message: "hal/native/ imports firmware/bytes/ and hal/'s interfaces only",
  },
  {
    of: /^boards\//,
    imports: /^(firmware\/|hal\/[^/]+$|hal\/native\/|hal\/codecs\/|boards\/)/,
    message: "a board's program imports firmware/, hal/'s interfaces, hal/native/ and hal/codecs/ only",
  },
];

/** Refuses imports, exports, enumerations and variables outside the subset. */
export function checkModules(node: ts.Node, place: Place): void {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    checkImport(node, place);
  } else if (ts.isExportAssignment(node) || ts.isImportEqualsDeclaration(node)) {
    place.refuse(node, "module", "named imports and exports only");
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    place.refuse(node, "module", "no import at run time");
  } else if (ts.isModuleDeclaration(node)) {
    place.refuse(node, "module", "no namespaces");
  } else if (ts.isEnumDeclaration(node)) {
    checkEnumeration(node, place);
  } else if (ts.isVariableStatement(node)) {
    checkState(node, place);
  } else if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
    place.refuse(node, "var", "use const or let");
  }
}

function checkImport(node: ts.ImportDeclaration | ts.ExportDeclaration, place: Place): void {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  const isDefault = ts.isImportDeclaration(node) && node.importClause?.name !== undefined;
  if (isDefault || bindings === undefined || ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings)) {
    place.refuse(node, "module", "named imports and exports only");
  }
  const specifier = node.moduleSpecifier;
  if (specifier !== undefined && ts.isStringLiteral(specifier)) {
    const target = resolvePath(place.path, specifier.text);
    const layer = LAYERS.find(({ of }) => of.test(place.path));
    if (layer !== undefined && !layer.imports.test(target)) {
      place.refuse(specifier, "import", layer.message);
    }
  }
}

/** The project path that a relative import names; anything else as it is. */
function resolvePath(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) {
    return specifier;
  }
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      parts.pop();
    } else if (part !== ".") {
      parts.push(part);
    }
  }
  return parts.join("/");
}

function checkEnumeration(node: ts.EnumDeclaration, place: Place): void {
  if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ConstKeyword) !== true) {
    place.refuse(node, "enum", "an enumeration is a const enum");
  }
  for (const member of node.members) {
    if (member.initializer === undefined || typeof place.checker.getConstantValue(member) !== "number") {
      place.refuse(member, "enum", "a member of an enumeration has its number written");
    }
  }
}

function checkState(node: ts.VariableStatement, place: Place): void {
  if (!ts.isSourceFile(node.parent) || (node.declarationList.flags & ts.NodeFlags.Let) === 0) {
    return;
  }
  if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true) {
    place.refuse(node, "state", "an exported let is not live in Lua; export a function");
  } else if (!STATE_FILES.includes(place.path)) {
    place.refuse(node, "state", "no state at module level; several stations live in one process");
  }
}
