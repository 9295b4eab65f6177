/*
 * Works on a program image for lua.test.ts. "run FILE POLLS" prints what each poll on a played board answers, and the log; it
 * fails when anybody wrote to the linked part. "bend FILE COUNT" loads it cut off at every octet and with each of COUNT random
 * bits turned, and prints how many of them loaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "../../../hal/lua-bindings/arena.h"
#include "../../../hal/lua-bindings/linked.h"
#include "../../../hal/native/engine.h"
#include "../fake_device.h"

enum { IMAGE_OCTETS = 1 << 20, ARENA_OCTETS = 1 << 18, LONGEST_BENT = 1 << 16 };

static _Alignas(8) uint8_t original[IMAGE_OCTETS];
static _Alignas(8) uint8_t block[ARENA_OCTETS];
static arena memory;

static size_t read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  size_t length = fread(original, 1, sizeof original, file);
  fclose(file);
  return length;
}

static void print_memory(const char *when) {
  engine_memory now;
  engine_read_memory(&now);
  printf("%s: used %zu peak %zu allocated %llu buffers %zu linked %zu\n", when, now.used, now.peak,
         (unsigned long long)now.allocated, now.buffers, linked_octets());
}

static int run(size_t length, int polls) {
  program loaded = {.form = PROGRAM_LUA_BYTECODE, .bundle = original, .length = length};
  if (memcmp(original, "LUAI", 4) == 0) {
    loaded.form = PROGRAM_LUA_IMAGE;
  }
  int result = engine_boot(&loaded);
  if (result == 0) {
    uint32_t linked = program_crc32(0, linked_part(), linked_octets());
    print_memory("boot");
    for (int poll = 0; poll < polls && result >= 0; poll += 1) {
      result = engine_poll();
      printf("%d\n", result);
      fake.now += 20;
      if (poll % 16 == 0) {
        engine_collect();
      }
    }
    print_memory("end");
    if (linked != program_crc32(0, linked_part(), linked_octets())) {
      printf("the linked part was written to\n");
      return 1;
    }
  }
  printf("%s", fake.log);
  return result < 0 ? (int)engine_fault() + 1 : 0;
}

static void *allocate(void *unused, void *piece, size_t old_size, size_t size) {
  (void)unused;
  (void)old_size;
  if (piece == NULL) {
    return size == 0 ? NULL : arena_take(&memory, size);
  }
  if (size == 0) {
    arena_give_back(&memory, piece);
    return NULL;
  }
  return arena_resize(&memory, piece, size);
}

static int load(lua_State *state) {
  linked_load(state, lua_touserdata(state, 1));
  lua_gc(state, LUA_GCCOLLECT);
  return 0;
}

/** Whether an image of just this length, in memory of just this length, loads. */
static int loads(const uint8_t *octets, size_t length) {
  uint8_t *exact = aligned_alloc(8, (length + 7) / 8 * 8);
  memcpy(exact, octets, length);
  arena_open(&memory, block, sizeof block);
  lua_State *state = lua_newstate(allocate, NULL);
  program image = {.form = PROGRAM_LUA_IMAGE, .bundle = exact, .length = length};
  lua_pushcfunction(state, load);
  lua_pushlightuserdata(state, &image);
  int status = lua_pcall(state, 1, 0, 0);
  free(exact);
  return status == LUA_OK ? 1 : 0;
}

static int bend(size_t length, unsigned count) {
  int loaded = 0;
  for (size_t cut = 0; cut < length && cut < LONGEST_BENT; cut += 1) {
    loaded += loads(original, cut);
  }
  printf("cut off: %d\n", loaded);
  uint32_t seed = 1;
  loaded = 0;
  for (unsigned turn = 0; turn < count; turn += 1) {
    seed = seed * 1664525U + 1013904223U;
    size_t at = (seed >> 3) % length;
    uint8_t bit = (uint8_t)(1U << (seed >> 29));
    original[at] ^= bit;
    loaded += loads(original, length);
    original[at] ^= bit;
  }
  printf("bent: %d\n", loaded);
  return loads(original, length) == 1 ? 0 : 1;
}

int main(int count, char **words) {
  if (count != 4) {
    return 1;
  }
  size_t length = read_file(words[2]);
  fake_reset();
  if (strcmp(words[1], "run") == 0) {
    return run(length, atoi(words[3]));
  }
  return length == 0 ? 1 : bend(length, (unsigned)atoi(words[3]));
}
