/* Clock, chance and the wait: ppoll over everything that the parts ask for. */
#include "wait.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "../../hal/native/device.h"
#include "audio.h"
#include "life.h"
#include "linux-limits.h"
#include "network.h"
#include "pins.h"
#include "tcp.h"
#include "udp.h"

static const int64_t NANOSECONDS = 1000000000;
static const int64_t NANOSECONDS_OF_A_MS = 1000000;

/** A poll feeds the watchdogs, so none is further away than this, whatever the timers say. */
enum { LONGEST_WAIT_MS = 1000 };

static struct pollfd descriptors[WAIT_DESCRIPTORS];
static nfds_t descriptor_count;
static int64_t limit_ns;

int64_t nanoseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

uint32_t device_clock_ms(void) { return (uint32_t)(nanoseconds_now() / NANOSECONDS_OF_A_MS); }

void device_random(uint8_t *octets, size_t count) {
  while (count > 0) {
    ssize_t got = getrandom(octets, count, 0);
    if (got < 0 && errno != EINTR) {
      // A station whose tags and nonces can be foretold must not run.
      abort();
    }
    if (got > 0) {
      octets += got;
      count -= (size_t)got;
    }
  }
}

void wait_for(int descriptor, short events) {
  if (descriptor >= 0 && descriptor_count < WAIT_DESCRIPTORS) {
    descriptors[descriptor_count] = (struct pollfd){.fd = descriptor, .events = events};
    descriptor_count += 1;
  }
}

void wait_at_most_ns(int64_t nanoseconds) {
  if (nanoseconds < limit_ns) {
    limit_ns = nanoseconds < 0 ? 0 : nanoseconds;
  }
}

bool device_wait(uint32_t milliseconds) {
  life_before_wait();
  limit_ns = (milliseconds < LONGEST_WAIT_MS ? milliseconds : LONGEST_WAIT_MS) * NANOSECONDS_OF_A_MS;
  descriptor_count = 0;
  udp_wait();
  tcp_wait();
  network_wait();
  audio_wait();
  pins_wait();
  struct timespec limit = {.tv_sec = (time_t)(limit_ns / NANOSECONDS), .tv_nsec = (long)(limit_ns % NANOSECONDS)};
  sigset_t none;
  sigemptyset(&none);
  // Signals are let in here and nowhere else, so that none comes between the look at its flag and the wait.
  (void)ppoll(descriptors, descriptor_count, &limit, &none);
  network_work();
  pins_work();
  return !life_is_to_end();
}
