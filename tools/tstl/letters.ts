// String constants with octets outside ASCII: one octet a character (Latin-1), as JavaScript's charCodeAt and length see
// them. TypeScriptToLua would write UTF-8, and its "\0" runs into a digit behind it.

import type ts from "typescript";
import * as tstl from "typescript-to-lua";

const NEEDS_ESCAPES = /[\0\x7f-\xff]/;
const WIDE = /[^\0-\xff]/;

/** A string literal as Lua escapes, or undefined when TypeScriptToLua's own form has the same octets. */
export function transformLetters(node: ts.StringLiteralLike): tstl.Expression | undefined {
  if (!NEEDS_ESCAPES.test(node.text) || WIDE.test(node.text)) {
    return undefined;
  }
  let escaped = "";
  for (const letter of node.text) {
    const code = letter.charCodeAt(0);
    const plain = code >= 0x20 && code < 0x7f && letter !== '"' && letter !== "\\";
    escaped += plain ? letter : `\\${String(code).padStart(3, "0")}`;
  }
  // The printer escapes literals once more; a name it prints as it stands.
  return tstl.createIdentifier(`("${escaped}")`, node);
}
