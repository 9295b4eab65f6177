/*
 * The table `doorlineTwins`; see twins.h. A function checks its arguments as those of natives.c do, with one difference: a part
 * that ends before it begins is empty, wherever it lies, as a loop of the reference has no round then.
 */
#include "twins.h"

#include "../native/twins.h"
#include "arguments.h"

/** `count` elements of the buffer `argument` from `start` on; none when `count` is not positive. */
static void *part(lua_State *state, const char *name, int argument, enum buffer_kind kind, int64_t start,
                  int64_t count) {
  const buffer *found = elements(state, name, argument, kind);
  if (count <= 0) {
    return found->elements;
  }
  if (start < 0 || start + count > (int64_t)found->length) {
    refuse(state, name, argument, "a buffer that has this part");
  }
  return (uint8_t *)found->elements + (size_t)start * (kind == BUFFER_UINT8 ? 1 : sizeof(int16_t));
}

/** The arguments buffer, start, end, from `argument` on. */
static view octets_between(lua_State *state, const char *name, int argument) {
  int64_t start = integer(state, name, argument + 1);
  int64_t count = integer(state, name, argument + 2) - start;
  return (view){part(state, name, argument, BUFFER_UINT8, start, count), count < 0 ? 0 : (size_t)count};
}

static int copy_bytes(lua_State *state) {
  view source = octets_between(state, "copyBytes", 3);
  int64_t at = integer(state, "copyBytes", 2);
  twin_copy(part(state, "copyBytes", 1, BUFFER_UINT8, at, (int64_t)source.count), source.octets, source.count);
  return 0;
}

static int fill_bytes(lua_State *state) {
  view target = octets_between(state, "fillBytes", 1);
  twin_fill(target.octets, target.count, (uint8_t)integer(state, "fillBytes", 4));
  return 0;
}

typedef bool comparison(const uint8_t *left, const uint8_t *right, size_t count);

/** The arguments left, leftStart, leftEnd, right, rightStart, rightEnd. */
static int compare(lua_State *state, const char *name, comparison *is_equal) {
  int64_t left_start = integer(state, name, 2);
  int64_t count = integer(state, name, 3) - left_start;
  int64_t right_start = integer(state, name, 5);
  bool is_same_length = integer(state, name, 6) - right_start == count;
  count = is_same_length ? count : 0;
  const uint8_t *left = part(state, name, 1, BUFFER_UINT8, left_start, count);
  const uint8_t *right = part(state, name, 4, BUFFER_UINT8, right_start, count);
  lua_pushboolean(state, is_same_length && is_equal(left, right, count < 0 ? 0 : (size_t)count));
  return 1;
}

static int equal_bytes(lua_State *state) { return compare(state, "equalBytes", twin_is_equal); }

static int equal_bytes_any_case(lua_State *state) {
  return compare(state, "equalBytesAnyCase", twin_is_equal_in_any_case);
}

static int equal_bytes_constant_time(lua_State *state) {
  static const char name[] = "equalBytesConstantTime";
  int64_t count = integer(state, name, 5);
  const uint8_t *left = part(state, name, 1, BUFFER_UINT8, integer(state, name, 2), count);
  const uint8_t *right = part(state, name, 3, BUFFER_UINT8, integer(state, name, 4), count);
  lua_pushboolean(state, twin_is_equal_in_constant_time(left, right, count < 0 ? 0 : (size_t)count));
  return 1;
}

static int find_byte(lua_State *state) {
  view among = octets_between(state, "findByte", 1);
  size_t found = twin_find(among.octets, among.count, integer(state, "findByte", 4));
  lua_pushinteger(state, integer(state, "findByte", 2) + (lua_Integer)found);
  return 1;
}

static int is_printable(lua_State *state) {
  view among = octets_between(state, "isPrintable", 1);
  lua_pushboolean(state, twin_is_printable(among.octets, among.count, integer(state, "isPrintable", 4)));
  return 1;
}

static int number_at(lua_State *state) {
  static const char name[] = "numberAt";
  const uint8_t *octets = part(state, name, 1, BUFFER_UINT8, integer(state, name, 2), sizeof(uint16_t));
  lua_pushinteger(state, (lua_Integer)twin_number_at(octets));
  return 1;
}

static int write_number_at(lua_State *state) {
  static const char name[] = "writeNumberAt";
  uint8_t *octets = part(state, name, 1, BUFFER_UINT8, integer(state, name, 2), sizeof(uint16_t));
  twin_write_number_at(octets, integer(state, name, 3));
  return 0;
}

static int write_four_numbers_at(lua_State *state) {
  static const char name[] = "writeFourNumbersAt";
  uint8_t *octets = part(state, name, 1, BUFFER_UINT8, integer(state, name, 2), 4 * sizeof(uint16_t));
  for (int index = 0; index < 4; index += 1) {
    twin_write_number_at(octets + 2 * index, integer(state, name, 3 + index));
  }
  return 0;
}

