/* The UDP sockets of a station: SIP, names, and a pair for each call; each in the families that are configured. */
#ifndef DOORLINE_LINUX_UDP_H
#define DOORLINE_LINUX_UDP_H

#include <stdbool.h>

#include "configuration.h"

/** Opens all of them. Returns false with a problem that names the address and port. */
bool udp_open(const configuration *chosen);
void udp_wait(void);
/** Opens a socket of type SOCK_DGRAM or SOCK_STREAM, bound and non-blocking. Returns it, or -1 with a problem. */
int socket_open(int type, unsigned family, const char *literal, unsigned port);

#endif
