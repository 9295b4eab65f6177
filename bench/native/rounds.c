// Runs rounds of a case and counts its heap calls; see rounds.h.

#include "rounds.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { COUNTED_PASSES = 20 };

static volatile long sink; // keeps the compiler from dropping an operation whose result nobody reads

static long long nanoseconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long pass(const case_t *chosen)
{
  long witness = 0;
  for (size_t index = 0; index < VARIANTS; index += 1) {
    witness += chosen->run(index);
  }
  return witness;
}

static void answer_round(const case_t *chosen, long milliseconds)
{
  long operations = 0;
  long long processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
  long long end = nanoseconds(CLOCK_MONOTONIC) + milliseconds * 1000000LL;
  do {
    sink = pass(chosen);
    operations += VARIANTS;
  } while (nanoseconds(CLOCK_MONOTONIC) < end);
  printf("%ld %lld\n", operations, nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
}

static void answer_allocation(const case_t *chosen)
{
  sink = pass(chosen);
  allocation_t before = allocation;
  for (int turn = 0; turn < COUNTED_PASSES; turn += 1) {
    sink = pass(chosen);
  }
  double operations = COUNTED_PASSES * VARIANTS;
  printf("%.1f %.1f\n", (allocation.octets - before.octets) / operations, (allocation.calls - before.calls) / operations);
}

static void answer_sample(const case_t *chosen)
{
  const uint8_t *bytes = NULL;
  size_t length = chosen->sample ? chosen->sample(&bytes) : 0;
  for (size_t index = 0; index < length; index += 1) {
    printf("%02x", bytes[index]);
  }
  printf("\n");
}

static const case_t *find(const case_t *cases, size_t count, const char *name)
{
  for (size_t index = 0; index < count; index += 1) {
    if (strcmp(cases[index].name, name) == 0) {
      return &cases[index];
    }
  }
  return NULL;
}

int rounds_run(const case_t *cases, size_t count)
{
  char line[256];
  while (fgets(line, sizeof(line), stdin)) {
    char command[32] = "";
    char name[64] = "";
    long milliseconds = 0;
    sscanf(line, "%31s %63s %ld", command, name, &milliseconds);
    const case_t *chosen = find(cases, count, name);
    if (!chosen) {
      printf("error no case %s\n", name);
    } else if (strcmp(command, "round") == 0) {
      answer_round(chosen, milliseconds);
    } else if (strcmp(command, "allocation") == 0) {
      answer_allocation(chosen);
    } else if (strcmp(command, "witness") == 0) {
      printf("%ld\n", pass(chosen));
    } else if (strcmp(command, "sample") == 0) {
      answer_sample(chosen);
    } else {
      printf("error no command %s\n", command);
    }
    fflush(stdout);
  }
  return 0;
}
