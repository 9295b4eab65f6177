/*
 * Links an image of a Lua program; see image.h. Each row of things is walked through once: what was a number or a place becomes
 * a pointer, and whatever else is found there ends the load.
 */
#include "image.h"

#include <lapi.h>
#include <lauxlib.h>
#include <lfunc.h>
#include <lgc.h>
#include <lobject.h>
#include <lstate.h>
#include <lstring.h>
#include <lundump.h>
#include <stdbool.h>
#include <string.h>

#include "lua-limits.h"

_Static_assert(sizeof(image_header) == IMAGE_HEADER_OCTETS, "the header has no padding");
_Static_assert(sizeof(TValue) == 2 * sizeof(void *), "lua-image.ts writes constants so");
_Static_assert(sizeof(lua_Integer) == sizeof(void *) && sizeof(lua_Number) == sizeof(void *), "and their numbers so");
_Static_assert(sizeof(Instruction) == 4, "an instruction has 4 octets");
_Static_assert(sizeof(Upvaldesc) == 2 * sizeof(void *), "lua-image.ts writes descriptions of upvalues so");
_Static_assert(sizeof(Proto) == (sizeof(void *) == 8 ? 128 : 84), "lua-image.ts writes functions so");
_Static_assert(offsetof(Proto, k) == (sizeof(void *) == 8 ? 56 : 48), "lua-image.ts writes functions so");
_Static_assert(offsetof(TString, contents) == (sizeof(void *) == 8 ? 24 : 16), "lua-image.ts writes texts so");

enum {
  /** No white bit: the collector finds nothing to do. */
  ALWAYS_BLACK = bitmask(BLACKBIT),
  OBJECT_ALIGNMENT = 8,
  LARGEST_COUNT = 1 << 20,
};

static _Alignas(OBJECT_ALIGNMENT) uint8_t linked[LUA_LINKED_OCTETS + OBJECT_ALIGNMENT];
static size_t linked_octets;

/** An image on its way. */
typedef struct linking {
  lua_State *state;
  const uint8_t *image;
  image_header header;
} linking;

static void check(const linking *of, bool holds, const char *problem) {
  if (!holds) {
    luaL_error(of->state, "program image: %s", problem);
  }
}

/** The address of `count` things of `octets` at a place: all of them in one part of the image. */
static void *address_of(const linking *of, uintptr_t place, size_t count, size_t octets, size_t alignment) {
  const image_header *header = &of->header;
  check(of, count < LARGEST_COUNT, "a count is wrong");
  check(of, place >= IMAGE_HEADER_OCTETS && place <= header->octets && place % alignment == 0, "a place is wrong");
  bool is_linked = place >= header->linked;
  check(of, count * octets <= (is_linked ? header->octets : header->linked) - place, "something is cut off");
  /* What lies in flash is never written: Lua's types only do not say so. */
  return is_linked ? linked + (place - header->linked) : (uint8_t *)(uintptr_t)(of->image + place);
}

static void *row_of(const linking *of, image_row row, size_t octets, size_t alignment, bool is_linked) {
  check(of, (row.place >= of->header.linked) == is_linked, "a row is in the wrong part");
  return address_of(of, row.place, row.count, octets, alignment);
}

/** Whether a row has `count` things of `octets` from `place` on. */
static bool has(image_row row, uintptr_t place, size_t count, size_t octets) {
  return place >= row.place && (place - row.place) % octets == 0 && (place - row.place) / octets <= row.count &&
         count <= row.count - (place - row.place) / octets;
}

static const uint32_t *places_of_texts(const linking *of) {
  return row_of(of, of->header.texts, sizeof(uint32_t), sizeof(uint32_t), false);
}

static TString *text_at(const linking *of, uint32_t index) {
  const uint32_t *places = places_of_texts(of);
  check(of, index < of->header.texts.count && places[index] >= of->header.linked, "there is no such text");
  return address_of(of, places[index], 1, offsetof(TString, contents) + 1, OBJECT_ALIGNMENT);
}

/** Where Lua looks for a short text: the number of lists is a power of two. */
static TString **bucket_of(const stringtable *table, const TString *text) {
  return &table->hash[text->hash & ((unsigned)table->size - 1)];
}

