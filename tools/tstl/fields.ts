// The fields of the firmware's records as small numbers: `dialog.state` becomes `dialog[3]`. In Lua a name costs a constant
// in every function that says it, a number costs nothing, and a record of numbered fields is an array without a hash.
//
// A field's name has one number in the whole program, so that records may stand in for each other wherever TypeScript lets
// them; two names of one record never share a number. A name stays as it is when anything outside of firmware/ declares it:
// hal/'s interfaces, JavaScript's library, a test. And so do OUTSIDE_FIELDS and the fields of OUTSIDE_INTERFACES.

import ts from "typescript";
import { REASON } from "../build/without-reasons";
import { projectPath } from "../portable/check";

/** Interfaces of firmware/ whose records a shell in C or Lua reads by name: the counters of the memory report. */
export const OUTSIDE_INTERFACES: readonly string[] = ["Memory", "PoolUse", "PoolLimit"];

/** The way to them from a device: `device.memory`. */
export const OUTSIDE_FIELDS: readonly string[] = ["memory"];

/** A number has to fit the instruction that reads a field by number. */
const LARGEST_NUMBER = 250;

/** The names of a program's fields. */
export interface FieldNames {
  /** Names of the firmware's own records that nobody outside says. */
  own: ReadonlySet<string>;
  /** The names of each record that is declared or written as a literal, to be told apart. */
  records: readonly { title: string; names: readonly string[] }[];
}

/** Reads the fields of all files of a program. */
export function findFields(program: ts.Program, root: string): FieldNames {
  const checker = program.getTypeChecker();
  const declared = new Set<string>();
  const kept = new Set<string>(OUTSIDE_FIELDS);
  const records: { title: string; names: string[] }[] = [];
  const isProject = (file: ts.SourceFile): boolean => !file.isDeclarationFile;
  const isFirmware = (file: ts.SourceFile): boolean =>
    isProject(file) && projectPath(root, file.fileName).startsWith("firmware/");
  const isOfFirmware = (symbol: ts.Symbol | undefined): boolean =>
    symbol?.declarations?.some((declaration) => isFirmware(declaration.getSourceFile())) === true;
  const namesOf = (type: ts.Type): string[] => type.getProperties().map(({ name }) => name);

  const readShape = (node: ts.InterfaceDeclaration | ts.TypeLiteralNode): void => {
    const type = checker.getTypeAtLocation(node);
    const title = ts.isInterfaceDeclaration(node) ? node.name.text : "";
    const names = namesOf(type);
    const isOpen = OUTSIDE_INTERFACES.includes(title) || type.getNumberIndexType() !== undefined;
    records.push({ title, names });
    for (const name of names.filter((one) => !isOpen || one !== REASON)) {
      (isOpen || !isFirmware(node.getSourceFile()) ? kept : declared).add(name);
    }
  };

  const readLiteral = (node: ts.ObjectLiteralExpression): void => {
    const wanted = checker.getContextualType(node);
    const names: string[] = [];
    for (const property of node.properties) {
      const name = property.name !== undefined && isPlainName(property.name) ? property.name.text : "";
      const field = wanted?.getProperty(name);
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
  return { own: new Set([...declared].filter((name) => name !== "" && !kept.has(name))), records };
}

function isPlainName(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral | ts.NumericLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name);
}

/**
 * A number from 1 on for every own name, the same nowhere in one record. Names of many records come first, so that each
 * record's numbers stay close together. A name that finds no number stays a name.
 */
export function numberFields(fields: FieldNames): Map<string, number> {
  const neighbours = new Map<string, Set<string>>();
  const uses = new Map<string, number>();
  for (const { names } of fields.records) {
    const own = names.filter((name) => fields.own.has(name));
    for (const name of own) {
      const others = neighbours.get(name) ?? new Set<string>();
      neighbours.set(name, others);
      uses.set(name, (uses.get(name) ?? 0) + 1);
      for (const other of own) {
        others.add(other);
      }
    }
  }
  const order = [...neighbours.keys()].sort((left, right) => (uses.get(right) ?? 0) - (uses.get(left) ?? 0));
  const numbers = new Map<string, number>();
  for (const name of order) {
    const taken = new Set([...(neighbours.get(name) ?? [])].map((other) => numbers.get(other)));
    let number = 1;
    while (taken.has(number)) {
      number += 1;
    }
    if (number <= LARGEST_NUMBER) {
      numbers.set(name, number);
    }
  }
  return numbers;
}
