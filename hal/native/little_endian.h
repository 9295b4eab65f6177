/* Numbers as they lie in headers: octet by octet, the lowest first, at any address. */
#ifndef DOORLINE_LITTLE_ENDIAN_H
#define DOORLINE_LITTLE_ENDIAN_H

#include <stdint.h>

static inline uint32_t read_16(const uint8_t *octets) { return (uint32_t)octets[0] | (uint32_t)octets[1] << 8; }

static inline uint32_t read_32(const uint8_t *octets) { return read_16(octets) | read_16(octets + 2) << 16; }

static inline void write_32(uint8_t *octets, uint32_t value) {
  for (int octet = 0; octet < 4; octet += 1) {
    octets[octet] = (uint8_t)(value >> 8 * octet);
  }
}

#endif
