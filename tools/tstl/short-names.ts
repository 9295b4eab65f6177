// Short names for a program's own names, the shortest for the most used. Everything inside a Lua function that is not a
// local costs its bytecode one constant with the whole name.

const FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
const NEXT = `${FIRST}0123456789`;

const KEYWORDS: readonly string[] =
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  );

function* allNames(): Generator<string> {
  yield* FIRST;
  for (const first of allNames()) {
    for (const next of NEXT) {
      yield first + next;
    }
  }
}

/** Names in the order of their length, without `taken` and Lua's keywords. */
export function* shortNames(taken: ReadonlySet<string>): Generator<string, never> {
  for (const name of allNames()) {
    if (!taken.has(name) && !KEYWORDS.includes(name)) {
      yield name;
    }
  }
  throw new Error("no end of names");
}
