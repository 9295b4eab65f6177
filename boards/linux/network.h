/* Whether there is a link and which addresses peers see, followed as the kernel reports changes (netlink, rtnetlink(7)). */
#ifndef DOORLINE_LINUX_NETWORK_H
#define DOORLINE_LINUX_NETWORK_H

#include <stdbool.h>

#include "../../hal/native/device.h"
#include "configuration.h"

/** Begins to follow the network of the configured addresses. Returns false with a problem. */
bool network_open(const configuration *chosen);
/** What peers see of a family: 4 or 6; family 0 when there is none. The port is 0. */
const device_endpoint *network_address(unsigned family);
void network_wait(void);
/** Takes what the kernel has reported. */
void network_work(void);

#endif
