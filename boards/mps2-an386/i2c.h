/* An I2C bus on the two pins of an SBCon register block, driven bit by bit. */
#ifndef DOORLINE_MPS2_I2C_H
#define DOORLINE_MPS2_I2C_H

#include <stddef.h>
#include <stdint.h>

/** Lets both lines go, and clocks out whoever was left in the middle of an octet by a reset. */
void i2c_open(uint32_t bus);
/**
 * Writes `count` octets, then reads `read_count` behind a repeated start; either may be 0.
 * Returns DEVICE_OK, or DEVICE_REFUSED when nobody acknowledged or a line was held down.
 */
int i2c_exchange(uint32_t bus, unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer,
                 size_t read_count);

#endif
