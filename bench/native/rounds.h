// A contender in C: a table of cases, asked for rounds by one line on standard input each, so that the driver can
// interleave the contenders. bench/contender.ts describes the lines.

#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "corpus.h"

typedef struct {
  const char *name;
  // Does the operation once on variant `index` and returns its witness: a number that says what it saw.
  long (*run)(size_t index);
  // Points at what the operation makes and returns its length; NULL where it makes nothing.
  size_t (*sample)(const uint8_t **bytes);
} case_t;

// Answers lines until standard input ends.
int rounds_run(const case_t *cases, size_t count);

// Heap calls and octets asked for since the program began; zeros in a build without allocation.c.
typedef struct {
  long calls;
  long octets;
} allocation_t;

extern allocation_t allocation;

#endif
