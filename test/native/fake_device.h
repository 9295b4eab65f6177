/* A board that is played: device.h with a clock that a test moves, sockets that hear what a test says, and a log that it reads. */
#ifndef DOORLINE_FAKE_DEVICE_H
#define DOORLINE_FAKE_DEVICE_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include "../../hal/native/device.h"

enum { FAKE_LOG_OCTETS = 4096, FAKE_DATAGRAM_OCTETS = 1500, FAKE_RECORD_OCTETS = 4096 };

typedef struct fake_board {
  uint32_t now;
  /** All lines since fake_reset, each with its line end. */
  char log[FAKE_LOG_OCTETS];
  /** What the next device_udp_read of the SIP socket takes; length 0: nothing. */
  uint8_t incoming[FAKE_DATAGRAM_OCTETS];
  size_t incoming_length;
  /** The last datagram that was sent. */
  uint8_t sent[FAKE_DATAGRAM_OCTETS];
  size_t sent_length;
  device_endpoint sent_to;
  unsigned sent_count;
  int pins[3][4];
  char settings[FAKE_RECORD_OCTETS];
  /** Where device_restart leads, with its reason; NULL: the process aborts. */
  jmp_buf *on_restart;
} fake_board;

extern fake_board fake;

/** Everything to 0. */
void fake_reset(void);

#endif
