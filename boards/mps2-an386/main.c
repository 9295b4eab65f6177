/* The board: everything is opened, the shell runs the program of the partition; and the one place where the device waits. */
#include "main.h"

#include <stdio.h>

#include "../../hal/native/device.h"
#include "../../hal/native/memory_report.h"
#include "../../hal/native/program.h"
#include "../../hal/native/shell.h"
#include "audio.h"
#include "clock.h"
#include "console.h"
#include "entropy.h"
#include "ethernet.h"
#include "handlers.h"
#include "life.h"
#include "mps2-limits.h"
#include "network.h"
#include "pins.h"
#include "registers.h"
#include "stack.h"
#include "tcp.h"
#include "udp.h"

enum { TICKS_A_MS = CLOCK_HZ / 1000 };

static void report(void) {
  char line[LOG_LINE_OCTETS];
  uint32_t statics = MEMORY_NUMBER(memory_bss_end) - MEMORY_NUMBER(memory_ram_start);
  snprintf(line, sizeof line, "flash: shell %lu of %lu octets, program partition %lu",
           (unsigned long)(MEMORY_NUMBER(memory_shell_end) - MEMORY_NUMBER(memory_flash_start)),
           (unsigned long)MEMORY_NUMBER(memory_shell_octets), (unsigned long)MEMORY_NUMBER(memory_program_octets));
  device_log_line(line);
  snprintf(line, sizeof line, "ram: %lu of %lu octets laid out; stack %lu of %lu ever used", (unsigned long)statics,
           (unsigned long)MEMORY_NUMBER(memory_ram_octets), (unsigned long)stack_used(), (unsigned long)stack_octets());
  device_log_line(line);
  snprintf(line, sizeof line, "ethernet: %lu frames dropped", (unsigned long)ethernet_dropped());
  device_log_line(line);
  memory_report();
}

/** A person at the console: m the memory report, q an end in good order, r a restart. */
static void heed_key(int key) {
  entropy_add_moment((uint32_t)key);
  switch (key) {
  case 'm':
    report();
    break;
  case 'q':
    life_ask_end();
    break;
  case 'r':
    device_restart(DEVICE_RESET_REQUESTED);
  default:
    break;
  }
}

/** Everything that may have come. Returns whether the program should look. */
static bool work(void) {
  bool is_news = network_work();
  is_news = pins_work() || is_news;
  is_news = audio_work() || is_news;
  is_news = udp_is_waiting() || is_news;
  is_news = tcp_is_waiting() || is_news;
  int key = console_key();
  if (key >= 0) {
    heed_key(key);
  }
  return is_news || life_is_to_end();
}

static uint32_t least(uint32_t left, uint32_t right) { return left < right ? left : right; }

bool device_wait(uint32_t milliseconds) {
  uint64_t end = clock_ticks() + (uint64_t)least(milliseconds, LONGEST_WAIT_MS) * TICKS_A_MS;
  while (!work()) {
    uint64_t now = clock_ticks();
    if (now >= end) {
      break;
    }
    uint32_t rest = least((uint32_t)(end - now), PIN_POLL_MS * TICKS_A_MS);
    rest = least(rest, audio_ticks_to_frame());
    rest = least(rest, network_ms_to_work() * TICKS_A_MS);
    if (rest > 0 && ethernet_arm()) {
      clock_rest(rest);
    }
  }
  return !life_is_to_end();
}

typedef struct program_slot {
  const uint8_t *image;
  size_t octets;
} program_slot;

/** The program; the former one when the program is damaged or failed soon after its boot so often that it is not healthy. */
static program_slot choose_program(void) {
  const program_slot program_now = {memory_program, MEMORY_NUMBER(memory_program_octets)};
  const program_slot former = {memory_former, MEMORY_NUMBER(memory_former_octets)};
  static program opened;
  bool is_healthy = life_failures() < FAILURES_OF_A_PROGRAM;
  if (is_healthy && program_open(&opened, program_now.image, program_now.octets) == NULL) {
    return program_now;
  }
  if (program_open(&opened, former.image, former.octets) != NULL) {
    return program_now;
  }
  device_log_line(is_healthy ? "the program is damaged: the former one runs"
                             : "the program fails: the former one runs");
  return former;
}

_Noreturn void board_main(void) {
  FPGAIO_PRESCALE = 0;
  console_open();
  life_open();
  pins_open();
  entropy_open();
  audio_open();
  network_open();
  udp_open();
  tcp_open_all();
  life_back_off();
  program_slot chosen = choose_program();
  (void)shell_run(chosen.image, chosen.octets);
  for (;;) {
    /* Ended on request: outputs at rest, nothing to do until somebody restarts the board. */
    device_watchdog_feed();
    clock_rest(CLOCK_HZ / 10);
    if (console_key() == 'r') {
      device_restart(DEVICE_RESET_REQUESTED);
    }
  }
}
