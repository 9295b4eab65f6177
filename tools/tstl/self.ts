// Function-typed fields of interfaces as plain functions in Lua. TypeScriptToLua gives them a hidden first parameter unless
// their interface says @noSelf; here every interface of the project says it. Methods that declare `this` stay methods.

import ts from "typescript";

const ANNOTATION = "/** @noSelf */ ";

/** The text of a file with the annotation in front of every interface, on its own line, so that no line moves. */
export function withoutSelf(fileName: string, text: string): string {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext);
  let annotated = "";
  let end = 0;
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      const start = statement.getStart(file);
      annotated += text.slice(end, start) + ANNOTATION;
      end = start;
    }
  }
  return annotated + text.slice(end);
}
