/* lwIP over the Ethernet controller: link, addresses, frames. */
#ifndef DOORLINE_MPS2_NETWORK_H
#define DOORLINE_MPS2_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "../../hal/native/device.h"

/** Starts lwIP, the controller, DHCP and the autoconfiguration of IPv6. */
void network_open(void);
/** Takes frames, does what is due in lwIP, looks at the link. Returns whether frames came or an address changed. */
bool network_work(void);
/** Milliseconds until lwIP wants to work again. */
uint32_t network_ms_to_work(void);
/** The address of a family that peers elsewhere can use; family 0 when there is none now. */
void network_address(unsigned family, device_endpoint *address);

#endif
