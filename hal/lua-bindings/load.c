/* The two forms of a Lua program; see load.h. */
#include "load.h"

#include <lauxlib.h>

#include "linked.h"
#include "lua-limits.h"

bool load_can(enum program_form form) {
  return (form == PROGRAM_LUA_BYTECODE && LUA_RUNS_BYTECODE) ||
         (form == PROGRAM_LUA_IMAGE && (LUA_LINKED_IN_FLASH || LUA_LINKED_OCTETS > 0));
}

#if LUA_RUNS_BYTECODE
/** A lua_Reader: the whole program at once, then nothing. */
static const char *read_whole(lua_State *state, void *reader, size_t *size) {
  program *rest = reader;
  (void)state;
  *size = rest->length;
  rest->length = 0;
  return (const char *)rest->bundle;
}

static void load_bytecode(lua_State *state, const program *loaded) {
  program rest = *loaded;
  if (lua_load(state, read_whole, &rest, "=program", "b") != LUA_OK) {
    lua_error(state);
  }
}
#else
static void load_bytecode(lua_State *state, const program *loaded) {
  (void)loaded;
  luaL_error(state, "this board does not run bytecode");
}
#endif

void load_program(lua_State *state, const program *loaded) {
  if (loaded->form == PROGRAM_LUA_IMAGE) {
    linked_load(state, loaded);
  } else {
    load_bytecode(state, loaded);
  }
}
