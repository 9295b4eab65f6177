/*
 * Pins of a GPIO chip by libgpiod 1. Each line is requested on its own, outputs at 0 from the first moment; the kernel gives them
 * back when this process ends, however it ends (README.md says what the line then does).
 */
#include <gpiod.h>
#include <stdint.h>

#include "pins.h"
#include "problem.h"
#include "wait.h"

static const char CONSUMER[] = "doorline";

/** Events that are taken in one go: a bouncing button. */
enum { EVENTS = 16 };

static struct gpiod_line *lines[PIN_KINDS][PINS_OF_A_KIND];
static const pin_lines *buttons;

static int read_button(unsigned index) { return gpiod_line_get_value(lines[DEVICE_BUTTONS][index]) == 1 ? 1 : 0; }

/** One ioctl: safe in a fault handler. */
static void write_output(enum device_pins kind, unsigned index, int value) {
  (void)gpiod_line_set_value(lines[kind][index], value == 0 ? 0 : 1);
}

static void wait_for_edges(void) {
  for (unsigned index = 0; index < buttons->count; index += 1) {
    wait_for(gpiod_line_event_get_fd(lines[DEVICE_BUTTONS][index]), POLLIN);
  }
}

/** An edge only wakes; the level is read by the firmware, which debounces it. */
static void take_edges(void) {
  static const struct timespec now;
  struct gpiod_line_event events[EVENTS];
  for (unsigned index = 0; index < buttons->count; index += 1) {
    if (gpiod_line_event_wait(lines[DEVICE_BUTTONS][index], &now) == 1) {
      (void)gpiod_line_event_read_multiple(lines[DEVICE_BUTTONS][index], events, EVENTS);
    }
  }
}

static bool request(struct gpiod_line *line, enum device_pins kind, bool is_inverted) {
  bool is_button = kind == DEVICE_BUTTONS;
  // A button is to ground, so that pressed is low, unless it is inverted; an output is on when high, unless it is inverted.
  bool is_active_low = is_button != is_inverted;
  struct gpiod_line_request_config wanted = {
      .consumer = CONSUMER,
      .request_type = is_button ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES : GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
      .flags = is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0,
  };
  if (is_button) {
    wanted.flags |= is_inverted ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN : GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
  }
  if (gpiod_line_request(line, &wanted, 0) == 0) {
    return true;
  }
  // A chip without bias resistors has them on the board.
  wanted.flags &= ~(GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP);
  return gpiod_line_request(line, &wanted, 0) == 0;
}

static const pins_part gpiod_pins = {read_button, write_output, wait_for_edges, take_edges};

const pins_part *pins_gpiod_open(const configuration *chosen) {
  struct gpiod_chip *chip = gpiod_chip_open(chosen->gpio_chip);
  if (chip == NULL) {
    (void)system_problem("the GPIO chip %s cannot be opened", chosen->gpio_chip);
    return NULL;
  }
  buttons = &chosen->buttons;
  // The doors first.
  for (int kind = DEVICE_RELAYS; kind >= DEVICE_BUTTONS; kind -= 1) {
    const pin_lines *wanted = pins_of(chosen, (enum device_pins)kind);
    for (unsigned index = 0; index < wanted->count; index += 1) {
      unsigned number = wanted->pin[index].line;
      lines[kind][index] = gpiod_chip_get_line(chip, number);
      if (lines[kind][index] == NULL ||
          !request(lines[kind][index], (enum device_pins)kind, wanted->pin[index].is_inverted)) {
        (void)system_problem("line %u of %s cannot be had; `gpioinfo` shows who has it", number, chosen->gpio_chip);
        return NULL;
      }
    }
  }
  return &gpiod_pins;
}
