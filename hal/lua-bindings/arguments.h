/*
 * The arguments of functions in C. What names nothing, or reaches outside of its buffer, raises an error with the function's name,
 * because only a fault of the program does that. No check allocates.
 */
#ifndef DOORLINE_LUA_ARGUMENTS_H
#define DOORLINE_LUA_ARGUMENTS_H

#include <lauxlib.h>
#include <lobject.h>
#include <lstate.h>
#include <stddef.h>
#include <stdint.h>

#include "buffers.h"

/** A native function says its own name first: `udpRead` in what it raises is what its caller is looking for. */
static inline int refuse(lua_State *state, const char *name, int argument, const char *wanted) {
  return luaL_error(state, "argument %d of %s is not %s", argument, name, wanted);
}

/** The argument on Lua's stack itself, which spares a function of the API for each look; NULL: it is not there. */
static inline const TValue *argument_at(lua_State *state, int argument) {
  StkId place = state->ci->func + argument;
  return place < state->top ? s2v(place) : NULL;
}

/** A number of Lua that is an integer, in whatever form, of 32 bits. */
static inline int32_t integer(lua_State *state, const char *name, int argument) {
  const TValue *given = argument_at(state, argument);
  int is_integer = given != NULL && ttisinteger(given);
  lua_Integer value = is_integer ? ivalue(given) : lua_tointegerx(state, argument, &is_integer);
  if (!is_integer || value < INT32_MIN || value > INT32_MAX) {
    refuse(state, name, argument, "an integer of 32 bits");
  }
  return (int32_t)value;
}

/** An integer of 0 … below - 1. */
static inline unsigned number(lua_State *state, const char *name, int argument, unsigned below) {
  const TValue *given = argument_at(state, argument);
  int is_integer = given != NULL && ttisinteger(given);
  lua_Integer value = is_integer ? ivalue(given) : lua_tointegerx(state, argument, &is_integer);
  if (!is_integer || value < 0 || value >= (lua_Integer)below) {
    refuse(state, name, argument, "a number that this board has");
  }
  return (unsigned)value;
}

static inline const buffer *elements(lua_State *state, const char *name, int argument, enum buffer_kind kind) {
  const TValue *given = argument_at(state, argument);
  const buffer *found = given != NULL && ttisfulluserdata(given) ? (const void *)getudatamem(uvalue(given)) : NULL;
  if (found == NULL || found->kind != kind) {
    refuse(state, name, argument, kind == BUFFER_UINT8 ? "a buffer of octets" : "a buffer of samples");
  }
  return found;
}

static inline const buffer *octets(lua_State *state, const char *name, int argument) {
  return elements(state, name, argument, BUFFER_UINT8);
}

/** A part of a buffer of octets. */
typedef struct view {
  uint8_t *octets;
  size_t count;
} view;

/** The arguments buffer, start, end, from `argument` on. */
static inline view range(lua_State *state, const char *name, int argument) {
  const buffer *found = octets(state, name, argument);
  int32_t start = integer(state, name, argument + 1);
  int32_t end = integer(state, name, argument + 2);
  if (start < 0 || end < start || (uint32_t)end > found->length) {
    refuse(state, name, argument + 1, "the start of a range inside of its buffer");
  }
  return (view){(uint8_t *)found->elements + start, (size_t)(end - start)};
}

#endif
