// Counts the heap calls of the whole program, libraries included, by standing before glibc's allocator. It is linked only
// into the counting build of a contender, so that the timed build runs the allocator as it is.

#include "rounds.h"

#include <stdlib.h>

#ifdef COUNT_ALLOCATION

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

allocation_t allocation;

void *malloc(size_t size)
{
  allocation.calls += 1;
  allocation.octets += (long)size;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
  allocation.calls += 1;
  allocation.octets += (long)(count * size);
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
  allocation.calls += 1;
  allocation.octets += (long)size;
  return __libc_realloc(block, size);
}

#else

allocation_t allocation;

#endif
