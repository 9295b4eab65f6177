/* The TCP listener of a station and its connections: a fixed number, named by index (hal/tcp.ts). */
#ifndef DOORLINE_LINUX_TCP_H
#define DOORLINE_LINUX_TCP_H

#include <stdbool.h>

#include "configuration.h"

/** Listens at the SIP port. Returns false with a problem. */
bool tcp_open(const configuration *chosen);
void tcp_wait(void);

#endif
