/* The bus driven bit by bit, against chips on its wires by UM10204; and the pins of a PCA9552 (data sheet rev. 6) behind it. */
#include "../../../boards/mps2-an386/i2c.h"

#include <setjmp.h>
#include <string.h>

#include "../../../boards/mps2-an386/entropy.h"
#include "../../../boards/mps2-an386/mps2-limits.h"
#include "../../../boards/mps2-an386/pins.h"
#include "../../../boards/mps2-an386/registers.h"
#include "../../../hal/native/device.h"
#include "../check.h"
#include "model_i2c.h"

enum { CODEC = 0x4b, EXPANDER = 0x60, LS0 = 6, LS1 = 7, MS = CLOCK_HZ / 1000 };

/** A look at one register takes some 40 clocks of the bus; each step is shorter than the time between two of them. */
enum { LOOK_TICKS = 40 * CLOCK_HZ / 100000, STEP_TICKS = 61 };

static model_bus shield;
static model_bus audio;
static model_slave expander;
static model_slave codec;
static unsigned moments;
static unsigned lines;

uint32_t device_clock_ms(void) { return (uint32_t)(model_ticks / MS); }
void entropy_add_moment(uint32_t event) {
  (void)event;
  moments += 1;
}
void device_log_line(const char *line) {
  (void)line;
  lines += 1;
}

static void plug_in(void) {
  model_registers_open(model_i2c_chips, 2);
  model_buses[0] = &shield;
  model_buses[1] = &audio;
  expander = (model_slave){.address = EXPANDER, .register_mask = 15, .increment_bit = 16};
  codec = (model_slave){.address = CODEC, .register_mask = 127, .increment_bit = 128};
  /* All pins are let go, and high. */
  memset(expander.registers + LS0, 0x55, 4);
  memset(expander.registers, 0xff, 2);
  codec.registers[1] = 0xe3;
  model_i2c_open(&shield, &expander);
  model_i2c_open(&audio, &codec);
  moments = 0;
  lines = 0;
}

/* ---- The bus ---- */

static void writes_and_reads(void) {
  uint8_t octets[] = {0x05, 0x70};
  uint8_t read[3] = {0};
  plug_in();
  CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_OK && codec.registers[5] == 0x70 && codec.logged == 2);
  uint8_t at = 0x01;
  CHECK(device_i2c_write_read(CODEC, &at, 1, read, 1) == DEVICE_OK && read[0] == 0xe3);
  /* From where it was, and counting up. */
  codec.registers[2] = 0x5a;
  codec.registers[3] = 0x00;
  at = 0x81;
  CHECK(device_i2c_write(CODEC, &at, 1) == DEVICE_OK);
  CHECK(device_i2c_read(CODEC, read, 3) == DEVICE_OK && read[0] == 0xe3 && read[1] == 0x5a && read[2] == 0);
  CHECK(model_i2c_is_free(&audio) && !model_i2c_is_busy(&audio));
  CHECK_TEXT(audio.wrong, "");
}

static void carries_every_octet(void) {
  plug_in();
  for (unsigned value = 0; value < 256; value += 1) {
    uint8_t octets[] = {0x20, (uint8_t)value};
    uint8_t read = 0;
    CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_OK && codec.registers[0x20] == value);
    CHECK(device_i2c_write_read(CODEC, octets, 1, &read, 1) == DEVICE_OK && read == value);
  }
  CHECK_TEXT(audio.wrong, "");
}

static void tells_who_refuses(void) {
  uint8_t octets[] = {0x05, 0x70, 0x71};
  uint8_t read = 0;
  plug_in();
  CHECK(device_i2c_write(CODEC - 1, octets, 2) == DEVICE_REFUSED);
  CHECK(device_i2c_read(CODEC - 1, &read, 1) == DEVICE_REFUSED);
  codec.refusals = 1;
  CHECK(device_i2c_write(CODEC, octets, 3) == DEVICE_REFUSED && codec.logged == 0);
  codec.is_absent = true;
  CHECK(device_i2c_write_read(CODEC, octets, 1, &read, 1) == DEVICE_REFUSED);
  CHECK(model_i2c_is_free(&audio) && !model_i2c_is_busy(&audio));
  codec.is_absent = false;
  CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_OK);
  CHECK_TEXT(audio.wrong, "");
}

