/* The native twins (hal/native/twins.h) for a JavaScript program, by the names of hal/twins.ts. No call allocates. */
#ifndef DOORLINE_JERRYSCRIPT_TWINS_H
#define DOORLINE_JERRYSCRIPT_TWINS_H

/** Before the program is loaded: sets the global `doorlineTwins`. */
void twins_open(void);

#endif
