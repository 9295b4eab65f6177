/*
 * The order is what keeps a program: a debugger's is in a slot before it is noted as the board's own, and only what is noted is copied over.
 * A copy is noted when it is whole; one that power cut off from its note is taken for a debugger's, which a slot has: the same runs.
 */
#include "program_partition.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "program.h"

enum { RECORD_VERSION = 1, IDENTITY_AT = 1, RECORD_OCTETS = IDENTITY_AT + SLOT_IDENTITY_OCTETS, LINE_OCTETS = 120 };

static size_t octets_of(const program *opened) {
  return PROGRAM_HEADER_OCTETS + opened->length + opened->literals_length;
}

static const uint8_t *identity_of(const program_partition *partition) { return partition->image + SLOT_IDENTITY_AT; }

/** Whether the board itself has put there what the partition has. */
static bool is_noted(const program_partition *partition) {
  uint8_t record[RECORD_OCTETS] = {0};
  const uint8_t *identity = identity_of(partition);
  return record_store_read(partition->record, record, sizeof record) == RECORD_OCTETS && record[0] == RECORD_VERSION &&
         memcmp(record + IDENTITY_AT, identity, SLOT_IDENTITY_OCTETS) == 0;
}

/** Notes that what the partition has is the board's own. */
static void note(const program_partition *partition) {
  uint8_t record[RECORD_OCTETS] = {RECORD_VERSION};
  memcpy(record + IDENTITY_AT, identity_of(partition), SLOT_IDENTITY_OCTETS);
  (void)record_store_write(partition->record, record, sizeof record);
}

/** Octets of the image in the partition when it is whole and for this board, else 0. Says why a program that begins there is not. */
static size_t own_octets(const program_partition *partition) {
  program opened;
  size_t room = partition->programs->slot_octets;
  if (program_read_header(&opened, partition->image, room) != NULL) {
    return 0;
  }
  const char *problem = program_open(&opened, partition->image, room);
  if (problem == NULL) {
    problem = program_board_problem(&opened);
  }
  if (problem != NULL) {
    char line[LINE_OCTETS];
    snprintf(line, sizeof line, "where programs run: %s", problem);
    device_log_line(line);
  }
  return problem == NULL ? octets_of(&opened) : 0;
}

/** Keeps the partition's program in a slot, from where it is chosen. */
static bool keep(const program_partition *partition, size_t octets) {
  if (slots_adopt(partition->programs, partition->image, octets) != DEVICE_OK) {
    device_log_line(
        "the flash of the slots refused the program that was put where programs run: it runs, and is not kept");
    return false;
  }
  note(partition);
  return true;
}

/** Copies an image page by page, each read back. What is wrong with the copy is seen by who opens it. */
static void copy(const program_partition *partition, const uint8_t *image) {
  program opened;
  (void)program_read_header(&opened, image, partition->programs->slot_octets);
  size_t octets = octets_of(&opened);
  size_t page = partition->memory->page_octets;
  for (size_t at = 0; at < octets; at += page) {
    size_t count = octets - at < page ? octets - at : page;
    device_watchdog_feed();
    if (!flash_erase(partition->memory, partition->at + at, page) ||
        !flash_write(partition->memory, partition->at + at, image + at, count)) {
      device_log_line("the flash that programs run from refused the copy");
      return;
    }
  }
  note(partition);
}

const uint8_t *program_partition_choose(const program_partition *partition, uint32_t now) {
  size_t octets = own_octets(partition);
  if (octets != 0 && !is_noted(partition) && !keep(partition, octets)) {
    return partition->image;
  }
  const uint8_t *chosen = slots_choose(partition->programs, now);
  if (chosen == NULL && octets != 0) {
    /* The slots were lost, and not what ran of them. */
    if (!keep(partition, octets)) {
      return partition->image;
    }
    chosen = slots_choose(partition->programs, now);
  }
  if (chosen == NULL) {
    return NULL;
  }
  if (octets == 0 || memcmp(partition->image, chosen, PROGRAM_HEADER_OCTETS) != 0) {
    device_log_line("the program is copied to where it runs");
    copy(partition, chosen);
  }
  return partition->image;
}
