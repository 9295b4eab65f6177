/*
 * Tables after boot: none gets another key, so each is given just the room for what it has. Lua leaves up to half of a table empty
 * for what may come, and keeps numbers in the larger kind of slot when they came out of order.
 */
#ifndef DOORLINE_LUA_SETTLE_H
#define DOORLINE_LUA_SETTLE_H

#include <lua.h>

/** Fits every table. Called when a full collection has left only what lives. Raises Lua's memory error. */
void settle_tables(lua_State *state);

#endif
