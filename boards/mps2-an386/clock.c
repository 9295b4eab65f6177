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
  uint32_t now = register_read(FPGAIO_COUNTER);
  ticks += now - last;
  last = now;
  return ticks;
}

uint32_t device_clock_ms(void) { return (uint32_t)(clock_ticks() / TICKS_A_MS); }

void on_timer(void) {
  register_write(TIMER_CONTROL, 0);
  register_write(TIMER_CLEAR, 1);
}

void clock_rest(uint32_t rest) {
  register_write(TIMER_CONTROL, 0);
  register_write(TIMER_CLEAR, 1);
  register_write(TIMER_RELOAD, rest);
  register_write(TIMER_VALUE, rest);
  register_write(NVIC_ENABLE, 1U << IRQ_TIMER_0);
  register_write(TIMER_CONTROL, TIMER_ENABLE | TIMER_INTERRUPT);
  processor_rest();
  register_write(TIMER_CONTROL, 0);
}
