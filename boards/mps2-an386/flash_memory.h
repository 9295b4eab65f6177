/*
 * The flash of the board: the upper half of its PSRAM by the rules of a NOR flash (hal/native/flash.h). The chip has none of its own;
 * in QEMU the PSRAM is a file, so that what is written here outlives the loss of power. The MPU keeps it read only between writes.
 */
#ifndef DOORLINE_MPS2_FLASH_MEMORY_H
#define DOORLINE_MPS2_FLASH_MEMORY_H

#include "../../hal/native/flash.h"
#include "memory-map.h"

enum { FLASH_ADDRESS = PSRAM_ADDRESS + (8 << 20), FLASH_OCTETS = 8 << 20, FLASH_PAGE_OCTETS = 4096 };

/** Places are counted from FLASH_ADDRESS. */
extern const flash flash_memory;

/** What lies at a place, as memory. */
const uint8_t *flash_memory_at(size_t at);

#endif
