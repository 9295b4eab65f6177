/* Records in files: the settings as the text that a person edits, the state with a checksum behind it. */
#ifndef DOORLINE_LINUX_STORAGE_H
#define DOORLINE_LINUX_STORAGE_H

#include <stdbool.h>

#include "configuration.h"

/** Checks that the state can be kept. Returns false with a problem. */
bool storage_open(const configuration *chosen);

#endif
