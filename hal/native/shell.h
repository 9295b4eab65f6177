/*
 * The shell: the life of a device around a VM. Outputs to their safe state, program checked, VM booted, then poll and wait until
 * the port says that it is to end; any failure restarts the device. The same for every VM and every port.
 */
#ifndef DOORLINE_SHELL_H
#define DOORLINE_SHELL_H

#include <stddef.h>
#include <stdint.h>

#include "program.h"

/** Opens the program at `image`. Returns 0, or a sentence that says why this board does not run it. */
const char *shell_open_program(program *loaded, const uint8_t *image, size_t size);
/**
 * Runs the program at `image` until device_wait says that the device is to end, and ends it in good order.
 * Returns 0; every failure goes to device_restart.
 */
int shell_run(const uint8_t *image, size_t size);

#endif
