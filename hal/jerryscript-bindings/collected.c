/* A counter before the collector of JerryScript 3.0.0 (ecma-gc.h there), by the linker's --wrap; see collected.h. */
#include "collected.h"

#include <jerryscript.h>
#include <stddef.h>

static uint64_t octets;

// The linker's names: __real_x is the engine's function x, and __wrap_x is what its other files call instead.
void __real_ecma_gc_run(void);
void __wrap_ecma_gc_run(void);
/** @param pressure an enumeration of the engine's own */
void __real_ecma_free_unused_memory(int pressure);
void __wrap_ecma_free_unused_memory(int pressure);

static size_t in_use(void) {
  jerry_heap_stats_t heap = {.version = 1};
  return jerry_heap_stats(&heap) ? heap.allocated_bytes : 0;
}

void __wrap_ecma_gc_run(void) {
  size_t before = in_use();
  __real_ecma_gc_run();
  octets += before - in_use();
}

void __wrap_ecma_free_unused_memory(int pressure) {
  size_t before = in_use();
  __real_ecma_free_unused_memory(pressure);
  octets += before - in_use();
}

uint64_t collected_octets(void) { return octets; }
