/*
 * Six regions (ARMv7-M B3.5), and one more while a page of flash is written. No background region: under the stack, which lies at
 * the bottom of RAM, and behind the end of the RAM that the layout has, nothing answers. The chip's memories are larger; this makes
 * the layout's limits real.
 */
#include "mpu.h"

#include <stddef.h>

#include "flash_memory.h"
#include "handlers.h"
#include "memory-map.h"
#include "registers.h"

enum {
  RASR_ENABLE = 1 << 0,
  RASR_NORMAL = 3 << 16,
  RASR_DEVICE = 5 << 16,
  RASR_READ_ONLY = 6 << 24,
  RASR_READ_WRITE = 3 << 24,
  RASR_NEVER_EXECUTE = 1 << 28,
  RBAR_VALID = 1 << 4,
  /** Of the regions that have a place in common the one with the highest number counts. */
  PAGE_REGION = 7,
};

typedef struct mpu_region {
  uint32_t start;
  /** A power of two. */
  uint32_t octets;
  uint32_t rights;
} mpu_region;

/** Sets a region up; without rights it is off. */
static void set_region(uint32_t index, uint32_t start, uint32_t attributes) {
  register_write(MPU_RBAR, start | RBAR_VALID | index);
  register_write(MPU_RASR, attributes);
  processor_sync();
}

/** log2 of a power of two, less one (RASR.SIZE). */
static uint32_t size_field(uint32_t octets) { return (uint32_t)__builtin_ctz(octets) - 1; }

void mpu_open(void) {
  const mpu_region regions[] = {
      {MEMORY_NUMBER(memory_flash_start), MEMORY_NUMBER(memory_flash_octets), RASR_NORMAL | RASR_READ_ONLY},
      {MEMORY_NUMBER(memory_ram_start), MEMORY_NUMBER(memory_ram_octets),
       RASR_NORMAL | RASR_READ_WRITE | RASR_NEVER_EXECUTE},
      /* PSRAM: the rings of sound. Shared with whoever is at its other end: ordered as a device. */
      {PSRAM_ADDRESS, 8 << 20, RASR_DEVICE | RASR_READ_WRITE | RASR_NEVER_EXECUTE},
      /* Its upper half stands for flash. */
      {FLASH_ADDRESS, FLASH_OCTETS, RASR_NORMAL | RASR_READ_ONLY | RASR_NEVER_EXECUTE},
      /* Peripherals, and the Ethernet controller by itself: where it is differs from board to board. */
      {0x40000000, 2 << 20, RASR_DEVICE | RASR_READ_WRITE | RASR_NEVER_EXECUTE},
      {ETHERNET_ADDRESS, 4096, RASR_DEVICE | RASR_READ_WRITE | RASR_NEVER_EXECUTE},
  };
  for (uint32_t index = 0; index < sizeof regions / sizeof *regions; index += 1) {
    const mpu_region *region = &regions[index];
    set_region(index, region->start, region->rights | size_field(region->octets) << 1 | RASR_ENABLE);
  }
  register_write(MPU_CTRL, MPU_CTRL_ENABLE);
  processor_sync();
}

void mpu_open_page(uint32_t place) {
  set_region(PAGE_REGION, place & ~(uint32_t)(MPU_PAGE_OCTETS - 1),
             RASR_NORMAL | RASR_READ_WRITE | RASR_NEVER_EXECUTE | size_field(MPU_PAGE_OCTETS) << 1 | RASR_ENABLE);
}

void mpu_close_page(void) { set_region(PAGE_REGION, 0, 0); }
