// The reasons of the memory contract (firmware/limits.ts) are for people and for the report of `npm run size`; the bundles of
// a device go without them.

import ts from "typescript";

/** The field of a `PoolLimit` that no bundle has. */
export const REASON = "reason";

/** A field that tells a line of the contract from any other record with a reason. */
const OF_A_POOL = "bytesEach";

function hasName(property: ts.ObjectLiteralElementLike, name: string): boolean {
  return property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === name;
}

/** A line of the contract without its reason; any other literal as it is. */
export function withoutReason(node: ts.ObjectLiteralExpression): ts.ObjectLiteralExpression {
  return node.properties.some((property) => hasName(property, OF_A_POOL))
    ? ts.factory.updateObjectLiteralExpression(
        node,
        node.properties.filter((property) => !hasName(property, REASON)),
      )
    : node;
}

/** The same for all literals of a file, before it becomes JavaScript. */
export function withoutReasons(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    return ts.isObjectLiteralExpression(visited) ? withoutReason(visited) : visited;
  };
  return (file) => ts.visitEachChild(file, visit, context);
}
