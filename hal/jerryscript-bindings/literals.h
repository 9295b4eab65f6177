/*
 * The names that a static snapshot says, as `jerry-snapshot litdump --format list` writes them: for each its octets in decimal, a
 * space, the octets, a line end. They stay where the program lies; only pointers to them are kept.
 */
#ifndef DOORLINE_JERRYSCRIPT_LITERALS_H
#define DOORLINE_JERRYSCRIPT_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Names them to the engine. Returns false when the list is damaged or longer than JERRYSCRIPT_LITERALS. */
bool literals_register(const uint8_t *list, size_t size);

#endif
