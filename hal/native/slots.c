/* Every decision is one record that the store replaces whole: before a program runs its start is counted, or it does not run. */
#include "slots.h"

#include <stdio.h>
#include <string.h>

#include "device.h"
#include "program.h"

enum {
  RECORD_VERSION = 1,
  NEWER_AT = 1,
  FATES_AT = 2,
  FATE_OCTETS = SLOT_IDENTITY_OCTETS + 2,
  STATE_AT = SLOT_IDENTITY_OCTETS,
  STARTS_AT,
  RECORD_OCTETS = FATES_AT + SLOT_COUNT * FATE_OCTETS,
  LINE_OCTETS = 96,
  /** StationEvent and RegistrationState of the firmware; the states of 8 accounts at most come as state + 8 x account. */
  EVENT_REGISTRATION = 2,
  REGISTRATION_STATES = 8,
  REGISTERED = 2,
};

static void say(int slot, const char *what) {
  char line[LINE_OCTETS];
  snprintf(line, sizeof line, "slot %d: %s", slot, what);
  device_log_line(line);
}

static const uint8_t blank_identity[SLOT_IDENTITY_OCTETS] = {FLASH_BLANK, FLASH_BLANK, FLASH_BLANK, FLASH_BLANK};

/** An image that nobody knows anything of. */
static slot_fate new_fate(const slots *chosen, int slot) {
  slot_fate fate = {.state = SLOT_NEW};
  memcpy(fate.identity, chosen->images[slot] + SLOT_IDENTITY_AT, SLOT_IDENTITY_OCTETS);
  if (memcmp(fate.identity, blank_identity, SLOT_IDENTITY_OCTETS) == 0) {
    fate.state = SLOT_EMPTY;
  }
  return fate;
}

/** Takes a fate over when it is of the image that lies in the slot. */
static void read_fate(slots *chosen, int slot, const uint8_t *octets) {
  slot_fate *fate = &chosen->fates[slot];
  *fate = new_fate(chosen, slot);
  if (memcmp(octets, fate->identity, SLOT_IDENTITY_OCTETS) == 0 && octets[STATE_AT] <= SLOT_FAILED) {
    fate->state = (enum slot_state)octets[STATE_AT];
    fate->starts = octets[STARTS_AT];
  }
}

/** A record that is damaged or of another version knows nothing: both programs are new then, and the first slot is the newer one. */
static void read_record(slots *chosen) {
  uint8_t record[RECORD_OCTETS] = {0};
  int32_t length = record_store_read(chosen->record, record, sizeof record);
  bool is_known = length == RECORD_OCTETS && record[0] == RECORD_VERSION;
  if (length < 0) {
    device_log_line("what was known about the programs is damaged");
  }
  if (!is_known) {
    memset(record, 0, sizeof record);
    memset(record + FATES_AT, FLASH_BLANK, RECORD_OCTETS - FATES_AT);
  }
  chosen->newer = record[NEWER_AT] == 1 ? 1 : 0;
  for (int slot = 0; slot < SLOT_COUNT; slot += 1) {
    read_fate(chosen, slot, record + FATES_AT + slot * FATE_OCTETS);
  }
}

static int write_record(const slots *chosen) {
  uint8_t record[RECORD_OCTETS] = {RECORD_VERSION};
  record[NEWER_AT] = (uint8_t)chosen->newer;
  for (int slot = 0; slot < SLOT_COUNT; slot += 1) {
    const slot_fate *fate = &chosen->fates[slot];
    uint8_t *octets = record + FATES_AT + slot * FATE_OCTETS;
    memcpy(octets, fate->identity, SLOT_IDENTITY_OCTETS);
    octets[STATE_AT] = (uint8_t)fate->state;
    octets[STARTS_AT] = (uint8_t)fate->starts;
  }
  return record_store_write(chosen->record, record, sizeof record);
}

static const char *problem_of(const slots *chosen, int slot) {
  static program opened;
  const char *problem = program_open(&opened, chosen->images[slot], chosen->slot_octets);
  return problem == NULL ? program_board_problem(&opened) : problem;
}

