/* Two copies of each record in memory-mapped PSRAM, which QEMU keeps in a file; see storage.h. */
#include "storage.h"

#include <string.h>

#include "../../hal/native/program.h"

enum { COPIES = 2, MAGIC = 0x43524c44 };

typedef struct copy {
  uint32_t magic;
  uint32_t number;
  uint32_t length;
  uint32_t crc;
  uint8_t octets[RECORD_OCTETS];
} copy;

_Static_assert(sizeof(copy) == COPY_OCTETS, "a copy has no padding");

static copy *copy_at(unsigned record, unsigned index) {
  return (copy *)(uintptr_t)STORAGE_ADDRESS + record * COPIES + index;
}

static uint32_t crc_of(const copy *of) {
  uint32_t crc = program_crc32(0, (const uint8_t *)&of->number, sizeof of->number + sizeof of->length);
  return program_crc32(crc, of->octets, of->length);
}

static bool is_whole(const copy *read) {
  return read->magic == MAGIC && read->length <= RECORD_OCTETS && read->crc == crc_of(read);
}

/** Whether nobody ever wrote there: memory at rest is all zeros or, in flash, all ones. */
static bool is_blank(const copy *read) { return read->magic == 0 || read->magic == UINT32_MAX; }

/** The index of the copy that counts, or -1. */
static int current(unsigned record) {
  int found = -1;
  for (int index = 0; index < COPIES; index += 1) {
    const copy *read = copy_at(record, (unsigned)index);
    if (is_whole(read) && (found < 0 || (int32_t)(read->number - copy_at(record, (unsigned)found)->number) > 0)) {
      found = index;
    }
  }
  return found;
}

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  if (record >= RECORDS) {
    return DEVICE_ABSENT;
  }
  int index = current(record);
  if (index < 0) {
    return is_blank(copy_at(record, 0)) && is_blank(copy_at(record, 1)) ? 0 : DEVICE_NONE;
  }
  const copy *read = copy_at(record, (unsigned)index);
  if (read->length > size) {
    return DEVICE_NONE;
  }
  memcpy(buffer, read->octets, read->length);
  return (int32_t)read->length;
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  if (record >= RECORDS) {
    return DEVICE_ABSENT;
  }
  if (count > RECORD_OCTETS) {
    return DEVICE_REFUSED;
  }
  int index = current(record);
  uint32_t number = index < 0 ? 1 : copy_at(record, (unsigned)index)->number + 1;
  copy *written = copy_at(record, index == 0 ? 1 : 0);
  written->magic = MAGIC;
  written->crc = ~written->crc;
  __asm__ volatile("dmb" ::: "memory");
  written->number = number;
  written->length = (uint32_t)count;
  memcpy(written->octets, octets, count);
  __asm__ volatile("dmb" ::: "memory");
  written->crc = crc_of(written);
  return is_whole(written) ? DEVICE_OK : DEVICE_REFUSED;
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
  int index = current(DEVICE_RECORD_SETTINGS);
  if (index < 0) {
    return otherwise;
  }
  const copy *settings = copy_at(DEVICE_RECORD_SETTINGS, (unsigned)index);
  const char *line = (const char *)settings->octets;
  const char *end = line + settings->length;
  unsigned number = 0;
  while (line < end && number == 0) {
    number = number_of_line(line, end, name, strlen(name));
    const char *next = memchr(line, '\n', (size_t)(end - line));
    line = next == NULL ? end : next + 1;
  }
  return number == 0 ? otherwise : number;
}