static void is_not_deceived(void) {
  uint8_t octets[] = {0x05, 0x70};
  plug_in();
  audio.is_data_held = true;
  CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_REFUSED);
  audio.is_data_held = false;
  audio.is_clock_held = true;
  CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_REFUSED);
  audio.is_clock_held = false;
  CHECK(device_i2c_write(CODEC, octets, 2) == DEVICE_OK && codec.logged == 2);
}

/* ---- A reset of the processor at any moment ---- */

static jmp_buf reset;
static uint64_t reset_at;
static const model_chip *real;

static void write_until_reset(uint32_t offset, uint32_t value) {
  if (model_ticks >= reset_at) {
    longjmp(reset, 1);
  }
  real->write(offset, value);
}

/** Runs until the processor is gone, some ticks from now. The chips stay where they are. */
static void run_until_reset(void (*run)(void), uint32_t ticks) {
  static model_chip cut;
  real = &model_i2c_chips[0];
  cut = *real;
  cut.write = write_until_reset;
  model_registers_open(&cut, 1);
  reset_at = model_ticks + ticks;
  if (setjmp(reset) == 0) {
    run();
  }
  model_registers_open(real, 1);
}

static void read_register_0(void) {
  uint8_t at = 0;
  uint8_t read = 0;
  (void)i2c_exchange(SBCON_SHIELD_1, EXPANDER, &at, 1, &read, 1);
}

static void write_selector(void) {
  const uint8_t octets[] = {LS0, 0x54};
  (void)i2c_exchange(SBCON_SHIELD_1, EXPANDER, octets, 2, NULL, 0);
}

static void work(void) { (void)pins_work(); }

/** The zeros of an octet that nobody takes hold the data line down. */
static void frees_the_bus(void) {
  bool was_held = false;
  for (uint32_t ticks = 0; ticks < LOOK_TICKS; ticks += STEP_TICKS) {
    const uint8_t octets[] = {LS0, 0x54};
    plug_in();
    expander.registers[0] = 0;
    run_until_reset(read_register_0, ticks);
    model_i2c_release(&shield);
    was_held = was_held || !model_i2c_is_free(&shield);
    i2c_open(SBCON_SHIELD_1);
    CHECK(model_i2c_is_free(&shield) && !model_i2c_is_busy(&shield));
    expander.logged = 0;
    CHECK(i2c_exchange(SBCON_SHIELD_1, EXPANDER, octets, 2, NULL, 0) == DEVICE_OK);
    CHECK(expander.logged == 2 && expander.registers[LS0] == 0x54);
  }
  CHECK(was_held);
}

/** A selector that was half written is the old one or the new one, not what clocks made of it. */
static void completes_no_octet(void) {
  for (uint32_t ticks = 0; ticks < LOOK_TICKS; ticks += STEP_TICKS) {
    plug_in();
    run_until_reset(write_selector, ticks);
    model_i2c_release(&shield);
    i2c_open(SBCON_SHIELD_1);
    CHECK(model_i2c_is_free(&shield) && !model_i2c_is_busy(&shield));
    CHECK(expander.registers[LS0] == 0x55 || expander.registers[LS0] == 0x54);
  }
}

/* ---- The pins ---- */

static void pass(uint32_t milliseconds) { model_ticks += (uint64_t)milliseconds * MS; }

