/*
 * The address space of the MPS2 as its drivers see it (boards/mps2-an386/registers.h): a test names the chips that are there, each a range
 * with what it does when it is read and written. Time is FPGAIO's counter, which each access and each rest moves on; an access to
 * nobody, one that is not of a whole word, and a wait without end, end the test.
 */
#ifndef DOORLINE_MODEL_REGISTERS_H
#define DOORLINE_MODEL_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

enum {
  /** Ticks of 40 ns that an access takes on the buses of the FPGA. */
  MODEL_ACCESS_TICKS = 4,
  /** A driver that has not come back after so many is in a loop without end. */
  MODEL_MOST_ACCESSES = 20000000,
};

typedef struct model_chip {
  uint32_t start;
  uint32_t octets;
  /** With the offset from the start. */
  uint32_t (*read)(uint32_t offset);
  void (*write)(uint32_t offset, uint32_t value);
} model_chip;

/** Sets the chips up, beside FPGAIO and the interrupt controller, and forgets what was. */
void model_registers_open(const model_chip *chips, size_t count);

/** The counter; a test sets it to any moment. Its 33rd bit does not reach the driver. */
extern uint64_t model_ticks;
/** Interrupts that the interrupt controller lets through, one bit each. */
extern uint32_t model_enabled;
/** What happens while the processor rests; NULL: the rest ends by itself. */
extern void (*model_on_rest)(void);

#endif
