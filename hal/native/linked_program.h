/* The program image that was linked into the executable (-DDOORLINE_PROGRAM), in read-only memory. */
#ifndef DOORLINE_LINKED_PROGRAM_H
#define DOORLINE_LINKED_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/** Aligned to 16 octets. */
const uint8_t *linked_program(void);
/** Octets of the image; 0: none was linked in. */
size_t linked_program_size(void);

#endif
