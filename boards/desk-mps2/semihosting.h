/*
 * What a bare processor asks of the machine that emulates it (Arm, Semihosting for AArch32 and AArch64, release 2.0): files and an end.
 * Only an emulator or a debugger answers; on a board alone the first call is a fault.
 */
#ifndef DOORLINE_DESK_SEMIHOSTING_H
#define DOORLINE_DESK_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

enum semihosting_mode {
  SEMIHOSTING_READ = 1,
  SEMIHOSTING_WRITE = 5,
};

/** Opens a file of the machine's. Returns its number, negative when there is none. */
int32_t semihosting_open(const char *path, enum semihosting_mode mode);
/** Returns the octets that were NOT written. */
size_t semihosting_write(int32_t file, const uint8_t *octets, size_t count);
/** Waits for octets. Returns how many of `count` did NOT come: all of them at the file's end. */
size_t semihosting_read(int32_t file, uint8_t *buffer, size_t count);
/** A text for whoever watches the machine. */
void semihosting_say(const char *text);
/** Ends the machine with an exit code. */
_Noreturn void semihosting_exit(int code);

#endif
