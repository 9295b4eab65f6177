/*
 * What JerryScript asks of its surroundings, in place of its own port library: its end, its log, and time, which the firmware never
 * takes from here. When the heap is exhausted the engine cannot go on; its memory is static, so that nothing has to be freed before
 * the device starts anew.
 */
#include <jerryscript-port.h>
#include <stdio.h>
#include <string.h>

#include "../native/device.h"

enum { LINE_OCTETS = 160 };

/** The engine logs lines in pieces. */
static char line[LINE_OCTETS];
static size_t line_length;

void jerry_port_init(void) { line_length = 0; }

void jerry_port_fatal(jerry_fatal_code_t code) {
  if (code == JERRY_FATAL_OUT_OF_MEMORY) {
    device_log_line("the heap of the VM is exhausted");
    device_restart(DEVICE_RESET_OUT_OF_MEMORY);
  }
  char words[LINE_OCTETS];
  snprintf(words, sizeof words, "the VM ends itself with code %d", (int)code);
  device_log_line(words);
  device_restart(DEVICE_RESET_FAULT);
}

void jerry_port_log(const char *message) {
  for (size_t at = 0; message[at] != 0; at += 1) {
    if (message[at] != '\n' && line_length < sizeof line - 1) {
      line[line_length] = message[at];
      line_length += 1;
    } else {
      line[line_length] = 0;
      line_length = 0;
      device_log_line(line);
    }
  }
}

/* The engine can load modules from files. The program is one script, and there are no files. */

jerry_char_t *jerry_port_path_normalize(const jerry_char_t *path, jerry_size_t size) {
  (void)path;
  (void)size;
  return NULL;
}

void jerry_port_path_free(jerry_char_t *path) { (void)path; }

jerry_size_t jerry_port_path_base(const jerry_char_t *path) {
  (void)path;
  return 0;
}

jerry_char_t *jerry_port_source_read(const char *name, jerry_size_t *size) {
  (void)name;
  *size = 0;
  return NULL;
}

void jerry_port_source_free(jerry_char_t *source) { (void)source; }

double jerry_port_current_time(void) { return (double)device_clock_ms(); }

int32_t jerry_port_local_tza(double unix_ms) {
  (void)unix_ms;
  return 0;
}
