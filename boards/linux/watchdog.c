/* Both are fed at most once a second, however often the firmware polls. */
#include "watchdog.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "problem.h"

enum { FEED_MS = 1000 };

/** What a watchdog must be told before it is closed, or it bites (Linux watchdog API, magic close). */
static const char MAGIC_CLOSE[] = "V";

static int watchdog = -1;
static uint32_t fed_at;

bool watchdog_open(const configuration *chosen) {
  fed_at = device_clock_ms() - FEED_MS;
  if (*chosen->watchdog == 0) {
    return true;
  }
  watchdog = open(chosen->watchdog, O_WRONLY | O_CLOEXEC);
  return watchdog >= 0 || system_problem("the watchdog %s cannot be opened", chosen->watchdog);
}

void watchdog_tell(const char *state) {
  const char *path = getenv("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (path == NULL || (*path != '/' && *path != '@') || strlen(path) >= sizeof address.sun_path) {
    return;
  }
  strcpy(address.sun_path, path);
  if (*path == '@') {
    // The abstract namespace (unix(7)).
    address.sun_path[0] = 0;
  }
  int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor >= 0) {
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    (void)sendto(descriptor, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
    close(descriptor);
  }
}

void device_watchdog_feed(void) {
  if (device_clock_ms() - fed_at < FEED_MS) {
    return;
  }
  fed_at = device_clock_ms();
  if (watchdog >= 0) {
    (void)!write(watchdog, "", 1);
  }
  watchdog_tell("WATCHDOG=1");
}

void watchdog_close(void) {
  watchdog_tell("STOPPING=1");
  if (watchdog >= 0) {
    (void)!write(watchdog, MAGIC_CLOSE, 1);
    close(watchdog);
    watchdog = -1;
  }
}
