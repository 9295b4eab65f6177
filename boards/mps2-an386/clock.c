/*
 * The counter that runs freely at 25 MHz, widened to 64 bits by who asks. SysTick counts nothing: ticks that an interrupt
 * counts are lost under load.
 */
#include "clock.h"

#include "../../hal/native/device.h"
#include "handlers.h"
#include "registers.h"

enum { TICKS_A_MS = CLOCK_HZ / 1000 };

static uint32_t last;
static uint64_t ticks;

uint64_t clock_ticks(void) {
  uint32_t now = FPGAIO_COUNTER;
  ticks += now - last;
  last = now;
  return ticks;
}

uint32_t device_clock_ms(void) { return (uint32_t)(clock_ticks() / TICKS_A_MS); }

void on_timer(void) {
  TIMER_CONTROL = 0;
  TIMER_CLEAR = 1;
}

void clock_rest(uint32_t rest) {
  TIMER_CONTROL = 0;
  TIMER_CLEAR = 1;
  TIMER_RELOAD = rest;
  TIMER_VALUE = rest;
  NVIC_ENABLE = 1U << IRQ_TIMER_0;
  TIMER_CONTROL = TIMER_ENABLE | TIMER_INTERRUPT;
  /* An interrupt that comes before the wait ends it at once: it stays pending while interrupts are masked. */
  __asm__ volatile("cpsid i\n\tdsb\n\twfi\n\tcpsie i\n\tisb" ::: "memory");
  TIMER_CONTROL = 0;
}
