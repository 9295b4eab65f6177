/*
 * An endpoint on its way between device.h and the functions of a VM, whose numbers have 28 bits: an address of 16 octets in a buffer of the
 * program's, and family and port together in a number.
 */
#ifndef DOORLINE_ENDPOINT_PARTS_H
#define DOORLINE_ENDPOINT_PARTS_H

#include <stdint.h>
#include <string.h>

#include "device.h"

enum {
  ADDRESS_OCTETS = 16,
  PORT_BITS = 16,
  /** Above every family and port: families are 0, 4 and 6. */
  FAMILIES_AND_PORTS = 7 << PORT_BITS,
};

/** Family × 65,536 + port. */
static inline int32_t family_and_port(const device_endpoint *endpoint) {
  return endpoint->family << PORT_BITS | endpoint->port[0] << 8 | endpoint->port[1];
}

/** Octets of an address that count. */
static inline size_t address_octets(unsigned family) { return family == 0 ? 0 : family == 4 ? 4 : ADDRESS_OCTETS; }

/** Writes the octets that count to `address`, which has ADDRESS_OCTETS. Returns family and port. */
static inline int32_t take_endpoint_apart(const device_endpoint *endpoint, uint8_t *address) {
  memcpy(address, endpoint->address, address_octets(endpoint->family));
  return family_and_port(endpoint);
}

static inline device_endpoint put_endpoint_together(const uint8_t *address, unsigned family_and_port) {
  device_endpoint endpoint = {.family = (uint8_t)(family_and_port >> PORT_BITS),
                              .port = {(uint8_t)(family_and_port >> 8), (uint8_t)family_and_port}};
  memcpy(endpoint.address, address, address_octets(endpoint.family));
  return endpoint;
}

#endif
