/*
 * NXP PCA9552: LED 0 … 3 are relays, 4 … 7 lights, 8 … 11 buttons; "on" pulls a pin to ground, which energises, lights, or is a pressed
 * button. Four pins share a selector register, so that outputs and inputs never write to the same one.
 */
#include "pins.h"

#include "../../hal/native/device.h"
#include "entropy.h"
#include "i2c.h"
#include "mps2-limits.h"
#include "registers.h"

enum {
  EXPANDER = 0x60,
  /** Of the pins 8 … 15. */
  INPUT_1 = 1,
  SELECTOR_0 = 6,
  RELAYS = 2,
  LIGHTS = 3,
  BUTTONS = 4,
};

/** A selector's two bits for one pin: pulled down, or let go. */
enum { PIN_LET_GO = 0x55 };

static bool is_there;
/** One bit a pin, by kind. */
static uint8_t levels[3];
static uint32_t looked_at;
/** Whether the expander refused what a kind of outputs was to be, by kind. */
static bool is_refused[3];

/** The selector register of a kind of outputs. */
static uint8_t selector_of(enum device_pins kind) { return kind == DEVICE_RELAYS ? SELECTOR_0 : SELECTOR_0 + 1; }

static void drive(enum device_pins kind) {
  unsigned selection = PIN_LET_GO;
  for (unsigned pin = 0; pin < 4; pin += 1) {
    selection &= ~(((unsigned)levels[kind] >> pin & 1U) << 2 * pin);
  }
  const uint8_t octets[] = {selector_of(kind), (uint8_t)selection};
  is_refused[kind] = i2c_exchange(SBCON_SHIELD_1, EXPANDER, octets, sizeof octets, NULL, 0) != DEVICE_OK;
}

/** A relay that was to fall off must not stay energised because of one disturbed transfer. */
static void repeat_refused(enum device_pins kind) {
  if (is_refused[kind]) {
    drive(kind);
  }
}

static void look(void) {
  const uint8_t input = INPUT_1;
  uint8_t lines = 0xff;
  if (i2c_exchange(SBCON_SHIELD_1, EXPANDER, &input, 1, &lines, 1) == DEVICE_OK) {
    levels[DEVICE_BUTTONS] = (uint8_t)~lines & ((1 << BUTTONS) - 1);
  }
  looked_at = device_clock_ms();
}

void pins_open(void) {
  i2c_open(SBCON_SHIELD_1);
  is_there = i2c_exchange(SBCON_SHIELD_1, EXPANDER, NULL, 0, NULL, 0) == DEVICE_OK;
  device_secure();
  if (is_there) {
    look();
  } else {
    device_log_line("no PCA9552 answers at 0x60 of shield 1: there are no buttons, lights and relays");
  }
}

bool pins_work(void) {
  uint8_t before = levels[DEVICE_BUTTONS];
  if (!is_there || device_clock_ms() - looked_at < PIN_POLL_MS) {
    return false;
  }
  repeat_refused(DEVICE_RELAYS);
  repeat_refused(DEVICE_LEDS);
  look();
  if (levels[DEVICE_BUTTONS] == before) {
    return false;
  }
  entropy_add_moment(levels[DEVICE_BUTTONS]);
  return true;
}

unsigned device_pin_count(enum device_pins kind) {
  static const unsigned counts[] = {[DEVICE_BUTTONS] = BUTTONS, [DEVICE_LEDS] = LIGHTS, [DEVICE_RELAYS] = RELAYS};
  return is_there ? counts[kind] : 0;
}

int device_pin_read(enum device_pins kind, unsigned index) { return levels[kind] >> index & 1; }

void device_pin_write(enum device_pins kind, unsigned index, int value) {
  unsigned bit = 1U << index;
  levels[kind] = (uint8_t)(value == 0 ? levels[kind] & ~bit : levels[kind] | bit);
  drive(kind);
}

void device_secure(void) {
  levels[DEVICE_RELAYS] = 0;
  levels[DEVICE_LEDS] = 0;
  drive(DEVICE_RELAYS);
  drive(DEVICE_LEDS);
}

/* ---- I2C for the program: the bus of the audio codec ---- */

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count) {
  return i2c_exchange(SBCON_AUDIO, address, octets, count, NULL, 0);
}

int device_i2c_read(unsigned address, uint8_t *buffer, size_t count) {
  return i2c_exchange(SBCON_AUDIO, address, NULL, 0, buffer, count);
}

int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  return i2c_exchange(SBCON_AUDIO, address, octets, count, buffer, read_count);
}
