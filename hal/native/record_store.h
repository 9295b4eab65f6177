/*
 * One record in a flash without files, replaced whole or not at all. Two areas of whole pages; each copy of the record is put behind the
 * last one, and when an area has no more room the other is erased and goes on, so that the area with the newest whole copy is never
 * erased and both wear alike. A power cut at any moment leaves the old record or the new one.
 *
 * A copy is a header of one unit and the record in whole units. Header, little-endian: 0 number of the copy, 4 octets of the record, 8
 * its CRC-32, 12 CRC-32 of the octets 0 … 11. Of the whole copies the one with the highest number counts.
 */
#ifndef DOORLINE_RECORD_STORE_H
#define DOORLINE_RECORD_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "flash.h"

enum { RECORD_AREAS = 2, RECORD_HEADER_OCTETS = FLASH_UNIT_OCTETS };

/** Where a record lies. Nothing of it changes: what counts is found in the flash each time. */
typedef struct record_store {
  const flash *memory;
  /** Where each area begins: a page. */
  size_t at[RECORD_AREAS];
  /** Of each area: whole pages. The longest record is RECORD_HEADER_OCTETS shorter. */
  size_t area_octets;
} record_store;

/** As device_storage_read: octets read, 0 when there is no record yet, DEVICE_NONE when all copies are damaged or it is longer. */
int32_t record_store_read(const record_store *store, uint8_t *buffer, size_t size);
/** Where the octets of the record are, for flash that can be read as memory. As record_store_read, of any length. */
int32_t record_store_find(const record_store *store, size_t *at);
/** As device_storage_write: DEVICE_OK, or DEVICE_REFUSED when it is too long or the flash refused; the old record then stands. */
int record_store_write(const record_store *store, const uint8_t *octets, size_t count);
/** Copies that are not whole, those of writes that a power cut ended among them: for the log. */
unsigned record_store_damaged(const record_store *store);

#endif