static bool is_whole(const slots *chosen, int slot) {
  const char *problem = problem_of(chosen, slot);
  if (problem != NULL && chosen->fates[slot].state != SLOT_EMPTY) {
    say(slot, problem);
  }
  return problem == NULL && chosen->fates[slot].state != SLOT_EMPTY;
}

/** Counts a start. Returns false when the program had all of its starts, or when nobody can count them. */
static bool count_start(slots *chosen, int slot) {
  slot_fate *fate = &chosen->fates[slot];
  bool is_over = fate->starts >= SLOT_STARTS;
  fate->state = is_over ? SLOT_FAILED : SLOT_NEW;
  fate->starts += is_over ? 0 : 1;
  bool is_kept = write_record(chosen) == DEVICE_OK;
  if (is_over) {
    say(slot, "its program was never healthy, the other slot has its turn");
  } else if (!is_kept) {
    say(slot, "the start of its program cannot be counted");
  }
  return !is_over && is_kept;
}

/** Whether the program of a slot may run by what is known of it. */
static bool may_run(slots *chosen, int slot) {
  switch (chosen->fates[slot].state) {
  case SLOT_HEALTHY:
    return true;
  case SLOT_NEW:
    return count_start(chosen, slot);
  case SLOT_EMPTY:
  case SLOT_FAILED:
    break;
  }
  return false;
}

const uint8_t *slots_choose(slots *chosen, uint32_t now) {
  read_record(chosen);
  chosen->running = -1;
  chosen->started_at = now;
  chosen->is_updating = false;
  int order[SLOT_COUNT] = {(int)chosen->newer, 1 - (int)chosen->newer};
  bool are_whole[SLOT_COUNT] = {false};
  for (int turn = 0; turn < SLOT_COUNT && chosen->running < 0; turn += 1) {
    are_whole[turn] = is_whole(chosen, order[turn]);
    chosen->running = are_whole[turn] && may_run(chosen, order[turn]) ? order[turn] : -1;
  }
  // A door with a doubtful program is better than a door with none.
  for (int turn = 0; turn < SLOT_COUNT && chosen->running < 0; turn += 1) {
    chosen->running = are_whole[turn] ? order[turn] : -1;
  }
  return chosen->running < 0 ? NULL : chosen->images[chosen->running];
}

int slots_report_healthy(slots *chosen) {
  if (chosen->running < 0) {
    return DEVICE_REFUSED;
  }
  slot_fate *fate = &chosen->fates[chosen->running];
  if (fate->state == SLOT_HEALTHY) {
    return DEVICE_OK;
  }
  slot_fate before = *fate;
  fate->state = SLOT_HEALTHY;
  fate->starts = 0;
  int status = write_record(chosen);
  if (status != DEVICE_OK) {
    *fate = before;
  }
  return status;
}

void slots_note_event(slots *chosen, uint32_t event, int32_t first) {
  if (event == EVENT_REGISTRATION && first % REGISTRATION_STATES == REGISTERED) {
    (void)slots_report_healthy(chosen);
  }
}

void slots_poll(slots *chosen, uint32_t now) {
  if (now - chosen->started_at >= SLOT_HEALTHY_MS) {
    chosen->started_at = now;
    (void)slots_report_healthy(chosen);
  }
}

/** The slot that an update goes to: the one that does not run, the first one when none does. */
static int target_of(const slots *chosen) { return chosen->running == 0 ? 1 : 0; }

/** Whether what an update overwrites may be needed: the running program is not known to be healthy, and the other one may be. */
static bool is_needed(const slots *chosen, int slot) {
  return chosen->running >= 0 && chosen->fates[chosen->running].state != SLOT_HEALTHY &&
         chosen->fates[slot].state != SLOT_FAILED && problem_of(chosen, slot) == NULL;
}

static int open_target(slots *chosen) {
  chosen->newer = (unsigned)(1 - target_of(chosen));
  chosen->written = 0;
  // What is not finished must not be the newer one, which a slot that failed before still is.
  chosen->is_updating = write_record(chosen) == DEVICE_OK;
  return chosen->is_updating ? DEVICE_OK : DEVICE_REFUSED;
}

