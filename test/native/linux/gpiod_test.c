/* Pins of a GPIO chip, with libgpiod played: which line is requested how, and that outputs never begin at 1. */
#include <gpiod.h>
#include <stddef.h>

#include "../../../boards/linux/pins.h"
#include "../../../boards/linux/problem.h"
#include "../../../boards/linux/wait.h"
#include "check.h"

enum { LINES = 32, OTHERS = 8 };

/** A line that is played. */
struct gpiod_line {
  int request_type;
  int flags;
  int value;
  int edges;
  unsigned requested;
};

static struct gpiod_line lines[LINES];
static unsigned requests;
static bool has_bias = true;
static configuration chosen;

struct gpiod_chip *gpiod_chip_open(const char *path) {
  return strcmp(path, "/dev/gpiochip0") == 0 ? (struct gpiod_chip *)(void *)lines : NULL;
}

struct gpiod_line *gpiod_chip_get_line(struct gpiod_chip *chip, unsigned int offset) {
  (void)chip;
  return offset < LINES ? &lines[offset] : NULL;
}

int gpiod_line_request(struct gpiod_line *line, const struct gpiod_line_request_config *wanted, int value) {
  int bias = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
  if (line == &lines[OTHERS] || ((wanted->flags & bias) != 0 && !has_bias)) {
    return -1;
  }
  requests += 1;
  *line = (struct gpiod_line){wanted->request_type, wanted->flags, value, 0, requests};
  return strcmp(wanted->consumer, "doorline") == 0 ? 0 : -1;
}

int gpiod_line_get_value(struct gpiod_line *line) { return line->value; }

int gpiod_line_set_value(struct gpiod_line *line, int value) {
  line->value = value;
  return 0;
}

int gpiod_line_event_get_fd(struct gpiod_line *line) { return (int)(line - lines); }

int gpiod_line_event_wait(struct gpiod_line *line, const struct timespec *timeout) {
  return timeout->tv_sec == 0 && timeout->tv_nsec == 0 && line->edges > 0 ? 1 : 0;
}

int gpiod_line_event_read_multiple(struct gpiod_line *line, struct gpiod_line_event *events, unsigned int count) {
  (void)events;
  line->edges -= line->edges < (int)count ? line->edges : (int)count;
  return 0;
}

void wait_for(int descriptor, short events) { lines[descriptor].edges += events == POLLIN ? 100 : 0; }

static void set_pins(pin_lines *pins, unsigned line, bool is_inverted) {
  pins->count = 1;
  pins->pin[0].line = line;
  pins->pin[0].is_inverted = is_inverted;
}

static bool open_at(unsigned button, unsigned led, unsigned relay, bool is_inverted) {
  memset(lines, 0, sizeof lines);
  memset(&chosen, 0, sizeof chosen);
  requests = 0;
  strcpy(chosen.gpio_chip, "/dev/gpiochip0");
  set_pins(&chosen.buttons, button, is_inverted);
  set_pins(&chosen.leds, led, is_inverted);
  set_pins(&chosen.relays, relay, is_inverted);
  return pins_open(&chosen);
}

static void requests_lines_for_what_they_are(void) {
  CHECK(open_at(1, 2, 3, false));
  CHECK(lines[1].request_type == GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES);
  CHECK(lines[1].flags == (GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP));
  CHECK(lines[2].request_type == GPIOD_LINE_REQUEST_DIRECTION_OUTPUT && lines[2].flags == 0);
  CHECK(lines[3].request_type == GPIOD_LINE_REQUEST_DIRECTION_OUTPUT && lines[3].flags == 0);
  CHECK(lines[3].requested == 1 && lines[3].value == 0);
}

static void turns_the_level_round_where_it_is_told(void) {
  CHECK(open_at(1, 2, 3, true));
  CHECK(lines[1].flags == GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN);
  CHECK(lines[2].flags == GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW);
  CHECK(lines[3].flags == GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW && lines[3].value == 0);
}

static void does_without_bias(void) {
  has_bias = false;
  CHECK(open_at(1, 2, 3, false));
  CHECK(lines[1].flags == GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW);
  has_bias = true;
}

static void reads_drives_and_secures(void) {
  CHECK(open_at(1, 2, 3, false));
  lines[1].value = 1;
  CHECK(device_pin_read(DEVICE_BUTTONS, 0) == 1);
  lines[1].value = -1;
  CHECK(device_pin_read(DEVICE_BUTTONS, 0) == 0);
  device_pin_write(DEVICE_RELAYS, 0, 1);
  device_pin_write(DEVICE_LEDS, 0, 1);
  CHECK(lines[3].value == 1 && lines[2].value == 1 && device_pin_read(DEVICE_RELAYS, 0) == 1);
  device_pin_write(DEVICE_RELAYS, 1, 1);
  device_pin_write(DEVICE_BUTTONS, 0, 1);
  CHECK(device_pin_read(DEVICE_RELAYS, 1) == 0 && lines[1].value == -1);
  device_secure();
  CHECK(lines[3].value == 0 && lines[2].value == 0 && device_pin_read(DEVICE_RELAYS, 0) == 0);
}

static void takes_edges_that_woke_it(void) {
  CHECK(open_at(1, 2, 3, false));
  pins_wait();
  CHECK(lines[1].edges == 100 && lines[2].edges == 0);
  for (int works = 0; works < 10; works += 1) {
    pins_work();
  }
  CHECK(lines[1].edges == 0);
}

static void says_what_cannot_be_had(void) {
  CHECK(!open_at(1, 2, OTHERS, false));
  CHECK(strstr(last_problem(), "line 8 of /dev/gpiochip0 cannot be had; `gpioinfo` shows who has it") != NULL);
  CHECK(!open_at(1, 2, LINES, false));
  strcpy(chosen.gpio_chip, "/dev/gpiochip9");
  CHECK(!pins_open(&chosen));
  CHECK(strstr(last_problem(), "the GPIO chip /dev/gpiochip9 cannot be opened") != NULL);
  *chosen.gpio_chip = 0;
  CHECK(!pins_open(&chosen));
  CHECK_TEXT(last_problem(), "there are pins, but neither gpio-chip nor pins-socket");
}

const pins_part *pins_socket_open(const configuration *from) {
  (void)from;
  return NULL;
}

static const check_case cases[] = {
    {"requests a line for what it is, relays first and at 0", requests_lines_for_what_they_are},
    {"turns the level round where it is told", turns_the_level_round_where_it_is_told},
    {"does without bias resistors where the chip has none", does_without_bias},
    {"reads buttons, drives outputs, and secures them", reads_drives_and_secures},
    {"takes all the edges that woke it", takes_edges_that_woke_it},
    {"says which line or chip cannot be had", says_what_cannot_be_had},
};

CHECK_MAIN(cases)
