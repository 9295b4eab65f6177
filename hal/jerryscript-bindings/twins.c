/*
 * The object `doorlineTwins`; see twins.h. A function checks its arguments as those of natives.c do, with one difference: a part
 * that ends before it begins is empty, wherever it lies, as a loop of the reference has no round then.
 */
#include "twins.h"

#include "../native/twins.h"
#include "arguments.h"

/** `count` elements of the buffer `argument` from `start` on; none when `count` is not positive. */
static void *part(call *of, unsigned argument, jerry_typedarray_type_t type, int64_t start, int64_t count) {
  view whole =
      elements(of, argument, type, type == JERRY_TYPEDARRAY_UINT8 ? "a buffer of octets" : "a buffer of samples");
  if (count <= 0 || !is_good(of)) {
    return whole.elements;
  }
  if (start < 0 || start + count > (int64_t)whole.count) {
    refuse(of, argument, "a buffer that has this part");
    return whole.elements;
  }
  return (uint8_t *)whole.elements + (size_t)start * (type == JERRY_TYPEDARRAY_UINT8 ? 1 : sizeof(int16_t));
}

/** The arguments buffer, start, end, from `argument` on. */
static view octets_between(call *of, unsigned argument) {
  int64_t start = integer(of, argument + 1);
  int64_t count = integer(of, argument + 2) - start;
  return (view){part(of, argument, JERRY_TYPEDARRAY_UINT8, start, count), count < 0 ? 0 : (size_t)count};
}

static jerry_value_t copy_bytes(call *of) {
  view source = octets_between(of, 2);
  uint8_t *target = part(of, 0, JERRY_TYPEDARRAY_UINT8, integer(of, 1), (int64_t)source.count);
  if (is_good(of)) {
    twin_copy(target, source.elements, source.count);
  }
  return jerry_undefined();
}

static jerry_value_t fill_bytes(call *of) {
  view target = octets_between(of, 0);
  uint8_t value = (uint8_t)integer(of, 3);
  if (is_good(of)) {
    twin_fill(target.elements, target.count, value);
  }
  return jerry_undefined();
}

typedef bool comparison(const uint8_t *left, const uint8_t *right, size_t count);

/** The arguments left, leftStart, leftEnd, right, rightStart, rightEnd. */
static jerry_value_t compare(call *of, comparison *is_equal) {
  int64_t left_start = integer(of, 1);
  int64_t count = integer(of, 2) - left_start;
  int64_t right_start = integer(of, 4);
  bool is_same_length = integer(of, 5) - right_start == count;
  count = is_same_length ? count : 0;
  const uint8_t *left = part(of, 0, JERRY_TYPEDARRAY_UINT8, left_start, count);
  const uint8_t *right = part(of, 3, JERRY_TYPEDARRAY_UINT8, right_start, count);
  return jerry_boolean(is_good(of) && is_same_length && is_equal(left, right, count < 0 ? 0 : (size_t)count));
}

static jerry_value_t equal_bytes(call *of) { return compare(of, twin_is_equal); }

static jerry_value_t equal_bytes_any_case(call *of) { return compare(of, twin_is_equal_in_any_case); }

static jerry_value_t equal_bytes_constant_time(call *of) {
  int64_t count = integer(of, 4);
  const uint8_t *left = part(of, 0, JERRY_TYPEDARRAY_UINT8, integer(of, 1), count);
  const uint8_t *right = part(of, 2, JERRY_TYPEDARRAY_UINT8, integer(of, 3), count);
  return jerry_boolean(is_good(of) && twin_is_equal_in_constant_time(left, right, count < 0 ? 0 : (size_t)count));
}

static jerry_value_t find_byte(call *of) {
  view among = octets_between(of, 0);
  int32_t octet = integer(of, 3);
  return jerry_number(is_good(of) ? (double)integer(of, 1) + (double)twin_find(among.elements, among.count, octet) : 0);
}

static jerry_value_t is_printable(call *of) {
  view among = octets_between(of, 0);
  int32_t first = integer(of, 3);
  return jerry_boolean(is_good(of) && twin_is_printable(among.elements, among.count, first));
}

static jerry_value_t number_at(call *of) {
  const uint8_t *octets = part(of, 0, JERRY_TYPEDARRAY_UINT8, integer(of, 1), sizeof(uint16_t));
  return jerry_number(is_good(of) ? twin_number_at(octets) : 0);
}

static jerry_value_t write_number_at(call *of) {
  uint8_t *octets = part(of, 0, JERRY_TYPEDARRAY_UINT8, integer(of, 1), sizeof(uint16_t));
  int32_t value = integer(of, 2);
  if (is_good(of)) {
    twin_write_number_at(octets, value);
  }
  return jerry_undefined();
}

static jerry_value_t write_four_numbers_at(call *of) {
  uint8_t *octets = part(of, 0, JERRY_TYPEDARRAY_UINT8, integer(of, 1), 4 * sizeof(uint16_t));
  int32_t values[4];
  for (unsigned index = 0; index < 4; index += 1) {
    values[index] = integer(of, 2 + index);
  }
  for (unsigned index = 0; is_good(of) && index < 4; index += 1) {
    twin_write_number_at(octets + (size_t)2 * index, values[index]);
  }
  return jerry_undefined();
}

static enum twin_law law(call *of) { return integer(of, 1) == TWIN_MU_LAW ? TWIN_MU_LAW : TWIN_A_LAW; }

