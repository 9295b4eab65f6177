// Names that stand in a compiled module and that the program does not give: Lua's own and the prelude's.

/** Names that the text in front of the bundle declares as locals. */
export const PRELUDE_NAME = /^(____createBuffer|__TS__\w+|Error|Symbol|Map|Set|Promise|RangeError|TypeError)$/;

/** Names that TypeScriptToLua prints as they stand and that are none: 0xFF, ("\000"). */
export const NAME = /^[A-Za-z_]\w*/;

/** Lua's own names that compiled TypeScript says, and what a shell may put before the program (firmware/bytes/twins.ts). */
export const LUA_GLOBALS: readonly string[] =
  "_G assert collectgarbage debug doorlineTwins error getmetatable ipairs math next nil os pairs pcall print rawget rawset select setmetatable string table tonumber tostring type unpack utf8 xpcall".split(
    " ",
  );
