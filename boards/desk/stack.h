/*
 * The C stack that a device works on: a static block, painted before, so that the deepest it ever was can be read. The VM's own stacks
 * lie in its memory and are not in it.
 */
#ifndef DOORLINE_DESK_STACK_H
#define DOORLINE_DESK_STACK_H

#include <stddef.h>

/** Calls `work` on the block and waits for its end. Ends the process when there is no thread to be had. */
void stack_run(void (*work)(void));
/** Octets between the first frame of `work` and the deepest place that was ever written to. */
size_t stack_used(void);

#endif
