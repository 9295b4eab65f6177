/* The literal list, read once at boot; see literals.h. */
#include "literals.h"

#include <jerryscript.h>

#include "jerryscript-limits.h"

static const jerry_char_t *texts[JERRYSCRIPT_LITERALS];
static jerry_length_t lengths[JERRYSCRIPT_LITERALS];

/** Reads the number at *at and the space behind it; SIZE_MAX when there is none. */
static size_t read_length(const uint8_t *list, size_t size, size_t *at) {
  size_t start = *at;
  size_t length = 0;
  while (*at < size && list[*at] >= '0' && list[*at] <= '9' && length < size) {
    length = 10 * length + (size_t)(list[*at] - '0');
    *at += 1;
  }
  if (*at == start || *at == size || list[*at] != ' ') {
    return SIZE_MAX;
  }
  *at += 1;
  return length;
}

bool literals_register(const uint8_t *list, size_t size) {
  uint32_t count = 0;
  size_t at = 0;
  while (at < size) {
    size_t length = read_length(list, size, &at);
    if (count == JERRYSCRIPT_LITERALS || length >= size - at || list[at + length] != '\n') {
      return false;
    }
    texts[count] = list + at;
    lengths[count] = (jerry_length_t)length;
    count += 1;
    at += length + 1;
  }
  jerry_register_magic_strings(texts, count, lengths);
  return true;
}
