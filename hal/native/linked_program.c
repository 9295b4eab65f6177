/* The linked program, taken in as it is by the assembler: no generated source, and its octets are never parsed. */
#include "linked_program.h"

#ifdef DOORLINE_PROGRAM

__asm__(".section .rodata.linked_program, \"a\"\n"
        ".balign 16\n"
        ".global linked_program_start\n"
        "linked_program_start:\n"
        ".incbin \"" DOORLINE_PROGRAM "\"\n"
        ".global linked_program_end\n"
        "linked_program_end:\n"
        ".byte 0\n"
        ".text\n");

extern const uint8_t linked_program_start[];
extern const uint8_t linked_program_end[];

const uint8_t *linked_program(void) { return linked_program_start; }

size_t linked_program_size(void) { return (size_t)((uintptr_t)linked_program_end - (uintptr_t)linked_program_start); }

#else

const uint8_t *linked_program(void) { return NULL; }

size_t linked_program_size(void) { return 0; }

#endif
