/* Where each record lies, and the numbers of the settings that the port itself needs; see storage.h. */
#include "storage.h"

#include <string.h>

#include "flash_memory.h"

enum {
  /** Where the records begin: the last megabyte. */
  RECORDS_AT = 0x700000,
  /** Pages of an area: a settings text of 128 lines; of the others, so many copies that the wear does not count. */
  SETTINGS_PAGES = 2,
  OTHER_PAGES = 1,
  SETTINGS_OCTETS = SETTINGS_PAGES * FLASH_PAGE_OCTETS,
  OTHER_OCTETS = OTHER_PAGES * FLASH_PAGE_OCTETS,
  /** The areas of the settings, and behind them those of every other record. */
  OTHERS_AT = RECORDS_AT + RECORD_AREAS * SETTINGS_OCTETS,
};

/** A record of one page an area, by its number. */
#define OTHER_RECORD(record)                                                                                           \
  {                                                                                                                    \
    .memory = &flash_memory,                                                                                           \
    .at = {OTHERS_AT + ((record)-1) * RECORD_AREAS * OTHER_OCTETS,                                                     \
           OTHERS_AT + (((record)-1) * RECORD_AREAS + 1) * OTHER_OCTETS},                                              \
    .area_octets = OTHER_OCTETS                                                                                        \
  }

const record_store storage_records[RECORDS] = {
    [DEVICE_RECORD_SETTINGS] = {.memory = &flash_memory,
                                .at = {RECORDS_AT, RECORDS_AT + SETTINGS_OCTETS},
                                .area_octets = SETTINGS_OCTETS},
    [DEVICE_RECORD_STATE] = OTHER_RECORD(DEVICE_RECORD_STATE),
    [RECORD_SEED] = OTHER_RECORD(RECORD_SEED),
    [RECORD_PROGRAMS] = OTHER_RECORD(RECORD_PROGRAMS),
    [RECORD_PARTITION] = OTHER_RECORD(RECORD_PARTITION),
};

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  return record < RECORDS ? record_store_read(&storage_records[record], buffer, size) : DEVICE_ABSENT;
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  return record < RECORDS ? record_store_write(&storage_records[record], octets, count) : DEVICE_ABSENT;
}

/** The number behind "name", blanks and "=" at the beginning of a line; 0 when something else stands there. */
static unsigned number_of_line(const char *line, const char *end, const char *name, size_t length) {
  unsigned number = 0;
  if ((size_t)(end - line) < length || memcmp(line, name, length) != 0) {
    return 0;
  }
  line += length;
  while (line < end && (*line == ' ' || *line == '\t' || *line == '=')) {
    line += 1;
  }
  while (line < end && *line >= '0' && *line <= '9' && number <= UINT16_MAX) {
    number = number * 10 + (unsigned)(*line - '0');
    line += 1;
  }
  return number > UINT16_MAX ? 0 : number;
}

unsigned storage_setting(const char *name, unsigned otherwise) {
  size_t at = 0;
  int32_t length = record_store_find(&storage_records[DEVICE_RECORD_SETTINGS], &at);
  const char *line = (const char *)flash_memory_at(at);
  const char *end = line + (length < 0 ? 0 : length);
  unsigned number = 0;
  while (line < end && number == 0) {
    number = number_of_line(line, end, name, strlen(name));
    const char *next = memchr(line, '\n', (size_t)(end - line));
    line = next == NULL ? end : next + 1;
  }
  return number == 0 ? otherwise : number;
}
