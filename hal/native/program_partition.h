/*
 * The partition that a program runs from on a board whose slots (slots.h) are data: a flash beside the chip that is not executed from. At
 * boot the program of the slot that is chosen is copied there, page by page, unless it is there; the slots are not touched by that, so
 * that a loss of power at any moment leaves them whole and the next boot copies again.
 *
 * A whole program in the partition that the board has not put there itself was put there by a debugger: it is a new one, is kept in a slot
 * and runs, whatever the slots have. What the board has put there is a record of 5 octets in a record store: 0 version (1), 1 the CRC of
 * its header.
 */
#ifndef DOORLINE_PROGRAM_PARTITION_H
#define DOORLINE_PROGRAM_PARTITION_H

#include <stddef.h>
#include <stdint.h>

#include "flash.h"
#include "record_store.h"
#include "slots.h"

typedef struct program_partition {
  slots *programs;
  const flash *memory;
  /** Where the partition begins in that flash: a page. It has slot_octets of the slots. */
  size_t at;
  /** The same as the processor runs it, aligned to 16 octets. */
  const uint8_t *image;
  const record_store *record;
} program_partition;

/**
 * Chooses the program to run as slots_choose does, and brings it to where it runs.
 * @param now device_clock_ms
 * @return the image in the partition, which shell_run refuses when the flash did; NULL: neither slots nor partition have a whole program
 */
const uint8_t *program_partition_choose(const program_partition *partition, uint32_t now);

#endif
