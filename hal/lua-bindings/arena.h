/*
 * The fixed memory of a Lua VM: a two-level segregated fit over one block (M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a
 * new dynamic memory allocator for real-time systems", ECRTS 2004). Taking, growing and giving back cost the same few steps
 * however full the block is, and neighbours that are free are joined at once. It never asks anybody for more.
 *
 * A piece is a multiple of ARENA_ALIGNMENT, 4 octets of it its header, and what the caller gets is aligned so. Places are counted
 * in 32 bits from the block's beginning, so that headers have the same size on every processor.
 */
#ifndef DOORLINE_LUA_ARENA_H
#define DOORLINE_LUA_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum {
  /** That of a pointer: no number of the VM is larger (lua.cmake). */
  ARENA_ALIGNMENT = sizeof(void *),
  /** Sizes of one power of two are told apart by their next 4 bits; below the first class they are ARENA_ALIGNMENT apart. */
  ARENA_STEPS = 16,
  /** Below ARENA_STEPS * ARENA_ALIGNMENT octets, to twice that, …, to 16 MiB. */
  ARENA_CLASSES = sizeof(void *) == 8 ? 18 : 19,
  ARENA_LARGEST_OCTETS = 1 << 24,
  ARENA_SMALLEST_OCTETS = 64,
};

typedef struct arena {
  uint8_t *block;
  uint32_t size;
  /** Octets in use with their headers, now and at most. */
  uint32_t used;
  uint32_t peak;
  /** Octets that were handed out since arena_open, in all. */
  uint64_t allocated;
  /** How often there was no room, and the last time: octets that were wanted and octets in use. */
  uint32_t refused;
  size_t refused_size;
  uint32_t refused_used;
  /** One bit a class that has a free piece, and one bit a step within it. */
  uint32_t classes;
  uint16_t steps[ARENA_CLASSES];
  /** The first free piece of each step by its place; 0: none. */
  uint32_t first[ARENA_CLASSES][ARENA_STEPS];
} arena;

/** Takes over `block`, aligned to ARENA_ALIGNMENT, of ARENA_SMALLEST_OCTETS … ARENA_LARGEST_OCTETS. Everything handed out before is void. */
void arena_open(arena *opened, void *block, size_t size);
/** `size` octets, at least 1, aligned to ARENA_ALIGNMENT, or NULL. */
void *arena_take(arena *from, size_t size);
/** Gives back what arena_take or arena_resize handed out. */
void arena_give_back(arena *to, void *piece);
/** Makes a piece smaller, where it lies, or larger, where it lies or elsewhere with its content. NULL: as it was. */
void *arena_resize(arena *of, void *piece, size_t size);
/** Octets of the largest piece that could be taken now. Looks through one list: for reports. */
size_t arena_largest_free(const arena *of);

#endif