int slots_begin(slots *chosen) {
  if (is_needed(chosen, target_of(chosen))) {
    return DEVICE_REFUSED;
  }
  return open_target(chosen);
}

/** Erases the pages that begin in `count` octets from a place of the slot on. */
static bool erase_pages(const slots *chosen, size_t at, size_t count) {
  size_t page = chosen->memory->page_octets;
  size_t first = (at + page - 1) / page * page;
  size_t behind = (at + count + page - 1) / page * page;
  return behind <= first || flash_erase(chosen->memory, chosen->at[target_of(chosen)] + first, behind - first);
}

int slots_write(slots *chosen, const uint8_t *octets, size_t count) {
  size_t at = chosen->written;
  if (!chosen->is_updating || at % FLASH_UNIT_OCTETS != 0 || count > chosen->slot_octets - at) {
    return DEVICE_REFUSED;
  }
  bool is_written =
      erase_pages(chosen, at, count) && flash_write(chosen->memory, chosen->at[target_of(chosen)] + at, octets, count);
  chosen->is_updating = is_written;
  chosen->written += count;
  return is_written ? DEVICE_OK : DEVICE_REFUSED;
}

int slots_finish(slots *chosen) {
  int slot = target_of(chosen);
  if (!chosen->is_updating || problem_of(chosen, slot) != NULL) {
    return DEVICE_NONE;
  }
  slot_fate before = chosen->fates[slot];
  chosen->is_updating = false;
  chosen->newer = (unsigned)slot;
  chosen->fates[slot] = new_fate(chosen, slot);
  int status = write_record(chosen);
  if (status != DEVICE_OK) {
    chosen->newer = (unsigned)(1 - slot);
    chosen->fates[slot] = before;
  }
  return status;
}

/** What is lost with the program of a slot. */
static int worth_of(const slots *chosen, int slot) {
  if (chosen->fates[slot].state == SLOT_EMPTY || problem_of(chosen, slot) != NULL) {
    return 0;
  }
  switch (chosen->fates[slot].state) {
  case SLOT_HEALTHY:
    return 3;
  case SLOT_NEW:
    return 2;
  default:
    return 1;
  }
}

/** Makes the program of a slot the newer one, with all of its starts when it is not known to be healthy. */
static int prefer(slots *chosen, int slot) {
  slot_fate *fate = &chosen->fates[slot];
  chosen->newer = (unsigned)slot;
  if (fate->state != SLOT_HEALTHY) {
    *fate = new_fate(chosen, slot);
  }
  return write_record(chosen);
}

/** Writes the image to the slot that may go. */
static int save(slots *chosen, const uint8_t *image, size_t octets) {
  int newer = (int)chosen->newer;
  int spare = worth_of(chosen, 1 - newer) <= worth_of(chosen, newer) ? 1 - newer : newer;
  chosen->running = 1 - spare;
  int status = open_target(chosen);
  size_t page = chosen->memory->page_octets;
  for (size_t at = 0; at < octets && status == DEVICE_OK; at += page) {
    device_watchdog_feed();
    status = slots_write(chosen, image + at, octets - at < page ? octets - at : page);
  }
  return status == DEVICE_OK && slots_finish(chosen) == DEVICE_OK ? DEVICE_OK : DEVICE_REFUSED;
}

int slots_adopt(slots *chosen, const uint8_t *image, size_t octets) {
  read_record(chosen);
  int found = -1;
  for (int slot = 0; slot < SLOT_COUNT && found < 0; slot += 1) {
    bool is_it = memcmp(chosen->images[slot], image, PROGRAM_HEADER_OCTETS) == 0 && problem_of(chosen, slot) == NULL;
    found = is_it ? slot : -1;
  }
  int status = found < 0 ? save(chosen, image, octets) : prefer(chosen, found);
  if (status == DEVICE_OK) {
    say((int)chosen->newer, "has the program that was put where programs run");
  }
  chosen->running = -1;
  chosen->is_updating = false;
  return status;
}
