/* What start.c has in the vector table, and the symbols of the linker script. */
#ifndef DOORLINE_MPS2_HANDLERS_H
#define DOORLINE_MPS2_HANDLERS_H

#include <stdint.h>

void on_timer(void);
void on_console(void);
void on_ethernet(void);
/** Of i2s.c; a build with sound in shared memory has a fault in its place. */
void on_sound(void);
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
/** The rooms of the VM: memory that nobody takes to be zero. */
extern uint32_t memory_rooms_start[];
extern uint32_t memory_rooms_end[];
/** Where programs run, and the program slots: all of the same size. In the large layout programs run in their slots. */
extern const uint8_t memory_program[];
extern uint8_t memory_program_octets[];
extern const uint8_t memory_first[];
extern const uint8_t memory_second[];
/** Where the linked part of the program is kept, and what tells one shell from another. */
extern const uint8_t memory_linked[];
extern uint8_t memory_linked_octets[];
extern const uint8_t memory_build_id[];
extern const uint8_t memory_build_id_end[];

/** A symbol of the linker script that is a number. */
#define MEMORY_NUMBER(symbol) ((uint32_t)(uintptr_t)(symbol))

#endif
