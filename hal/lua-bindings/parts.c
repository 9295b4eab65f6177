/* Octets of Lua's objects, by the sizes that lgc.c frees them with; see parts.h. */
#include "parts.h"

#include <lfunc.h>
#include <lobject.h>
#include <lstate.h>
#include <lstring.h>
#include <ltable.h>
#include <stdio.h>

enum part_kind {
  PART_TABLES,
  PART_ARRAYS,
  PART_HASHES,
  PART_CLOSURES,
  PART_UPVALUES,
  PART_FUNCTIONS,
  PART_TEXTS,
  PART_TEXT_LISTS,
  PART_BUFFERS,
  /** The state of the VM and its stack: what no object of the others has. */
  PART_STATE,
  PARTS,
};

static const char *const names[PARTS] = {
    [PART_TABLES] = "tables",         [PART_ARRAYS] = "their arrays",       [PART_HASHES] = "their hashes",
    [PART_CLOSURES] = "closures",     [PART_UPVALUES] = "upvalues",         [PART_FUNCTIONS] = "functions in the arena",
    [PART_TEXTS] = "texts",           [PART_TEXT_LISTS] = "lists of texts", [PART_BUFFERS] = "buffers",
    [PART_STATE] = "state and stack",
};

typedef struct part_sum {
  unsigned count;
  size_t octets;
} part_sum;

static void add(part_sum *sum, size_t octets) {
  sum->count += octets == 0 ? 0 : 1;
  sum->octets += octets;
}

static size_t octets_of_function(const Proto *function) {
  return sizeof *function + (size_t)function->sizecode * sizeof *function->code +
         (size_t)function->sizek * sizeof *function->k + (size_t)function->sizep * sizeof(Proto *) +
         (size_t)function->sizeupvalues * sizeof *function->upvalues;
}

static void add_table(part_sum *sums, const Table *table) {
  add(&sums[PART_TABLES], sizeof *table);
  add(&sums[PART_ARRAYS], luaH_realasize(table) * sizeof(TValue));
  add(&sums[PART_HASHES], isdummy(table) ? 0 : (size_t)sizenode(table) * sizeof(Node));
}

static void add_object(part_sum *sums, GCObject *object) {
  switch (object->tt) {
  case LUA_VTABLE:
    add_table(sums, gco2t(object));
    break;
  case LUA_VLCL:
    add(&sums[PART_CLOSURES], (size_t)sizeLclosure(gco2lcl(object)->nupvalues));
    break;
  case LUA_VCCL:
    add(&sums[PART_CLOSURES], (size_t)sizeCclosure(gco2ccl(object)->nupvalues));
    break;
  case LUA_VUPVAL:
    add(&sums[PART_UPVALUES], sizeof(UpVal));
    break;
  case LUA_VPROTO:
    add(&sums[PART_FUNCTIONS], octets_of_function(gco2p(object)));
    break;
  case LUA_VSHRSTR:
    add(&sums[PART_TEXTS], sizelstring(gco2ts(object)->shrlen));
    break;
  case LUA_VLNGSTR:
    add(&sums[PART_TEXTS], sizelstring(gco2ts(object)->u.lnglen));
    break;
  case LUA_VUSERDATA:
    add(&sums[PART_BUFFERS], sizeudata(gco2u(object)->nuvalue, gco2u(object)->len));
    break;
  default:
    break;
  }
}

static void add_list(part_sum *sums, GCObject *first) {
  for (GCObject *object = first; object != NULL; object = object->next) {
    add_object(sums, object);
  }
}

size_t parts_live(lua_State *state) { return (size_t)gettotalbytes(G(state)); }

bool parts_read(lua_State *state, unsigned index, engine_part *part) {
  part_sum sums[PARTS] = {{0, 0}};
  global_State *global = G(state);
  if (index >= PARTS) {
    return false;
  }
  add_list(sums, global->allgc);
  add_list(sums, global->fixedgc);
  add(&sums[PART_TEXT_LISTS], (size_t)global->strt.size * sizeof *global->strt.hash);
  size_t known = 0;
  for (unsigned kind = 0; kind < PART_STATE; kind += 1) {
    known += sums[kind].octets;
  }
  add(&sums[PART_STATE], parts_live(state) - known);
  part->count = sums[index].count;
  part->octets = sums[index].octets;
  snprintf(part->name, sizeof part->name, "%s", names[index]);
  return true;
}
