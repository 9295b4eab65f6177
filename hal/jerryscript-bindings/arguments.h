/*
 * The arguments of functions in C. What names nothing, or reaches outside of its buffer, raises an error with the function's name,
 * because only a fault of the program does that. No check allocates.
 */
#ifndef DOORLINE_JERRYSCRIPT_ARGUMENTS_H
#define DOORLINE_JERRYSCRIPT_ARGUMENTS_H

#include <jerryscript.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "buffers.h"

enum { ARGUMENT_MESSAGE_OCTETS = 96 };

/** A call with its arguments; once one of them is refused, `wanted` says what it should have been. */
typedef struct call {
  const jerry_value_t *values;
  jerry_length_t count;
  unsigned refused;
  const char *wanted;
} call;

/** A part of a buffer, in elements. */
typedef struct view {
  void *elements;
  size_t count;
} view;

static inline void refuse(call *of, unsigned argument, const char *wanted) {
  if (of->wanted == NULL) {
    of->refused = argument;
    of->wanted = wanted;
  }
}

static inline bool is_good(const call *of) { return of->wanted == NULL; }

/** An integer of least … most; `least` when it is refused. */
static inline int32_t integer_within(call *of, unsigned argument, int32_t least, int32_t most, const char *wanted) {
  if (argument < of->count && jerry_value_is_number(of->values[argument])) {
    double value = jerry_value_as_number(of->values[argument]);
    if (value >= least && value <= most && value == (double)(int32_t)value) {
      return (int32_t)value;
    }
  }
  refuse(of, argument, wanted);
  return least;
}

static inline int32_t integer(call *of, unsigned argument) {
  return integer_within(of, argument, INT32_MIN, INT32_MAX, "an integer of 32 bits");
}

/** An integer of 0 … below - 1. */
static inline unsigned number(call *of, unsigned argument, size_t below) {
  return (unsigned)integer_within(of, argument, 0, (int32_t)below - 1, "a number that this board has");
}

/** A whole buffer; empty when it is refused. */
static inline view elements(call *of, unsigned argument, jerry_typedarray_type_t type, const char *wanted) {
  view found = {NULL, 0};
  if (argument < of->count) {
    found.elements = buffers_find(of->values[argument], type, &found.count);
  }
  if (found.elements == NULL) {
    refuse(of, argument, wanted);
  }
  return found;
}

static inline view octets(call *of, unsigned argument) {
  return elements(of, argument, JERRY_TYPEDARRAY_UINT8, "a buffer of octets");
}

/** The arguments buffer, start, end, from `argument` on. */
static inline view range(call *of, unsigned argument) {
  view whole = octets(of, argument);
  int32_t start = integer(of, argument + 1);
  int32_t end = integer(of, argument + 2);
  if (start < 0 || end < start || (uint32_t)end > whole.count) {
    refuse(of, argument + 1, "the start of a range inside of its buffer");
    return (view){NULL, 0};
  }
  return (view){whole.elements == NULL ? NULL : (uint8_t *)whole.elements + start, (size_t)(end - start)};
}

/** What a function answers: the value, or the error that says which argument it refused. */
static inline jerry_value_t answer(const call *of, const char *name, jerry_value_t value) {
  if (is_good(of)) {
    return value;
  }
  char message[ARGUMENT_MESSAGE_OCTETS];
  snprintf(message, sizeof message, "argument %u of %s is not %s", of->refused + 1, name, of->wanted);
  jerry_value_free(value);
  return jerry_throw_sz(JERRY_ERROR_RANGE, message);
}

#endif
