/* Octet by octet, so that a loss of power leaves what it leaves on a flash: a page half blank, a unit half written. */
#include "flash_memory.h"

#include <string.h>

#include "handlers.h"
#include "mpu.h"

_Static_assert((int)FLASH_PAGE_OCTETS == (int)MPU_PAGE_OCTETS, "a page is opened for writing as a whole");

const uint8_t *flash_memory_at(size_t at) { return (const uint8_t *)(uintptr_t)FLASH_ADDRESS + at; }

/** What there is of a flash. */
typedef struct area {
  uint32_t address;
  uint32_t octets;
} area;

static area psram(void) { return (area){FLASH_ADDRESS, FLASH_OCTETS}; }

static area partition(void) { return (area){MEMORY_NUMBER(memory_program), MEMORY_NUMBER(memory_program_octets)}; }

static bool is_inside(area of, size_t at, size_t count) { return at <= of.octets && count <= of.octets - at; }

static bool read_area(area of, size_t at, uint8_t *buffer, size_t count) {
  if (!is_inside(of, at, count)) {
    return false;
  }
  memcpy(buffer, (const uint8_t *)(uintptr_t)of.address + at, count);
  return true;
}

/** Opens the page of a place. Returns the place as memory that can be written until mpu_close. */
static volatile uint8_t *open_page(area of, size_t at) {
  uintptr_t place = (uintptr_t)of.address + at;
  mpu_open_page((uint32_t)place);
  return (volatile uint8_t *)place;
}

static bool write_area(area of, size_t at, const uint8_t *octets, size_t count) {
  if (!is_inside(of, at, count) || at % FLASH_UNIT_OCTETS != 0 || count % FLASH_UNIT_OCTETS != 0) {
    return false;
  }
  while (count > 0) {
    size_t rest = FLASH_PAGE_OCTETS - at % FLASH_PAGE_OCTETS;
    size_t part = count < rest ? count : rest;
    volatile uint8_t *place = open_page(of, at);
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

static bool erase_area(area of, size_t at) {
  if (!is_inside(of, at, FLASH_PAGE_OCTETS) || at % FLASH_PAGE_OCTETS != 0) {
    return false;
  }
  volatile uint8_t *place = open_page(of, at);
  for (size_t index = 0; index < FLASH_PAGE_OCTETS; index += 1) {
    place[index] = FLASH_BLANK;
  }
  mpu_close_page();
  return true;
}

static bool read_flash(size_t at, uint8_t *buffer, size_t count) { return read_area(psram(), at, buffer, count); }
static bool write_flash(size_t at, const uint8_t *octets, size_t count) {
  return write_area(psram(), at, octets, count);
}
static bool erase_flash(size_t at) { return erase_area(psram(), at); }

static bool read_program(size_t at, uint8_t *buffer, size_t count) { return read_area(partition(), at, buffer, count); }
static bool write_program(size_t at, const uint8_t *octets, size_t count) {
  return write_area(partition(), at, octets, count);
}
static bool erase_program(size_t at) { return erase_area(partition(), at); }

const flash flash_memory = {
    .page_octets = FLASH_PAGE_OCTETS, .read = read_flash, .write = write_flash, .erase = erase_flash};

const flash program_memory = {
    .page_octets = FLASH_PAGE_OCTETS, .read = read_program, .write = write_program, .erase = erase_program};
