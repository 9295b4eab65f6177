/* Octet by octet, so that a loss of power leaves what it leaves on a flash: a page half blank, a unit half written. */
#include "flash_memory.h"

#include <string.h>

#include "mpu.h"

_Static_assert((int)FLASH_PAGE_OCTETS == (int)MPU_PAGE_OCTETS, "a page is opened for writing as a whole");

const uint8_t *flash_memory_at(size_t at) { return (const uint8_t *)(uintptr_t)FLASH_ADDRESS + at; }

static bool is_inside(size_t at, size_t count) { return at <= FLASH_OCTETS && count <= FLASH_OCTETS - at; }

static bool read_flash(size_t at, uint8_t *buffer, size_t count) {
  if (!is_inside(at, count)) {
    return false;
  }
  memcpy(buffer, flash_memory_at(at), count);
  return true;
}

/** Opens the page of a place. Returns the place as memory that can be written until mpu_close. */
static volatile uint8_t *open_page(size_t at) {
  uintptr_t place = (uintptr_t)FLASH_ADDRESS + at;
  mpu_open_page((uint32_t)place);
  return (volatile uint8_t *)place;
}

static bool write_flash(size_t at, const uint8_t *octets, size_t count) {
  if (!is_inside(at, count) || at % FLASH_UNIT_OCTETS != 0 || count % FLASH_UNIT_OCTETS != 0) {
    return false;
  }
  while (count > 0) {
    size_t rest = FLASH_PAGE_OCTETS - at % FLASH_PAGE_OCTETS;
    size_t part = count < rest ? count : rest;
    volatile uint8_t *place = open_page(at);
    for (size_t index = 0; index < part; index += 1) {
      /* A write makes zeros of ones, and nothing else. */
      place[index] &= octets[index];
    }
    at += part;
    octets += part;
    count -= part;
  }
  mpu_close_page();
  return true;
}

static bool erase_flash(size_t at) {
  if (!is_inside(at, FLASH_PAGE_OCTETS) || at % FLASH_PAGE_OCTETS != 0) {
    return false;
  }
  volatile uint8_t *place = open_page(at);
  for (size_t index = 0; index < FLASH_PAGE_OCTETS; index += 1) {
    place[index] = FLASH_BLANK;
  }
  mpu_close_page();
  return true;
}

const flash flash_memory = {
    .page_octets = FLASH_PAGE_OCTETS, .read = read_flash, .write = write_flash, .erase = erase_flash};
