/*
 * A VM, as the shell drives it: implemented once by hal/lua-bindings and once by hal/jerryscript-bindings. One VM a process.
 * What goes wrong inside a script is logged with its place and answered as a reset reason; the shell restarts the device with it.
 */
#ifndef DOORLINE_ENGINE_H
#define DOORLINE_ENGINE_H

#include "device.h"
#include "program.h"

/** Octets of the VM's own memory. */
typedef struct engine_memory {
  /** The size of the arena or heap. */
  size_t total;
  /** In use now, with what the allocator adds to each piece. */
  size_t used;
  /** What the VM asked for of that. After engine_collect: what is live. */
  size_t live;
  /** The most that was ever in use. */
  size_t peak;
  /** Octets allocated since boot, in all: their growth over a frame or a message is what that costs. 0: not counted. */
  uint64_t allocated;
  /** Octets of the buffers that the program made, in static memory outside of `total`. */
  size_t buffers;
  /** The room for them. */
  size_t buffers_total;
} engine_memory;

/** One pool of the firmware's memory contract. */
typedef struct engine_pool {
  /** As the program's memory report calls it; ends with 0. */
  char name[32];
  unsigned records;
  unsigned in_use;
  unsigned most_used;
  unsigned refused;
} engine_pool;

/** What a VM's memory is taken by: one kind of its objects. */
typedef struct engine_part {
  /** Ends with 0. */
  char name[32];
  unsigned count;
  size_t octets;
} engine_part;

/** A poll that answers this has failed; engine_fault says why. */
enum { ENGINE_FAILED = -1 };

/** "lua 5.4.4", "jerryscript 3.0.0" */
const char *engine_name(void);
/** The forms that it runs. */
bool engine_runs(enum program_form form);
/** Starts the VM in its fixed memory, loads the program, boots and starts the device. 0, or ENGINE_FAILED. */
int engine_boot(const program *loaded);
/** Does everything that is due: milliseconds until it wants to be called again, or ENGINE_FAILED. */
int32_t engine_poll(void);
/** Asks the program to end in good order: hang up, take the registration back. 0, or ENGINE_FAILED. */
int engine_stop(void);
/** 1 when the last messages after engine_stop are exchanged, 0 when not yet, or ENGINE_FAILED. */
int engine_is_stopped(void);
/** Why the last call failed. */
enum device_reset_reason engine_fault(void);
/** A full collection. For reports; never needed for running. */
void engine_collect(void);
/**
 * One step of the collector, as a VM that collects in steps makes it after a poll that left something behind. True while the round
 * that it belongs to goes on. A VM that collects in one piece does that.
 */
bool engine_collect_step(void);
void engine_read_memory(engine_memory *memory);
/** Reads the kind of objects at `index`; false behind the last one, and when the VM does not tell its objects apart. */
bool engine_read_part(unsigned index, engine_part *part);
/** Reads the pool at `index`; false behind the last one. */
bool engine_read_pool(unsigned index, engine_pool *pool);
/** Ends the VM and frees nothing but its memory. May be called after a failure. */
void engine_close(void);

#endif