static void has_pins(void) {
  plug_in();
  expander.registers[LS0] = 0;
  pins_open();
  CHECK(device_pin_count(DEVICE_RELAYS) == 2 && device_pin_count(DEVICE_LEDS) == 3);
  CHECK(device_pin_count(DEVICE_BUTTONS) == 4 && lines == 0);
  CHECK(expander.registers[LS0] == 0x55 && expander.registers[LS1] == 0x55);
  /* 00 pulls down, which energises; 01 lets go. */
  device_pin_write(DEVICE_RELAYS, 1, 1);
  CHECK(expander.registers[LS0] == 0x51);
  device_pin_write(DEVICE_RELAYS, 0, 1);
  device_pin_write(DEVICE_LEDS, 2, 1);
  CHECK(expander.registers[LS0] == 0x50 && expander.registers[LS1] == 0x45);
  device_pin_write(DEVICE_RELAYS, 1, 0);
  CHECK(expander.registers[LS0] == 0x54);
  device_secure();
  CHECK(expander.registers[LS0] == 0x55 && expander.registers[LS1] == 0x55);
  /* The selectors of the buttons were never touched: they are inputs. */
  CHECK(expander.registers[8] == 0x55 && expander.registers[9] == 0x55);
  CHECK_TEXT(shield.wrong, "");
}

static void has_none(void) {
  plug_in();
  expander.is_absent = true;
  pins_open();
  CHECK(lines == 1 && device_pin_count(DEVICE_RELAYS) == 0 && device_pin_count(DEVICE_BUTTONS) == 0);
  pass(PIN_POLL_MS);
  CHECK(!pins_work());
}

static void sees_buttons(void) {
  plug_in();
  pins_open();
  expander.registers[1] = 0xf7;
  CHECK(!pins_work() && device_pin_read(DEVICE_BUTTONS, 3) == 0);
  pass(PIN_POLL_MS);
  CHECK(pins_work() && device_pin_read(DEVICE_BUTTONS, 3) == 1 && device_pin_read(DEVICE_BUTTONS, 2) == 0);
  CHECK(moments == 1);
  pass(PIN_POLL_MS);
  CHECK(!pins_work() && device_pin_read(DEVICE_BUTTONS, 3) == 1);
  /* A transfer that fails is no button let go. */
  expander.registers[1] = 0xff;
  expander.refusals = 1;
  pass(PIN_POLL_MS);
  CHECK(!pins_work() && device_pin_read(DEVICE_BUTTONS, 3) == 1);
  pass(PIN_POLL_MS);
  CHECK(pins_work() && device_pin_read(DEVICE_BUTTONS, 3) == 0);
}

static void lets_the_relay_fall(void) {
  plug_in();
  pins_open();
  device_pin_write(DEVICE_RELAYS, 0, 1);
  expander.refusals = 1;
  device_pin_write(DEVICE_RELAYS, 0, 0);
  CHECK(expander.registers[LS0] == 0x54);
  pass(PIN_POLL_MS);
  (void)pins_work();
  CHECK(expander.registers[LS0] == 0x55);
  size_t logged = expander.logged;
  pass(PIN_POLL_MS);
  (void)pins_work();
  CHECK(expander.logged == logged);
}

/** The processor faults in the middle of a look at the buttons, at any moment of it. */
static void secures_after_a_fault(void) {
  for (uint32_t ticks = 0; ticks < LOOK_TICKS; ticks += STEP_TICKS) {
    plug_in();
    expander.registers[1] = 0;
    pins_open();
    device_pin_write(DEVICE_RELAYS, 0, 1);
    CHECK(expander.registers[LS0] == 0x54);
    pass(PIN_POLL_MS);
    run_until_reset(work, ticks);
    device_secure();
    CHECK(expander.registers[LS0] == 0x55);
  }
}

static const check_case cases[] = {
    {"writes registers and reads them behind a repeated start, no faster than 100 kHz", writes_and_reads},
    {"carries every octet both ways", carries_every_octet},
    {"tells that nobody is there and that an octet was refused, and frees the bus", tells_who_refuses},
    {"takes a line that is held down for no acknowledge", is_not_deceived},
    {"frees the bus from a chip that a reset left in the middle of an octet", frees_the_bus},
    {"writes nothing into a chip that a reset left in the middle of being written", completes_no_octet},
    {"energises, lights and lets go by the selectors of the pins, and leaves the inputs alone", has_pins},
    {"has no pins and says so when no expander answers", has_none},
    {"sees buttons, and keeps them when a transfer fails", sees_buttons},
    {"lets a relay fall off at the next look when the expander has refused it", lets_the_relay_fall},
    {"puts the relays to rest after a fault at any moment of a look at the buttons", secures_after_a_fault},
};

CHECK_MAIN(cases)
