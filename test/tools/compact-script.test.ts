// The JavaScript bundle with fewer functions: what is written in computes the same in the same order, and what runs at boot alone
// is gone after it.

import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import { parse } from "acorn";
import { compactCode } from "../../tools/build/compact-script";
import { findClosures } from "../../tools/build/no-closures";

type Say = (text: string) => number;
interface Exports {
  main(say: Say, value: number): unknown;
  createNativeDevice(native: object): unknown;
}

function wrapped(body: string): string {
  return `var doorline = (function (exports) {\n"use strict";\n${body}\nreturn exports;\n})({});`;
}

function load(code: string): Exports {
  return new Function(`${code}\nreturn doorline;`)();
}

/** What a program says and answers for some values. */
function traceOf(code: string): string[] {
  const { main } = load(code);
  return [-2, 0, 1, 2, 3, 7].map((value) => {
    const said: string[] = [];
    const answer = main((text) => said.push(text), value);
    return `${value}: ${said.join(" ")} -> ${String(answer)}`;
  });
}

/** Compacts a program with a `main(say, value)`: it has to say and answer the same, without the functions that are named. */
async function check(
  body: string,
  gone: readonly string[],
  left: readonly string[] = [],
  numbers: ReadonlyMap<string, number> = new Map(),
): Promise<string> {
  const before = wrapped(`${body}\nexports.main = main;`);
  const { code } = await compactCode(before, numbers);
  assert.deepEqual(traceOf(code), traceOf(before));
  for (const name of gone) {
    assert.doesNotMatch(code, new RegExp(`function ${name}\\b`), code);
  }
  for (const name of left) {
    assert.match(code, new RegExp(`function ${name}\\b`), code);
  }
  return code;
}

const SUM = "function sum(count) { var all = 0; for (var i = 0; i < count; i += 1) { all += i; } return all; }";

