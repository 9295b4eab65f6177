/* The drivers' way to registers, played; see model_registers.h. FPGAIO: Arm DAI 0386 chapter 3; NVIC: ARMv7-M B3.4. */
#include "model_registers.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../../boards/mps2-an386/registers.h"

static const model_chip *chips;
static size_t chip_count;
static unsigned accesses;

uint64_t model_ticks;
uint32_t model_enabled;
void (*model_on_rest)(void);

static uint32_t read_fpgaio(uint32_t offset) { return offset == 0x18 ? (uint32_t)model_ticks : 0; }

static void write_fpgaio(uint32_t offset, uint32_t value) {
  (void)offset;
  (void)value;
}

static uint32_t read_nvic(uint32_t offset) {
  (void)offset;
  return model_enabled;
}

static void write_nvic(uint32_t offset, uint32_t value) {
  if (offset == 0) {
    model_enabled |= value;
  } else if (offset == 0x80) {
    model_enabled &= ~value;
  }
}

static const model_chip own[] = {
    {0x40028000, 0x1000, read_fpgaio, write_fpgaio},
    {0xe000e100, 0x100, read_nvic, write_nvic},
};

static _Noreturn void give_up(const char *why, uint32_t address) {
  printf("not ok %s at %08lx\n", why, (unsigned long)address);
  fflush(stdout);
  exit(1);
}

static const model_chip *find_in(const model_chip *list, size_t count, uint32_t address) {
  for (size_t index = 0; index < count; index += 1) {
    if (address - list[index].start < list[index].octets) {
      return &list[index];
    }
  }
  return NULL;
}

static const model_chip *find(uint32_t address) {
  const model_chip *found = find_in(chips, chip_count, address);
  found = found == NULL ? find_in(own, sizeof own / sizeof *own, address) : found;
  if (found == NULL || address % 4 != 0) {
    give_up("an access to nobody", address);
  }
  accesses += 1;
  if (accesses > MODEL_MOST_ACCESSES) {
    give_up("a wait without end", address);
  }
  model_ticks += MODEL_ACCESS_TICKS;
  return found;
}

uint32_t register_read(uint32_t address) {
  const model_chip *chip = find(address);
  return chip->read(address - chip->start);
}

void register_write(uint32_t address, uint32_t value) {
  const model_chip *chip = find(address);
  chip->write(address - chip->start, value);
}

void processor_sync(void) {}

void processor_rest(void) {
  if (model_on_rest != NULL) {
    model_on_rest();
  }
}

void model_registers_open(const model_chip *there, size_t count) {
  chips = there;
  chip_count = count;
  accesses = 0;
  model_enabled = 0;
  model_on_rest = NULL;
}
