/* Endpoints as the kernel has them and as people write them. */
#ifndef DOORLINE_LINUX_ENDPOINT_H
#define DOORLINE_LINUX_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "../../hal/native/device.h"

/** A socket address of either family. */
typedef union socket_address {
  struct sockaddr any;
  struct sockaddr_in ipv4;
  struct sockaddr_in6 ipv6;
} socket_address;

/** Octets of an endpoint as text with its end: "[2001:db8:…]:65535". */
enum { ENDPOINT_TEXT_OCTETS = INET6_ADDRSTRLEN + 10 };

/** Octets of the address that is in `address`. */
socklen_t socket_address_size(const socket_address *address);
/** The kernel's form. Returns false for an endpoint without an address. */
bool endpoint_to_socket(const device_endpoint *endpoint, socket_address *address);
/** The VM's form; family 0 when the kernel's is of another family. */
void endpoint_from_socket(device_endpoint *endpoint, const socket_address *address);
/** Reads an address literal, which was checked before. */
void endpoint_read(device_endpoint *endpoint, unsigned family, const char *literal, unsigned port);
unsigned endpoint_port(const device_endpoint *endpoint);
void endpoint_set_port(device_endpoint *endpoint, unsigned port);
/** Whether it is the address that stands for all of the machine's own: 0.0.0.0 or ::. */
bool endpoint_is_unspecified(const device_endpoint *endpoint);
/** Writes "192.0.2.1:5060" or "[2001:db8::1]:5060" to ENDPOINT_TEXT_OCTETS octets. */
void endpoint_write(char *text, const device_endpoint *endpoint);

#endif
