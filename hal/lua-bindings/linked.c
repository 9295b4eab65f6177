/*
 * Joins a linked part to a state of Lua. Its short texts become the tails of the lists of Lua's table: Lua puts new texts before them and
 * takes its own out before it comes to them. Only a table of another size would write to them, so that it keeps its size.
 *
 * In flash a header lies before the part and is written last: without one that is whole, and of this program, shell and address,
 * the part is linked anew. The same shell makes the same objects at the same addresses before it loads a program; that those which the
 * part points to, Lua's own texts, are where they were, is looked at all the same.
 */
#include "linked.h"

#include <lapi.h>
#include <lauxlib.h>
#include <lfunc.h>
#include <lobject.h>
#include <lstate.h>
#include <lstring.h>
#include <string.h>

#include "../native/device.h"
#include "../native/linked_flash.h"
#include "image.h"
#include "lua-limits.h"

/** What a part needs in order to be joined. */
typedef struct joint {
  uintptr_t main;
  uintptr_t lists[IMAGE_LISTS];
} joint;

static const uint8_t *part;
static size_t part_octets;

/** Of the state that was joined last: its allocator, and the lists of its table of texts. */
static lua_Alloc allocate;
static const void *lists_of_texts;

static void check(lua_State *state, bool holds, const char *problem) {
  if (!holds) {
    luaL_error(state, "program image: %s", problem);
  }
}

/**
 * Refuses more lists of texts, which Lua goes on without. There are never less than Lua begins with: it would halve them when they had
 * fewer texts than a quarter, and its own, which never die, are more.
 */
static void *allocate_but_lists(void *owner, void *piece, size_t old_size, size_t size) {
  return piece == lists_of_texts && size > old_size ? NULL : allocate(owner, piece, old_size, size);
}

static void join_texts(lua_State *state, const uintptr_t *lists) {
  stringtable *table = &G(state)->strt;
  for (int index = 0; index < IMAGE_LISTS; index += 1) {
    TString **end = &table->hash[index];
    while (*end != NULL) {
      end = &(*end)->u.hnext;
    }
    *end = (TString *)lists[index];
  }
  void *owner = NULL;
  lists_of_texts = table->hash;
  allocate = lua_getallocf(state, &owner);
  lua_setallocf(state, allocate_but_lists, owner);
}

