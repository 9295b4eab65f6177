/*
 * The flashes of the board, by the rules of a NOR flash (hal/native/flash.h): the upper half of its PSRAM, and the partition that programs run
 * from. The chip has none of its own; in QEMU the PSRAM is a file, so that what is written here outlives the loss of power. The MPU keeps
 * both read only between writes.
 */
#ifndef DOORLINE_MPS2_FLASH_MEMORY_H
#define DOORLINE_MPS2_FLASH_MEMORY_H

#include "../../hal/native/flash.h"
#include "memory-map.h"

enum { FLASH_ADDRESS = PSRAM_ADDRESS + (8 << 20), FLASH_OCTETS = 8 << 20, FLASH_PAGE_OCTETS = 4096 };

/** Places are counted from FLASH_ADDRESS. */
extern const flash flash_memory;
/** Places are counted from the beginning of the partition (PROGRAM of the linker script), and nothing else of that flash can be reached. */
extern const flash program_memory;

/** What lies at a place, as memory. */
const uint8_t *flash_memory_at(size_t at);

#endif
