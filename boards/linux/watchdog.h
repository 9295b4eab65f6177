/* Who restarts a station that stands still: the processor's watchdog (/dev/watchdog) and the service manager (sd_notify(3)). */
#ifndef DOORLINE_LINUX_WATCHDOG_H
#define DOORLINE_LINUX_WATCHDOG_H

#include <stdbool.h>

#include "configuration.h"

/** Arms the watchdog, when one is configured. Returns false with a problem. */
bool watchdog_open(const configuration *chosen);
/** Tells the service manager, when there is one: "READY=1", "STOPPING=1". */
void watchdog_tell(const char *state);
/** Disarms the watchdog: the station ends in good order. */
void watchdog_close(void);

#endif
