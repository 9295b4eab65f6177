/* The board's streams on lwIP. */
#ifndef DOORLINE_MPS2_TCP_H
#define DOORLINE_MPS2_TCP_H

#include <stdbool.h>

/** Listens on the port of SIP. */
void tcp_open_all(void);
/** Whether a stream has something for the program: octets, an end, room that it waits for, a peer. */
bool tcp_is_waiting(void);

#endif
