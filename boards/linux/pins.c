/* device.h's pins over whatever drives them. What was written last is kept, for reading and to secure it. */
#include "pins.h"

#include "problem.h"

static const pins_part *driver;
static unsigned counts[PIN_KINDS];
static volatile int driven[PIN_KINDS][PINS_OF_A_KIND];

const pin_lines *pins_of(const configuration *chosen, enum device_pins kind) {
  switch (kind) {
  case DEVICE_BUTTONS:
    return &chosen->buttons;
  case DEVICE_LEDS:
    return &chosen->leds;
  case DEVICE_RELAYS:
    break;
  }
  return &chosen->relays;
}

#ifndef DOORLINE_GPIOD

const pins_part *pins_gpiod_open(const configuration *chosen) {
  (void)problem("%s: this program was built without libgpiod", chosen->gpio_chip);
  return NULL;
}

#endif

bool pins_open(const configuration *chosen) {
  unsigned all = 0;
  for (unsigned kind = 0; kind < PIN_KINDS; kind += 1) {
    counts[kind] = pins_of(chosen, (enum device_pins)kind)->count;
    all += counts[kind];
  }
  if (all == 0) {
    return true;
  }
  if (*chosen->pins_socket == 0 && *chosen->gpio_chip == 0) {
    return problem("there are pins, but neither gpio-chip nor pins-socket");
  }
  driver = *chosen->pins_socket != 0 ? pins_socket_open(chosen) : pins_gpiod_open(chosen);
  return driver != NULL;
}

void pins_wait(void) {
  if (driver != NULL) {
    driver->wait();
  }
}

void pins_work(void) {
  if (driver != NULL) {
    driver->work();
  }
}

unsigned device_pin_count(enum device_pins kind) { return (unsigned)kind < PIN_KINDS ? counts[kind] : 0; }

int device_pin_read(enum device_pins kind, unsigned index) {
  if (driver == NULL || index >= device_pin_count(kind)) {
    return 0;
  }
  return kind == DEVICE_BUTTONS ? driver->read(index) : driven[kind][index];
}

void device_pin_write(enum device_pins kind, unsigned index, int value) {
  if (driver == NULL || kind == DEVICE_BUTTONS || index >= device_pin_count(kind)) {
    return;
  }
  driven[kind][index] = value;
  driver->write(kind, index, value);
}

void device_secure(void) {
  // The doors first.
  for (int kind = DEVICE_RELAYS; kind >= DEVICE_LEDS; kind -= 1) {
    for (unsigned index = 0; index < device_pin_count((enum device_pins)kind); index += 1) {
      device_pin_write((enum device_pins)kind, index, 0);
    }
  }
}
