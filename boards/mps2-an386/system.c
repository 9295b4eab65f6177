/* What the C library wants of an operating system. There is none, no heap, and no file: whoever asks for one is refused. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../../hal/native/device.h"

void *_sbrk(ptrdiff_t octets);
int _write(int file, const char *octets, int count);
int _read(int file, char *buffer, int count);
int _close(int file);
int _lseek(int file, int offset, int from);
int _fstat(int file, struct stat *status);
int _isatty(int file);
int _kill(int process, int signal);
int _getpid(void);
_Noreturn void _exit(int code);

static int refuse(void) {
  errno = ENOSYS;
  return -1;
}

void *_sbrk(ptrdiff_t octets) {
  (void)octets;
  errno = ENOMEM;
  return (void *)-1;
}

int _write(int file, const char *octets, int count) {
  (void)file;
  (void)octets;
  (void)count;
  return refuse();
}

int _read(int file, char *buffer, int count) {
  (void)file;
  (void)buffer;
  (void)count;
  return refuse();
}

int _close(int file) {
  (void)file;
  return refuse();
}

int _lseek(int file, int offset, int from) {
  (void)file;
  (void)offset;
  (void)from;
  return refuse();
}

int _fstat(int file, struct stat *status) {
  (void)file;
  (void)status;
  return refuse();
}

int _isatty(int file) {
  (void)file;
  return 0;
}

int _kill(int process, int signal) {
  (void)process;
  (void)signal;
  return refuse();
}

int _getpid(void) { return 1; }

_Noreturn void _exit(int code) {
  (void)code;
  device_restart(DEVICE_RESET_FAULT);
}

_Noreturn void abort(void) {
  device_log_line("the C library gave up");
  device_restart(DEVICE_RESET_FAULT);
}
