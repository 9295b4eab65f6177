/* Paint on the stack; see stack.h. */
#include "stack.h"

#include "handlers.h"
#include "paint.h"

/** Words that the functions that paint may have taken for themselves. */
enum { OWN_WORDS = 32 };

__attribute__((noinline)) void stack_paint(void) {
  uint32_t *pointer;
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
  paint_words(memory_stack_bottom, pointer - OWN_WORDS);
}

uint32_t stack_used(void) { return stack_octets() - paint_depth(memory_stack_bottom, memory_stack_top); }

uint32_t stack_octets(void) { return (uint32_t)(memory_stack_top - memory_stack_bottom) * (uint32_t)sizeof(uint32_t); }
