/*
 * Links an image of a Lua program; see image.h. Each row of things is walked through once: what was a number or a place becomes
 * a pointer, and whatever else is found there ends the load.
 */
#include "image.h"

#include <lauxlib.h>
#include <lfunc.h>
#include <lgc.h>
#include <lobject.h>
#include <lstate.h>
#include <lstring.h>
#include <lundump.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(sizeof(image_header) == IMAGE_HEADER_OCTETS, "the header has no padding");
_Static_assert(sizeof(TValue) == 2 * sizeof(void *), "lua-image.ts writes constants so");
_Static_assert(sizeof(lua_Integer) == sizeof(void *) && sizeof(lua_Number) == sizeof(void *), "and their numbers so");
_Static_assert((int)IMAGE_LISTS == MINSTRTABSIZE, "Lua begins with as many lists of texts");
_Static_assert(sizeof(Instruction) == 4, "an instruction has 4 octets");
_Static_assert(sizeof(Upvaldesc) == 2 * sizeof(void *), "lua-image.ts writes descriptions of upvalues so");
_Static_assert(sizeof(Proto) == (sizeof(void *) == 8 ? 128 : 84), "lua-image.ts writes functions so");
_Static_assert(offsetof(Proto, k) == (sizeof(void *) == 8 ? 56 : 48), "lua-image.ts writes functions so");
_Static_assert(offsetof(TString, contents) == (sizeof(void *) == 8 ? 24 : 16), "lua-image.ts writes texts so");

enum {
  /** No white bit: the collector finds nothing to do. */
  ALWAYS_BLACK = bitmask(BLACKBIT),
  OBJECT_ALIGNMENT = IMAGE_ALIGNMENT,
  LARGEST_COUNT = 1 << 20,
};

/** An image on its way. */
typedef struct linking {
  lua_State *state;
  const uint8_t *image;
  image_header header;
  /** Where the linked part is made, its octets, and the address that it will have. */
  uint8_t *room;
  size_t octets;
  uintptr_t home;
  /** By their hashes, the first text of each list: the address that it will have. */
  uintptr_t *lists;
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
  return is_linked ? of->room + (place - header->linked) : (uint8_t *)(uintptr_t)(of->image + place);
}

/** The address that a thing will have: what is in the room moves, what lies in the image stays. */
static void *home_of(const linking *of, void *thing) {
  uintptr_t at = (uintptr_t)thing - (uintptr_t)of->room;
  return at < of->octets ? (void *)(of->home + at) : thing;
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

/** The list of a short text, in Lua's table and in ours: both have IMAGE_LISTS, a power of two. */
static unsigned list_of(const TString *text) { return text->hash & (IMAGE_LISTS - 1U); }

/** The text of Lua's table that is equal, or NULL. */
static TString *find_equal(const stringtable *table, const TString *text) {
  TString *found = table->hash[list_of(text)];
  while (found != NULL && (found->shrlen != text->shrlen || memcmp(getstr(found), getstr(text), text->shrlen) != 0)) {
    found = found->u.hnext;
  }
  return found;
}

/** Texts that Lua itself has are used in place of ours: `next` of each text, which no list uses, is the one that counts. */
static void link_short(const linking *of, TString *text) {
  global_State *global = G(of->state);
  text->tt = LUA_VSHRSTR;
  text->extra = 0;
  text->hash = luaS_hash(getstr(text), text->shrlen, global->seed);
  TString *equal = find_equal(&global->strt, text);
  if (equal == NULL) {
    uintptr_t *list = &of->lists[list_of(text)];
    equal = home_of(of, text);
    text->u.hnext = (TString *)*list;
    *list = (uintptr_t)equal;
  }
  text->next = obj2gco(equal);
}

static void link_long(const linking *of, TString *text) {
  text->tt = LUA_VLNGSTR;
  text->extra = 1;
  text->hash = luaS_hash(getstr(text), text->u.lnglen, G(of->state)->seed);
  text->next = home_of(of, text);
}

/** A text says its length in u.lnglen, whether Lua holds it as a short or a long one. Returns where it ends. */
static const uint8_t *link_text(const linking *of, TString *text) {
  size_t place = (size_t)((uint8_t *)text - of->room) + offsetof(TString, contents);
  size_t length = text->u.lnglen;
  check(of, length < of->octets - place && getstr(text)[length] == 0, "a text is cut off");
  text->marked = ALWAYS_BLACK;
  if (length <= LUAI_MAXSHORTLEN) {
    text->shrlen = (lu_byte)length;
    link_short(of, text);
  } else {
    text->shrlen = 0;
    link_long(of, text);
  }
  return (const uint8_t *)getstr(text) + length;
}

static void link_texts(const linking *of) {
  (void)places_of_texts(of);
  memset(of->lists, 0, IMAGE_LISTS * sizeof *of->lists);
  check(of, G(of->state)->strt.size == IMAGE_LISTS, "Lua has made texts already");
  const uint8_t *end = of->room;
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
      const TString *text = text_at(of, (uint32_t)number);
      val_(constant).gc = text->next;
      settt_(constant, ctb(text->tt));
    } else {
      check(of, is_plain(rawtt(constant)), "a constant is of no known kind");
    }
  }
}

static void link_children(const linking *of, Proto *functions) {
  uintptr_t *children = row_of(of, of->header.children, sizeof *children, OBJECT_ALIGNMENT, true);
  for (uint32_t index = 0; index < of->header.children.count; index += 1) {
    check(of, children[index] < of->header.functions.count, "there is no such function");
    children[index] = (uintptr_t)home_of(of, &functions[children[index]]);
  }
}

/** `*pointer` holds a place. */
#define LINK(of, pointer, count, alignment)                                                                            \
  ((pointer) = home_of(of, address_of(of, (uintptr_t)(pointer), (size_t)(count), sizeof *(pointer), alignment)))

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
  of->octets = length - header->linked;
}

size_t image_linked_octets(lua_State *state, const uint8_t *image, size_t length) {
  linking of = {.state = state, .image = image};
  open_image(&of, length);
  return of.octets;
}

uintptr_t image_link(lua_State *state, const uint8_t *image, size_t length, const image_place *place,
                     uintptr_t *lists) {
  linking of = {.state = state, .image = image, .room = place->room, .home = place->home, .lists = lists};
  open_image(&of, length);
  memcpy(of.room, image + of.header.linked, of.octets);
  link_texts(&of);
  link_constants(&of);
  Proto *functions = row_of(&of, of.header.functions, sizeof *functions, OBJECT_ALIGNMENT, true);
  link_children(&of, functions);
  for (uint32_t index = 0; index < of.header.functions.count; index += 1) {
    link_function(&of, &functions[index]);
  }
  return (uintptr_t)home_of(&of, functions);
}
