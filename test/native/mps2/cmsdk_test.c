/* Time, console and watchdog against the CMSDK's timer (4.2), UART (4.3) and watchdog (4.6): what the counter's wrap, a line that never
 * ends and a program that hangs come to. */
#include <setjmp.h>
#include <string.h>

#include "../../../boards/mps2-an386/clock.h"
#include "../../../boards/mps2-an386/console.h"
#include "../../../boards/mps2-an386/handlers.h"
#include "../../../boards/mps2-an386/life.h"
#include "../../../boards/mps2-an386/mps2-limits.h"
#include "../../../boards/mps2-an386/registers.h"
#include "../../../hal/native/device.h"
#include "../check.h"
#include "model_registers.h"

enum { MS = CLOCK_HZ / 1000, OCTET_TICKS = 10 * CLOCK_HZ / 115200, TEXT_OCTETS = 4000 };

static unsigned lines;
static unsigned secured;

void device_log_line(const char *line) {
  (void)line;
  lines += 1;
}
void device_secure(void) { secured += 1; }

/* ---- Timer 0: counts down from VALUE, then goes on from RELOAD ---- */

static uint32_t timer_control;
static uint32_t timer_reload;
static uint64_t timer_due;
static bool timer_interrupts;

static uint32_t read_timer(uint32_t offset) { return offset == 0 ? timer_control : 0; }

static void write_timer(uint32_t offset, uint32_t value) {
  switch (offset) {
  case 0x0:
    timer_control = value;
    break;
  case 0x4:
    timer_due = model_ticks + value;
    break;
  case 0x8:
    timer_reload = value;
    break;
  case 0xc:
    timer_interrupts = false;
    break;
  default:
    break;
  }
}

/** The processor rests: the next interrupt is the timer's, if that is on and let through. */
static unsigned rests;
static void rest(void) {
  rests += 1;
  if ((timer_control & 9) == 9 && (model_enabled & 1U << IRQ_TIMER_0) != 0) {
    model_ticks = timer_due > model_ticks ? timer_due : model_ticks;
    timer_interrupts = true;
    on_timer();
  }
}

/* ---- UART 0: a buffer of one octet each way ---- */

static char text[TEXT_OCTETS];
static size_t text_octets;
static uint64_t sending_until;
static bool is_broken;
static unsigned overruns;
static uint32_t uart_control;
static uint32_t uart_divisor;
static bool uart_interrupts;
static uint8_t received;
static bool has_received;

static uint32_t read_uart(uint32_t offset) {
  switch (offset) {
  case 0x0:
    has_received = false;
    return received;
  case 0x4:
    return (is_broken || model_ticks < sending_until ? 1 : 0) | (has_received ? 2 : 0) | (overruns > 0 ? 8 : 0);
  case 0x10:
    return uart_divisor;
  default:
    return 0;
  }
}

static void write_uart(uint32_t offset, uint32_t value) {
  switch (offset) {
  case 0x0:
    CHECK((uart_control & 1) != 0);
    if (model_ticks >= sending_until && !is_broken && text_octets < TEXT_OCTETS - 1) {
      text[text_octets] = (char)value;
      text_octets += 1;
      sending_until = model_ticks + 10ULL * uart_divisor;
    }
    break;
  case 0x8:
    uart_control = value;
    break;
  case 0xc:
    uart_interrupts = uart_interrupts && (value & 2) == 0;
    break;
  case 0x10:
    /* The least that it divides by. */
    CHECK(value >= 16);
    uart_divisor = value;
    break;
  default:
    break;
  }
}

static void receive(uint8_t octet) {
  overruns += has_received ? 1 : 0;
  received = octet;
  has_received = true;
  uart_interrupts = true;
}

/** As the interrupt controller does. */
static void serve(void) {
  if (uart_interrupts && (uart_control & 8) != 0 && (model_enabled & 1U << IRQ_UART_0_RX) != 0) {
    on_console();
  }
}

/* ---- Watchdog: interrupts, and resets when the interrupt is not cleared until it counted down again ---- */

static uint32_t watchdog_load;
static uint32_t watchdog_control;
static bool is_locked;
static uint64_t watchdog_from;

static uint32_t read_watchdog(uint32_t offset) {
  (void)offset;
  return 0;
}

