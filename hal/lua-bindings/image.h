/*
 * A program image for Lua 5.4: the structures of lobject.h as they lie in memory, with places instead of pointers, all numbers
 * little-endian. Written by tools/build/lua-image.ts for one size of pointers, which is that of numbers too (lua.cmake). Two parts
 * follow the header: what is used where it lies (instructions, constants without texts, descriptions of upvalues), and the linked
 * part (functions, their other constants, texts), which is copied to where it is to stay (linked.h), with addresses in place of
 * places.
 */
#ifndef DOORLINE_LUA_IMAGE_H
#define DOORLINE_LUA_IMAGE_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

enum {
  IMAGE_VERSION = 2,
  IMAGE_HEADER_OCTETS = 56,
  IMAGE_ALIGNMENT = 8,
  /** Lists of short texts, by their hashes: as many as Lua's own table has at first. */
  IMAGE_LISTS = 128,
};

/** `count` things in a row, from a place on, which is counted from the image's beginning. */
typedef struct image_row {
  uint32_t place;
  uint32_t count;
} image_row;

typedef struct image_header {
  /** "LUAI" */
  uint8_t magic[4];
  uint8_t version;
  /** sizeof(void *), and the version of the structures: 0x54. */
  uint8_t pointer_octets;
  uint8_t lua_version;
  uint8_t reserved;
  /** Octets of the whole image. */
  uint32_t octets;
  /** Where the linked part begins. */
  uint32_t linked;
  /** struct Proto, linked; the main function first. Where it points there are places. */
  image_row functions;
  /** Numbers of functions, in the place of pointers, linked: the rows of `Proto.p`. */
  image_row children;
  /** TValue, linked: the constants of functions with texts. A text is its number, with the tag LUA_VSHRSTR. */
  image_row constants;
  /** TValue: the constants of functions without texts. */
  image_row plain_constants;
  /** uint32_t: the places of the texts, struct TString, linked. */
  image_row texts;
} image_header;

/** Where a linked part is made, and the address that it will have there or elsewhere. Both aligned to IMAGE_ALIGNMENT. */
typedef struct image_place {
  uint8_t *room;
  uintptr_t home;
} image_place;

/** Octets of the linked part. Raises a sentence when this is no image for this VM. */
size_t image_linked_octets(lua_State *state, const uint8_t *image, size_t length);
/**
 * Makes the linked part: black objects of Lua, which its collector neither visits nor frees nor writes to. Called in a state where
 * nobody has made a text yet. Short texts are linked to each other in `lists`, IMAGE_LISTS addresses of their first or 0; Lua's own table
 * is left alone. Every place and count is checked against the image's end; instructions are not, which is what the program's checksum
 * is for. Returns the address of the main function; raises a sentence when the image is damaged.
 */
uintptr_t image_link(lua_State *state, const uint8_t *image, size_t length, const image_place *place, uintptr_t *lists);

#endif
