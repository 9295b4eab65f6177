/* The watchdogs: a service manager that is played by a socket, a processor's watchdog that is played by a file. */
#include "../../../boards/linux/watchdog.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "../../../hal/native/device.h"
#include "check.h"

enum { FEED_MS = 1000 };

static configuration chosen;
static char directory[] = "/tmp/doorline-watchdog-XXXXXX";
static char file_path[100];
static char heard[64];
/** The clock is played, so that nothing here waits. */
static uint32_t now = UINT32_MAX - FEED_MS / 2;

uint32_t device_clock_ms(void) { return now; }

/** Listens at a path; '@' stands for the abstract namespace. */
static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  address.sun_path[0] = *path == '@' ? 0 : *path;
  int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  CHECK(bind(manager, (const struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))) == 0);
  setenv("NOTIFY_SOCKET", path, 1);
  return manager;
}

/** What the service manager was told; "" for nothing. */
static const char *told(int manager) {
  ssize_t length = recv(manager, heard, sizeof heard - 1, 0);
  heard[length < 0 ? 0 : length] = 0;
  return heard;
}

/** What was written to the processor's watchdog. */
static size_t written(char *octets, size_t size) {
  FILE *file = fopen(file_path, "rb");
  size_t length = file == NULL ? 0 : fread(octets, 1, size, file);
  if (file != NULL) {
    fclose(file);
  }
  return length;
}

static void feeds_at_most_once_a_second(void) {
  char octets[8];
  char path[100];
  snprintf(path, sizeof path, "%s/notify", directory);
  int manager = listen_at(path);
  snprintf(chosen.watchdog, sizeof chosen.watchdog, "%s", file_path);
  CHECK(watchdog_open(&chosen));
  for (int polls = 0; polls < 50; polls += 1) {
    device_watchdog_feed();
    now += FEED_MS / 20;
  }
  CHECK_TEXT(told(manager), "WATCHDOG=1");
  CHECK_TEXT(told(manager), "WATCHDOG=1");
  CHECK_TEXT(told(manager), "WATCHDOG=1");
  CHECK_TEXT(told(manager), "");
  CHECK(written(octets, sizeof octets) == 3);
  watchdog_close();
  CHECK_TEXT(told(manager), "STOPPING=1");
  CHECK(written(octets, sizeof octets) == 4 && octets[2] == 0 && octets[3] == 'V');
  close(manager);
  unlink(path);
}

static void knows_the_abstract_namespace(void) {
  char path[60];
  snprintf(path, sizeof path, "@doorline-watchdog-%d", (int)getpid());
  int manager = listen_at(path);
  watchdog_tell("READY=1");
  CHECK_TEXT(told(manager), "READY=1");
  close(manager);
}

static void does_without_a_manager(void) {
  setenv("NOTIFY_SOCKET", "/nowhere/notify", 1);
  watchdog_tell("READY=1");
  unsetenv("NOTIFY_SOCKET");
  watchdog_tell("READY=1");
  *chosen.watchdog = 0;
  CHECK(watchdog_open(&chosen));
  device_watchdog_feed();
}

static void says_that_the_watchdog_is_missing(void) {
  strcpy(chosen.watchdog, "/nowhere/watchdog");
  CHECK(!watchdog_open(&chosen));
  CHECK_TEXT(last_problem(), "the watchdog /nowhere/watchdog cannot be opened: No such file or directory");
}

static const check_case cases[] = {
    {"feeds both at most once a second, and lets the processor's go at the end", feeds_at_most_once_a_second},
    {"tells a service manager in the abstract namespace", knows_the_abstract_namespace},
    {"does without a service manager and without a watchdog", does_without_a_manager},
    {"says that the watchdog is missing", says_that_the_watchdog_is_missing},
};

int main(void) {
  if (mkdtemp(directory) == NULL) {
    return 1;
  }
  snprintf(file_path, sizeof file_path, "%s/watchdog", directory);
  FILE *file = fopen(file_path, "wb");
  fclose(file);
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(file_path);
  rmdir(directory);
  return code;
}
