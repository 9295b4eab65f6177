/*
 * What the device finds around it at the beginning of a command: the time, which sockets have something, the pins. It stands
 * still until the next command, so that a poll on the desk and a poll in this process see the same.
 */
#ifndef DOORLINE_DESK_SURROUNDINGS_H
#define DOORLINE_DESK_SURROUNDINGS_H

#include "../../hal/native/device.h"

/** Sockets that the desk tells of: SIP, names, and the media of up to three calls. */
enum { DESK_SOCKETS = 8 };

/** As it lies in the payload of DESK_BOOT and DESK_POLL, little-endian. */
typedef struct desk_surroundings {
  uint32_t now;
  /** One bit a socket, by number. */
  uint32_t readable;
  /** One bit a button. */
  uint32_t pressed;
  uint16_t network_changes;
  uint8_t network_is_up;
  uint8_t tcp_count;
  uint8_t tcp_waiting;
  uint8_t media_count;
  /** By enum device_pins. */
  uint8_t pins[3];
  uint8_t reset_reason;
  uint16_t restarts;
  /** IPv4, IPv6 of each socket. */
  device_endpoint local[DESK_SOCKETS][2];
} desk_surroundings;

_Static_assert(sizeof(desk_surroundings) == 24 + 2 * 20 * DESK_SOCKETS, "the surroundings have no padding");

/** Those of now; main.c fills them from the wire. */
extern desk_surroundings surroundings;

#endif
