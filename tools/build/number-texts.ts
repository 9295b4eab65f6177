// The constant texts of the JavaScript bundle as numbers: what tools/tstl/link.ts does for Lua. In the place of the first call of
// `createText` all texts are made, every other one gives way to the number that it would have answered. Works on the linked chunk,
// where nothing is left that the entry does not reach; lines stay, columns may move.

import type { Plugin } from "rollup";
import { CREATE_TABLE, CREATE_TEXT, FIRST_NUMBER, TextNumbers } from "./text-numbers";

/** JerryScript counts the letters of a literal anew for each letter that is asked for: long ones take as long as a boot may. */
const LITERAL_LETTERS = 120;

interface Node {
  type: string;
  start: number;
  end: number;
}

interface TextCall extends Node {
  callee: { type: string; name?: string };
  arguments: { type: string; value?: unknown }[];
}

/** The calls `createText("…")` that run while the script loads, in their order; the script is one function around all. */
function findCalls(node: unknown, found: TextCall[], depth = 0): TextCall[] {
  if (Array.isArray(node)) {
    for (const part of node) {
      findCalls(part, found, depth);
    }
  } else if (isNode(node)) {
    const call = node as TextCall;
    const inside = /^(Arrow)?Function/.test(node.type) ? depth + 1 : depth;
    if (call.type === "CallExpression" && call.callee.name === CREATE_TEXT) {
      found.push(call);
    } else if (inside < 2) {
      findCalls(Object.values(node), found, inside);
    }
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Makes all texts; the value is the number of the first. */
function makeTexts(texts: TextNumbers): string {
  const { octets, texts: count } = texts.size;
  const calls = [
    `${CREATE_TABLE}(${octets}, ${count})`,
    ...texts.literals(LITERAL_LETTERS).map((literal) => `${CREATE_TEXT}(${JSON.stringify(literal)})`),
  ];
  return [...calls, FIRST_NUMBER].join(", ");
}

/** Numbers the texts of a chunk. */
export function numberTexts(): Plugin {
  return {
    name: "number-texts",
    renderChunk(code) {
      const texts = new TextNumbers();
      const numbered = findCalls(this.parse(code), []).flatMap((call) => {
        const [text] = call.arguments;
        const number = typeof text?.value === "string" ? texts.numberOf(text.value) : undefined;
        return number === undefined ? [] : [{ call, number }];
      });
      let result = code;
      for (const { call, number } of numbered.slice(1).reverse()) {
        const lines = code.slice(call.start, call.end).replace(/[^\n]/g, "");
        result = `${result.slice(0, call.start)}${number}${lines}${result.slice(call.end)}`;
      }
      const first = numbered[0]?.call;
      return first === undefined
        ? null
        : {
            code: `${result.slice(0, first.start)}(${makeTexts(texts)})${result.slice(first.end)}`,
            map: null,
          };
    },
  };
}
