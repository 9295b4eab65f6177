/* Paint; see stack.h. */
#include "stack.h"

#include "handlers.h"

/** What no code leaves behind by chance. */
static const uint32_t PAINT = 0x5ac1ac5a;

/** Octets that the function that paints may have taken for itself. */
enum { OWN_WORDS = 16 };

__attribute__((noinline)) void stack_paint(void) {
  uint32_t *pointer;
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
  for (volatile uint32_t *word = memory_stack_bottom; word < pointer - OWN_WORDS; word += 1) {
    *word = PAINT;
  }
}

uint32_t stack_used(void) {
  const uint32_t *word = memory_stack_bottom;
  while (word < memory_stack_top && *word == PAINT) {
    word += 1;
  }
  return (uint32_t)(memory_stack_top - word) * (uint32_t)sizeof *word;
}

uint32_t stack_octets(void) { return (uint32_t)(memory_stack_top - memory_stack_bottom) * (uint32_t)sizeof(uint32_t); }
