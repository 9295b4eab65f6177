/* From reset to main: vector table, memory, floating point (ARMv7-M B1.5). */
#include <stddef.h>
#include <string.h>

#include "handlers.h"
#include "main.h"
#include "mpu.h"
#include "paint.h"
#include "registers.h"
#include "stack.h"

enum { SYSTEM_VECTORS = 16, INTERRUPTS = 32, CPACR_FPU = 0xf << 20 };

typedef void (*vector)(void);

static _Noreturn void on_reset(void);

/** Found by the linker script. */
__attribute__((section(".vectors"))) const struct {
  uint32_t *stack;
  vector system[SYSTEM_VECTORS - 1];
  vector interrupts[INTERRUPTS];
} board_vectors = {
    memory_stack_top,
    {(vector)on_reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
     on_fault, on_fault, on_fault, on_fault, on_fault},
    {on_console, on_fault, on_fault,    on_fault, on_fault, on_fault, on_fault, on_fault, on_timer, on_fault, on_fault,
     on_fault,   on_fault, on_ethernet, on_sound, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
     on_fault,   on_fault, on_fault,    on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault},
};

_Static_assert(sizeof board_vectors == (SYSTEM_VECTORS + INTERRUPTS) * sizeof(vector), "the table has no gaps");

static _Noreturn void on_reset(void) {
  register_write(SCB_CPACR, register_read(SCB_CPACR) | CPACR_FPU);
  processor_sync();
  memcpy(memory_data_start, memory_data_load, (size_t)(memory_data_end - memory_data_start));
  memset(memory_bss_start, 0, (size_t)(memory_bss_end - memory_bss_start));
  stack_paint();
  paint_memory();
  register_write(SCB_SHCSR, register_read(SCB_SHCSR) | SHCSR_FAULTS_ENABLED);
  mpu_open();
  board_main();
}
