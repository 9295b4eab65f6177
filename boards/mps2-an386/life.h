/* What outlives a reset: why the device starts and how often it did; the watchdog; the wait before another try. */
#ifndef DOORLINE_MPS2_LIFE_H
#define DOORLINE_MPS2_LIFE_H

#include <stdbool.h>

/** Finds out why the device starts, and turns the watchdog on. */
void life_open(void);
/**
 * Waits when the last runs failed soon after their boot: 1 s, and twice as long each time, up to a minute, or until an end is asked for.
 * `meanwhile`: every 10 ms.
 */
void life_back_off(void (*meanwhile)(void));
/** Asks for an end in good order, from the console. */
void life_ask_end(void);
bool life_is_to_end(void);
/** Asks for a restart, with an end in good order before it. */
void life_ask_restart(void);
bool life_is_to_restart(void);

#endif
