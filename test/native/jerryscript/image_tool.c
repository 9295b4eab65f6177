/*
 * Runs a program image on a played board, for jerryscript.test.ts: "FILE POLLS" prints what each poll answers, the log, and the
 * engine's memory after boot and at the end. "FILE POLLS SETTINGS MESSAGE": with a settings text, and in each poll a datagram
 * whose letters "0000" count on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../hal/native/engine.h"
#include "../fake_device.h"

enum { IMAGE_OCTETS = 1 << 20, POLL_MS = 20, FIRST_NUMBER = 1000 };

static _Alignas(16) uint8_t image[IMAGE_OCTETS];
static char message[FAKE_DATAGRAM_OCTETS + 1];

static size_t read_file(const char *path, void *into, size_t size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  size_t length = fread(into, 1, size, file);
  fclose(file);
  return length;
}

static void print_memory(const char *when) {
  engine_memory now;
  engine_read_memory(&now);
  printf("%s: used %zu peak %zu of %zu, allocated %llu, buffers %zu, sent %u\n", when, now.used, now.peak, now.total,
         (unsigned long long)now.allocated, now.buffers, fake.sent_count);
}

static void bring_message(int number) {
  size_t length = strlen(message);
  memcpy(fake.incoming, message, length);
  fake.incoming_length = length;
  char digits[16];
  snprintf(digits, sizeof digits, "%04d", (number + FIRST_NUMBER) % 10000);
  for (size_t at = 0; at + 4 <= length; at += 1) {
    if (memcmp(message + at, "0000", 4) == 0) {
      memcpy(fake.incoming + at, digits, 4);
    }
  }
}

static int32_t poll_often(int polls) {
  int32_t answer = 0;
  for (int poll = 0; poll < polls && answer >= 0; poll += 1) {
    if (message[0] != 0) {
      bring_message(poll);
    }
    answer = engine_poll();
    printf("%d\n", (int)answer);
    fake.now += POLL_MS;
  }
  return answer;
}

int main(int count, char **arguments) {
  program loaded;
  if (count != 3 && count != 5) {
    return 64;
  }
  const char *problem = program_open(&loaded, image, read_file(arguments[1], image, sizeof image));
  if (problem != NULL) {
    puts(problem);
    return 1;
  }
  fake_reset();
  if (count == 5) {
    read_file(arguments[3], fake.settings, sizeof fake.settings - 1);
    read_file(arguments[4], message, sizeof message - 1);
  }
  int32_t answer = engine_boot(&loaded);
  engine_collect();
  print_memory("boot");
  if (answer == 0) {
    answer = poll_often(10);
    print_memory("warm");
    answer = answer < 0 ? answer : poll_often(atoi(arguments[2]));
    print_memory("end");
  }
  printf("%s", fake.log);
  return answer < 0 ? (int)engine_fault() + 1 : 0;
}
