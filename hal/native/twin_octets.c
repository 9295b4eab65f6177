/* The twins of firmware/bytes/bytes.ts and network-order.ts: octets copied, compared, searched, and read as numbers. */
#include <string.h>

#include "twins.h"

void twin_copy(uint8_t *target, const uint8_t *source, size_t count) {
  if (target <= source || target >= source + count) {
    memmove(target, source, count);
    return;
  }
  // What is read was written a moment ago: memmove would keep it.
  for (size_t index = 0; index < count; index += 1) {
    target[index] = source[index];
  }
}

void twin_fill(uint8_t *target, size_t count, uint8_t value) { memset(target, value, count); }

bool twin_is_equal(const uint8_t *left, const uint8_t *right, size_t count) { return memcmp(left, right, count) == 0; }

static unsigned lower_case(unsigned octet) { return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet; }

bool twin_is_equal_in_any_case(const uint8_t *left, const uint8_t *right, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    if (left[index] != right[index] && lower_case(left[index]) != lower_case(right[index])) {
      return false;
    }
  }
  return true;
}

bool twin_is_equal_in_constant_time(const uint8_t *left, const uint8_t *right, size_t count) {
  unsigned difference = 0;
  for (size_t index = 0; index < count; index += 1) {
    difference |= (unsigned)(left[index] ^ right[index]);
  }
  return difference == 0;
}

size_t twin_find(const uint8_t *octets, size_t count, int32_t octet) {
  // No octet is what does not fit into one; memchr would look at its lowest eight bits.
  const uint8_t *found = octet < 0 || octet > UINT8_MAX || count == 0 ? NULL : memchr(octets, octet, count);
  return found == NULL ? count : (size_t)(found - octets);
}

bool twin_is_printable(const uint8_t *octets, size_t count, int32_t first) {
  for (size_t index = 0; index < count; index += 1) {
    if (octets[index] < first || octets[index] > '~') {
      return false;
    }
  }
  return true;
}

unsigned twin_number_at(const uint8_t *octets) { return (unsigned)octets[0] << 8 | octets[1]; }

void twin_write_number_at(uint8_t *octets, int32_t value) {
  octets[0] = (uint8_t)((uint32_t)value >> 8);
  octets[1] = (uint8_t)value;
}