static void write_watchdog(uint32_t offset, uint32_t value) {
  if (offset == 0xc00) {
    is_locked = value != 0x1acce551;
    return;
  }
  if (is_locked) {
    return;
  }
  if (offset == 0x0) {
    watchdog_load = value;
    watchdog_from = model_ticks;
  } else if (offset == 0x8) {
    watchdog_from = (watchdog_control & 1) == 0 && (value & 1) != 0 ? model_ticks : watchdog_from;
    watchdog_control = value;
  } else if (offset == 0xc) {
    watchdog_from = model_ticks;
  }
}

/** How often it has counted down without food; the second time is the reset. */
static unsigned bites(void) {
  return (watchdog_control & 3) != 3 ? 0 : (unsigned)((model_ticks - watchdog_from) / watchdog_load);
}

/* ---- System control: the reset on request ---- */

static jmp_buf reset;

static uint32_t read_system(uint32_t offset) {
  (void)offset;
  return 0;
}

static void write_system(uint32_t offset, uint32_t value) {
  if (offset == 0xc && value == (0x05fa0000 | 1 << 2)) {
    longjmp(reset, 1);
  }
}

static const model_chip chips[] = {
    {0x40000000, 0x1000, read_timer, write_timer},
    {0x40004000, 0x1000, read_uart, write_uart},
    {0x40008000, 0x1000, read_watchdog, write_watchdog},
    {0xe000ed00, 0x90, read_system, write_system},
};

static void power(void) {
  model_registers_open(chips, sizeof chips / sizeof *chips);
  model_on_rest = rest;
  timer_control = 0;
  timer_interrupts = false;
  memset(text, 0, sizeof text);
  text_octets = 0;
  sending_until = 0;
  is_broken = false;
  overruns = 0;
  uart_control = 0;
  has_received = false;
  uart_interrupts = false;
  watchdog_control = 0;
  is_locked = true;
  lines = 0;
  secured = 0;
  rests = 0;
}

/* ---- Cases ---- */

static void widens(void) {
  power();
  uint64_t start = model_ticks;
  uint64_t from = clock_ticks();
  for (int step = 0; step < 40; step += 1) {
    /* Just below the 171 s that the counter has. */
    model_ticks += 0xfff00000;
    uint64_t passed = clock_ticks() - from;
    CHECK(passed >= model_ticks - start - 100 && passed <= model_ticks - start);
  }
  uint32_t now = device_clock_ms();
  model_ticks += 1234ULL * MS;
  CHECK(device_clock_ms() - now >= 1234 && device_clock_ms() - now <= 1235);
}

static void rests_as_long_as_asked(void) {
  power();
  uint64_t start = model_ticks;
  clock_rest(5 * MS);
  CHECK(rests == 1);
  CHECK(model_ticks - start >= 5 * MS && model_ticks - start < 5 * MS + 200);
  CHECK((timer_control & 1) == 0 && !timer_interrupts && timer_reload == 5 * MS);
}

static void writes_everything(void) {
  static const char said[] = "a line that is longer than what the UART holds\r\n";
  power();
  console_open();
  uint64_t start = model_ticks;
  console_write(said, strlen(said));
  CHECK_TEXT(text, said);
  /* 115,200 baud, by not more than 2 %. */
  CHECK(model_ticks - start > (strlen(said) - 2) * OCTET_TICKS * 98 / 100);
  CHECK(uart_divisor * 115200 > CLOCK_HZ / 100 * 98 && uart_divisor * 115200 < CLOCK_HZ / 100 * 102);
}

static void is_not_held_up(void) {
  power();
  console_open();
  is_broken = true;
  uint64_t start = model_ticks;
  console_write("0123456789", 10);
  CHECK(model_ticks - start < 10 * 2 * OCTET_TICKS + 1000);
}

static void queues_keys(void) {
  power();
  console_open();
  CHECK(console_key() == -1);
  for (int octet = 0; octet < 256; octet += 1) {
    receive((uint8_t)octet);
    serve();
    CHECK(!uart_interrupts);
  }
  for (int octet = 0; octet < 256; octet += 1) {
    CHECK(console_key() == octet);
  }
  CHECK(console_key() == -1 && overruns == 0);
}

