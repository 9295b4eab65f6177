/*
 * The records that outlive the board: those of device.h and the port's own, each in two areas of the flash's last pages
 * (hal/native/record_store.h). A loss of power while one is written leaves the old or the new one.
 */
#ifndef DOORLINE_MPS2_STORAGE_H
#define DOORLINE_MPS2_STORAGE_H

#include "../../hal/native/device.h"
#include "../../hal/native/record_store.h"

/** The port's own records, behind those of device.h: the seed of chance, what is known of the programs, and what was copied to where they run. */
enum { RECORD_SEED = DEVICE_RECORD_STATE + 1, RECORD_PROGRAMS, RECORD_PARTITION, RECORDS };

extern const record_store storage_records[RECORDS];

/** A number of the settings text, as "network.sip-port = 5060" has it; `otherwise` when the text does not name it. */
unsigned storage_setting(const char *name, unsigned otherwise);

#endif
