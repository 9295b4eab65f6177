/* What the arena's octets are: the objects of Lua by kind, counted by walking all of them. For reports. */
#ifndef DOORLINE_LUA_PARTS_H
#define DOORLINE_LUA_PARTS_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

#include "../native/engine.h"

/** Octets that Lua asked for and still has: those of the arena without its headers and without rounding. */
size_t parts_live(lua_State *state);
/** Reads the part at `index`; false behind the last one. The parts are together parts_live. */
bool parts_read(lua_State *state, unsigned index, engine_part *part);

#endif
