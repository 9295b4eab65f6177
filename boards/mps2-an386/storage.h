/*
 * The settings partition: of each record two copies. A copy is 16 octets (all little-endian: "DLRC", the copy's number, the octets of
 * the record, the CRC-32 of those 8 octets and the record) and the record. The copy with the higher number that is whole counts; a
 * write goes to the other one, its CRC last, so that a cut of power at any moment leaves one that is whole.
 */
#ifndef DOORLINE_MPS2_STORAGE_H
#define DOORLINE_MPS2_STORAGE_H

#include "../../hal/native/device.h"
#include "mps2-limits.h"

/** The port's own records, behind those of device.h. */
enum { RECORD_SEED = DEVICE_RECORD_STATE + 1, RECORDS };

/** Where the partition lies in the PSRAM of the board, and the octets of a copy with its header. */
enum { STORAGE_ADDRESS = 0x21f00000, COPY_HEADER_OCTETS = 16, COPY_OCTETS = COPY_HEADER_OCTETS + RECORD_OCTETS };

/** A number of the settings text, as "network.sip-port = 5060" has it; `otherwise` when the text does not name it. */
unsigned storage_setting(const char *name, unsigned otherwise);

#endif
