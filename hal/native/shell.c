/* Boot, poll and wait, end in good order. What fails is logged by who noticed it; here it becomes a restart. */
#include "shell.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "device.h"
#include "engine.h"

enum {
  /** Milliseconds for hanging up and taking the registration back: a registrar on the same network needs a few. */
  STOP_LIMIT_MS = 3000,
  /** The end must be looked for more often than timers come. */
  STOP_STEP_MS = 50,
  LINE_OCTETS = 160,
};

/** By enum device_reset_reason. */
static const char *const reasons[] = {"power on",        "watchdog", "out of memory",    "script error",
                                      "program damaged", "fault",    "restart requested"};

static void log_words(const char *format, ...) {
  char line[LINE_OCTETS];
  va_list values;
  va_start(values, format);
  vsnprintf(line, sizeof line, format, values);
  va_end(values);
  device_log_line(line);
}

static void log_boot(const program *loaded) {
  unsigned reason = (unsigned)device_reset_reason();
  bool is_known = reason < sizeof reasons / sizeof *reasons;
  log_words("program %s on %s; started by %s, restarts %u", loaded->build_id, engine_name(),
            is_known ? reasons[reason] : "an unknown reason", device_restarts());
}

/** Passes on what an engine answered; does not come back with ENGINE_FAILED. */
static int32_t result_of(int32_t answer) {
  if (answer == ENGINE_FAILED) {
    device_restart(engine_fault());
  }
  return answer;
}

const char *shell_open_program(program *loaded, const uint8_t *image, size_t size) {
  const char *problem = program_open(loaded, image, size);
  if (problem == NULL) {
    problem = program_board_problem(loaded);
  }
  return problem != NULL || engine_runs(loaded->form) ? problem : "the program is in a form that this VM does not run";
}

static void open_program(program *loaded, const uint8_t *image, size_t size) {
  const char *problem = shell_open_program(loaded, image, size);
  if (problem != NULL) {
    device_log_line(problem);
    device_restart(DEVICE_RESET_PROGRAM_DAMAGED);
  }
}

static void end_in_good_order(void) {
  uint32_t start = device_clock_ms();
  result_of(engine_stop());
  while (result_of(engine_is_stopped()) == 0) {
    if (device_clock_ms() - start >= STOP_LIMIT_MS) {
      device_log_line("not everybody answered the farewell in time");
      return;
    }
    int32_t due = result_of(engine_poll());
    (void)device_wait(due < STOP_STEP_MS ? (uint32_t)due : STOP_STEP_MS);
  }
}

int shell_run(const uint8_t *image, size_t size) {
  static program loaded;
  device_secure();
  open_program(&loaded, image, size);
  log_boot(&loaded);
  result_of(engine_boot(&loaded));
  while (device_wait((uint32_t)result_of(engine_poll()))) {
    // Everything is done by the poll.
  }
  end_in_good_order();
  device_secure();
  engine_close();
  device_log_line("ended in good order");
  return 0;
}
