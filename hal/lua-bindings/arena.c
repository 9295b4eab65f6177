/* Two-level segregated fit; see arena.h. The header lies before a piece: its octets, header included, and two flags. */
#include "arena.h"

#include <string.h>

enum {
  HEADER_OCTETS = 4,
  /** A free piece holds its header, the places of its neighbours in the list, and its size in its last 4 octets. */
  LEAST_OCTETS = 16,
  /** Flags of a header. */
  IS_FREE = 1,
  PREVIOUS_IS_FREE = 2,
  FLAGS = ARENA_ALIGNMENT - 1,
  STEP_BITS = 4,
  /** Sizes below this are in class 0, in steps of ARENA_ALIGNMENT. */
  SMALL_BITS = STEP_BITS + (ARENA_ALIGNMENT == 8 ? 3 : 2),
  SMALL_OCTETS = 1 << SMALL_BITS,
};

static uint32_t *word_at(const arena *of, uint32_t place) { return (uint32_t *)(void *)(of->block + place); }

/* A piece is named by its place: that of its first octet behind the header. */
static uint32_t *header_of(const arena *of, uint32_t piece) { return word_at(of, piece - HEADER_OCTETS); }
static uint32_t *next_of(const arena *of, uint32_t piece) { return word_at(of, piece); }
static uint32_t *previous_of(const arena *of, uint32_t piece) { return word_at(of, piece + 4); }
static uint32_t octets_of(const arena *of, uint32_t piece) { return *header_of(of, piece) & ~(uint32_t)FLAGS; }

static unsigned highest_bit(uint32_t value) { return 31U - (unsigned)__builtin_clz(value); }
static unsigned lowest_bit(uint32_t value) { return (unsigned)__builtin_ctz(value); }

typedef struct list_index {
  unsigned class;
  unsigned step;
} list_index;

/** The list whose pieces have at least the octets that its name says. */
static list_index list_of(uint32_t octets) {
  if (octets < SMALL_OCTETS) {
    return (list_index){0, octets / ARENA_ALIGNMENT};
  }
  unsigned high = highest_bit(octets);
  return (list_index){high - SMALL_BITS + 1, (octets >> (high - STEP_BITS)) & (ARENA_STEPS - 1)};
}

static void link_free(arena *of, uint32_t piece) {
  uint32_t octets = octets_of(of, piece);
  list_index list = list_of(octets);
  uint32_t next = of->first[list.class][list.step];
  *next_of(of, piece) = next;
  *previous_of(of, piece) = 0;
  if (next != 0) {
    *previous_of(of, next) = piece;
  }
  of->first[list.class][list.step] = piece;
  of->steps[list.class] = (uint16_t)(of->steps[list.class] | 1U << list.step);
  of->classes |= 1U << list.class;
  *word_at(of, piece + octets - 2 * HEADER_OCTETS) = octets;
  *header_of(of, piece) |= IS_FREE;
  *header_of(of, piece + octets) |= PREVIOUS_IS_FREE;
}

static void unlink_free(arena *of, uint32_t piece) {
  uint32_t octets = octets_of(of, piece);
  list_index list = list_of(octets);
  uint32_t next = *next_of(of, piece);
  uint32_t previous = *previous_of(of, piece);
  if (next != 0) {
    *previous_of(of, next) = previous;
  }
  if (previous != 0) {
    *next_of(of, previous) = next;
  } else {
    of->first[list.class][list.step] = next;
    if (next == 0) {
      of->steps[list.class] = (uint16_t)(of->steps[list.class] & ~(1U << list.step));
      if (of->steps[list.class] == 0) {
        of->classes &= ~(1U << list.class);
      }
    }
  }
  *header_of(of, piece) &= ~(uint32_t)IS_FREE;
  *header_of(of, piece + octets) &= ~(uint32_t)PREVIOUS_IS_FREE;
}

/** A free piece of at least `octets`, or 0. Every piece of the list that is looked into is large enough. */
static uint32_t find_free(const arena *of, uint32_t octets) {
  uint32_t rounded = octets;
  if (octets >= SMALL_OCTETS) {
    rounded += (1U << (highest_bit(octets) - STEP_BITS)) - 1;
  }
  list_index list = list_of(rounded);
  if (list.class >= ARENA_CLASSES) {
    return 0;
  }
  uint32_t steps = of->steps[list.class] & (~0U << list.step);
  if (steps == 0) {
    uint32_t classes = of->classes & (~0U << list.class << 1);
    if (classes == 0) {
      return 0;
    }
    list.class = lowest_bit(classes);
    steps = of->steps[list.class];
  }
  return of->first[list.class][lowest_bit(steps)];
}

