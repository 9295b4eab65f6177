/*
 * What the collector gave back, in all. With what is in use that is all that the program ever took for longer than an expression:
 * the 8 octets of a quotient with a fraction, which the engine returns at once, are not in it. The linker puts the counter before
 * the engine's collector (jerryscript.cmake).
 */
#ifndef DOORLINE_JERRYSCRIPT_COLLECTED_H
#define DOORLINE_JERRYSCRIPT_COLLECTED_H

#include <stdint.h>

/** Octets since the process began; 0 when the engine was built without --mem-stats. */
uint64_t collected_octets(void);

#endif
