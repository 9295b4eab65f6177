/*
 * Pins played over a Unix socket, for tests and for a desk without wires: a client writes lines `press 0` and `release 0` and is
 * told of every change as `relay 0 1`, `led 1 0`; all outputs at once when it comes. One client at a time, the newest.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "pins.h"
#include "problem.h"
#include "wait.h"

enum { COMMAND_OCTETS = 64 };

static int listener = -1;
static int client = -1;
static int pressed[PINS_OF_A_KIND];
static char command[COMMAND_OCTETS];
static size_t command_length;

static int read_button(unsigned index) { return pressed[index]; }

/** Built by hand and sent by one system call: safe in a fault handler. */
static void write_output(enum device_pins kind, unsigned index, int value) {
  char line[] = "relay 0 0\n";
  char *start = line;
  if (kind == DEVICE_LEDS) {
    memcpy(line, "  led", 5);
    start += 2;
  }
  line[6] = (char)('0' + index);
  line[8] = value == 0 ? '0' : '1';
  if (client >= 0) {
    (void)send(client, start, strlen(start), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

static void wait_for_client(void) {
  wait_for(listener, POLLIN);
  wait_for(client, POLLIN);
}

static void obey(const char *line) {
  char word[COMMAND_OCTETS];
  unsigned index;
  if (sscanf(line, "%63s %u", word, &index) == 2 && index < device_pin_count(DEVICE_BUTTONS)) {
    if (strcmp(word, "press") == 0 || strcmp(word, "release") == 0) {
      pressed[index] = strcmp(word, "press") == 0 ? 1 : 0;
    }
  }
}

static void take_letters(const char *letters, size_t count) {
  for (size_t at = 0; at < count; at += 1) {
    if (letters[at] == '\n') {
      command[command_length] = 0;
      obey(command);
      command_length = 0;
    } else if (command_length < COMMAND_OCTETS - 1) {
      command[command_length] = letters[at];
      command_length += 1;
    }
  }
}

static void drop_client(void) {
  if (client >= 0) {
    close(client);
  }
  client = -1;
  command_length = 0;
  memset(pressed, 0, sizeof pressed);
}

static void welcome(int descriptor) {
  drop_client();
  client = descriptor;
  for (int kind = DEVICE_LEDS; kind <= DEVICE_RELAYS; kind += 1) {
    for (unsigned index = 0; index < device_pin_count((enum device_pins)kind); index += 1) {
      write_output((enum device_pins)kind, index, device_pin_read((enum device_pins)kind, index));
    }
  }
}

static void take_commands(void) {
  char letters[COMMAND_OCTETS];
  int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor >= 0) {
    welcome(descriptor);
  }
  if (client < 0) {
    return;
  }
  ssize_t count = recv(client, letters, sizeof letters, 0);
  if (count > 0) {
    take_letters(letters, (size_t)count);
  } else if (count == 0 || errno != EAGAIN) {
    drop_client();
  }
}

static const pins_part socket_pins = {read_button, write_output, wait_for_client, take_commands};

const pins_part *pins_socket_open(const configuration *chosen) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(chosen->pins_socket) >= sizeof address.sun_path) {
    (void)problem("the path of pins-socket is longer than %zu characters", sizeof address.sun_path - 1);
    return NULL;
  }
  strcpy(address.sun_path, chosen->pins_socket);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct stat old;
  if (stat(chosen->pins_socket, &old) == 0 && S_ISSOCK(old.st_mode)) {
    // That of a run before, which nobody listens at any more.
    (void)unlink(chosen->pins_socket);
  }
  if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, 1) != 0) {
    (void)system_problem("the pins' socket %s cannot be made", chosen->pins_socket);
    return NULL;
  }
  return &socket_pins;
}
