/* The board's datagram sockets on lwIP. */
#ifndef DOORLINE_MPS2_UDP_H
#define DOORLINE_MPS2_UDP_H

#include <stdint.h>

/** Opens all sockets, on the ports of the settings. */
void udp_open(void);
/** Datagrams that found their socket's queue full, since boot. */
uint32_t udp_dropped(void);
/** The port of SIP, for the listener. */
uint16_t udp_sip_port(void);

#endif