/** The text of Lua's table that is equal, or NULL. */
static TString *find_equal(const stringtable *table, const TString *text) {
  TString *found = *bucket_of(table, text);
  while (found != NULL && (found->shrlen != text->shrlen || memcmp(getstr(found), getstr(text), text->shrlen) != 0)) {
    found = found->u.hnext;
  }
  return found;
}

/** Texts that Lua itself has are used in place of ours: `next` of each text, which no list uses, is the one that counts. */
static void link_short(global_State *global, TString *text) {
  text->tt = LUA_VSHRSTR;
  text->extra = 0;
  text->hash = luaS_hash(getstr(text), text->shrlen, global->seed);
  TString *equal = find_equal(&global->strt, text);
  if (equal == NULL) {
    TString **bucket = bucket_of(&global->strt, text);
    text->u.hnext = *bucket;
    *bucket = text;
    global->strt.nuse += 1;
    equal = text;
  }
  text->next = obj2gco(equal);
}

static void link_long(global_State *global, TString *text) {
  text->tt = LUA_VLNGSTR;
  text->extra = 1;
  text->hash = luaS_hash(getstr(text), text->u.lnglen, global->seed);
  text->next = obj2gco(text);
}

/** A text says its length in u.lnglen, whether Lua holds it as a short or a long one. Returns where it ends. */
static const uint8_t *link_text(const linking *of, TString *text) {
  size_t place = (size_t)((uint8_t *)text - linked) + offsetof(TString, contents);
  size_t length = text->u.lnglen;
  check(of, length < linked_octets - place && getstr(text)[length] == 0, "a text is cut off");
  text->marked = ALWAYS_BLACK;
  if (length <= LUAI_MAXSHORTLEN) {
    text->shrlen = (lu_byte)length;
    link_short(G(of->state), text);
  } else {
    text->shrlen = 0;
    link_long(G(of->state), text);
  }
  return (const uint8_t *)getstr(text) + length;
}

/** Makes room in Lua's table of texts before the first is linked. */
static void link_texts(const linking *of) {
  (void)places_of_texts(of);
  stringtable *table = &G(of->state)->strt;
  int wanted = table->nuse + (int)of->header.texts.count;
  int size = table->size;
  while (size < wanted) {
    size *= 2;
  }
  if (size != table->size) {
    luaS_resize(of->state, size);
  }
  const uint8_t *end = linked;
  for (uint32_t index = 0; index < of->header.texts.count; index += 1) {
    TString *text = text_at(of, index);
    check(of, (const uint8_t *)text >= end, "texts overlap");
    end = link_text(of, text);
  }
}

static bool is_plain(int tag) {
  return tag == LUA_VNIL || tag == LUA_VFALSE || tag == LUA_VTRUE || tag == LUA_VNUMINT || tag == LUA_VNUMFLT;
}

static void link_constants(const linking *of) {
  const TValue *plain = row_of(of, of->header.plain_constants, sizeof *plain, OBJECT_ALIGNMENT, false);
  for (uint32_t index = 0; index < of->header.plain_constants.count; index += 1) {
    check(of, is_plain(rawtt(&plain[index])), "a constant is of no known kind");
  }
  TValue *constants = row_of(of, of->header.constants, sizeof *constants, OBJECT_ALIGNMENT, true);
  for (uint32_t index = 0; index < of->header.constants.count; index += 1) {
    TValue *constant = &constants[index];
    if (rawtt(constant) == LUA_VSHRSTR) {
      lua_Integer number = val_(constant).i;
      check(of, number >= 0 && number < (lua_Integer)of->header.texts.count, "there is no such text");
      TString *text = gco2ts(text_at(of, (uint32_t)number)->next);
      setsvalue(of->state, constant, text);
    } else {
      check(of, is_plain(rawtt(constant)), "a constant is of no known kind");
    }
  }
}

static void link_children(const linking *of, Proto *functions) {
  uintptr_t *children = row_of(of, of->header.children, sizeof *children, OBJECT_ALIGNMENT, true);
  for (uint32_t index = 0; index < of->header.children.count; index += 1) {
    check(of, children[index] < of->header.functions.count, "there is no such function");
    children[index] = (uintptr_t)&functions[children[index]];
  }
}

