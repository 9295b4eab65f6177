/* Transfers by I2C_RDWR: write and read in one transaction, with a repeated start between them. */
#include "i2c.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>

#include "../../hal/native/device.h"
#include "problem.h"

/** The longest transfer: a block of registers. */
enum { TRANSFER_OCTETS = 256 };

static int bus = -1;

bool i2c_open(const configuration *chosen) {
  if (*chosen->i2c_bus == 0) {
    return true;
  }
  bus = open(chosen->i2c_bus, O_RDWR | O_CLOEXEC);
  return bus >= 0 || system_problem("the I2C bus %s cannot be opened", chosen->i2c_bus);
}

static int transfer(struct i2c_msg *messages, unsigned count) {
  struct i2c_rdwr_ioctl_data transaction = {.msgs = messages, .nmsgs = count};
  if (bus < 0) {
    return DEVICE_ABSENT;
  }
  return ioctl(bus, I2C_RDWR, &transaction) == (int)count ? DEVICE_OK : DEVICE_REFUSED;
}

/** A message of a transfer. The kernel does not write to what it only sends. */
static struct i2c_msg message(unsigned address, uint16_t flags, const uint8_t *octets, size_t count) {
  union {
    const uint8_t *given;
    uint8_t *wanted;
  } pointer = {.given = octets};
  return (struct i2c_msg){.addr = (uint16_t)address, .flags = flags, .len = (uint16_t)count, .buf = pointer.wanted};
}

static bool is_possible(unsigned address, size_t count) { return address < 128 && count <= TRANSFER_OCTETS; }

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count) {
  struct i2c_msg messages[] = {message(address, 0, octets, count)};
  return is_possible(address, count) ? transfer(messages, 1) : DEVICE_REFUSED;
}

int device_i2c_read(unsigned address, uint8_t *buffer, size_t count) {
  struct i2c_msg messages[] = {message(address, I2C_M_RD, buffer, count)};
  return is_possible(address, count) ? transfer(messages, 1) : DEVICE_REFUSED;
}

int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  struct i2c_msg messages[] = {message(address, 0, octets, count), message(address, I2C_M_RD, buffer, read_count)};
  return is_possible(address, count) && is_possible(address, read_count) ? transfer(messages, 2) : DEVICE_REFUSED;
}
