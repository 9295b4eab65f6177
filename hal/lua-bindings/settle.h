/*
 * Fits Lua's memory to what it holds: garbage is collected, and tables, which grow by doubling, give back what they do not use. Boot
 * makes nearly all that stays.
 */
#ifndef DOORLINE_LUA_SETTLE_H
#define DOORLINE_LUA_SETTLE_H

#include <lua.h>

/** Collects, then fits every table. Raises an error of Lua's when there is no room to move one. Between two instructions only. */
void settle(lua_State *state);
/** The same when LUA_SETTLE_OCTETS were taken since it was done last. */
void settle_when_grown(lua_State *state);

#endif
