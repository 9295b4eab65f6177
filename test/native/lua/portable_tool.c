/*
 * Runs portable tests in the VM of the shell, for twins.test.ts: "BUNDLE" runs the text of a Lua bundle with the shell's buffers and
 * native twins, "--references BUNDLE" without the twins. Prints the reports of the tests, "outcome TAB text".
 */
#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../../hal/lua-bindings/buffers.h"
#include "../../../hal/lua-bindings/twins.h"

static int report(lua_State *state) {
  const char *outcome = luaL_checkstring(state, 1);
  printf("%s\t", outcome);
  for (const char *text = luaL_checkstring(state, 2); *text != 0; text += 1) {
    putchar(*text == '\n' || *text == '\r' || *text == '\t' ? ' ' : *text);
  }
  putchar('\n');
  return 0;
}

int main(int count, char **words) {
  if (count < 2) {
    fputs("portable_tool [--references] BUNDLE\n", stderr);
    return 2;
  }
  lua_State *state = luaL_newstate();
  luaL_requiref(state, "_G", luaopen_base, 1);
  luaL_requiref(state, LUA_STRLIBNAME, luaopen_string, 1);
  luaL_requiref(state, LUA_TABLIBNAME, luaopen_table, 1);
  lua_settop(state, 0);
  buffers_open(state);
  if (strcmp(words[1], "--references") != 0) {
    twins_open(state);
  }
  lua_pushliteral(state, "all");
  lua_setglobal(state, "doorlineMode");
  lua_pushcfunction(state, report);
  lua_setglobal(state, "doorlineReport");
  bool is_good = luaL_loadfile(state, words[count - 1]) == LUA_OK && lua_pcall(state, 0, 0, 0) == LUA_OK;
  if (!is_good) {
    fprintf(stderr, "%s\n", lua_tostring(state, -1));
  }
  lua_close(state);
  return is_good ? 0 : 1;
}
