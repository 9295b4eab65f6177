/* Every size of the Lua shell. A board that has less memory names its own numbers on the compiler's command line. */
#ifndef DOORLINE_LUA_LIMITS_H
#define DOORLINE_LUA_LIMITS_H

#include <stdint.h>

/** The arena: closures, tables and what else Lua allocates. What is live after boot is in docs/memory.md, by processor. */
#ifndef LUA_ARENA_OCTETS
#if UINTPTR_MAX > 0xffffffffU
#define LUA_ARENA_OCTETS (1024 * 1024)
#else
#define LUA_ARENA_OCTETS (400 * 1024)
#endif
#endif

/** The buffers that the program makes at boot: what firmware/limits.ts promises, and each rounded up to 8 octets. */
#ifndef LUA_BUFFER_OCTETS
#define LUA_BUFFER_OCTETS (640 * 1024)
#endif

/** Whether the board keeps the linked part of a program image in flash (hal/native/linked_flash.h) and not in static memory. */
#ifndef LUA_LINKED_IN_FLASH
#define LUA_LINKED_IN_FLASH 0
#endif

/** The functions, constants and texts of a program image, linked in static memory; 0: the board runs no PROGRAM_LUA_IMAGE. */
#ifndef LUA_LINKED_OCTETS
#define LUA_LINKED_OCTETS (320 * 1024)
#endif

/** Whether bytecode of luac runs too, which is copied to the arena; brings in Lua's compiler. */
#ifndef LUA_RUNS_BYTECODE
#define LUA_RUNS_BYTECODE 1
#endif

/** Whether G.711, hashes, search and comparison of octets are done in C (hal/native/twins.h). */
#ifndef LUA_TWINS
#define LUA_TWINS 1
#endif

/**
 * Instructions of Lua that one call may take; whoever takes more loops. Boot makes every table of the device, and a poll
 * handles all that has waited. 0: not counted, for a board whose hardware watchdog ends a loop: counting nearly doubles what Lua
 * costs the processor.
 */
#ifndef LUA_BOOT_INSTRUCTIONS
#define LUA_BOOT_INSTRUCTIONS 200000000
#endif
#ifndef LUA_POLL_INSTRUCTIONS
#define LUA_POLL_INSTRUCTIONS 50000000
#endif

/** Boot looks every so many instructions whether it took so many octets since its tables were fitted last: what is not yet fitted. */
#define LUA_BOOT_STEP 500
#define LUA_SETTLE_OCTETS 3072

/**
 * A step of the collector goes on until it has looked at 2^(bits - 4) * (speed + 1) values and ends with the object that it is at;
 * Lua takes a speed in fours. tools/native/collector.ts counts what the longest step costs: far below a frame.
 */
#define LUA_COLLECTOR_STEP_BITS 9
#define LUA_COLLECTOR_SPEED 4

/** Functions of a failed call that the log names. */
#define LUA_TRACE_LEVELS 12

#endif
