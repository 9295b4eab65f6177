/*
 * Buffers as userdata; see buffers.h. A read or store of one element is what a program does most, so these two functions take
 * their arguments from Lua's stack itself (lstate.h) instead of through the API, and each kind of element has its own pair.
 */
#include "buffers.h"

#include <lapi.h>
#include <lauxlib.h>
#include <lobject.h>
#include <lstate.h>
#include <string.h>

#include "lua-limits.h"

enum { ALIGNMENT = 8 };
_Static_assert(LUA_BUFFER_OCTETS < 1 << 28, "a buffer knows its length in 28 bits");

static _Alignas(ALIGNMENT) uint8_t store[LUA_BUFFER_OCTETS];
static size_t store_used;

static int is_length_name(const TValue *key) {
  return ttisshrstring(key) && tsvalue(key)->shrlen == 6 && memcmp(svalue(key), "length", 6) == 0;
}

static int refuse(lua_State *state, const buffer *of, const TValue *key) {
  if (ttisinteger(key)) {
    return luaL_error(state, "index %I of a buffer of %I", (LUAI_UACINT)ivalue(key), (LUAI_UACINT)of->length);
  }
  return luaL_error(state, "a buffer has no such field");
}

/** An argument of a metamethod: 1 the buffer, 2 the key, 3 for a store the value. Lua fills its stack to at least that. */
#define ARGUMENT(state, number) s2v((state)->ci->func + (number))
#define SUBJECT(state) ((const buffer *)(const void *)getudatamem(uvalue(ARGUMENT(state, 1))))

static int read_other(lua_State *state, const buffer *of, const TValue *key) {
  if (!is_length_name(key)) {
    return refuse(state, of, key);
  }
  lua_pushinteger(state, (lua_Integer)of->length);
  return 1;
}

static int store_other(lua_State *state, const buffer *of, const TValue *key, const TValue *value) {
  if (ttisinteger(key) && l_castS2U(ivalue(key)) < of->length && !ttisinteger(value)) {
    return luaL_error(state, "a buffer holds integers");
  }
  return refuse(state, of, key);
}

#define ELEMENT_FUNCTIONS(kind, element)                                                                               \
  static int read_##kind(lua_State *state) {                                                                           \
    const buffer *of = SUBJECT(state);                                                                                 \
    const TValue *key = ARGUMENT(state, 2);                                                                            \
    if (!ttisinteger(key) || l_castS2U(ivalue(key)) >= of->length) {                                                   \
      return read_other(state, of, key);                                                                               \
    }                                                                                                                  \
    setivalue(s2v(state->top), ((const element *)of->elements)[ivalue(key)]);                                          \
    api_incr_top(state);                                                                                               \
    return 1;                                                                                                          \
  }                                                                                                                    \
  static int store_##kind(lua_State *state) {                                                                          \
    const buffer *of = SUBJECT(state);                                                                                 \
    const TValue *key = ARGUMENT(state, 2);                                                                            \
    const TValue *value = ARGUMENT(state, 3);                                                                          \
    if (!ttisinteger(key) || l_castS2U(ivalue(key)) >= of->length || !ttisinteger(value)) {                            \
      return store_other(state, of, key, value);                                                                       \
    }                                                                                                                  \
    ((element *)of->elements)[ivalue(key)] = (element)ivalue(value);                                                   \
    return 0;                                                                                                          \
  }

ELEMENT_FUNCTIONS(uint8, uint8_t)
ELEMENT_FUNCTIONS(int16, int16_t)
ELEMENT_FUNCTIONS(uint16, uint16_t)

typedef struct element_kind {
  size_t octets;
  lua_CFunction read;
  lua_CFunction store;
} element_kind;

/** Their addresses are the keys of the metatables in the registry. */
static const element_kind kinds[BUFFER_KINDS] = {
    [BUFFER_UINT8] = {1, read_uint8, store_uint8},
    [BUFFER_INT16] = {2, read_int16, store_int16},
    [BUFFER_UINT16] = {2, read_uint16, store_uint16},
};

/** doorlineBuffer(length, kind): a zeroed buffer. */
static int create_buffer(lua_State *state) {
  lua_Integer length = lua_tointeger(state, 1);
  lua_Integer kind = lua_tointeger(state, 2);
  if (!lua_isinteger(state, 1) || kind < 0 || kind >= BUFFER_KINDS || length < 0 || length > LUA_BUFFER_OCTETS) {
    return luaL_error(state, "no buffer has this length or kind");
  }
  size_t octets = ((size_t)length * kinds[kind].octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (octets > LUA_BUFFER_OCTETS - store_used) {
    return luaL_error(state, "no room for a buffer of %I: LUA_BUFFER_OCTETS is too small", (LUAI_UACINT)length);
  }
  buffer *made = lua_newuserdatauv(state, sizeof *made, 0);
  *made = (buffer){store + store_used, (uint32_t)length & 0xfffffff, (uint32_t)kind & 0xf};
  memset(made->elements, 0, octets);
  lua_rawgetp(state, LUA_REGISTRYINDEX, &kinds[kind]);
  lua_setmetatable(state, -2);
  store_used += octets;
  return 1;
}

void buffers_open(lua_State *state) {
  store_used = 0;
  for (size_t kind = 0; kind < BUFFER_KINDS; kind += 1) {
    lua_createtable(state, 0, 2);
    lua_pushcfunction(state, kinds[kind].read);
    lua_setfield(state, -2, "__index");
    lua_pushcfunction(state, kinds[kind].store);
    lua_setfield(state, -2, "__newindex");
    lua_rawsetp(state, LUA_REGISTRYINDEX, &kinds[kind]);
  }
  lua_pushcfunction(state, create_buffer);
  lua_setglobal(state, "doorlineBuffer");
}

size_t buffers_used(void) { return store_used; }
size_t buffers_total(void) { return sizeof store; }
