/* What start.c has in the vector table, and the symbols of the linker script. */
#ifndef DOORLINE_MPS2_HANDLERS_H
#define DOORLINE_MPS2_HANDLERS_H

#include <stdint.h>

void on_timer(void);
void on_ethernet(void);
/** Every fault, the watchdog's interrupt and whatever interrupt nobody asked for. */
void on_fault(void);

/** Boundaries of memory (sections.ld). */
extern uint8_t memory_flash_start[];
extern uint8_t memory_flash_octets[];
extern uint8_t memory_ram_start[];
extern uint8_t memory_ram_octets[];
extern uint8_t memory_shell_end[];
extern uint8_t memory_shell_octets[];
extern uint8_t memory_data_start[];
extern uint8_t memory_data_end[];
extern uint8_t memory_data_load[];
extern uint8_t memory_bss_start[];
extern uint8_t memory_bss_end[];
extern uint32_t memory_stack_bottom[];
extern uint32_t memory_stack_top[];
extern uint32_t memory_fault_stack_top[];
/** The partition that the program lies in, and that of the one before it, which is what the device falls back to. */
extern const uint8_t memory_program[];
extern uint8_t memory_program_octets[];
extern const uint8_t memory_former[];
extern uint8_t memory_former_octets[];

/** A symbol of the linker script that is a number. */
#define MEMORY_NUMBER(symbol) ((uint32_t)(uintptr_t)(symbol))

#endif