static void loses_what_is_too_much(void) {
  power();
  console_open();
  for (int octet = 0; octet < CONSOLE_QUEUE_OCTETS + 10; octet += 1) {
    receive((uint8_t)(octet * 3));
    serve();
  }
  for (int octet = 0; octet < CONSOLE_QUEUE_OCTETS; octet += 1) {
    CHECK(console_key() == (octet * 3 & 0xff));
  }
  CHECK(console_key() == -1);
  /* The interrupt came too late for the first of two. */
  receive('a');
  receive('b');
  serve();
  CHECK(overruns == 1 && console_key() == 'b' && console_key() == -1);
  receive('c');
  serve();
  CHECK(console_key() == 'c');
}

/** From power or a reset to the next one. Returns why the start was. */
static enum device_reset_reason boot(void) {
  power();
  life_open();
  return device_reset_reason();
}

static void ends(enum device_reset_reason reason) {
  if (setjmp(reset) == 0) {
    device_restart(reason);
  }
}

static void watches(void) {
  (void)boot();
  CHECK(watchdog_control == 3 && is_locked && watchdog_load == (uint32_t)WATCHDOG_MS * MS);
  for (int second = 0; second < 100; second += 1) {
    model_ticks += 9000ULL * MS;
    CHECK(bites() == 0);
    device_watchdog_feed();
  }
  CHECK(is_locked);
  model_ticks += (uint64_t)WATCHDOG_MS * MS + 1000;
  CHECK(bites() == 1);
  model_ticks += (uint64_t)WATCHDOG_MS * MS;
  CHECK(bites() == 2);
}

static void outlives(void) {
  uint16_t before = device_restarts();
  ends(DEVICE_RESET_SCRIPT_ERROR);
  CHECK(secured == 1);
  CHECK(boot() == DEVICE_RESET_SCRIPT_ERROR && device_restarts() == before + 1);
  ends(DEVICE_RESET_REQUESTED);
  CHECK(boot() == DEVICE_RESET_REQUESTED && device_restarts() == before + 2);
  /* Nobody wrote anything down. */
  CHECK(boot() == DEVICE_RESET_WATCHDOG && device_restarts() == before + 3);
}

static unsigned looks;

static void look_around(void) { looks += 1; }

static void look_and_end(void) { life_ask_end(); }

static void backs_off(void) {
  static const uint32_t seconds[] = {0, 1, 2, 4, 8, 16, 32, 64, 64, 64};
  ends(DEVICE_RESET_REQUESTED);
  for (size_t failures = 0; failures < sizeof seconds / sizeof *seconds; failures += 1) {
    (void)boot();
    uint64_t start = model_ticks;
    looks = 0;
    life_back_off(look_around);
    uint64_t milliseconds = (model_ticks - start) / MS;
    CHECK(milliseconds >= seconds[failures] * 1000 && milliseconds <= seconds[failures] * 1000 + 200);
    CHECK(looks >= seconds[failures] * 90);
    CHECK(lines == (failures == 0 ? 0 : 1) && bites() == 0);
    ends(DEVICE_RESET_FAULT);
  }
  (void)boot();
  model_ticks += 61000ULL * MS;
  ends(DEVICE_RESET_FAULT);
  (void)boot();
  life_back_off(look_around);
  CHECK(lines == 0);
}

static void ends_its_wait(void) {
  ends(DEVICE_RESET_REQUESTED);
  for (int failures = 0; failures < 7; failures += 1) {
    (void)boot();
    ends(DEVICE_RESET_FAULT);
  }
  (void)boot();
  uint64_t start = model_ticks;
  life_back_off(look_and_end);
  CHECK(model_ticks - start < 100ULL * MS);
}

static const check_case cases[] = {
    {"goes on counting when the counter of 32 bits wraps", widens},
    {"rests until the timer's interrupt, which then is off", rests_as_long_as_asked},
    {"writes every octet at 115,200 baud, however full the transmitter is", writes_everything},
    {"is not held up by a transmitter that is off", is_not_held_up},
    {"keeps every octet that came, in order", queues_keys},
    {"loses what the queue and the receiver have no room for, and goes on", loses_what_is_too_much},
    {"is bitten when it is not fed, by a watchdog that only its key opens", watches},
    {"tells the next start why it is there, and that nobody said so", outlives},
    {"waits longer after each failure in a row, fed, and no longer after a minute of life", backs_off},
    {"waits no longer once somebody at the console asks for an end", ends_its_wait},
};

CHECK_MAIN(cases)
