/*
 * A program image for Lua 5.4: the structures of lobject.h as they lie in memory, with places instead of pointers, all numbers
 * little-endian. Written by tools/build/lua-image.ts for one size of pointers, which is that of numbers too (lua.cmake). Two parts follow the header: what is used where it
 * lies (instructions, constants without texts, descriptions of upvalues), and the linked part (functions, their other constants,
 * texts), which is copied to static memory, where places become addresses.
 */
#ifndef DOORLINE_LUA_IMAGE_H
#define DOORLINE_LUA_IMAGE_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_VERSION = 2, IMAGE_HEADER_OCTETS = 56 };

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

/**
 * Pushes the main function of the image, as load_program says. Every place and count is checked against the image's end;
 * instructions are not, which is what the program's checksum is for.
 */
void image_load(lua_State *state, const uint8_t *image, size_t length);
/** The linked part of the image that was loaded last. Nobody writes to it once it is loaded, Lua's collector included. */
const uint8_t *image_linked(void);
size_t image_linked_octets(void);

#endif
