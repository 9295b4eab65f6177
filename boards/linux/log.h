/* The log: lines on standard output, which the journal keeps. A reader that stands still costs lines, never the station's time. */
#ifndef DOORLINE_LINUX_LOG_H
#define DOORLINE_LINUX_LOG_H

#include "configuration.h"

void log_open(const configuration *chosen);

#endif
