/*
 * Two slots for programs on a board without files, so that a new program is tried while the old one waits. At boot the newest program
 * runs that is whole and for this board; one that nobody knows to be healthy yet runs SLOT_STARTS times at most, then the other slot has
 * its turn again. A program that fits no checksum, or is for another board, never runs.
 *
 * Each slot is a program image (program.h) in whole pages that can be read as memory; the program runs there, or is copied to where it
 * runs (program_partition.h). What is known about both is one record of 14
 * octets in a record store: 0 version (1), 1 the newer slot, and for each slot 6 octets: the CRC of its image's header, its state, its
 * starts. A state counts for the image with that header alone: an image that a debugger put there is a new one.
 */
#ifndef DOORLINE_SLOTS_H
#define DOORLINE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash.h"
#include "record_store.h"

enum {
  SLOT_COUNT = 2,
  /** Times that a program is started before it must have been healthy. With the shell's pauses after a fault: half a minute. */
  SLOT_STARTS = 5,
  /** A program that ran so long is healthy also without a registrar: ten minutes. */
  SLOT_HEALTHY_MS = 600000,
  /** What tells one image from another: where it has the CRC of its header (program.h). */
  SLOT_IDENTITY_AT = 60,
  SLOT_IDENTITY_OCTETS = 4,
};

/** The numbers are in the record. */
enum slot_state {
  /** No image. */
  SLOT_EMPTY = 0,
  /** Written, and not yet healthy. */
  SLOT_NEW = 1,
  SLOT_HEALTHY = 2,
  /** Started SLOT_STARTS times and never healthy. Runs only when the other slot has nothing that is whole. */
  SLOT_FAILED = 3,
};

/** What is known about a slot. */
typedef struct slot_fate {
  uint8_t identity[SLOT_IDENTITY_OCTETS];
  enum slot_state state;
  unsigned starts;
} slot_fate;

typedef struct slots {
  /* Set by the port before the first call. */
  const flash *memory;
  /** Where each slot begins in the flash: a page. */
  size_t at[SLOT_COUNT];
  /** The same places as memory, aligned to 16 octets where a program runs in its slot. */
  const uint8_t *images[SLOT_COUNT];
  /** Of each slot: whole pages. */
  size_t slot_octets;
  const record_store *record;

  /* Set by slots_choose. */
  slot_fate fates[SLOT_COUNT];
  unsigned newer;
  /** The slot whose program runs, or -1. */
  int running;
  uint32_t started_at;
  /** Between slots_begin and slots_finish, and the octets of the new program that were written since. */
  bool is_updating;
  size_t written;
} slots;

/**
 * Chooses the program to run, counts its start, and says in the log what it had to decide.
 * @param now device_clock_ms
 * @return its image, of slot_octets at most; NULL: no slot has a whole program
 */
const uint8_t *slots_choose(slots *chosen, uint32_t now);
/**
 * Takes a program in that came by no update: a debugger put it where programs run, and that is no slot. It becomes the newer one, with
 * starts of its own unless it is known to be healthy. Of the slots' programs the better one stays: the healthy one, then the newer.
 * To be called before slots_choose.
 * @param octets of the image, which is whole
 * @return DEVICE_OK; DEVICE_REFUSED: the flash did, and no slot has it
 */
int slots_adopt(slots *chosen, const uint8_t *image, size_t octets);
/** Tells that the running program works. DEVICE_OK, also when that was known; DEVICE_REFUSED: not kept, to be called again. */
int slots_report_healthy(slots *chosen);
/** To be told of each event of the firmware: an account that is registered is the sign that a program works. */
void slots_note_event(slots *chosen, uint32_t event, int32_t first);
/** To be called while the program runs: it is healthy after SLOT_HEALTHY_MS. */
void slots_poll(slots *chosen, uint32_t now);

/**
 * Begins a new program in the slot that does not run. Its pages are erased as they are reached, so that no call takes longer than one
 * page. DEVICE_REFUSED when the running program is not known to be healthy and the other one may be: it is still needed.
 */
int slots_begin(slots *chosen);
/** Adds octets of the image; each call but the last one brings whole units. DEVICE_OK or DEVICE_REFUSED. */
int slots_write(slots *chosen, const uint8_t *octets, size_t count);
/** Makes what was written the newer program, for the next boot. DEVICE_NONE when it is not a whole image; nothing changes then. */
int slots_finish(slots *chosen);

#endif
