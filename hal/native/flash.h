/*
 * A flash memory, or a part of one, as the record store and the program slots see it: NOR rules. An erase makes a page all ones; a
 * write makes zeros of ones, in units, each written once between two erases, so that flash with a checksum a unit serves as well.
 */
#ifndef DOORLINE_FLASH_H
#define DOORLINE_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Octets of a unit: a multiple of what the chip writes at once (4 or 8 on most, 16 on some STM32). */
enum { FLASH_UNIT_OCTETS = 16, FLASH_BLANK = 0xff };

typedef struct flash {
  /** Octets of a page: what one erase makes blank. A multiple of the unit. */
  size_t page_octets;
  /** All places are octets from the beginning of the flash. They return false when the chip refused or what is there differs. */
  bool (*read)(size_t at, uint8_t *buffer, size_t count);
  /** `at` and `count` are whole units. */
  bool (*write)(size_t at, const uint8_t *octets, size_t count);
  /** Erases the page that begins at `at`. */
  bool (*erase)(size_t at);
} flash;

/** Whether count octets from `at` are blank. */
bool flash_is_blank(const flash *memory, size_t at, size_t count);
/** Whether the octets from `at` are these. */
bool flash_holds(const flash *memory, size_t at, const uint8_t *octets, size_t count);
/** Erases whole pages and looks whether they are blank. */
bool flash_erase(const flash *memory, size_t at, size_t count);
/** Writes octets from a unit on, the last unit filled up with ones, and looks whether they are there. */
bool flash_write(const flash *memory, size_t at, const uint8_t *octets, size_t count);
/** Octets in whole units. */
size_t flash_units(size_t count);

#endif
