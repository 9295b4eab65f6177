/* The board: everything is opened, the shell runs the program of a slot; and the one place where the device waits. */
#include "main.h"

#include <stdio.h>

#include "../../hal/native/device.h"
#include "../../hal/native/memory_report.h"
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
#include "paint.h"
#include "pins.h"
#include "programs.h"
#include "registers.h"
#include "stack.h"
#include "tcp.h"
#include "udp.h"
#include "update.h"

enum { TICKS_A_MS = CLOCK_HZ / 1000 };

/** Whether there is a program whose memory can be told. */
static bool is_running;

static void report(void) {
  char line[LOG_LINE_OCTETS];
  uint32_t statics = MEMORY_NUMBER(memory_bss_end) - MEMORY_NUMBER(memory_ram_start);
  snprintf(line, sizeof line, "flash: shell %lu of %lu octets, program partition %lu",
           (unsigned long)(MEMORY_NUMBER(memory_shell_end) - MEMORY_NUMBER(memory_flash_start)),
           (unsigned long)MEMORY_NUMBER(memory_shell_octets), (unsigned long)MEMORY_NUMBER(memory_program_octets));
  device_log_line(line);
  snprintf(line, sizeof line, "ram: %lu of %lu octets laid out, %lu never touched; stack %lu of %lu ever used",
           (unsigned long)statics, (unsigned long)MEMORY_NUMBER(memory_ram_octets), (unsigned long)paint_untouched(),
           (unsigned long)stack_used(), (unsigned long)stack_octets());
  device_log_line(line);
  snprintf(line, sizeof line, "ethernet: %lu frames dropped", (unsigned long)ethernet_dropped());
  device_log_line(line);
  if (is_running) {
    memory_report();
  }
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

/** The octets that came: a new program's, or keys. */
static void heed_console(void) {
  for (int octet = console_key(); octet >= 0; octet = console_key()) {
    if (!update_take((uint8_t)octet)) {
      heed_key(octet);
    }
  }
}

/** Everything that may have come. Returns whether the program should look. */
static bool work(void) {
  bool is_news = network_work();
  is_news = pins_work() || is_news;
  is_news = audio_work() || is_news;
  is_news = device_udp_waiting() != 0 || is_news;
  is_news = tcp_is_waiting() || is_news;
  heed_console();
  programs_work();
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

_Noreturn void board_main(void) {
  register_write(FPGAIO_PRESCALE, 0);
  console_open();
  life_open();
  pins_open();
  entropy_open();
  audio_open();
  network_open();
  udp_open();
  tcp_open_all();
  const uint8_t *image = programs_choose();
  /* A better program may come by the console while a bad one is waited for. */
  life_back_off(heed_console);
  if (image == NULL) {
    device_log_line("no program is whole: send one by the console (doorline console --send-program)");
  } else if (!life_is_to_end()) {
    is_running = true;
    (void)shell_run(image, programs_octets());
    is_running = false;
  }
  while (!life_is_to_restart()) {
    /* Ended on request, or nothing to run: outputs at rest, and only somebody at the console changes that. */
    device_watchdog_feed();
    clock_rest(CLOCK_HZ / 100);
    heed_console();
  }
  device_restart(DEVICE_RESET_REQUESTED);
}
