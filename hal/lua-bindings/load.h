/*
 * A program for Lua: as the bytecode that luac writes, which Lua copies to its arena, or as an image (tools/build/lua-image.ts),
 * whose instructions and numbers are used where they lie. An image's functions and texts are objects of Lua outside of the arena,
 * in static memory or in flash (linked.h), which are black for ever: the collector neither visits nor frees nor writes to them.
 */
#ifndef DOORLINE_LUA_LOAD_H
#define DOORLINE_LUA_LOAD_H

#include <lua.h>
#include <stdbool.h>

#include "../native/program.h"

bool load_can(enum program_form form);
/**
 * Pushes the main function of a program, whose first upvalue is the table of globals. Called in a state where nobody has made a
 * string yet. Raises a sentence when the program does not fit, and Lua's memory error.
 */
void load_program(lua_State *state, const program *loaded);

#endif
