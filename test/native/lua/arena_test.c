/* The arena against a shadow model: what it hands out never overlaps, keeps its content, and comes back as one piece. */
#include "../../../hal/lua-bindings/arena.h"
#include "check.h"

enum { BLOCK_OCTETS = 1 << 16, HELD = 400, STEPS = 200000 };

static _Alignas(8) uint8_t block[BLOCK_OCTETS];
static arena tested;

static uint32_t seed = 1;

/** Numbers 0 … bound - 1, the same in every run. */
static uint32_t chance(uint32_t bound) {
  seed = seed * 1664525U + 1013904223U;
  return (seed >> 8) % bound;
}

typedef struct held {
  uint8_t *octets;
  size_t size;
  uint8_t mark;
} held;

static held pieces[HELD];
/** The owner of each octet of the block; 0: nobody. */
static uint16_t owners[BLOCK_OCTETS];

static void claim(unsigned index) {
  held *piece = &pieces[index];
  size_t place = (size_t)(piece->octets - block);
  CHECK(place % ARENA_ALIGNMENT == 0 && place + piece->size <= BLOCK_OCTETS - 4);
  for (size_t at = 0; at < piece->size; at += 1) {
    CHECK(owners[place + at] == 0);
    owners[place + at] = (uint16_t)(index + 1);
  }
  memset(piece->octets, piece->mark, piece->size);
}

static void leave(unsigned index, size_t kept) {
  held *piece = &pieces[index];
  size_t place = (size_t)(piece->octets - block);
  for (size_t at = 0; at < piece->size; at += 1) {
    CHECK(owners[place + at] == index + 1);
    CHECK(at >= kept || piece->octets[at] == piece->mark);
    owners[place + at] = 0;
  }
}

static size_t any_size(void) {
  uint32_t shape = chance(16);
  return 1 + chance(shape == 0 ? 9000 : shape < 4 ? 700 : 60);
}

static void take(unsigned index) {
  held *piece = &pieces[index];
  piece->size = any_size();
  piece->mark = (uint8_t)(chance(255) + 1);
  piece->octets = arena_take(&tested, piece->size);
  if (piece->octets != NULL) {
    claim(index);
  }
}

static void resize(unsigned index) {
  held *piece = &pieces[index];
  size_t size = any_size();
  size_t kept = size < piece->size ? size : piece->size;
  uint8_t *moved = arena_resize(&tested, piece->octets, size);
  if (moved == NULL) {
    CHECK(size > piece->size);
    return;
  }
  for (size_t at = 0; at < kept; at += 1) {
    CHECK(moved[at] == piece->mark);
  }
  leave(index, 0);
  piece->octets = moved;
  piece->size = size;
  claim(index);
}

static void give_back(unsigned index) {
  leave(index, pieces[index].size);
  arena_give_back(&tested, pieces[index].octets);
  pieces[index].octets = NULL;
}

static void open(void) {
  arena_open(&tested, block, sizeof block);
  memset(owners, 0, sizeof owners);
  memset(pieces, 0, sizeof pieces);
}

static void random_work_keeps_every_octet(void) {
  open();
  for (unsigned step = 0; step < STEPS; step += 1) {
    unsigned index = chance(HELD);
    if (pieces[index].octets == NULL) {
      take(index);
    } else if (chance(3) == 0) {
      resize(index);
    } else {
      give_back(index);
    }
  }
  CHECK(tested.refused > 0);
  for (unsigned index = 0; index < HELD; index += 1) {
    if (pieces[index].octets != NULL) {
      give_back(index);
    }
  }
  CHECK(tested.used == 0);
  CHECK(arena_largest_free(&tested) == BLOCK_OCTETS - 12);
}

static void neighbours_join_in_any_order(void) {
  enum { COUNT = 24 };
  for (unsigned round = 0; round < 200; round += 1) {
    void *taken[COUNT];
    open();
    for (unsigned index = 0; index < COUNT; index += 1) {
      taken[index] = arena_take(&tested, any_size() % 500 + 1);
    }
    for (unsigned left = COUNT; left > 0; left -= 1) {
      unsigned index = chance(left);
      arena_give_back(&tested, taken[index]);
      taken[index] = taken[left - 1];
    }
    CHECK(arena_largest_free(&tested) == BLOCK_OCTETS - 12);
  }
}

static void a_full_arena_refuses_and_lives(void) {
  open();
  unsigned count = 0;
  void *last = NULL;
  for (void *piece = arena_take(&tested, 100); piece != NULL; piece = arena_take(&tested, 100)) {
    last = piece;
    count += 1;
  }
  CHECK(count == (BLOCK_OCTETS - ARENA_ALIGNMENT) / 104);
  CHECK(tested.refused == 1);
  CHECK(arena_resize(&tested, last, 5000) == NULL);
  arena_give_back(&tested, last);
  CHECK(arena_take(&tested, 100) == last);
}

static void the_whole_block_can_be_one_piece(void) {
  open();
  size_t all = arena_largest_free(&tested);
  CHECK(arena_take(&tested, all + 1) == NULL);
  CHECK(arena_take(&tested, (size_t)-1) == NULL);
  CHECK(arena_take(&tested, ARENA_LARGEST_OCTETS) == NULL);
  /* A good fit rounds up to the next step, so that the last of a step is not found; an eighth less always is. */
  void *piece = arena_take(&tested, all - all / 8);
  CHECK(piece != NULL);
  CHECK(arena_resize(&tested, piece, all) == piece);
  CHECK(tested.used == BLOCK_OCTETS - ARENA_ALIGNMENT);
  CHECK(arena_largest_free(&tested) == 0);
}

static void a_piece_grows_where_it_lies_when_there_is_room(void) {
  open();
  uint8_t *first = arena_take(&tested, 40);
  uint8_t *second = arena_take(&tested, 40);
  uint8_t *third = arena_take(&tested, 40);
  memset(first, 7, 40);
  arena_give_back(&tested, second);
  CHECK(arena_resize(&tested, first, 80) == first);
  uint8_t *moved = arena_resize(&tested, first, 200);
  CHECK(moved != first && moved > third && moved[39] == 7);
  CHECK(arena_resize(&tested, moved, 1) == moved);
}

static void the_counters_say_what_happened(void) {
  open();
  void *piece = arena_take(&tested, 100);
  CHECK(tested.used == 104 && tested.peak == 104 && tested.allocated == 100);
  arena_give_back(&tested, piece);
  CHECK(tested.used == 0 && tested.peak == 104);
  piece = arena_take(&tested, 50);
  CHECK(tested.allocated == 150 && tested.used == 56);
  CHECK(arena_resize(&tested, piece, 20) != NULL);
  CHECK(tested.allocated == 150 && tested.used == 24 && tested.refused == 0);
}

static const check_case cases[] = {
    {"200,000 random steps keep every octet, and all comes back as one piece", random_work_keeps_every_octet},
    {"neighbours join in whatever order they are given back", neighbours_join_in_any_order},
    {"a full arena refuses, counts it, and serves again after something came back", a_full_arena_refuses_and_lives},
    {"one piece can have the whole block, and none can have more", the_whole_block_can_be_one_piece},
    {"a piece grows where it lies when what follows is free, and moves with its content when not",
     a_piece_grows_where_it_lies_when_there_is_room},
    {"used, peak and allocated count octets", the_counters_say_what_happened},
};

CHECK_MAIN(cases)
