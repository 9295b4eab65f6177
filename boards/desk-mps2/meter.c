/*
 * Counts what the VM takes: ticks of the board's counter inside of engine_boot, engine_poll and the collector's steps, without what the
 * port says to the desk and asks it. The linker puts these functions in the place of those that they count (CMakeLists.txt). Under
 * QEMU's -icount 6 an instruction is 64 ns and a tick 40 ns; what is counted is told whenever the desk asks for the VM's memory.
 */
#include <stdio.h>

#include "../../hal/native/engine.h"
#include "../desk/wire.h"
#include "../mps2-an386/registers.h"

/** Since the start: all, and the longest step of the collector. */
static uint64_t ticks;
static uint32_t longest_step;
/** Whether the VM works, and the counter when it began or went on. */
static bool is_counting;
static uint32_t went_on;

static void go_on(void) {
  is_counting = true;
  went_on = register_read(FPGAIO_COUNTER);
}

static uint32_t pause(void) {
  uint32_t passed = register_read(FPGAIO_COUNTER) - went_on;
  is_counting = false;
  ticks += passed;
  return passed;
}

/** What the linker calls the functions that are counted, and those that stand in their place. */
#define COUNTED(name) __real_##name
#define COUNTING(name) __wrap_##name

int COUNTED(engine_boot)(const program *loaded);
int32_t COUNTED(engine_poll)(void);
bool COUNTED(engine_collect_step)(void);
void COUNTED(engine_read_memory)(engine_memory *memory);
void COUNTED(desk_say)(const desk_frame *frame, const void *payload, const void *more, size_t more_length);
void COUNTED(desk_tell)(enum desk_frame_kind kind, uint32_t index, int32_t first, int32_t second);
int32_t COUNTED(desk_ask)(const desk_frame *frame, const void *request, const void *more, size_t more_length,
                          void *answer, size_t size);
int COUNTING(engine_boot)(const program *loaded);
int32_t COUNTING(engine_poll)(void);
bool COUNTING(engine_collect_step)(void);
void COUNTING(engine_read_memory)(engine_memory *memory);
void COUNTING(desk_say)(const desk_frame *frame, const void *payload, const void *more, size_t more_length);
void COUNTING(desk_tell)(enum desk_frame_kind kind, uint32_t index, int32_t first, int32_t second);
int32_t COUNTING(desk_ask)(const desk_frame *frame, const void *request, const void *more, size_t more_length,
                           void *answer, size_t size);

int COUNTING(engine_boot)(const program *loaded) {
  go_on();
  int status = COUNTED(engine_boot)(loaded);
  pause();
  return status;
}

int32_t COUNTING(engine_poll)(void) {
  go_on();
  int32_t due = COUNTED(engine_poll)();
  pause();
  return due;
}

bool COUNTING(engine_collect_step)(void) {
  go_on();
  bool goes_on = COUNTED(engine_collect_step)();
  uint32_t step = pause();
  longest_step = step > longest_step ? step : longest_step;
  return goes_on;
}

void COUNTING(engine_read_memory)(engine_memory *memory) {
  char line[64];
  snprintf(line, sizeof line, "ticks %lu longest step %lu", (unsigned long)ticks, (unsigned long)longest_step);
  device_log_line(line);
  COUNTED(engine_read_memory)(memory);
}

void COUNTING(desk_say)(const desk_frame *frame, const void *payload, const void *more, size_t more_length) {
  bool was_counting = is_counting;
  if (was_counting) {
    pause();
  }
  COUNTED(desk_say)(frame, payload, more, more_length);
  if (was_counting) {
    go_on();
  }
}

void COUNTING(desk_tell)(enum desk_frame_kind kind, uint32_t index, int32_t first, int32_t second) {
  desk_frame frame = {.kind = kind, .index = index, .first = first, .second = second};
  COUNTING(desk_say)(&frame, NULL, NULL, 0);
}

int32_t COUNTING(desk_ask)(const desk_frame *frame, const void *request, const void *more, size_t more_length,
                           void *answer, size_t size) {
  bool was_counting = is_counting;
  if (was_counting) {
    pause();
  }
  int32_t status = COUNTED(desk_ask)(frame, request, more, more_length, answer, size);
  if (was_counting) {
    go_on();
  }
  return status;
}
