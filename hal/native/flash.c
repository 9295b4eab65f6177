/* What is written to a flash is read back, in pieces that fit the stack. */
#include "flash.h"

#include <string.h>

enum { PIECE_OCTETS = 4 * FLASH_UNIT_OCTETS };

static size_t smaller(size_t left, size_t right) { return left < right ? left : right; }

size_t flash_units(size_t count) { return (count + FLASH_UNIT_OCTETS - 1) / FLASH_UNIT_OCTETS * FLASH_UNIT_OCTETS; }

bool flash_is_blank(const flash *memory, size_t at, size_t count) {
  uint8_t piece[PIECE_OCTETS];
  while (count > 0) {
    size_t length = smaller(count, sizeof piece);
    if (!memory->read(at, piece, length)) {
      return false;
    }
    for (size_t index = 0; index < length; index += 1) {
      if (piece[index] != FLASH_BLANK) {
        return false;
      }
    }
    at += length;
    count -= length;
  }
  return true;
}

bool flash_holds(const flash *memory, size_t at, const uint8_t *octets, size_t count) {
  uint8_t piece[PIECE_OCTETS];
  while (count > 0) {
    size_t length = smaller(count, sizeof piece);
    if (!memory->read(at, piece, length) || memcmp(piece, octets, length) != 0) {
      return false;
    }
    at += length;
    octets += length;
    count -= length;
  }
  return true;
}

bool flash_erase(const flash *memory, size_t at, size_t count) {
  for (size_t page = 0; page < count; page += memory->page_octets) {
    if (!memory->erase(at + page)) {
      return false;
    }
  }
  return flash_is_blank(memory, at, count);
}

bool flash_write(const flash *memory, size_t at, const uint8_t *octets, size_t count) {
  size_t whole = count / FLASH_UNIT_OCTETS * FLASH_UNIT_OCTETS;
  if (whole > 0 && !memory->write(at, octets, whole)) {
    return false;
  }
  if (whole < count) {
    uint8_t unit[FLASH_UNIT_OCTETS];
    memset(unit, FLASH_BLANK, sizeof unit);
    memcpy(unit, octets + whole, count - whole);
    if (!memory->write(at + whole, unit, sizeof unit)) {
      return false;
    }
  }
  return flash_holds(memory, at, octets, count);
}
