/* The object `native` of hal/native/native.ts: the functions of device.h by name, with their arguments checked. */
#ifndef DOORLINE_JERRYSCRIPT_NATIVES_H
#define DOORLINE_JERRYSCRIPT_NATIVES_H

#include <jerryscript.h>

/** Boot only. The value belongs to the caller. */
jerry_value_t natives_create(void);

#endif