describe("the compact JavaScript bundle", () => {
  it("writes a function that is called once where it is called: statement, variable, value of a return", async () => {
    await check(
      `${SUM}
      function tell(say, value) { if (value < 0) { say("less"); return; } say("more"); say("yet more"); }
      function twice(value) { while (value > 5) { value -= 1; if (value === 6) { return -1; } } return value * 2; }
      function main(say, value) { tell(say, value); var result = sum(value); say("" + result); return twice(value); }`,
      ["sum", "tell", "twice"],
    );
  });

  it("leaves loops and choices by the middle as the function did", async () => {
    await check(
      `function find(list, wanted) {
        for (var i = 0; i < list.length; i += 1) {
          if (list[i] === wanted) { return i; }
          switch (list[i]) { case 1: continue; case 3: return -3; default: break; }
        }
        return -1;
      }
      function main(say, value) { var at = find([0, 1, 2, 3, 7], value); say("" + at); return at; }`,
      ["find"],
    );
  });

  it("keeps the order in which arguments and operands are computed", async () => {
    await check(
      `function both(left, right) { return right * 10 + left; }
      function main(say, value) { return value + both(say("a"), say("b")) + say("c"); }`,
      ["both"],
    );
  });

  it("computes an argument once, and not later than before", async () => {
    await check(
      `function square(value) { return value * value; }
      function isSame(one, other) { return one === other; }
      function main(say, value) {
        var at = value;
        return square(say("x")) + (isSame(at, at += 1) ? 100 : 200) + at;
      }`,
      ["square", "isSame"],
    );
  });

  it("gives a parameter that is written to a variable of its own", async () => {
    await check(
      `function down(value) { value -= 1; return value * 2; }
      function main(say, value) { var result = down(value); return result * 100 + value; }`,
      ["down"],
    );
  });

  it("keeps variables of the same name apart", async () => {
    await check(
      `var offset = 5;
      function move() { offset += 1; }
      function add(value) { var result = value + offset; move(); return result; }
      function main(say, value) { var result = 1000; var offset = add(value); return result + offset; }`,
      ["add", "move"],
    );
  });

  it("moves a call with a loop in front of its statement when nothing comes before it", async () => {
    await check(
      `${SUM}
      function main(say, value) { if (sum(value) > 2) { say("large"); } else { say("small"); } return value; }`,
      ["sum"],
    );
  });

  it("leaves a call with a loop where something is computed before it", async () => {
    await check(
      `${SUM}
      function main(say, value) { return say("first") + sum(say("second")); }`,
      [],
      ["sum"],
    );
  });

  it("leaves a call whose arguments change a variable that was read before it", async () => {
    await check(
      `${SUM}
      function main(say, value) { var at = value; return at + sum(at += 1); }`,
      [],
      ["sum"],
    );
  });

  it("runs a call in a condition only when it is reached", async () => {
    await check(
      `function count(say) { var all = 0; for (var i = 0; i < 3; i += 1) { all += say("i"); } return all; }
      function ask(say) { for (var i = 0; i < 2; i += 1) { say("j"); } return true; }
      function main(say, value) {
        if (value > 1 && count(say) > 3) { say("yes"); }
        return value < 0 || ask(say);
      }`,
      ["count", "ask"],
    );
  });

  it("asks the condition of a loop in each round", async () => {
    await check(
      `function isMore(say, value) { for (var i = 0; i < 2; i += 1) { say("?"); } return value > 0; }
      function main(say, value) {
        while (isMore(say, value)) { value -= 1; if (value === 1) { continue; } say("" + value); }
        return value;
      }`,
      ["isMore"],
    );
  });

  it("writes in small functions that are called often, and leaves large ones, values and those that call themselves", async () => {
    const large = "say('1'); say('2'); say('3'); say('4'); say('5'); say('6'); say('7'); say('8'); say('9');";
    await check(
      `function isOdd(value) { return (value & 1) === 1; }
      function tell(say) { ${large} }
      function down(value) { return value > 0 ? down(value - 1) : 0; }
      function onEnd(say) { say("end"); }
      function main(say, value) {
        tell(say); tell(say); tell(say); tell(say); tell(say);
        var record = { onEnd: onEnd };
        record.onEnd(say);
        return [isOdd(value), isOdd(value + 1), isOdd(value + 2), down(value)].join();
      }`,
      ["isOdd"],
      ["tell", "down", "onEnd"],
    );
  });

  it("writes in numbers that have names, not what changes", async () => {
    const code = await check(
      `var LIMIT = 134217727; var state = 1;
      function main(say, value) { state += value; return (LIMIT & value) + state; }`,
      [],
    );
    assert.doesNotMatch(code, /LIMIT/);
    assert.match(code, /var state = 1/);
  });

  it("makes arrays of large records, numbers the fields of all, and fills them in the order of the source", async () => {
    const numbers = new Map(["f", "e", "d", "c", "b", "a", "small"].map((name, number) => [name, number]));
    const code = await check(
      `function main(say, value) {
        var large = { a: say("a"), b: say("b"), c: value, d: 4, e: [], f: say("f") };
        var tiny = { small: value, length: 2 };
        large.c += large.a * 100 + large.f;
        return large.c + tiny.small + tiny.length + Object.keys(tiny).length;
      }`,
      [],
      [],
      numbers,
    );
    assert.doesNotMatch(code, /\.(?:small|[a-f])\b/);
    assert.match(code, /6: value/);
    assert.match(code, /length: 2/);
    assert.match(code, /= \[[ ,]+\]/);
  });

  it("makes what is needed at boot alone inside of the function that boots", async () => {
    const before = wrapped(
      `function createTable(count) { var table = []; for (var i = 0; i < count; i += 1) { table.push(i); } return table; }
      var KEYS = createTable(4);
      var TABLE = createTable(6);
      function read(keys, at) { return keys[at]; }
      function createNativeDevice(native) { return { first: read(KEYS, 1) + read(TABLE, 2), more: createTable(native.count) }; }
      function main(say, value) { return read(TABLE, value); }
      exports.main = main;
      exports.createNativeDevice = createNativeDevice;`,
    );
    const { code } = await compactCode(before);
    const inside = code.slice(code.indexOf("function createNativeDevice"), code.indexOf("function main"));
    assert.match(inside, /function createTable/);
    assert.match(inside, /var KEYS/);
    assert.match(code, /var TABLE;/);
    const program = load(code);
    assert.deepEqual(program.createNativeDevice({ count: 2 }), { first: 3, more: [0, 1] });
    assert.equal(
      program.main(() => 0, 5),
      5,
    );
  });

  it("may make functions in the function that boots, and nowhere else", () => {
    const closures = (inside: string): number =>
      findClosures(parse(`var p=function(e){${inside}}({})`, { ecmaVersion: 5 })).length;
    assert.equal(closures("e.createNativeDevice=function(n){function a(){return n}return a()}"), 0);
    assert.equal(closures("e.createNativeDevice=function(n){function a(){return function(){return n}}return a()}"), 1);
    assert.equal(closures("e.pollDevice=function(n){function a(){return n}return a()}"), 1);
  });

  it("refuses a program that needs a value of the boot while it loads", async () => {
    const early = `function createTable() { var table = []; while (table.length < 3) { table.push(1); } return table; }
      var TABLE = createTable();
      function createNativeDevice() { return TABLE; }
      exports.length = TABLE.length;
      exports.createNativeDevice = createNativeDevice;`;
    await assert.rejects(compactCode(wrapped(early)), /TABLE is needed before the boot/);
  });

  it("leads from what was written in to its own line", async () => {
    const source = wrapped(`function double(value) {
      return value * 2 + 77;
    }
    function main(say, value) { return double(value); }
    exports.main = main;`);
    const { code, map } = await compactCode(source);
    const lines = code.split("\n");
    const line = lines.findIndex((text) => text.includes("77"));
    const entry = new SourceMap(JSON.parse(map)).findEntry(line, lines[line].indexOf("77"));
    assert("originalLine" in entry);
    assert.equal(
      entry.originalLine,
      source.split("\n").findIndex((text) => text.includes("77")),
    );
  });
});
