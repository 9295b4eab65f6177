/* Faults of the program; see faults.h. Places are taken when an error is made, before its calls are undone. */
#include "faults.h"

#include <stdbool.h>
#include <stdio.h>

#include "jerryscript-limits.h"

enum { LINE_OCTETS = 160 };

typedef struct place {
  jerry_size_t line;
  jerry_size_t column;
} place;

/** Of the error that was made last, innermost call first. */
static place places[JERRYSCRIPT_TRACE_LEVELS];
static unsigned place_count;

static bool take_place(jerry_frame_t *frame, void *unused) {
  (void)unused;
  const jerry_frame_location_t *location = jerry_frame_location(frame);
  if (location == NULL || place_count == JERRYSCRIPT_TRACE_LEVELS) {
    return false;
  }
  places[place_count] = (place){location->line, location->column};
  place_count += 1;
  return true;
}

static void take_places(void) {
  place_count = 0;
  jerry_backtrace_capture(take_place, NULL);
}

static void on_error(const jerry_value_t error, void *unused) {
  (void)error;
  (void)unused;
  take_places();
}

/** The script cannot catch what this answers. */
static jerry_value_t on_last_round(void *unused) {
  (void)unused;
  take_places();
  return jerry_throw_abort(jerry_undefined(), true);
}

void faults_open(void) {
  place_count = 0;
  jerry_error_on_created(on_error, NULL);
}

void faults_expect(uint32_t rounds) {
  place_count = 0;
  jerry_halt_handler(rounds, on_last_round, NULL);
}

/** Writes "TypeError: …" to `line` from `at`, as much as fits, and ends it with 0. */
static void write_message(char *line, size_t at, jerry_value_t error) {
  jerry_value_t text = jerry_value_to_string(error);
  jerry_size_t length = 0;
  if (!jerry_value_is_exception(text)) {
    length = jerry_string_to_buffer(text, JERRY_ENCODING_UTF8, (jerry_char_t *)line + at,
                                    (jerry_size_t)(LINE_OCTETS - 1 - at));
  }
  line[at + length] = 0;
  jerry_value_free(text);
}

enum device_reset_reason faults_report(jerry_value_t exception, const char *doing) {
  char line[LINE_OCTETS];
  bool is_endless = jerry_value_is_abort(exception);
  jerry_value_t error = jerry_exception_value(exception, true);
  int length = snprintf(line, sizeof line, "%s: ", doing);
  if (is_endless) {
    snprintf(line, sizeof line, "%s: the script loops", doing);
  } else {
    // The places are those of this error, not of one that the conversion to text may make.
    jerry_error_on_created(NULL, NULL);
    write_message(line, (size_t)length, error);
    jerry_error_on_created(on_error, NULL);
  }
  jerry_value_free(error);
  device_log_line(line);
  for (unsigned index = 0; index < place_count; index += 1) {
    snprintf(line, sizeof line, "  at line %u, column %u", (unsigned)places[index].line,
             (unsigned)places[index].column);
    device_log_line(line);
  }
  return is_endless ? DEVICE_RESET_WATCHDOG : DEVICE_RESET_SCRIPT_ERROR;
}