/** The closure of the main function, with the globals as its environment: what lua_load makes. */
static void push_main(lua_State *state, Proto *function) {
  luaL_checkstack(state, 2, "the image");
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

#if LUA_LINKED_IN_FLASH

enum {
  /** "DLNK" */
  LINKED_MAGIC = 0x4b4e4c44,
  /** Another number with every change of what is written. */
  LINKED_VERSION = 1,
};

/** Before the part, which begins at the next unit. The first unit says what the rest has to be. */
typedef struct linked_header {
  uint32_t magic;
  /** CRC-32 of all that the part was made of. */
  uint32_t origin;
  /** Octets of the part, and the CRC-32 of the joint and the part. */
  uint32_t octets;
  uint32_t crc;
  joint joint;
} linked_header;

enum { PART_AT = (sizeof(linked_header) + FLASH_UNIT_OCTETS - 1) / FLASH_UNIT_OCTETS * FLASH_UNIT_OCTETS };

static uint32_t crc_of(uint32_t crc, const void *octets, size_t count) { return program_crc32(crc, octets, count); }

/** Lua's texts, by their addresses. */
static uint32_t crc_of_texts(uint32_t crc, const stringtable *table) {
  for (int index = 0; index < table->size; index += 1) {
    for (const TString *text = table->hash[index]; text != NULL; text = text->u.hnext) {
      uintptr_t address = (uintptr_t)text;
      crc = crc_of(crc, &address, sizeof address);
      crc = crc_of(crc, getstr(text), text->shrlen);
    }
  }
  return crc;
}

static uint32_t origin_of(lua_State *state, const program *loaded, const linked_flash *where) {
  const uintptr_t numbers[] = {LINKED_VERSION, G(state)->seed, (uintptr_t)loaded->bundle,
                               loaded->length, loaded->crc,    (uintptr_t)where->mapped};
  uint32_t crc = crc_of(0, numbers, sizeof numbers);
  crc = crc_of(crc, loaded->build_id, sizeof loaded->build_id);
  crc = crc_of(crc, where->shell, where->shell_octets);
  return crc_of_texts(crc, &G(state)->strt);
}

static uint32_t crc_of_part(const joint *of, const uint8_t *octets, size_t count) {
  return crc_of(crc_of(0, of, sizeof *of), octets, count);
}

static const linked_header *header_at(const linked_flash *where) {
  return (const linked_header *)(const void *)where->mapped;
}

static bool is_whole(const linked_flash *where, uint32_t origin, size_t octets) {
  const linked_header *header = header_at(where);
  return header->magic == LINKED_MAGIC && header->origin == origin && header->octets == octets &&
         header->crc == crc_of_part(&header->joint, where->mapped + PART_AT, octets);
}

/** The part, then its header: a loss of power leaves no header before that is whole. */
static bool write_part(const linked_flash *where, const linked_header *header, const uint8_t *room) {
  size_t page = where->memory->page_octets;
  size_t erased = (PART_AT + header->octets + page - 1) / page * page;
  return flash_erase(where->memory, where->at, erased) &&
         flash_write(where->memory, where->at + PART_AT, room, header->octets) &&
         flash_write(where->memory, where->at, (const uint8_t *)header, sizeof *header);
}

/** Links in a piece of Lua's memory, which nothing else has taken yet, and gives it back. */
static void install(lua_State *state, const program *loaded, const linked_flash *where, uint32_t origin,
                    size_t octets) {
  void *owner = NULL;
  lua_Alloc take = lua_getallocf(state, &owner);
  uint8_t *room = take(owner, NULL, 0, octets + IMAGE_ALIGNMENT);
  check(state, room != NULL, "the VM's memory has no room to link it");
  uint8_t *aligned = room + (IMAGE_ALIGNMENT - (uintptr_t)room % IMAGE_ALIGNMENT) % IMAGE_ALIGNMENT;
  image_place place = {aligned, (uintptr_t)where->mapped + PART_AT};
  linked_header header = {.magic = LINKED_MAGIC, .origin = origin, .octets = (uint32_t)octets};
  header.joint.main = image_link(state, loaded->bundle, loaded->length, &place, header.joint.lists);
  header.crc = crc_of_part(&header.joint, aligned, octets);
  bool is_written = write_part(where, &header, aligned);
  (void)take(owner, room, octets + IMAGE_ALIGNMENT, 0);
  check(state, is_written, "the flash for its linked part refused");
  device_log_line("the program was linked and written to flash");
}

static void link_program(lua_State *state, const program *loaded, joint *linked) {
  const linked_flash *where = device_linked_flash();
  part_octets = image_linked_octets(state, loaded->bundle, loaded->length);
  check(state, where->octets >= PART_AT && part_octets <= where->octets - PART_AT,
        "the flash for its linked part is too small");
  part = where->mapped + PART_AT;
  uint32_t origin = origin_of(state, loaded, where);
  if (!is_whole(where, origin, part_octets)) {
    install(state, loaded, where, origin, part_octets);
  }
  *linked = header_at(where)->joint;
}

#else

static _Alignas(IMAGE_ALIGNMENT) uint8_t static_room[LUA_LINKED_OCTETS + IMAGE_ALIGNMENT];

static void link_program(lua_State *state, const program *loaded, joint *linked) {
  part = static_room;
  part_octets = image_linked_octets(state, loaded->bundle, loaded->length);
  check(state, part_octets <= LUA_LINKED_OCTETS, "LUA_LINKED_OCTETS is too small");
  image_place place = {static_room, (uintptr_t)static_room};
  linked->main = image_link(state, loaded->bundle, loaded->length, &place, linked->lists);
}

#endif

void linked_load(lua_State *state, const program *loaded) {
  joint linked;
  link_program(state, loaded, &linked);
  join_texts(state, linked.lists);
  push_main(state, (Proto *)linked.main);
}

const uint8_t *linked_part(void) { return part; }
size_t linked_octets(void) { return part_octets; }
