/*
 * NXP UM10204: start, address, octets with their acknowledge, stop. SBCon (Arm DDI 0224 3.x): a read gives the lines, a write to +0
 * lets lines go and one to +4 pulls them down; bit 0 is the clock, bit 1 the data. Nobody stretches the clock here.
 */
#include "i2c.h"

#include <stdbool.h>

#include "../../hal/native/device.h"
#include "clock.h"
#include "registers.h"

enum { CLOCK_LINE = 1 << 0, DATA_LINE = 1 << 1, BITS = 8 };

/** Half a period at 100 kHz. */
enum { HALF_TICKS = CLOCK_HZ / 200000 };

static void pause(void) {
  uint32_t start = register_read(FPGAIO_COUNTER);
  while (register_read(FPGAIO_COUNTER) - start < HALF_TICKS) {
    /* The lines settle. */
  }
}

static void let_go(uint32_t bus, uint32_t line) {
  register_write(bus, line);
  pause();
}

static void pull_down(uint32_t bus, uint32_t line) {
  register_write(bus + 4, line);
  pause();
}

static bool is_free(uint32_t bus) {
  let_go(bus, DATA_LINE);
  let_go(bus, CLOCK_LINE);
  return (register_read(bus) & (CLOCK_LINE | DATA_LINE)) == (CLOCK_LINE | DATA_LINE);
}

/**
 * Returns false when a line is held down, which would look like an acknowledge. Who was left in the middle of a read, by a fault of
 * the processor, is clocked out first: the outputs have to go to rest.
 */
static bool start(uint32_t bus) {
  if (!is_free(bus)) {
    i2c_open(bus);
    if (!is_free(bus)) {
      return false;
    }
  }
  pull_down(bus, DATA_LINE);
  pull_down(bus, CLOCK_LINE);
  return true;
}

static void stop(uint32_t bus) {
  pull_down(bus, DATA_LINE);
  let_go(bus, CLOCK_LINE);
  let_go(bus, DATA_LINE);
}

/** One clock with the data line as given. Returns what the line was: 0 is an acknowledge. */
static bool exchange_bit(uint32_t bus, bool bit) {
  if (bit) {
    let_go(bus, DATA_LINE);
  } else {
    pull_down(bus, DATA_LINE);
  }
  let_go(bus, CLOCK_LINE);
  bool line = (register_read(bus) & DATA_LINE) != 0;
  pull_down(bus, CLOCK_LINE);
  return line;
}

/** Returns whether somebody acknowledged. */
static bool write_octet(uint32_t bus, unsigned octet) {
  for (int bit = BITS - 1; bit >= 0; bit -= 1) {
    (void)exchange_bit(bus, (octet >> bit & 1) != 0);
  }
  return !exchange_bit(bus, true);
}

/** The last octet of a read is not acknowledged. */
static uint8_t read_octet(uint32_t bus, bool is_last) {
  unsigned octet = 0;
  for (int bit = 0; bit < BITS; bit += 1) {
    octet = octet << 1 | (exchange_bit(bus, true) ? 1 : 0);
  }
  (void)exchange_bit(bus, is_last);
  return (uint8_t)octet;
}

/** No clock without need: it would complete an octet that was being written. With both lines high the stop begins as a start. */
void i2c_open(uint32_t bus) {
  for (int clock = 0; clock <= BITS && !is_free(bus); clock += 1) {
    pull_down(bus, CLOCK_LINE);
  }
  stop(bus);
}

int i2c_exchange(uint32_t bus, unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer,
                 size_t read_count) {
  bool is_good = true;
  if (count > 0 || read_count == 0) {
    is_good = start(bus) && write_octet(bus, address << 1);
    for (size_t index = 0; is_good && index < count; index += 1) {
      is_good = write_octet(bus, octets[index]);
    }
  }
  if (is_good && read_count > 0) {
    is_good = start(bus) && write_octet(bus, address << 1 | 1);
    for (size_t index = 0; is_good && index < read_count; index += 1) {
      buffer[index] = read_octet(bus, index == read_count - 1);
    }
  }
  stop(bus);
  return is_good ? DEVICE_OK : DEVICE_REFUSED;
}
