/*
 * The one place where the processor rests. The parts of the port say what they wait for, before each wait; they find out by
 * themselves what has come, by non-blocking reads.
 */
#ifndef DOORLINE_LINUX_WAIT_H
#define DOORLINE_LINUX_WAIT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/** Adds a descriptor to the wait that begins; -1 is passed over. */
void wait_for(int descriptor, short events);
/** Bounds the wait that begins: something is due then without a descriptor. */
void wait_at_most_ns(int64_t nanoseconds);
/** Monotonic nanoseconds. */
int64_t nanoseconds_now(void);

#endif
