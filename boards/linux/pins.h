/* The pins of a station: of a GPIO chip (pins_gpiod.c) or of a Unix socket that plays them (pins_socket.c). */
#ifndef DOORLINE_LINUX_PINS_H
#define DOORLINE_LINUX_PINS_H

#include <stdbool.h>

#include "../../hal/native/device.h"
#include "configuration.h"

enum { PIN_KINDS = 3 };

/** What drives pins. The values are those of device.h: 1 is pressed, lit, energised. */
typedef struct pins_part {
  /** Of a button. */
  int (*read)(unsigned index);
  /** Of a light or relay. Safe in a fault handler. */
  void (*write)(enum device_pins kind, unsigned index, int value);
  /** Says what to wait for. */
  void (*wait)(void);
  /** Takes what has come. */
  void (*work)(void);
} pins_part;

/** Opens the pins, outputs at 0. Returns false with a problem. */
bool pins_open(const configuration *chosen);
void pins_wait(void);
void pins_work(void);

/** The lines of a kind. */
const pin_lines *pins_of(const configuration *chosen, enum device_pins kind);

/** Opens the lines of a chip; NULL with a problem. Not there when the program was built without libgpiod. */
const pins_part *pins_gpiod_open(const configuration *chosen);
/** Listens at the socket; NULL with a problem. */
const pins_part *pins_socket_open(const configuration *chosen);

#endif
