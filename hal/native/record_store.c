/* Nothing is remembered between two calls: each looks through both areas, so that there is nothing that a power cut could contradict. */
#include "record_store.h"

#include <string.h>

#include "device.h"
#include "little_endian.h"
#include "program.h"

enum {
  NUMBER_AT = 0,
  LENGTH_AT = 4,
  RECORD_CRC_AT = 8,
  HEADER_CRC_AT = 12,
  HEADER_FIELDS_OCTETS = 16,
  PIECE_OCTETS = 64,
};
_Static_assert((int)HEADER_FIELDS_OCTETS <= (int)RECORD_HEADER_OCTETS, "the header fills one unit");

/** What a look through both areas finds. */
typedef struct survey {
  /** The newest whole copy: its area, -1 when there is none, where its octets are, their count, and its number. */
  int area;
  size_t at;
  size_t length;
  uint32_t number;
  unsigned damaged;
  /** Octets of each area before its first blank header; all of them behind a header that is not whole. */
  size_t used[RECORD_AREAS];
} survey;

static bool is_later(uint32_t left, uint32_t right) { return (int32_t)(left - right) > 0; }

static bool has_crc(const flash *memory, size_t at, size_t count, uint32_t expected) {
  uint8_t piece[PIECE_OCTETS];
  uint32_t crc = 0;
  while (count > 0) {
    size_t length = count < sizeof piece ? count : sizeof piece;
    if (!memory->read(at, piece, length)) {
      return false;
    }
    crc = program_crc32(crc, piece, length);
    at += length;
    count -= length;
  }
  return crc == expected;
}

/** Takes a whole header into account, and the copy behind it when that is whole too. */
static void note_copy(survey *found, const flash *memory, int area, const uint8_t *header, size_t at) {
  uint32_t number = read_32(header + NUMBER_AT);
  size_t length = read_32(header + LENGTH_AT);
  if (!has_crc(memory, at, length, read_32(header + RECORD_CRC_AT))) {
    found->damaged += 1;
  } else if (found->area < 0 || is_later(number, found->number)) {
    found->area = area;
    found->at = at;
    found->length = length;
    found->number = number;
  }
}

/** Whether the header is whole and what it announces fits into `room` octets behind it. */
static bool is_header(const uint8_t *header, size_t room) {
  return program_crc32(0, header, HEADER_CRC_AT) == read_32(header + HEADER_CRC_AT) &&
         read_32(header + LENGTH_AT) <= room;
}

static void survey_area(survey *found, const record_store *store, int area) {
  size_t position = 0;
  while (store->area_octets - position >= RECORD_HEADER_OCTETS) {
    uint8_t header[RECORD_HEADER_OCTETS];
    size_t at = store->at[area] + position;
    size_t room = store->area_octets - position - RECORD_HEADER_OCTETS;
    if (flash_is_blank(store->memory, at, RECORD_HEADER_OCTETS)) {
      break;
    }
    if (!store->memory->read(at, header, sizeof header) || !is_header(header, room)) {
      // Nobody knows how long this copy is: what is behind it is not looked at, nor written to.
      found->damaged += 1;
      position = store->area_octets;
      break;
    }
    note_copy(found, store->memory, area, header, at + RECORD_HEADER_OCTETS);
    position += RECORD_HEADER_OCTETS + flash_units(read_32(header + LENGTH_AT));
  }
  found->used[area] = position;
}

static survey survey_store(const record_store *store) {
  survey found = {.area = -1};
  for (int area = 0; area < RECORD_AREAS; area += 1) {
    survey_area(&found, store, area);
  }
  return found;
}

unsigned record_store_damaged(const record_store *store) { return survey_store(store).damaged; }

int32_t record_store_find(const record_store *store, size_t *at) {
  survey found = survey_store(store);
  if (found.area < 0) {
    return found.damaged == 0 ? 0 : DEVICE_NONE;
  }
  *at = found.at;
  return (int32_t)found.length;
}

int32_t record_store_read(const record_store *store, uint8_t *buffer, size_t size) {
  size_t at = 0;
  int32_t length = record_store_find(store, &at);
  if (length > 0 && ((size_t)length > size || !store->memory->read(at, buffer, (size_t)length))) {
    return DEVICE_NONE;
  }
  return length;
}

/** Writes header and record: the header first, so that the length of what a power cut tears is known. */
static bool write_copy(const flash *memory, size_t at, uint32_t number, const uint8_t *octets, size_t count) {
  uint8_t header[RECORD_HEADER_OCTETS];
  memset(header, FLASH_BLANK, sizeof header);
  write_32(header + NUMBER_AT, number);
  write_32(header + LENGTH_AT, (uint32_t)count);
  write_32(header + RECORD_CRC_AT, program_crc32(0, octets, count));
  write_32(header + HEADER_CRC_AT, program_crc32(0, header, HEADER_CRC_AT));
  return flash_write(memory, at, header, sizeof header) &&
         flash_write(memory, at + RECORD_HEADER_OCTETS, octets, count);
}

int record_store_write(const record_store *store, const uint8_t *octets, size_t count) {
  if (count > store->area_octets - RECORD_HEADER_OCTETS) {
    return DEVICE_REFUSED;
  }
  survey found = survey_store(store);
  size_t room = RECORD_HEADER_OCTETS + flash_units(count);
  int area = found.area < 0 ? 0 : found.area;
  size_t at = store->at[area] + found.used[area];
  bool is_room = found.area >= 0 && store->area_octets - found.used[area] >= room;
  if (!is_room || !flash_is_blank(store->memory, at, room)) {
    area = found.area == 0 ? 1 : 0;
    at = store->at[area];
    if (!flash_erase(store->memory, at, store->area_octets)) {
      return DEVICE_REFUSED;
    }
  }
  return write_copy(store->memory, at, found.number + 1, octets, count) ? DEVICE_OK : DEVICE_REFUSED;
}
