/*
 * The C tests' harness: cases by name, checks with their place, one line a case on standard output ("ok name" or
 * "not ok name: place: condition"), which test/native/native.test.ts turns into tests.
 */
#ifndef DOORLINE_CHECK_H
#define DOORLINE_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/** A case: a sentence of behaviour, and what shows it. */
typedef struct check_case {
  const char *name;
  void (*run)(void);
} check_case;

/** The case that runs, and whether a check of it has failed. */
static const char *check_name;
static bool check_has_failed;

static inline void check_that(bool holds, const char *condition, const char *file, int line) {
  if (!holds && !check_has_failed) {
    check_has_failed = true;
    printf("not ok %s: %s:%d: %s\n", check_name, file, line, condition);
  }
}

/** The case fails when the condition does not hold; it goes on, and its first failure is told. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_TEXT(text, expected)                                                                                     \
  check_that(strcmp((text), (expected)) == 0, #text " is " #expected, __FILE__, __LINE__)

/** Runs the cases in order. Returns the exit code: 0 when all are good. */
static inline int check_run(const check_case *cases, size_t count) {
  int failed = 0;
  for (size_t index = 0; index < count; index += 1) {
    check_name = cases[index].name;
    check_has_failed = false;
    cases[index].run();
    if (check_has_failed) {
      failed += 1;
    } else {
      printf("ok %s\n", check_name);
    }
    fflush(stdout);
  }
  return failed == 0 ? 0 : 1;
}

#define CHECK_MAIN(cases)                                                                                              \
  int main(void) { return check_run(cases, sizeof(cases) / sizeof *(cases)); }

#endif
