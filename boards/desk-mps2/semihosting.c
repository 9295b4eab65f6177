/* Semihosting; see semihosting.h. A call is a breakpoint with the operation in r0 and the address of its words in r1. */
#include "semihosting.h"

#include <string.h>

enum {
  OPEN = 0x01,
  WRITE_TEXT = 0x04,
  WRITE = 0x05,
  READ = 0x06,
  EXIT_EXTENDED = 0x20,
  /** ADP_Stopped_ApplicationExit */
  STOPPED_BY_ITSELF = 0x20026,
};

static uint32_t call(uint32_t operation, const void *words) {
  register uint32_t result __asm__("r0") = operation;
  register const void *block __asm__("r1") = words;
  __asm__ volatile("bkpt 0xab" : "+r"(result) : "r"(block) : "memory");
  return result;
}

static uint32_t number_of(const void *pointer) { return (uint32_t)(uintptr_t)pointer; }

int32_t semihosting_open(const char *path, enum semihosting_mode mode) {
  const uint32_t words[] = {number_of(path), mode, strlen(path)};
  return (int32_t)call(OPEN, words);
}

size_t semihosting_write(int32_t file, const uint8_t *octets, size_t count) {
  const uint32_t words[] = {(uint32_t)file, number_of(octets), count};
  return call(WRITE, words);
}

size_t semihosting_read(int32_t file, uint8_t *buffer, size_t count) {
  const uint32_t words[] = {(uint32_t)file, number_of(buffer), count};
  return call(READ, words);
}

void semihosting_say(const char *text) { (void)call(WRITE_TEXT, text); }

_Noreturn void semihosting_exit(int code) {
  const uint32_t words[] = {STOPPED_BY_ITSELF, (uint32_t)code};
  for (;;) {
    (void)call(EXIT_EXTENDED, words);
  }
}
