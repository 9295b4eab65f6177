/*
 * The program slots of the board (hal/native/slots.h): which program runs, and how another one comes into the slot that does not run. In the
 * large layout a program runs in its slot; in the small one it is copied to a partition of its own (hal/native/program_partition.h).
 */
#ifndef DOORLINE_MPS2_PROGRAMS_H
#define DOORLINE_MPS2_PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

/** The image of the program to run, whose start is counted; NULL when no slot has a whole one. */
const uint8_t *programs_choose(void);
/** Octets of a slot. */
size_t programs_octets(void);
/** To be told of each event of the firmware, and to be called while the program runs: what makes a program a healthy one. */
void programs_note_event(uint32_t event, int32_t first);
void programs_work(void);

/**
 * Begins an update, or goes on with the one that was interrupted when the header is the same.
 * @param header the PROGRAM_HEADER_OCTETS octets with which the new image begins
 * @param octets of the whole image
 * @return NULL, or a sentence that says why it is refused
 */
const char *programs_begin(const uint8_t *header, size_t octets);
/** Octets of the new image that are written. */
size_t programs_written(void);
/** Adds octets: whole units but for the last call. NULL, or why not. */
const char *programs_write(const uint8_t *octets, size_t count);
/** Makes the new program the next to run. NULL, or why not. */
const char *programs_finish(void);

#endif
