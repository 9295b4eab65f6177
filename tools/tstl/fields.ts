// The fields of the firmware's records as small numbers: `dialog.state` becomes `dialog[3]`. In Lua a name costs a constant
// in every function that says it, a number costs nothing, and a record of numbered fields is an array without a hash.
//
// A field's name has one number in the whole program, so that records may stand in for each other wherever TypeScript lets
// them; two names of one record never share a number. A name stays as it is when anything outside of the program declares it:
// JavaScript's library, a test, and hal/'s interfaces, unless the entry is a board's, whose program has both sides of them. And so do
// the fields of OUTSIDE_INTERFACES and what a shell reads by name; in Lua it reads that by number (SHELL_NUMBERS).

import ts from "typescript";
import { REASON } from "../build/without-reasons";
import { isPortablePath, isProgramPath, projectPath } from "../portable/check";
import { isRecordLength, lengthOfLiteral, RECORD_LENGTH } from "./record-length";

/** Interfaces whose records a shell in C makes: what it puts before the program. */
const OUTSIDE_INTERFACES: readonly string[] = ["Native", "Twins"];

/** The counters of the memory report (firmware/memory/pool.ts), which a shell or a tool reads, and the way to them from a device. */
const COUNTERS: readonly string[] = ["Memory", "PoolUse", "PoolLimit"];
const WAY_TO_COUNTERS = "memory";

/**
 * What a shell reads of them. In the Lua of a board they have these numbers (enum pool_field of hal/lua-bindings/engine.c),
 * everywhere else their names.
 */
const SHELL_NUMBERS: { readonly [name: string]: number } = {
  ...{ memory: 1, pools: 1 },
  ...{ limit: 1, inUse: 2, highWater: 3, refused: 4 },
  ...{ name: 1, count: 2 },
};

/** Records that an array of them counts for, where only their declarations are known. */
const ELEMENTS_OF_AN_ARRAY = 16;

/** The names of a program's fields. */
export interface FieldNames {
  /** Names of the firmware's own records that nobody outside says. */
  own: ReadonlySet<string>;
  /** Those of SHELL_NUMBERS that have their numbers. */
  fixed: ReadonlyMap<string, number>;
  /** The names of each record that is declared or written as a literal, to be told apart. */
  records: readonly { title: string; names: readonly string[] }[];
  /** How many fields of records hold a record of that title, roughly. */
  uses: ReadonlyMap<string, number>;
}

/** Reads the fields of all files of a program. @param entry its first file */
export function findFields(program: ts.Program, root: string, entry: string): FieldNames {
  const checker = program.getTypeChecker();
  const declared = new Set<string>();
  const kept = new Set<string>();
  const counters = new Set([WAY_TO_COUNTERS]);
  const records: { title: string; names: string[] }[] = [];
  const isProject = (file: ts.SourceFile): boolean => !file.isDeclarationFile;
  const isOfBoard = projectPath(root, entry).startsWith("boards/");
  const isOwnPath = isOfBoard ? isPortablePath : isProgramPath;
  const isFirmware = (file: ts.SourceFile): boolean => isProject(file) && isOwnPath(projectPath(root, file.fileName));
  const isOfFirmware = (symbol: ts.Symbol | undefined): boolean =>
    symbol?.declarations?.some((declaration) => isFirmware(declaration.getSourceFile())) === true;
  const uses = new Map<string, number>();
  const nameOf = (field: ts.Symbol): string => (isRecordLength(checker, field) ? RECORD_LENGTH : field.name);
  const namesOf = (type: ts.Type): string[] => type.getProperties().map(nameOf);

  const readShape = (node: ts.InterfaceDeclaration | ts.TypeLiteralNode): void => {
    const type = checker.getTypeAtLocation(node);
    const title = ts.isInterfaceDeclaration(node) ? node.name.text : "";
    const names = namesOf(type);
    const isOpen = OUTSIDE_INTERFACES.includes(title) || type.getNumberIndexType() !== undefined;
    records.push({ title, names });
    for (const name of COUNTERS.includes(title) ? names.filter((one) => one !== REASON) : []) {
      counters.add(name);
    }
    for (const field of type.getProperties()) {
      const held = checker.getTypeOfSymbol(field);
      const element = checker.isArrayType(held) ? checker.getTypeArguments(held as ts.TypeReference)[0] : undefined;
      const used = (element ?? held).symbol?.name;
      if (used !== undefined) {
        uses.set(used, (uses.get(used) ?? 0) + (element === undefined ? 1 : ELEMENTS_OF_AN_ARRAY));
      }
    }
    for (const name of names) {
      (isOpen || !isFirmware(node.getSourceFile()) ? kept : declared).add(name);
    }
  };

  const readLiteral = (node: ts.ObjectLiteralExpression): void => {
    const wanted = checker.getContextualType(node);
    const names: string[] = [];
    for (const property of node.properties) {
      const said = property.name !== undefined && isPlainName(property.name) ? property.name.text : "";
      const field = wanted?.getProperty(said);
      const isLength = said === "length" && isRecordLength(checker, lengthOfLiteral(checker, node));
      const name = isLength ? RECORD_LENGTH : said;
      names.push(name);
      if (!isFirmware(node.getSourceFile()) && !isOfFirmware(field)) {
        kept.add(name);
      } else if (field !== undefined && !isOfFirmware(field)) {
        kept.add(name);
      } else {
        declared.add(name);
      }
    }
    records.push({ title: "", names });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) {
      readShape(node);
    } else if (ts.isObjectLiteralExpression(node)) {
      readLiteral(node);
    } else if (ts.isPropertyAccessExpression(node)) {
      if (!isOfFirmware(checker.getSymbolAtLocation(node.name))) {
        kept.add(node.name.text);
      }
    } else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      kept.add(node.argumentExpression.text);
    } else if (ts.isBindingElement(node)) {
      const name = node.propertyName ?? node.name;
      kept.add(ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "");
    } else if (ts.isClassElement(node) && node.name !== undefined && isPlainName(node.name)) {
      kept.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    if (isProject(file)) {
      visit(file);
    }
  }
  const own = [...declared].filter((name) => name !== "" && !kept.has(name));
  const isRead = (name: string): boolean => counters.has(name) && (!isOfBoard || Object.hasOwn(SHELL_NUMBERS, name));
  return {
    own: new Set(own.filter((name) => !isRead(name))),
    fixed: new Map(isOfBoard ? own.filter(isRead).map((name) => [name, SHELL_NUMBERS[name]]) : []),
    records,
    uses,
  };
}

function isPlainName(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral | ts.NumericLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name);
}
