/*
 * The linked part of a program image, where it stays: in static memory, linked at each boot; or in a part of the board's flash, linked once
 * and used by every later boot of the same shell and program. Nothing is written to it from then on, by Lua's collector neither.
 */
#ifndef DOORLINE_LUA_LINKED_H
#define DOORLINE_LUA_LINKED_H

#include <lua.h>

#include "../native/program.h"

/** Pushes the main function of a program of the form PROGRAM_LUA_IMAGE, as load_program says. */
void linked_load(lua_State *state, const program *loaded);
/** The linked part that was loaded last, and its octets. */
const uint8_t *linked_part(void);
size_t linked_octets(void);

#endif
