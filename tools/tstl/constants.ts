// Numeric constants written in where they are used: `export const TIMER_T1_MS = 500` costs a Lua program no table field,
// no local and no look-up. The declarations and the imports of such constants leave no trace in the bundle.

import ts from "typescript";
import type * as tstl from "typescript-to-lua";
import { constantDeclaration, constantOf } from "../portable/constant";
import { symbolOf } from "../portable/place";
import { integerLiteral } from "./integers";

type Context = tstl.TransformationContext;

/** Whether a `const` lies at the module level of a source file of the project. */
function isModuleConstant(declaration: ts.VariableDeclaration): boolean {
  return ts.isSourceFile(declaration.parent.parent.parent) && !declaration.getSourceFile().isDeclarationFile;
}

/** The integer that a symbol names everywhere, or undefined. */
function integerOf(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): number | undefined {
  const declaration = constantDeclaration(symbol);
  if (declaration?.initializer === undefined || !isModuleConstant(declaration)) {
    return undefined;
  }
  const value = constantOf(checker, declaration.initializer);
  return value !== undefined && Number.isInteger(value) && Math.abs(value) <= 0x80000000 ? value : undefined;
}

/** A name that stands for a constant integer, as a literal. */
export function transformConstant(context: Context, node: ts.Identifier): tstl.Expression | undefined {
  const value = integerOf(context.checker, symbolOf(context.checker, node));
  return value === undefined ? undefined : integerLiteral(value, node);
}

/** Whether all declarations of a statement are constants that are written in where they are used. */
export function isWrittenIn(context: Context, node: ts.VariableStatement): boolean {
  return (
    ts.isSourceFile(node.parent) &&
    node.declarationList.declarations.every(
      (declaration) => integerOf(context.checker, context.checker.getSymbolAtLocation(declaration.name)) !== undefined,
    )
  );
}

/** Lets the imports of a file leave out what is written in; called once a file, before it is transformed. */
export function leaveOutImports(context: Context): void {
  const resolver = context.resolver;
  const isReferenced = resolver.isReferencedAliasDeclaration.bind(resolver);
  resolver.isReferencedAliasDeclaration = (node, checkChildren) => {
    if (ts.isImportSpecifier(node)) {
      const name = symbolOf(context.checker, node.name);
      if (integerOf(context.checker, name) !== undefined) {
        return false;
      }
    }
    return isReferenced(node, checkChildren);
  };
}
