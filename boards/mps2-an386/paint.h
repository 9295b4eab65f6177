/*
 * How much of RAM was ever touched: all that start-up need not set is painted, and what is still painted was never touched. That is the
 * C stack, the VM's rooms (arena and buffers), and what lies behind the last thing that is laid out.
 */
#ifndef DOORLINE_MPS2_PAINT_H
#define DOORLINE_MPS2_PAINT_H

#include <stdint.h>

/** Paints the rooms and the rest of RAM; nothing of the VM may have begun. The stack is painted by stack.h. */
void paint_memory(void);
/** Paints the words from `word` to `end`, which is none of them. */
void paint_words(volatile uint32_t *word, const volatile uint32_t *end);
/** Octets of the words from `word` on that are still painted, up to the first one that is not. */
uint32_t paint_depth(const uint32_t *word, const uint32_t *end);
/** Octets of RAM that were never touched. */
uint32_t paint_untouched(void);

#endif
