/*
 * What the desk's device stands on: a process of this machine (main.c), or a bare processor in an emulator (boards/desk-mps2). Octets
 * to and from the desk, an end, and how deep the stack was; all else the desk answers.
 */
#ifndef DOORLINE_DESK_PLACE_H
#define DOORLINE_DESK_PLACE_H

#include <stddef.h>
#include <stdint.h>

/** Ends of a device, as its desk's process sees them. */
enum place_exit {
  PLACE_ENDED = 0,
  PLACE_USAGE = 64,
  PLACE_NO_THREAD = 71,
  /** The desk closed the wire, or spoke something else: there is nothing left to live for. */
  PLACE_WIRE_GONE = 74,
};

/** Writes all octets. Ends the device when nobody reads. */
void place_write(const uint8_t *octets, size_t count);
/** Reads so many octets, however long that takes: desk and device never work at the same time. Ends the device when the desk has gone. */
void place_read(uint8_t *buffer, size_t count);
/** Ends the device; `words`, unless NULL, go to whoever watches it. */
_Noreturn void place_end(enum place_exit code, const char *words);
/** Octets of the C stack that were ever used. */
size_t place_stack_used(void);

#endif
