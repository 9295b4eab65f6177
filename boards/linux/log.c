/* Each line is written by one system call, and only when there is room; what was not written is counted and told. */
#include "log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "../../hal/native/event_names.h"
#include "endpoint.h"

static bool traces_sip;
/** The journal puts the time before a line by itself. */
static bool has_time;
static unsigned lost;

void log_open(const configuration *chosen) {
  traces_sip = chosen->traces_sip;
  has_time = getenv("JOURNAL_STREAM") == NULL;
}

static void write_line(const char *text, size_t length) {
  struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
  if (poll(&output, 1, 0) != 1 || (output.revents & POLLOUT) == 0 || write(STDOUT_FILENO, text, length) < 0) {
    lost += 1;
  }
}

/** A line of `mark` and `length` letters of `text`; what would steer a terminal becomes a "?". */
static void put_line(const char *mark, const char *text, size_t length) {
  char line[LOG_LINE_OCTETS];
  uint32_t now = device_clock_ms();
  int start = has_time ? snprintf(line, sizeof line, "%7" PRIu32 ".%03" PRIu32 " %s", now / 1000, now % 1000, mark)
                       : snprintf(line, sizeof line, "%s", mark);
  size_t at = (size_t)start;
  for (size_t index = 0; index < length && at < sizeof line - 1; index += 1) {
    line[at] = text[index] >= ' ' && text[index] < 127 ? text[index] : '?';
    at += 1;
  }
  line[at] = '\n';
  write_line(line, at + 1);
}

void device_log_line(const char *line) {
  if (lost > 0) {
    char told[64];
    int length = snprintf(told, sizeof told, "%u lines of the log were lost", lost);
    lost = 0;
    put_line("", told, (size_t)length);
  }
  put_line("", line, strlen(line));
}

void device_log_event(uint32_t event, int32_t first, int32_t second) {
  char line[80];
  const char *name = event_name(event);
  if (name != NULL) {
    snprintf(line, sizeof line, "%s %" PRId32 " %" PRId32, name, first, second);
  } else {
    snprintf(line, sizeof line, "event %" PRIu32 " %" PRId32 " %" PRId32, event, first, second);
  }
  device_log_line(line);
}

void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer) {
  if (!traces_sip) {
    return;
  }
  char line[ENDPOINT_TEXT_OCTETS + 16];
  char address[ENDPOINT_TEXT_OCTETS];
  endpoint_write(address, peer);
  snprintf(line, sizeof line, "%s %s", sent ? "-> to" : "<- from", address);
  device_log_line(line);
  const char *text = (const char *)octets;
  while (count > 0) {
    const char *end = memchr(text, '\n', count);
    size_t whole = end == NULL ? count : (size_t)(end - text) + 1;
    size_t length = whole - (end == NULL ? 0 : 1);
    length -= length > 0 && text[length - 1] == '\r' ? 1 : 0;
    put_line("   | ", text, length);
    text += whole;
    count -= whole;
  }
}
