/* Paint; see paint.h. */
#include "paint.h"

#include "handlers.h"

/** What no code leaves behind by chance. */
static const uint32_t PAINT = 0x5ac1ac5a;

void paint_words(volatile uint32_t *word, const volatile uint32_t *end) {
  for (; word < end; word += 1) {
    *word = PAINT;
  }
}

uint32_t paint_depth(const uint32_t *word, const uint32_t *end) {
  const uint32_t *first = word;
  while (word < end && *word == PAINT) {
    word += 1;
  }
  return (uint32_t)(word - first) * (uint32_t)sizeof *word;
}

/** The end of RAM, which has the layout's octets from the bottom of the stack on. */
static uint32_t *memory_end(void) {
  return memory_stack_bottom + MEMORY_NUMBER(memory_ram_octets) / sizeof *memory_stack_bottom;
}

void paint_memory(void) {
  paint_words(memory_rooms_start, memory_rooms_end);
  paint_words((uint32_t *)(void *)memory_bss_end, memory_end());
}

static uint32_t count_painted(const uint32_t *word, const uint32_t *end) {
  uint32_t words = 0;
  for (; word < end; word += 1) {
    words += *word == PAINT ? 1 : 0;
  }
  return words * (uint32_t)sizeof *word;
}

uint32_t paint_untouched(void) {
  return paint_depth(memory_stack_bottom, memory_stack_top) + count_painted(memory_rooms_start, memory_rooms_end) +
         count_painted((const uint32_t *)(const void *)memory_bss_end, memory_end());
}
