/* The slots' places are the linker script's; that a program fits this board and VM is seen before anything of it is written. */
#include "programs.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/engine.h"
#include "../../hal/native/program.h"
#include "../../hal/native/program_partition.h"
#include "../../hal/native/slots.h"
#include "flash_memory.h"
#include "handlers.h"
#include "storage.h"

static slots programs = {.memory = &flash_memory, .record = &storage_records[RECORD_PROGRAMS]};
/** Where programs run that do not run in their slots. */
static const program_partition partition = {.programs = &programs,
                                            .memory = &program_memory,
                                            .image = memory_program,
                                            .record = &storage_records[RECORD_PARTITION]};
/** The header of the image that is being written. */
static uint8_t incoming[PROGRAM_HEADER_OCTETS];

/** Before its name stands by what `doorline flash` finds it in the shell. The name is mps2.cmake's. */
#define BOARD_MARK "DOORLINE BOARD "

const char *device_board(void) {
  static const char marked[] = BOARD_MARK DOORLINE_BOARD;
  return marked + sizeof BOARD_MARK - 1;
}

const uint8_t *programs_choose(void) {
  programs.slot_octets = programs_octets();
  programs.images[0] = memory_first;
  programs.images[1] = memory_second;
  programs.at[0] = MEMORY_NUMBER(memory_first) - FLASH_ADDRESS;
  programs.at[1] = MEMORY_NUMBER(memory_second) - FLASH_ADDRESS;
  bool runs_in_slots = MEMORY_NUMBER(memory_program) == MEMORY_NUMBER(memory_first);
  return runs_in_slots ? slots_choose(&programs, device_clock_ms())
                       : program_partition_choose(&partition, device_clock_ms());
}

size_t programs_octets(void) { return MEMORY_NUMBER(memory_program_octets); }

void programs_note_event(uint32_t event, int32_t first) { slots_note_event(&programs, event, first); }

void programs_work(void) { slots_poll(&programs, device_clock_ms()); }

/** Whether the header is of a program that this board can run in a slot. */
static const char *problem_of(const uint8_t *header, size_t octets) {
  static program announced;
  const char *problem = program_read_header(&announced, header, programs_octets());
  if (problem != NULL) {
    return problem;
  }
  problem = program_board_problem(&announced);
  if (problem != NULL) {
    return problem;
  }
  if (octets != PROGRAM_HEADER_OCTETS + announced.length + announced.literals_length) {
    return "the length is not that of the header";
  }
  return engine_runs(announced.form) ? NULL : "the program is in a form that this VM does not run";
}

const char *programs_begin(const uint8_t *header, size_t octets) {
  const char *problem = problem_of(header, octets);
  if (problem != NULL) {
    return problem;
  }
  if (programs.is_updating && memcmp(header, incoming, sizeof incoming) == 0) {
    return NULL;
  }
  memcpy(incoming, header, sizeof incoming);
  return slots_begin(&programs) == DEVICE_OK
             ? NULL
             : "the program that runs is not known to be healthy: it has to register, or to run for ten minutes";
}

size_t programs_written(void) { return programs.is_updating ? programs.written : 0; }

const char *programs_write(const uint8_t *octets, size_t count) {
  return slots_write(&programs, octets, count) == DEVICE_OK ? NULL : "the flash refused";
}

const char *programs_finish(void) {
  switch (slots_finish(&programs)) {
  case DEVICE_OK:
    return NULL;
  case DEVICE_NONE:
    /* Another try begins from the beginning. */
    memset(incoming, 0, sizeof incoming);
    return "the program is damaged";
  default:
    return "the flash refused";
  }
}
