/* Endpoints as lwIP has them and as people read them. */
#ifndef DOORLINE_MPS2_ENDPOINT_H
#define DOORLINE_MPS2_ENDPOINT_H

#include <lwip/ip_addr.h>
#include <stdbool.h>

#include "../../hal/native/device.h"

/** Octets of an endpoint as text with its end. */
enum { ENDPOINT_TEXT_OCTETS = IPADDR_STRLEN_MAX + 10 };

void endpoint_from_lwip(device_endpoint *endpoint, const ip_addr_t *address, uint16_t port);
/** Returns the port; 0 for an endpoint without an address. */
uint16_t endpoint_to_lwip(const device_endpoint *endpoint, ip_addr_t *address);
void endpoint_set_port(device_endpoint *endpoint, uint16_t port);
/** Writes the address, and the port unless it is 0. */
void endpoint_write(char *text, const device_endpoint *endpoint);

#endif