/** `*pointer` holds a place. */
#define LINK(of, pointer, count, alignment)                                                                            \
  ((pointer) = address_of(of, (uintptr_t)(pointer), (size_t)(count), sizeof *(pointer), alignment))

static void link_function(const linking *of, Proto *function) {
  bool is_whole = function->sizecode > 0 && function->sizek >= 0 && function->sizep >= 0 &&
                  function->sizeupvalues >= 0 && function->sizeupvalues <= MAXUPVAL && function->maxstacksize >= 2 &&
                  function->numparams <= function->maxstacksize;
  check(of, is_whole, "a function is damaged");
  bool has_rows = has(of->header.children, (uintptr_t)function->p, (size_t)function->sizep, sizeof *function->p) &&
                  (has(of->header.constants, (uintptr_t)function->k, (size_t)function->sizek, sizeof(TValue)) ||
                   has(of->header.plain_constants, (uintptr_t)function->k, (size_t)function->sizek, sizeof(TValue)));
  check(of, has_rows, "a function is outside of its rows");
  function->next = NULL;
  function->tt = LUA_VPROTO;
  function->marked = ALWAYS_BLACK;
  function->sizelineinfo = function->sizelocvars = function->sizeabslineinfo = 0;
  function->lineinfo = NULL;
  function->abslineinfo = NULL;
  function->locvars = NULL;
  function->source = NULL;
  function->gclist = NULL;
  LINK(of, function->code, function->sizecode, sizeof(Instruction));
  LINK(of, function->k, function->sizek, OBJECT_ALIGNMENT);
  LINK(of, function->p, function->sizep, OBJECT_ALIGNMENT / 2);
  LINK(of, function->upvalues, function->sizeupvalues, OBJECT_ALIGNMENT);
  for (int index = 0; index < function->sizeupvalues; index += 1) {
    check(of, function->upvalues[index].name == NULL, "an upvalue has a name");
  }
}

static void open_image(linking *of, size_t length) {
  image_header *header = &of->header;
  check(of, length >= sizeof *header && (uintptr_t)of->image % OBJECT_ALIGNMENT == 0, "it is too short or not aligned");
  memcpy(header, of->image, sizeof *header);
  bool is_ours = memcmp(header->magic, "LUAI", sizeof header->magic) == 0 && header->version == IMAGE_VERSION;
  check(of, is_ours && header->lua_version == LUAC_VERSION, "it is in another format");
  check(of, header->pointer_octets == sizeof(void *), "it is for another processor");
  check(of, header->octets == length && header->linked <= length, "it is cut off");
  check(of, header->linked % OBJECT_ALIGNMENT == 0 && header->functions.count > 0, "it is damaged");
  linked_octets = length - header->linked;
  check(of, linked_octets <= LUA_LINKED_OCTETS, "LUA_LINKED_OCTETS is too small");
  memcpy(linked, of->image + header->linked, linked_octets);
}

/** The closure of the main function, with the globals as its environment: what lua_load makes. */
static void push_main(lua_State *state, Proto *function) {
  LClosure *closure = luaF_newLclosure(state, function->sizeupvalues);
  setclLvalue2s(state, state->top, closure);
  api_incr_top(state);
  closure->p = function;
  luaF_initupvals(state, closure);
  if (closure->nupvalues > 0) {
    lua_pushglobaltable(state);
    lua_setupvalue(state, -2, 1);
  }
}

void image_load(lua_State *state, const uint8_t *image, size_t length) {
  linking of = {.state = state, .image = image};
  luaL_checkstack(state, 2, "the image");
  linked_octets = 0;
  open_image(&of, length);
  link_texts(&of);
  link_constants(&of);
  Proto *functions = row_of(&of, of.header.functions, sizeof *functions, OBJECT_ALIGNMENT, true);
  link_children(&of, functions);
  for (uint32_t index = 0; index < of.header.functions.count; index += 1) {
    link_function(&of, &functions[index]);
  }
  push_main(state, functions);
}

const uint8_t *image_linked(void) { return linked; }
size_t image_linked_octets(void) { return linked_octets; }
