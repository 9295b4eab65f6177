/* The I2C bus of the codec chip and of expanders (/dev/i2c-N). */
#ifndef DOORLINE_LINUX_I2C_H
#define DOORLINE_LINUX_I2C_H

#include <stdbool.h>

#include "configuration.h"

/** Opens the bus, when one is configured. Returns false with a problem. */
bool i2c_open(const configuration *chosen);

#endif
