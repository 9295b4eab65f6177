/* A Linux board: everything is opened, the shell runs the program. What cannot be opened is said, with exit code 1; usage: 64. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "../../hal/native/engine.h"
#include "../../hal/native/linked_program.h"
#include "../../hal/native/memory_report.h"
#include "../../hal/native/program.h"
#include "../../hal/native/shell.h"
#include "audio.h"
#include "configuration.h"
#include "i2c.h"
#include "life.h"
#include "log.h"
#include "network.h"
#include "pins.h"
#include "problem.h"
#include "storage.h"
#include "tcp.h"
#include "udp.h"
#include "watchdog.h"

enum { EXIT_USAGE = 64 };

static configuration chosen;
static const uint8_t *image;
static size_t image_size;

/** Reads at most `size` octets. Returns how many there were, or -1. */
static ssize_t read_whole(int descriptor, uint8_t *octets, size_t size) {
  size_t count = 0;
  ssize_t got = 0;
  do {
    got = read(descriptor, octets + count, size - count);
    count += got > 0 ? (size_t)got : 0;
  } while (got > 0);
  return got < 0 ? got : (ssize_t)count;
}

/**
 * Finds the program: the file that is named, or the one that was linked in. A file is read into memory that nobody writes to from then
 * on: what runs is what its checksum was found right of, whatever becomes of the file.
 */
static bool find_program(const configuration *from) {
  image = linked_program();
  image_size = linked_program_size();
  if (*from->program == 0) {
    return image_size > 0 || problem("no program is linked in: --program names one");
  }
  struct stat status = {0};
  int descriptor = open(from->program, O_RDONLY | O_CLOEXEC);
  bool is_good = descriptor >= 0 && fstat(descriptor, &status) == 0;
  // At least an octet can be mapped: a file without any is a program that is cut off, as any other.
  size_t room = (size_t)status.st_size + 1;
  uint8_t *copy = is_good ? mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : MAP_FAILED;
  ssize_t length = copy != MAP_FAILED ? read_whole(descriptor, copy, room - 1) : -1;
  is_good = length >= 0 && mprotect(copy, room, PROT_READ) == 0;
  if (!is_good) {
    (void)system_problem("the program %s cannot be read", from->program);
  }
  if (descriptor >= 0) {
    close(descriptor);
  }
  image = copy;
  image_size = is_good ? (size_t)length : 0;
  return is_good;
}

/** Whether the program that was found can be run; the shell decides that for itself. */
static bool check_program(const configuration *from) {
  static program opened;
  const char *what = find_program(from) ? shell_open_program(&opened, image, image_size) : last_problem();
  return what == NULL || problem("the program: %s", what);
}

/** All but the pins, which come before everything: relays are at rest from then on, whatever else goes wrong. */
static bool (*const parts[])(const configuration *) = {storage_open, network_open, udp_open,
                                                       tcp_open,     audio_open,   i2c_open};

/** Opens all parts, or says of each one what is wrong with it. */
static bool open_parts(void) {
  bool is_good = true;
  for (size_t index = 0; index < sizeof parts / sizeof *parts; index += 1) {
    if (!parts[index](&chosen)) {
      fprintf(stderr, "doorline: %s\n", last_problem());
      is_good = false;
    }
  }
  return is_good;
}

static bool say(bool is_good) {
  if (!is_good) {
    fprintf(stderr, "doorline: %s\n", last_problem());
  }
  return is_good;
}

static int write_version(void) {
  static program opened;
  printf("doorline, %s", engine_name());
  if (find_program(&chosen) && program_open(&opened, image, image_size) == NULL) {
    printf(", program %s", opened.build_id);
  }
  printf("\n");
  return EXIT_SUCCESS;
}

/** --check: the watchdog is left alone, because it cannot be let go of everywhere. */
static int check(void) {
  bool is_good = say(check_program(&chosen));
  is_good = say(pins_open(&chosen)) && is_good;
  is_good = open_parts() && is_good;
  printf("%s\n", is_good ? "all is there" : "not all is there");
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int secure(void) {
  if (!say(pins_open(&chosen))) {
    return EXIT_FAILURE;
  }
  device_secure();
  return EXIT_SUCCESS;
}

/**
 * Sockets are opened behind the wait before a boot: what came until then would keep that wait from waiting, and be answered when
 * whoever sent it has long gone.
 */
static int run(char **arguments) {
  log_open(&chosen);
  life_open(arguments, memory_report);
  if (!say(pins_open(&chosen)) || !say(watchdog_open(&chosen))) {
    return EXIT_FAILURE;
  }
  if (chosen.reports_memory) {
    life_ask_report();
  }
  int code = EXIT_SUCCESS;
  if (life_back_off()) {
    code = open_parts() && say(find_program(&chosen)) ? shell_run(image, image_size) : EXIT_FAILURE;
  }
  device_secure();
  audio_close();
  watchdog_close();
  return code;
}

int main(int count, char **arguments) {
  configuration_start(&chosen);
  if (!configuration_read_options(&chosen, count, arguments)) {
    say(false);
    return EXIT_USAGE;
  }
  switch (chosen.command) {
  case COMMAND_HELP:
    configuration_write_help(stdout, arguments[0]);
    return EXIT_SUCCESS;
  case COMMAND_VERSION:
    return write_version();
  case COMMAND_CHECK:
    return check();
  case COMMAND_SECURE:
    return secure();
  case COMMAND_RUN:
    break;
  }
  return run(arguments);
}
