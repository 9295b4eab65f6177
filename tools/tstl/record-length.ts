// The name `length` belongs to buffers, lists and texts, and keeps its meaning there. A record's own field of that name is another one
// in Lua, so that it can be a number like all its fields (fields.ts).

import type ts from "typescript";
import * as tstl from "typescript-to-lua";

const LENGTH = "length";

/** What a record's own `length` is called among the program's fields. */
export const RECORD_LENGTH = "____length";

/** Whether a symbol is `length` of a record, which nobody reads by index. */
export function isRecordLength(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): boolean {
  return symbol?.name === LENGTH && symbol.declarations?.every((one) => isOfRecord(checker, one)) === true;
}

function isOfRecord(checker: ts.TypeChecker, declaration: ts.Declaration): boolean {
  const type = checker.getTypeAtLocation(declaration.parent);
  return !declaration.getSourceFile().isDeclarationFile && type.getNumberIndexType() === undefined;
}

/** The `length` that a literal gives a value to: that of the record that is wanted there. */
export function lengthOfLiteral(checker: ts.TypeChecker, node: ts.ObjectLiteralExpression): ts.Symbol | undefined {
  return (checker.getContextualType(node) ?? checker.getTypeAtLocation(node)).getProperty(LENGTH);
}

/** A field that was read or is assigned to. */
export function withRecordLength(
  { checker }: tstl.TransformationContext,
  node: ts.PropertyAccessExpression,
  field: tstl.Expression,
): tstl.Expression {
  return node.name.text === LENGTH &&
    tstl.isTableIndexExpression(field) &&
    isRecordLength(checker, checker.getSymbolAtLocation(node.name))
    ? tstl.createTableIndexExpression(field.table, tstl.createStringLiteral(RECORD_LENGTH), node)
    : field;
}

/** The table of a record. */
export function withRecordLengthInTable(
  { checker }: tstl.TransformationContext,
  node: ts.ObjectLiteralExpression,
  table: tstl.Expression,
): tstl.Expression {
  if (!tstl.isTableExpression(table) || !isRecordLength(checker, lengthOfLiteral(checker, node))) {
    return table;
  }
  const isLength = ({ key }: tstl.TableFieldExpression): boolean =>
    key !== undefined && tstl.isStringLiteral(key) && key.value === LENGTH;
  const fields = table.fields.map((field) =>
    isLength(field) ? { ...field, key: tstl.createStringLiteral(RECORD_LENGTH) } : field,
  );
  return { ...table, fields } as tstl.TableExpression;
}
