/* How much of the C stack was ever used: it is painted at the start, and what is still painted was never touched. */
#ifndef DOORLINE_MPS2_STACK_H
#define DOORLINE_MPS2_STACK_H

#include <stdint.h>

/** Paints what lies below the stack pointer. */
void stack_paint(void);
/** Octets from the top to the deepest one that was ever touched. */
uint32_t stack_used(void);
uint32_t stack_octets(void);

#endif
