// The integers of a script within 28 bits, because a static snapshot of JerryScript holds no wider ones: 0x12345678 becomes
// (0x1234<<16|0x5678), which is the same signed 32-bit number. Only constant tables of firmware/crypto have such numbers.

import { type Node, parse } from "acorn";

const WIDEST = 0x7ffffff;

interface Part extends Node {
  value?: unknown;
  operator?: string;
  argument?: Part;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && "type" in value;
}

/** The number that an expression is, where it is a literal with or without its sign. */
function numberOf(part: Part): number | undefined {
  if (part.type === "UnaryExpression" && part.operator === "-" && part.argument?.type === "Literal") {
    const value = numberOf(part.argument);
    return value === undefined ? undefined : -value;
  }
  return part.type === "Literal" && typeof part.value === "number" ? part.value : undefined;
}

/** All numbers of a program that are wider, in their order. */
function findWide(part: unknown, found: { start: number; end: number; value: number }[]): void {
  if (Array.isArray(part)) {
    for (const one of part) {
      findWide(one, found);
    }
    return;
  }
  if (!isPart(part)) {
    return;
  }
  const value = numberOf(part);
  if (value === undefined) {
    findWide(Object.values(part), found);
  } else if (Math.abs(value) > WIDEST) {
    found.push({ start: part.start, end: part.end, value });
  }
}

/**
 * The same script without integers beyond 28 bits. Lines stay; columns move.
 * @throws {RangeError} when one is beyond 32 bits or no integer
 */
export function narrowIntegers(code: string): string {
  const found: { start: number; end: number; value: number }[] = [];
  findWide(parse(code, { ecmaVersion: 5, sourceType: "script" }), found);
  let result = "";
  let at = 0;
  for (const { start, end, value } of found) {
    if (value !== (value | 0)) {
      throw new RangeError(`${value} is no signed integer of 32 bits: a static snapshot cannot hold it`);
    }
    result += `${code.slice(at, start)}(${value >> 16}<<16|${value & 0xffff})`;
    at = end;
  }
  return result + code.slice(at);
}
