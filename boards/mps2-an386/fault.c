/*
 * What the processor cannot go on from (ARMv7-M B1.5): outputs to rest, the registers to the log, and a restart. The watchdog's
 * first bite comes here too, as the non-maskable interrupt. Runs on a stack of its own, because the other may be the reason.
 */
#include <stdio.h>

#include "../../hal/native/device.h"
#include "handlers.h"
#include "registers.h"

/** Numbers of exceptions. */
enum { EXCEPTION_NMI = 2, EXCEPTION_USAGE_FAULT = 6 };

/** What an exception pushes. */
enum { FRAME_WORDS = 8 };

static void log_words(const char *first, uint32_t a, const char *second, uint32_t b, const char *third, uint32_t c) {
  char line[80];
  snprintf(line, sizeof line, "%s %08lx  %s %08lx  %s %08lx", first, (unsigned long)a, second, (unsigned long)b, third,
           (unsigned long)c);
  device_log_line(line);
}

static int is_in_ram(const uint32_t *frame) {
  uint32_t offset = (uint32_t)(uintptr_t)frame - MEMORY_NUMBER(memory_ram_start);
  return offset % sizeof *frame == 0 && offset <= MEMORY_NUMBER(memory_ram_octets) - FRAME_WORDS * sizeof *frame;
}

__attribute__((used)) static _Noreturn void report(const uint32_t *frame, uint32_t exception) {
  char line[80];
  device_secure();
  snprintf(line, sizeof line, "exception %lu%s", (unsigned long)exception,
           exception == EXCEPTION_NMI ? ": nobody fed the watchdog" : "");
  device_log_line(line);
  if (is_in_ram(frame)) {
    log_words("pc", frame[6], "lr", frame[5], "psr", frame[7]);
    log_words("r0", frame[0], "r1", frame[1], "r2 ", frame[2]);
    log_words("r3", frame[3], "r12", frame[4], "sp", (uint32_t)(uintptr_t)frame);
  }
  if (exception > EXCEPTION_NMI && exception <= EXCEPTION_USAGE_FAULT) {
    log_words("cfsr", register_read(SCB_CFSR), "hfsr", register_read(SCB_HFSR), "mmfar", register_read(SCB_MMFAR));
  }
  device_restart(exception == EXCEPTION_NMI ? DEVICE_RESET_WATCHDOG : DEVICE_RESET_FAULT);
}

__attribute__((naked)) void on_fault(void) {
  __asm__ volatile("mrs r0, msp\n\t"
                   "mrs r1, ipsr\n\t"
                   "ldr r2, =memory_fault_stack_top\n\t"
                   "msr msp, r2\n\t"
                   "b report\n\t"
                   ".ltorg");
}
