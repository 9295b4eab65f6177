/*
 * A note in RAM that start-up leaves alone. After power has come its sum is wrong, and it is begun anew. The watchdog
 * (CMSDK manual 4.6) interrupts first, so that the fault handler can write the reason down; its second bite is the reset itself.
 */
#include "life.h"

#include <stdint.h>
#include <stdio.h>

#include "../../hal/native/device.h"
#include "../../hal/native/program.h"
#include "clock.h"
#include "mps2-limits.h"
#include "registers.h"

enum {
  /** A device that lived shorter than this failed soon after its boot. */
  SOON_MS = 60000,
  /** The wait after n failures in a row is 2^(n-1) seconds, up to 2^MOST_DOUBLINGS. */
  MOST_DOUBLINGS = 6,
  MOST_RESTARTS = 65535,
};

typedef struct life_note {
  uint32_t reason;
  uint32_t restarts;
  uint32_t failures;
  uint32_t sum;
} life_note;

/** The next start's; and what this start found. */
static life_note note __attribute__((section(".noinit")));
static life_note found;
static uint32_t started_at;
static bool is_to_end;
static bool is_to_restart;

static uint32_t sum_of(const life_note *of) { return program_crc32(0, (const uint8_t *)of, offsetof(life_note, sum)); }

static void write_note(enum device_reset_reason reason, uint32_t restarts, uint32_t failures) {
  note = (life_note){(uint32_t)reason, restarts, failures, 0};
  note.sum = sum_of(&note);
}

void life_open(void) {
  started_at = device_clock_ms();
  if (note.sum == sum_of(&note)) {
    found = note;
  }
  /* What nobody writes down before a reset is the watchdog's second bite. */
  write_note(DEVICE_RESET_WATCHDOG, found.restarts + 1, found.failures + 1);
  register_write(WATCHDOG_LOCK, WATCHDOG_KEY);
  register_write(WATCHDOG_LOAD, (uint32_t)WATCHDOG_MS * (CLOCK_HZ / 1000));
  register_write(WATCHDOG_CONTROL, WATCHDOG_INTERRUPT | WATCHDOG_RESET);
  register_write(WATCHDOG_LOCK, 0);
}

void device_watchdog_feed(void) {
  register_write(WATCHDOG_LOCK, WATCHDOG_KEY);
  register_write(WATCHDOG_CLEAR, 1);
  register_write(WATCHDOG_LOCK, 0);
}

void life_back_off(void (*meanwhile)(void)) {
  if (found.failures == 0) {
    return;
  }
  char line[LOG_LINE_OCTETS];
  uint32_t doublings = found.failures - 1 < MOST_DOUBLINGS ? found.failures - 1 : MOST_DOUBLINGS;
  snprintf(line, sizeof line, "failed %lu times in a row: waiting %lu s", (unsigned long)found.failures,
           1UL << doublings);
  device_log_line(line);
  uint32_t start = device_clock_ms();
  while (device_clock_ms() - start < UINT32_C(1000) << doublings && !is_to_end) {
    device_watchdog_feed();
    clock_rest(CLOCK_HZ / 100);
    meanwhile();
  }
  started_at = device_clock_ms();
}

void life_ask_end(void) { is_to_end = true; }

bool life_is_to_end(void) { return is_to_end; }

void life_ask_restart(void) {
  is_to_end = true;
  is_to_restart = true;
}

bool life_is_to_restart(void) { return is_to_restart; }

enum device_reset_reason device_reset_reason(void) { return (enum device_reset_reason)found.reason; }

uint16_t device_restarts(void) { return (uint16_t)found.restarts; }

_Noreturn void device_restart(enum device_reset_reason reason) {
  device_secure();
  bool was_soon = device_clock_ms() - started_at < SOON_MS && reason != DEVICE_RESET_REQUESTED;
  write_note(reason, found.restarts < MOST_RESTARTS ? found.restarts + 1 : MOST_RESTARTS,
             was_soon ? found.failures + 1 : 0);
  for (;;) {
    processor_sync();
    register_write(SCB_AIRCR, AIRCR_KEY | AIRCR_SYSRESETREQ);
  }
}
