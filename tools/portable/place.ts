// Where a node stands: inside boot or on a path that a message, a frame or a tick takes; in crypto or elsewhere; whether
// a name belongs to JavaScript's own library. Shared by the rules of the portable subset; it reports nothing itself.

import ts from "typescript";

/** What a rule needs to know and the one way it answers. */
export interface Place {
  readonly checker: ts.TypeChecker;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
  /** The file's path from the root of the project, with "/": "firmware/sip/via.ts". */
  readonly path: string;
  /** Wide numbers, `>>>` and Math.imul are at home here. */
  readonly crypto: boolean;
  /**
   * Refuses a node.
   * @param rule the name behind "portable/"
   */
  refuse(node: ts.Node, rule: string, message: string): void;
}

/** One family of rules: looks at one node, never at its children. */
export type Rule = (node: ts.Node, place: Place) => void;

const BOOT_NAME = /^create(?![a-z])/;

/** Whether a name is that of a boot function: `create…`. */
export function isBootName(name: string): boolean {
  return BOOT_NAME.test(name);
}

/** The nearest function around a node, or undefined at module level. */
export function functionAround(node: ts.Node): ts.SignatureDeclaration | undefined {
  let parent = node.parent;
  while (parent !== undefined && !ts.isSourceFile(parent)) {
    if (ts.isFunctionLike(parent)) {
      return parent;
    }
    parent = parent.parent;
  }
  return undefined;
}

/** Whether a node runs at boot only: at module level or in a function named `create…`. */
export function isBoot(node: ts.Node): boolean {
  const around = functionAround(node);
  if (around === undefined) {
    return true;
  }
  return around.name !== undefined && ts.isIdentifier(around.name) && isBootName(around.name.text);
}

/** Whether a node stands in a type, where nothing is run. */
export function isTypeOnly(node: ts.Node): boolean {
  let current: ts.Node | undefined = node;
  while (current !== undefined && !ts.isSourceFile(current)) {
    if (ts.isTypeNode(current) || ts.isInterfaceDeclaration(current) || ts.isTypeAliasDeclaration(current)) {
      return true;
    }
    if (ts.isStatement(current)) {
      return false;
    }
    current = current.parent;
  }
  return false;
}

/** The symbol that a name stands for, through imports. */
export function symbolOf(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

/** Whether a name is declared by JavaScript's own library. */
export function isLibrary(place: Place, symbol: ts.Symbol | undefined): boolean {
  const declaration = symbol?.declarations?.[0];
  return declaration !== undefined && place.program.isSourceFileDefaultLibrary(declaration.getSourceFile());
}

/** An expression without the parentheses and casts around it. */
export function inner(expression: ts.Expression): ts.Expression {
  let current = expression;
  while (ts.isParenthesizedExpression(current) || ts.isAsExpression(current) || ts.isSatisfiesExpression(current)) {
    current = current.expression;
  }
  return current;
}

/** The expression that takes a node's value, past the parentheses around it. */
export function outer(node: ts.Node): ts.Node {
  let parent = node.parent;
  while (ts.isParenthesizedExpression(parent)) {
    parent = parent.parent;
  }
  return parent;
}

/** Whether every value of a type has one of the flags. */
export function isEvery(type: ts.Type, flags: ts.TypeFlags): boolean {
  return type.isUnion() ? type.types.every((part) => isEvery(part, flags)) : (type.flags & flags) !== 0;
}

/** Whether an expression is a string. */
export function isText(place: Place, node: ts.Expression): boolean {
  return isEvery(place.checker.getTypeAtLocation(node), ts.TypeFlags.StringLike);
}
