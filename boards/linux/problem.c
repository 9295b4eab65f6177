/* One static sentence. */
#include "problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "linux-limits.h"

static char sentence[PROBLEM_OCTETS];

/** The last sentence may be among the values. */
static void keep(const char *format, va_list values) {
  char formatted[PROBLEM_OCTETS];
  vsnprintf(formatted, sizeof formatted, format, values);
  strcpy(sentence, formatted);
}

bool problem(const char *format, ...) {
  va_list values;
  va_start(values, format);
  keep(format, values);
  va_end(values);
  return false;
}

bool system_problem(const char *format, ...) {
  int error = errno;
  va_list values;
  va_start(values, format);
  keep(format, values);
  va_end(values);
  size_t length = strlen(sentence);
  snprintf(sentence + length, sizeof sentence - length, ": %s", strerror(error));
  return false;
}

const char *last_problem(void) { return sentence; }
