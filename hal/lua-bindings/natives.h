/* The functions of device.h for a Lua program, by the names of hal/native/native.ts. No call allocates. */
#ifndef DOORLINE_LUA_NATIVES_H
#define DOORLINE_LUA_NATIVES_H

#include <lua.h>

/** Pushes the table `native`. */
void natives_push(lua_State *state);

#endif
