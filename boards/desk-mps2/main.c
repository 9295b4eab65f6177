/*
 * The desk's device on the bare Cortex-M4F of boards/mps2-an386, under QEMU: the same start-up, memory protection and VM; the wire goes
 * through files of the machine that emulates it. Nothing interrupts, so that every run takes the same instructions.
 */
#include "../mps2-an386/main.h"

#include "../desk/place.h"
#include "../desk/service.h"
#include "../mps2-an386/handlers.h"
#include "../mps2-an386/registers.h"
#include "../mps2-an386/stack.h"
#include "semihosting.h"

/** QEMU's own standard input and output. */
static int32_t commands;
static int32_t calls;

void place_write(const uint8_t *octets, size_t count) {
  if (semihosting_write(calls, octets, count) != 0) {
    place_end(PLACE_WIRE_GONE, NULL);
  }
}

void place_read(uint8_t *buffer, size_t count) {
  while (count > 0) {
    size_t left = semihosting_read(commands, buffer, count);
    if (left >= count) {
      place_end(PLACE_WIRE_GONE, NULL);
    }
    buffer += count - left;
    count = left;
  }
}

_Noreturn void place_end(enum place_exit code, const char *words) {
  if (words != NULL) {
    semihosting_say(words);
    semihosting_say("\n");
  }
  semihosting_exit((int)code);
}

size_t place_stack_used(void) { return stack_used(); }

_Noreturn void board_main(void) {
  register_write(FPGAIO_PRESCALE, 0);
  commands = semihosting_open("/dev/stdin", SEMIHOSTING_READ);
  calls = semihosting_open("/dev/stdout", SEMIHOSTING_WRITE);
  if (commands < 0 || calls < 0) {
    place_end(PLACE_USAGE, "the machine has no standard input and output");
  }
  desk_serve(memory_program, MEMORY_NUMBER(memory_program_octets));
}
