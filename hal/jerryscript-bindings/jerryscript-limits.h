/* Every size of the JerryScript shell but that of its heap, which is built into the engine (--mem-heap). A board that has less memory
   names its own numbers on the compiler's command line. */
#ifndef DOORLINE_JERRYSCRIPT_LIMITS_H
#define DOORLINE_JERRYSCRIPT_LIMITS_H

/** The buffers that the program makes at boot: what firmware/limits.ts promises, and each rounded up to 8 octets. */
#ifndef JERRYSCRIPT_BUFFER_OCTETS
#define JERRYSCRIPT_BUFFER_OCTETS (640 * 1024)
#endif

/** Whether G.711, hashes, search and comparison of octets are done in C (hal/native/twins.h). */
#ifndef JERRYSCRIPT_TWINS
#define JERRYSCRIPT_TWINS 1
#endif

/** A snapshot is run in RAM, because the engine writes into it; 0: the board runs static snapshots only. */
#ifndef JERRYSCRIPT_SNAPSHOT_OCTETS
#define JERRYSCRIPT_SNAPSHOT_OCTETS (320 * 1024)
#endif

/** The names that a static snapshot says: a pointer and a length each. */
#ifndef JERRYSCRIPT_LITERALS
#define JERRYSCRIPT_LITERALS 3072
#endif

/**
 * Rounds of loops that one call may take; whoever takes more loops for ever. Boot makes every table of the device, and a poll
 * handles all that has waited.
 */
#ifndef JERRYSCRIPT_BOOT_ROUNDS
#define JERRYSCRIPT_BOOT_ROUNDS 10000000
#endif
#ifndef JERRYSCRIPT_POLL_ROUNDS
#define JERRYSCRIPT_POLL_ROUNDS 2000000
#endif

/** Functions of a failed call that the log names. */
#define JERRYSCRIPT_TRACE_LEVELS 12

#endif
