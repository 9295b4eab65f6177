/*
 * The arguments of functions in C. What names nothing, or reaches outside of its buffer, raises an error with the function's name,
 * because only a fault of the program does that. No check allocates.
 */
#ifndef DOORLINE_LUA_ARGUMENTS_H
#define DOORLINE_LUA_ARGUMENTS_H

#include <lauxlib.h>
#include <stddef.h>
#include <stdint.h>

#include "buffers.h"

/** A native function says its own name first: `udpRead` in what it raises is what its caller is looking for. */
static inline int refuse(lua_State *state, const char *name, int argument, const char *wanted) {
  return luaL_error(state, "argument %d of %s is not %s", argument, name, wanted);
}

/** An integer of 0 … below - 1. */
static inline unsigned number(lua_State *state, const char *name, int argument, unsigned below) {
  int is_number = 0;
  lua_Integer value = lua_tointegerx(state, argument, &is_number);
  if (!is_number || value < 0 || value >= (lua_Integer)below) {
    refuse(state, name, argument, "a number that this board has");
  }
  return (unsigned)value;
}

static inline int32_t integer(lua_State *state, const char *name, int argument) {
  int is_number = 0;
  lua_Integer value = lua_tointegerx(state, argument, &is_number);
  if (!is_number || value < INT32_MIN || value > INT32_MAX) {
    refuse(state, name, argument, "an integer of 32 bits");
  }
  return (int32_t)value;
}

static inline const buffer *elements(lua_State *state, const char *name, int argument, enum buffer_kind kind) {
  const buffer *found = lua_type(state, argument) == LUA_TUSERDATA ? lua_touserdata(state, argument) : NULL;
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
