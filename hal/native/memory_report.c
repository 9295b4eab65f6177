/* A table in the log, from what the engine counts. Columns as `npm run size` names them. */
#include "memory_report.h"

#include <stdio.h>

#include "device.h"
#include "engine.h"

enum { LINE_OCTETS = 120 };

void memory_report(void) {
  char line[LINE_OCTETS];
  engine_memory memory;
  engine_read_memory(&memory);
  /* Small C libraries write no size_t and nothing of 64 bits. */
  snprintf(line, sizeof line, "memory: %lu of %lu octets in use, at most %lu; buffers %lu of %lu",
           (unsigned long)memory.used, (unsigned long)memory.total, (unsigned long)memory.peak,
           (unsigned long)memory.buffers, (unsigned long)memory.buffers_total);
  device_log_line(line);
  snprintf(line, sizeof line, "allocated since boot: %lu KiB", (unsigned long)(memory.allocated / 1024));
  device_log_line(line);
  device_log_line("pool                             records  in use  most  refused");
  engine_pool pool;
  for (unsigned index = 0; engine_read_pool(index, &pool); index += 1) {
    snprintf(line, sizeof line, "%-32.31s %7u %7u %5u %8u", pool.name, pool.records, pool.in_use, pool.most_used,
             pool.refused);
    device_log_line(line);
  }
}
