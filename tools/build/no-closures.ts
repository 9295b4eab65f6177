// Refuses a bundle in which a function is made inside of another one: it would be made anew, of the VM's memory, each time that the
// outer one runs. The sources have none (tools/portable); a minifier may move one there. The function that boots has some
// (script/boot-scope.ts).

import { parse } from "acorn";
import type { Plugin } from "rollup";
import { BOOT } from "./compact-script";

const EXCERPT_LETTERS = 60;

interface Part {
  type: string;
  start: number;
}

/** `exports.createNativeDevice = function …` */
interface Assignment extends Part {
  left: { property?: { name?: string } };
  right: unknown;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && "type" in value;
}

function isBoot(part: Part): part is Assignment {
  return part.type === "AssignmentExpression" && (part as Assignment).left.property?.name === BOOT;
}

/** Where functions are made inside of functions that are inside of the script's own one. */
export function findClosures(part: unknown, found: number[] = [], depth = 0): number[] {
  if (Array.isArray(part)) {
    for (const one of part) {
      findClosures(one, found, depth);
    }
  } else if (isPart(part)) {
    const isFunction = /^(Arrow)?Function/.test(part.type);
    if (isFunction && depth > 1) {
      found.push(part.start);
    }
    const inside = isBoot(part) ? depth - 1 : isFunction ? depth + 1 : depth;
    findClosures(Object.values(part), found, inside);
  }
  return found;
}

/** Looks at every chunk after all that rewrites it. */
export function noClosures(): Plugin {
  return {
    name: "no-closures",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === "chunk") {
          const [first] = findClosures(parse(chunk.code, { ecmaVersion: 5, sourceType: "script" }));
          if (first !== undefined) {
            this.error(`a function is made when another one runs: ${chunk.code.slice(first, first + EXCERPT_LETTERS)}`);
          }
        }
      }
    },
  };
}
