/*
 * lwIP's dhcp.h with leases counted in finer steps (RFC 2131 4.4.5). In its own, of a minute, a lease of less than ninety seconds ends
 * unrenewed, and an address is used half a minute longer than it was lent. A lease that outlasts the count: network.c.
 */
#ifndef DOORLINE_LWIP_DHCP_H
#define DOORLINE_LWIP_DHCP_H

#include_next <lwip/dhcp.h>

#undef DHCP_COARSE_TIMER_SECS
/** A lease is counted in steps of so many seconds, rounded, and the first may be a short one. */
#define DHCP_COARSE_TIMER_SECS 5

enum {
  /** The most steps that are counted: 3.8 days. */
  DHCP_MOST_STEPS = 0xffff,
};

#endif
