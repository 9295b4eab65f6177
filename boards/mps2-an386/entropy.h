/* Chance from what a board without a generator of it has. See README.md for what that is worth. */
#ifndef DOORLINE_MPS2_ENTROPY_H
#define DOORLINE_MPS2_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/** Takes up the seed of the settings partition and writes the next one; says in the log when there was none. */
void entropy_open(void);
/** Takes up when something happened: a frame that came, a key that was pressed. */
void entropy_add_moment(uint32_t event);
/** Takes up octets that differ from board to board or from start to start. */
void entropy_add(const uint8_t *octets, size_t count);
/** 32 bits for lwIP: transaction ids, first sequence numbers, ports. */
uint32_t entropy_word(void);

#endif
