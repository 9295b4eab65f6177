/* The desk's commands; see service.h. */
#include "service.h"

#include <string.h>

#include "../../hal/native/engine.h"
#include "place.h"
#include "surroundings.h"
#include "wire.h"

desk_surroundings surroundings;

/** Why the device cannot go on, as it is told to the desk. */
static int32_t result_of(int32_t answer) {
  if (answer == ENGINE_FAILED) {
    device_restart(engine_fault());
  }
  return answer;
}

static int32_t boot(const uint8_t *image, size_t length) {
  static program loaded;
  const char *problem = program_open(&loaded, image, length);
  device_secure();
  if (problem == NULL && !engine_runs(loaded.form)) {
    problem = "the program is for another VM";
  }
  if (problem != NULL) {
    device_log_line(problem);
    device_restart(DEVICE_RESET_PROGRAM_DAMAGED);
  }
  return result_of(engine_boot(&loaded));
}

static void answer(int32_t value, const void *payload, size_t length) {
  desk_frame frame = {.kind = DESK_RESULT, .first = value, .length = (uint32_t)length};
  desk_send(&frame, payload, NULL, 0);
}

static void answer_memory(void) {
  engine_memory memory;
  engine_read_memory(&memory);
  uint64_t numbers[] = {memory.total,     memory.used,    memory.live,          memory.peak,
                        memory.allocated, memory.buffers, memory.buffers_total, place_stack_used()};
  answer(0, numbers, sizeof numbers);
}

static void answer_pool(unsigned index) {
  engine_pool pool;
  memset(&pool, 0, sizeof pool);
  if (engine_read_pool(index, &pool)) {
    answer(0, &pool, sizeof pool);
  } else {
    answer(-1, NULL, 0);
  }
}

static void answer_part(unsigned index) {
  engine_part part;
  memset(&part, 0, sizeof part);
  if (engine_read_part(index, &part)) {
    desk_frame frame = {
        .kind = DESK_RESULT, .index = part.count, .second = (int32_t)part.octets, .length = sizeof part.name};
    desk_send(&frame, part.name, NULL, 0);
  } else {
    answer(-1, NULL, 0);
  }
}

/** A round of the collector, as it is made between polls. Returns its steps. */
static int32_t collect_in_steps(void) {
  int32_t steps = 1;
  while (engine_collect_step()) {
    steps += 1;
  }
  return steps;
}

static void work_on(const desk_frame *command, const uint8_t *image, size_t length) {
  switch (command->kind) {
  case DESK_BOOT:
    answer(boot(image, length), engine_name(), strlen(engine_name()));
    break;
  case DESK_POLL:
    answer(result_of(engine_poll()), NULL, 0);
    break;
  case DESK_STOP:
    answer(result_of(engine_stop()), NULL, 0);
    break;
  case DESK_IS_STOPPED:
    answer(result_of(engine_is_stopped()), NULL, 0);
    break;
  case DESK_COLLECT:
    engine_collect();
    answer(command->index == 0 ? 0 : collect_in_steps(), NULL, 0);
    break;
  case DESK_MEMORY:
    answer_memory();
    break;
  case DESK_POOL:
    answer_pool(command->index);
    break;
  case DESK_PART:
    answer_part(command->index);
    break;
  default:
    place_end(PLACE_WIRE_GONE, "the desk gives a command that nobody knows");
  }
}

_Noreturn void desk_serve(const uint8_t *image, size_t length) {
  for (;;) {
    static desk_surroundings told;
    desk_frame command;
    desk_receive(&command, &told, sizeof told);
    if (command.length == sizeof told) {
      surroundings = told;
    }
    work_on(&command, image, length);
  }
}