static enum twin_law law(lua_State *state, const char *name) {
  return integer(state, name, 2) == TWIN_MU_LAW ? TWIN_MU_LAW : TWIN_A_LAW;
}

static int encode_g711(lua_State *state) {
  static const char name[] = "encodeG711";
  int64_t count = integer(state, name, 5);
  const int16_t *samples = part(state, name, 3, BUFFER_INT16, integer(state, name, 4), count);
  uint8_t *codes = part(state, name, 6, BUFFER_UINT8, integer(state, name, 7), count);
  twin_encode_g711(law(state, name), samples, count < 0 ? 0 : (size_t)count, codes);
  return 0;
}

static int decode_g711(lua_State *state) {
  static const char name[] = "decodeG711";
  int64_t count = integer(state, name, 5);
  const uint8_t *codes = part(state, name, 3, BUFFER_UINT8, integer(state, name, 4), count);
  int16_t *samples = part(state, name, 6, BUFFER_INT16, integer(state, name, 7), count);
  twin_decode_g711(law(state, name), codes, count < 0 ? 0 : (size_t)count, samples);
  return 0;
}

static int delay_samples(lua_State *state) {
  static const char name[] = "delaySamples";
  const buffer *ring = elements(state, name, 1, BUFFER_INT16);
  unsigned at = number(state, name, 2, ring->length);
  unsigned delay = number(state, name, 3, ring->length);
  int64_t count = integer(state, name, 6);
  int16_t *samples = part(state, name, 4, BUFFER_INT16, integer(state, name, 5), count);
  size_t next = twin_delay(ring->elements, ring->length, at, delay, samples, count < 0 ? 0 : (size_t)count);
  lua_pushinteger(state, (lua_Integer)next);
  return 1;
}

/** The arguments samples, start, count. */
static int16_t *samples_from(lua_State *state, const char *name, size_t *count) {
  int64_t wanted = integer(state, name, 3);
  *count = wanted < 0 ? 0 : (size_t)wanted;
  return part(state, name, 1, BUFFER_INT16, integer(state, name, 2), wanted);
}

static int apply_gain(lua_State *state) {
  size_t count = 0;
  int16_t *samples = samples_from(state, "applyGain", &count);
  twin_apply_gain(samples, count, (int32_t)number(state, "applyGain", 4, UINT16_MAX + 1));
  return 0;
}

static int clear_samples(lua_State *state) {
  size_t count = 0;
  int16_t *samples = samples_from(state, "clearSamples", &count);
  twin_clear(samples, count);
  return 0;
}

static int peak_of(lua_State *state) {
  size_t count = 0;
  const int16_t *samples = samples_from(state, "peakOf", &count);
  lua_pushinteger(state, twin_peak(samples, count));
  return 1;
}

static int compress_md5(lua_State *state) {
  const uint8_t *block =
      part(state, "compressMd5", 3, BUFFER_UINT8, integer(state, "compressMd5", 4), TWIN_BLOCK_OCTETS);
  twin_compress_md5(part(state, "compressMd5", 1, BUFFER_UINT8, 0, TWIN_MD5_OCTETS), block);
  return 0;
}

static int compress_sha256(lua_State *state) {
  static const char name[] = "compressSha256";
  const uint8_t *block = part(state, name, 3, BUFFER_UINT8, integer(state, name, 4), TWIN_BLOCK_OCTETS);
  twin_compress_sha256(part(state, name, 1, BUFFER_UINT8, 0, TWIN_SHA_256_OCTETS), block);
  return 0;
}

static const luaL_Reg functions[] = {
    {"copyBytes", copy_bytes},
    {"fillBytes", fill_bytes},
    {"equalBytes", equal_bytes},
    {"equalBytesAnyCase", equal_bytes_any_case},
    {"equalBytesConstantTime", equal_bytes_constant_time},
    {"findByte", find_byte},
    {"isPrintable", is_printable},
    {"numberAt", number_at},
    {"writeNumberAt", write_number_at},
    {"writeFourNumbersAt", write_four_numbers_at},
    {"encodeG711", encode_g711},
    {"decodeG711", decode_g711},
    {"delaySamples", delay_samples},
    {"applyGain", apply_gain},
    {"clearSamples", clear_samples},
    {"peakOf", peak_of},
    {"compressMd5", compress_md5},
    {"compressSha256", compress_sha256},
};

void twins_open(lua_State *state) {
  enum { COUNT = sizeof functions / sizeof *functions };
  lua_createtable(state, 0, COUNT);
  for (unsigned index = 0; index < COUNT; index += 1) {
    lua_pushcfunction(state, functions[index].func);
    lua_setfield(state, -2, functions[index].name);
  }
  lua_setglobal(state, "doorlineTwins");
}
