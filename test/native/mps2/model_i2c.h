/*
 * The two wires of an SBCon block (Arm DDI 0224, chapter 3) with chips on them by NXP UM10204: whoever pulls a line holds it down. A chip is
 * 256 registers behind an address octet that counts up by itself; a PCA9552's and a CS42L52's transfers are of that kind.
 */
#ifndef DOORLINE_MODEL_I2C_H
#define DOORLINE_MODEL_I2C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model_registers.h"

typedef struct model_slave {
  uint8_t address;
  bool is_absent;
  /** Octets that it refuses from now on, its address not counted. */
  unsigned refusals;
  uint8_t registers[256];
  /** Bits of the register's address that count. CS42L52: the eighth one makes it count up; PCA9552: the fifth one does. */
  uint8_t register_mask;
  uint8_t increment_bit;
  /** Octets that came for registers, in order: register, value. */
  uint8_t log[512];
  size_t logged;
} model_slave;

/** A bus with its one chip. */
typedef struct model_bus {
  model_slave *slave;
  /** Somebody holds a line down for good. */
  bool is_clock_held;
  bool is_data_held;
  /** The first thing that UM10204 forbids; "" as long as there was none. */
  const char *wrong;
} model_bus;

/** A bus that rests, with a chip on it. */
void model_i2c_open(model_bus *bus, model_slave *slave);
extern model_bus *model_buses[2];
/** Of SBCON_SHIELD_1 (model_buses[0]) and SBCON_AUDIO (model_buses[1]). */
extern const model_chip model_i2c_chips[2];
/** The processor is reset here: what the chips do goes on. */
void model_i2c_release(model_bus *bus);
/** Whether both lines are high, which is what everybody else's transfers want. */
bool model_i2c_is_free(const model_bus *bus);
/** Whether the chip is in the middle of a transfer. */
bool model_i2c_is_busy(const model_bus *bus);

#endif
