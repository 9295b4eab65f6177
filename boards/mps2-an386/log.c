/* The log: lines on the console. SIP messages are not written: at 115,200 baud one takes longer than two frames of voice. */
#include <stdio.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/event_names.h"
#include "console.h"
#include "mps2-limits.h"
#include "programs.h"

void device_log_line(const char *line) {
  char text[LOG_LINE_OCTETS + 24];
  uint32_t now = device_clock_ms();
  int length = snprintf(text, sizeof text, "%7lu.%03lu %.*s", (unsigned long)now / 1000, (unsigned long)now % 1000,
                        LOG_LINE_OCTETS, line);
  for (int index = 0; index < length; index += 1) {
    /* What would steer a terminal. */
    text[index] = text[index] >= ' ' && text[index] < 127 ? text[index] : '?';
  }
  console_write(text, (size_t)length);
  console_write("\r\n", 2);
}

void device_log_event(uint32_t event, int32_t first, int32_t second) {
  programs_note_event(event, first);
  char line[80];
  const char *name = event_name((unsigned)event);
  snprintf(line, sizeof line, "%s%lu %ld %ld", name == NULL ? "event " : "", (unsigned long)event, (long)first,
           (long)second);
  if (name != NULL) {
    snprintf(line, sizeof line, "%s %ld %ld", name, (long)first, (long)second);
  }
  device_log_line(line);
}

void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer) {
  (void)sent;
  (void)octets;
  (void)count;
  (void)peer;
}
