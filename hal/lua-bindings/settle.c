/* Fits tables; see settle.h. A table has an array for the keys 1 … n, and a hash of 2^n nodes for all others (ltable.h). */
#include "settle.h"

#include <lobject.h>
#include <lstate.h>
#include <lstring.h>
#include <ltable.h>
#include <stdbool.h>
#include <stddef.h>

#include "lua-limits.h"
#include "parts.h"

/** No array is longer: whatever has such a key has it on purpose. */
enum { LONGEST_ARRAY = 4096 };

/** The two sizes of a table. */
typedef struct table_size {
  unsigned array;
  unsigned hash;
} table_size;

static size_t octets_of(table_size size) {
  size_t nodes = size.hash == 0 ? 0 : 1;
  while (nodes < size.hash) {
    nodes *= 2;
  }
  return size.array * sizeof(TValue) + nodes * sizeof(Node);
}

/** The number that a node's key is when it may move to the array, else 0. */
static unsigned array_key(const Node *node) {
  bool is_key = keyisinteger(node) && keyival(node) > 0 && keyival(node) <= LONGEST_ARRAY;
  return is_key ? (unsigned)keyival(node) : 0;
}

/** The array ends behind its last value, as now, or behind the largest number of the hash, whichever is smaller in all. */
static table_size fit(const Table *table, unsigned now) {
  table_size kept = {now, 0};
  while (kept.array > 0 && isempty(&table->array[kept.array - 1])) {
    kept.array -= 1;
  }
  table_size moved = {kept.array, 0};
  for (size_t index = 0; !isdummy(table) && index < (size_t)sizenode(table); index += 1) {
    const Node *node = gnode(table, index);
    if (!isempty(gval(node))) {
      unsigned key = array_key(node);
      kept.hash += 1;
      moved.hash += key == 0 ? 1 : 0;
      moved.array = key > moved.array ? key : moved.array;
    }
  }
  return octets_of(moved) <= octets_of(kept) ? moved : kept;
}

/** No text is made any more: that its lists grow long costs nobody anything. */
static void settle_texts(lua_State *state) { luaS_resize(state, MINSTRTABSIZE); }

static void settle_tables(lua_State *state) {
  settle_texts(state);
  for (GCObject *object = G(state)->allgc; object != NULL; object = object->next) {
    if (object->tt == LUA_VTABLE) {
      Table *table = gco2t(object);
      table_size now = {luaH_realasize(table), isdummy(table) ? 0 : (unsigned)sizenode(table)};
      table_size best = fit(table, now.array);
      if (octets_of(best) < octets_of(now)) {
        luaH_resize(state, table, best.array, best.hash);
      }
    }
  }
}

/** Octets that Lua had after it was settled last. */
static size_t settled;

void settle(lua_State *state) {
  lua_gc(state, LUA_GCCOLLECT);
  settle_tables(state);
  settled = parts_live(state);
}

void settle_when_grown(lua_State *state) {
  size_t live = parts_live(state);
  if (live < settled) {
    settled = live;
  } else if (live - settled > LUA_SETTLE_OCTETS) {
    settle(state);
  }
}