/** Frees what a piece in use has beyond `octets`, joined with what is free behind it. */
static void cut(arena *of, uint32_t piece, uint32_t octets) {
  uint32_t rest = octets_of(of, piece) - octets;
  if (rest < LEAST_OCTETS) {
    return;
  }
  uint32_t behind = piece + octets;
  *header_of(of, piece) -= rest;
  uint32_t next = behind + rest;
  if ((*header_of(of, next) & IS_FREE) != 0) {
    unlink_free(of, next);
    rest += octets_of(of, next);
  }
  *header_of(of, behind) = rest;
  link_free(of, behind);
}

/** The octets of a piece for a caller who wants `size`, or 0 when no arena is that large. */
static uint32_t octets_for(size_t size) {
  if (size > ARENA_LARGEST_OCTETS - LEAST_OCTETS) {
    return 0;
  }
  uint32_t octets = ((uint32_t)size + HEADER_OCTETS + ARENA_ALIGNMENT - 1) & ~(uint32_t)(ARENA_ALIGNMENT - 1);
  return octets < LEAST_OCTETS ? LEAST_OCTETS : octets;
}

static void count_used(arena *of, uint32_t before, uint32_t after) {
  of->used += after - before;
  if (of->used > of->peak) {
    of->peak = of->used;
  }
}

void arena_open(arena *opened, void *block, size_t size) {
  memset(opened, 0, sizeof *opened);
  opened->block = block;
  opened->size = (uint32_t)size & ~(uint32_t)(ARENA_ALIGNMENT - 1);
  /* The one free piece, and behind it a header of a piece in use, where joining ends. */
  *header_of(opened, ARENA_ALIGNMENT) = opened->size - ARENA_ALIGNMENT;
  *header_of(opened, opened->size) = 0;
  link_free(opened, ARENA_ALIGNMENT);
}

void *arena_take(arena *from, size_t size) {
  uint32_t octets = octets_for(size);
  uint32_t piece = octets == 0 ? 0 : find_free(from, octets);
  if (piece == 0) {
    from->refused += 1;
    from->refused_size = size;
    from->refused_used = from->used;
    return NULL;
  }
  unlink_free(from, piece);
  cut(from, piece, octets);
  count_used(from, 0, octets_of(from, piece));
  from->allocated += size;
  return from->block + piece;
}

void arena_give_back(arena *to, void *piece) {
  uint32_t place = (uint32_t)((uint8_t *)piece - to->block);
  uint32_t octets = octets_of(to, place);
  count_used(to, octets, 0);
  if ((*header_of(to, place + octets) & IS_FREE) != 0) {
    unlink_free(to, place + octets);
    octets += octets_of(to, place + octets);
  }
  if ((*header_of(to, place) & PREVIOUS_IS_FREE) != 0) {
    uint32_t previous = *word_at(to, place - 2 * HEADER_OCTETS);
    unlink_free(to, place - previous);
    place -= previous;
    octets += previous;
  }
  /* The piece before a free one is in use: both flags of the new header are clear. */
  *header_of(to, place) = octets;
  link_free(to, place);
}

void *arena_resize(arena *of, void *piece, size_t size) {
  uint32_t place = (uint32_t)((uint8_t *)piece - of->block);
  uint32_t octets = octets_for(size);
  uint32_t before = octets_of(of, place);
  uint32_t next = place + before;
  if (octets > before && (*header_of(of, next) & IS_FREE) != 0 && before + octets_of(of, next) >= octets) {
    uint32_t joined = octets_of(of, next);
    unlink_free(of, next);
    *header_of(of, place) += joined;
  }
  if (octets != 0 && octets <= octets_of(of, place)) {
    cut(of, place, octets);
    uint32_t after = octets_of(of, place);
    count_used(of, before, after);
    of->allocated += after > before ? after - before : 0;
    return piece;
  }
  void *moved = arena_take(of, size);
  if (moved != NULL) {
    memcpy(moved, piece, before - HEADER_OCTETS);
    arena_give_back(of, piece);
  }
  return moved;
}

size_t arena_largest_free(const arena *of) {
  if (of->classes == 0) {
    return 0;
  }
  unsigned class = highest_bit(of->classes);
  uint32_t largest = 0;
  for (uint32_t piece = of->first[class][highest_bit(of->steps[class])]; piece != 0; piece = *next_of(of, piece)) {
    uint32_t octets = octets_of(of, piece);
    largest = octets > largest ? octets : largest;
  }
  return largest - HEADER_OCTETS;
}
