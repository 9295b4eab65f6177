/* A device in a process of its own, driven by the desk through standard input and output: runs the program of the one argument. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "place.h"
#include "service.h"
#include "stack.h"

/** Octets of the longest program, with its header. */
enum { PROGRAM_OCTETS = 1 << 20 };

static _Alignas(16) uint8_t image[PROGRAM_OCTETS];
static size_t image_length;

void place_write(const uint8_t *octets, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, octets, count);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      place_end(PLACE_WIRE_GONE, NULL);
    }
    octets += written;
    count -= (size_t)written;
  }
}

void place_read(uint8_t *buffer, size_t count) {
  while (count > 0) {
    ssize_t taken = read(STDIN_FILENO, buffer, count);
    if (taken < 0 && errno == EINTR) {
      continue;
    }
    if (taken <= 0) {
      place_end(PLACE_WIRE_GONE, NULL);
    }
    buffer += taken;
    count -= (size_t)taken;
  }
}

_Noreturn void place_end(enum place_exit code, const char *words) {
  if (words != NULL) {
    fprintf(stderr, "%s\n", words);
  }
  exit(code);
}

size_t place_stack_used(void) { return stack_used(); }

static void read_image(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(PLACE_USAGE);
  }
  image_length = fread(image, 1, sizeof image, file);
  if (!feof(file)) {
    fprintf(stderr, "%s: longer than %zu octets\n", path, sizeof image);
    exit(PLACE_USAGE);
  }
  fclose(file);
}

static void serve(void) { desk_serve(image, image_length); }

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: %s PROGRAM (the desk speaks on standard input and output)\n", arguments[0]);
    return PLACE_USAGE;
  }
  read_image(arguments[1]);
  stack_run(serve);
}
