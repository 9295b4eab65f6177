/*
 * The buffers of a program: typed arrays over static memory of C, outside of the engine's heap. All lie in one ArrayBuffer, so that
 * each costs the heap one small object, and C finds a buffer's octets without a copy. What is made stays: a program makes its
 * buffers at boot.
 */
#ifndef DOORLINE_JERRYSCRIPT_BUFFERS_H
#define DOORLINE_JERRYSCRIPT_BUFFERS_H

#include <jerryscript.h>
#include <stddef.h>

/** Empties the memory and puts the constructors Uint8Array, Int16Array and Uint16Array before the program. */
void buffers_open(void);
/** Lets go of what the engine holds of it. */
void buffers_close(void);
/**
 * The elements of a buffer and, in `length`, their count.
 * Returns NULL when the value is no buffer of this type.
 */
void *buffers_find(jerry_value_t value, jerry_typedarray_type_t type, size_t *length);
/** Octets of all buffers, and the room for them. */
size_t buffers_used(void);
size_t buffers_total(void);

#endif
