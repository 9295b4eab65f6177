/* The native twins (hal/native/twins.h) for a Lua program, by the names of hal/twins.ts. No call allocates. */
#ifndef DOORLINE_LUA_TWINS_H
#define DOORLINE_LUA_TWINS_H

#include <lua.h>

/** Before the program is loaded: sets the global `doorlineTwins`. */
void twins_open(lua_State *state);

#endif