static jerry_value_t encode_g711(call *of) {
  int64_t count = integer(of, 4);
  const int16_t *samples = part(of, 2, JERRY_TYPEDARRAY_INT16, integer(of, 3), count);
  uint8_t *codes = part(of, 5, JERRY_TYPEDARRAY_UINT8, integer(of, 6), count);
  enum twin_law by = law(of);
  if (is_good(of) && count > 0) {
    twin_encode_g711(by, samples, (size_t)count, codes);
  }
  return jerry_undefined();
}

static jerry_value_t decode_g711(call *of) {
  int64_t count = integer(of, 4);
  const uint8_t *codes = part(of, 2, JERRY_TYPEDARRAY_UINT8, integer(of, 3), count);
  int16_t *samples = part(of, 5, JERRY_TYPEDARRAY_INT16, integer(of, 6), count);
  enum twin_law by = law(of);
  if (is_good(of) && count > 0) {
    twin_decode_g711(by, codes, (size_t)count, samples);
  }
  return jerry_undefined();
}

static jerry_value_t delay_samples(call *of) {
  view ring = elements(of, 0, JERRY_TYPEDARRAY_INT16, "a buffer of samples");
  unsigned at = number(of, 1, ring.count);
  unsigned delay = number(of, 2, ring.count);
  int64_t count = integer(of, 5);
  int16_t *samples = part(of, 3, JERRY_TYPEDARRAY_INT16, integer(of, 4), count);
  if (is_good(of)) {
    at = (unsigned)twin_delay(ring.elements, ring.count, at, delay, samples, count < 0 ? 0 : (size_t)count);
  }
  return jerry_number(at);
}

/** The arguments samples, start, count. */
static view samples_from(call *of) {
  int64_t count = integer(of, 2);
  return (view){part(of, 0, JERRY_TYPEDARRAY_INT16, integer(of, 1), count), count < 0 ? 0 : (size_t)count};
}

static jerry_value_t apply_gain(call *of) {
  view samples = samples_from(of);
  unsigned gain = number(of, 3, UINT16_MAX + 1);
  if (is_good(of)) {
    twin_apply_gain(samples.elements, samples.count, (int32_t)gain);
  }
  return jerry_undefined();
}

static jerry_value_t clear_samples(call *of) {
  view samples = samples_from(of);
  if (is_good(of)) {
    twin_clear(samples.elements, samples.count);
  }
  return jerry_undefined();
}

static jerry_value_t peak_of(call *of) {
  view samples = samples_from(of);
  return jerry_number(is_good(of) ? twin_peak(samples.elements, samples.count) : 0);
}

typedef void compression(uint8_t *chain, const uint8_t *block);

/** The arguments chain, words, bytes, start. */
static jerry_value_t compress(call *of, size_t chain_octets, compression *take) {
  uint8_t *chain = part(of, 0, JERRY_TYPEDARRAY_UINT8, 0, (int64_t)chain_octets);
  const uint8_t *block = part(of, 2, JERRY_TYPEDARRAY_UINT8, integer(of, 3), TWIN_BLOCK_OCTETS);
  if (is_good(of)) {
    take(chain, block);
  }
  return jerry_undefined();
}

static jerry_value_t compress_md5(call *of) { return compress(of, TWIN_MD5_OCTETS, twin_compress_md5); }

static jerry_value_t compress_sha256(call *of) { return compress(of, TWIN_SHA_256_OCTETS, twin_compress_sha256); }

/** Each function: its name in the program and in C. */
#define TWINS(each)                                                                                                    \
  each(copyBytes, copy_bytes) each(fillBytes, fill_bytes) each(equalBytes, equal_bytes)                                \
      each(equalBytesAnyCase, equal_bytes_any_case) each(equalBytesConstantTime, equal_bytes_constant_time)            \
          each(findByte, find_byte) each(isPrintable, is_printable) each(numberAt, number_at)                          \
              each(writeNumberAt, write_number_at) each(writeFourNumbersAt, write_four_numbers_at)                     \
                  each(encodeG711, encode_g711) each(decodeG711, decode_g711) each(delaySamples, delay_samples)        \
                      each(applyGain, apply_gain) each(clearSamples, clear_samples) each(peakOf, peak_of)              \
                          each(compressMd5, compress_md5) each(compressSha256, compress_sha256)

#define ENTRY(name, function)                                                                                          \
  static jerry_value_t function##_entry(const jerry_call_info_t *info, const jerry_value_t *values,                    \
                                        jerry_length_t count) {                                                        \
    (void)info;                                                                                                        \
    call of = {values, count, 0, NULL};                                                                                \
    jerry_value_t value = function(&of);                                                                               \
    return answer(&of, #name, value);                                                                                  \
  }
TWINS(ENTRY)

typedef struct entry {
  const char *name;
  jerry_external_handler_t function;
} entry;

#define LINE(name, function) {#name, function##_entry},
static const entry entries[] = {TWINS(LINE)};

void twins_open(void) {
  jerry_value_t twins = jerry_object();
  for (size_t index = 0; index < sizeof entries / sizeof *entries; index += 1) {
    jerry_value_t function = jerry_function_external(entries[index].function);
    jerry_value_free(jerry_object_set_sz(twins, entries[index].name, function));
    jerry_value_free(function);
  }
  jerry_value_t global = jerry_current_realm();
  jerry_value_free(jerry_object_set_sz(global, "doorlineTwins", twins));
  jerry_value_free(global);
  jerry_value_free(twins);
}
