/* The commands of the desk, worked on one after the other: boot, poll, end, and what it wants to know of the VM's memory. */
#ifndef DOORLINE_DESK_SERVICE_H
#define DOORLINE_DESK_SERVICE_H

#include <stddef.h>
#include <stdint.h>

/** Works on commands until the desk has gone. @param image the program that DESK_BOOT boots */
_Noreturn void desk_serve(const uint8_t *image, size_t length);

#endif
