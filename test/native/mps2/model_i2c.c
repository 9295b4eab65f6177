/* See model_i2c.h. Every change of a line is looked at, as the chip on the wires does it. */
#include "model_i2c.h"

#include <string.h>

enum { CLOCK = 1 << 0, DATA = 1 << 1 };

enum phase { IDLE, ADDRESS, POINTER, WRITE, READ, DEAF };

/** What a bus and its chip are at. */
typedef struct wires {
  /** Lines that the processor lets go, and those that the chip does. */
  unsigned processor;
  unsigned chip;
  unsigned before;
  enum phase phase;
  unsigned bits;
  unsigned octet;
  bool is_acknowledging;
  uint8_t pointer;
  bool counts_up;
  uint64_t changed_at;
} wires;

model_bus *model_buses[2];

static wires state[2];

static wires *wires_of(const model_bus *bus) { return &state[bus == model_buses[0] ? 0 : 1]; }

static unsigned lines(const model_bus *bus) {
  const wires *at = wires_of(bus);
  unsigned high = at->processor & at->chip;
  high &= bus->is_clock_held ? ~(unsigned)CLOCK : 3U;
  return high & (bus->is_data_held ? ~(unsigned)DATA : 3U);
}

/* ---- The chip ---- */

static uint8_t *target(model_bus *bus) { return &bus->slave->registers[wires_of(bus)->pointer]; }

static void count_up(model_bus *bus) {
  wires *at = wires_of(bus);
  if (at->counts_up) {
    at->pointer = (uint8_t)((at->pointer + 1) & bus->slave->register_mask);
  }
}

/** An octet came whole. Returns whether the chip acknowledges it. */
static bool take(model_bus *bus) {
  wires *at = wires_of(bus);
  model_slave *slave = bus->slave;
  if (at->phase == ADDRESS) {
    if (slave->is_absent || at->octet >> 1 != slave->address) {
      at->phase = DEAF;
      return false;
    }
    at->phase = (at->octet & 1) != 0 ? READ : POINTER;
    return true;
  }
  if (at->phase == DEAF) {
    return false;
  }
  if (slave->refusals > 0) {
    slave->refusals -= 1;
    at->phase = DEAF;
    return false;
  }
  if (at->phase == POINTER) {
    at->pointer = (uint8_t)(at->octet & slave->register_mask);
    at->counts_up = (at->octet & slave->increment_bit) != 0;
    at->phase = WRITE;
    return true;
  }
  *target(bus) = (uint8_t)at->octet;
  if (slave->logged + 2 <= sizeof slave->log) {
    slave->log[slave->logged] = at->pointer;
    slave->log[slave->logged + 1] = (uint8_t)at->octet;
    slave->logged += 2;
  }
  count_up(bus);
  return true;
}

static void give_bit(model_bus *bus) {
  wires *at = wires_of(bus);
  at->chip = (*target(bus) >> (7 - at->bits) & 1) != 0 ? 3U : (unsigned)CLOCK;
}

/** The clock rises: a bit is taken. */
static void rise(model_bus *bus) {
  wires *at = wires_of(bus);
  bool is_high = (lines(bus) & DATA) != 0;
  if (at->bits == 8) {
    if (at->phase == READ && !at->is_acknowledging && is_high) {
      at->phase = DEAF;
    }
    return;
  }
  at->octet = (at->octet << 1 | (is_high ? 1U : 0U)) & 0xff;
}

/** The clock falls: who speaks next sets the data. The acknowledge is the ninth bit. */
static void fall(model_bus *bus) {
  wires *at = wires_of(bus);
  if (at->phase == IDLE) {
    return;
  }
  at->bits += 1;
  at->chip = 3;
  if (at->bits == 8) {
    at->is_acknowledging = at->phase != READ;
    if (at->is_acknowledging && take(bus)) {
      at->chip = CLOCK;
    }
  } else if (at->bits == 9) {
    at->bits = 0;
    if (at->phase == READ && !at->is_acknowledging) {
      count_up(bus);
    }
    at->is_acknowledging = false;
  }
  if (at->phase == READ && at->bits < 8) {
    give_bit(bus);
  }
}

/** A line changed. */
static void look(model_bus *bus) {
  wires *at = wires_of(bus);
  unsigned now = lines(bus);
  unsigned changed = now ^ at->before;
  unsigned before = at->before;
  at->before = now;
  if (changed == 0) {
    return;
  }
  /* A quarter of the period at 100 kHz is above what UM10204 asks for in standard mode between two edges. */
  if (model_ticks - at->changed_at < 62 && bus->wrong[0] == 0) {
    bus->wrong = "two edges are closer than 100 kHz allows";
  }
  at->changed_at = model_ticks;
  if ((changed & DATA) != 0 && (now & before & CLOCK) != 0) {
    at->phase = (now & DATA) == 0 ? ADDRESS : IDLE;
    /* The fall of the clock that ends a start is not one of a bit. */
    at->bits = UINT32_MAX;
    at->octet = 0;
    at->is_acknowledging = false;
    at->chip = 3;
  } else if ((changed & CLOCK) != 0 && (now & CLOCK) != 0) {
    rise(bus);
  } else if ((changed & CLOCK) != 0) {
    fall(bus);
    /* What the chip did to the data belongs to this edge. */
    at->before = lines(bus);
  }
}

/* ---- SBCon: +0 reads the lines and lets go, +4 pulls down ---- */

static uint32_t read_bus(size_t index, uint32_t offset) { return offset == 0 ? lines(model_buses[index]) : 0; }

static void write_bus(size_t index, uint32_t offset, uint32_t value) {
  wires *at = &state[index];
  at->processor = offset == 0 ? at->processor | (value & 3) : at->processor & ~value;
  look(model_buses[index]);
}

static uint32_t read_shield(uint32_t offset) { return read_bus(0, offset); }
static void write_shield(uint32_t offset, uint32_t value) { write_bus(0, offset, value); }
static uint32_t read_audio(uint32_t offset) { return read_bus(1, offset); }
static void write_audio(uint32_t offset, uint32_t value) { write_bus(1, offset, value); }

const model_chip model_i2c_chips[2] = {
    {0x4002a000, 0x1000, read_shield, write_shield},
    {0x40023000, 0x1000, read_audio, write_audio},
};

void model_i2c_open(model_bus *bus, model_slave *slave) {
  wires *at = wires_of(bus);
  *at = (wires){.processor = 3, .chip = 3, .before = 3};
  bus->slave = slave;
  bus->is_clock_held = false;
  bus->is_data_held = false;
  bus->wrong = "";
}

void model_i2c_release(model_bus *bus) {
  wires_of(bus)->processor = 3;
  look(bus);
}

bool model_i2c_is_free(const model_bus *bus) { return lines(bus) == 3; }

bool model_i2c_is_busy(const model_bus *bus) { return wires_of(bus)->phase != IDLE; }
