/*
 * The life of the process: signals, and restarts by running the program anew in the same process, with the reason in its
 * environment. SIGTERM, SIGINT and SIGHUP end it in good order, SIGUSR1 writes a report, a fault of the processor secures the outputs and
 * restarts.
 */
#ifndef DOORLINE_LINUX_LIFE_H
#define DOORLINE_LINUX_LIFE_H

#include <stdbool.h>

/**
 * Takes the signals over and reads why the process was started.
 * @param report called between two polls after SIGUSR1
 */
void life_open(char **arguments, void (*report)(void));
/** Asks for a report, as SIGUSR1 does. */
void life_ask_report(void);
/** Waits before a boot, the longer the more often the device failed soon after one. Returns false when it is to end. */
bool life_back_off(void);
/** Before each wait: the device is booted, and a report that is due is written. */
void life_before_wait(void);
bool life_is_to_end(void);

#endif
