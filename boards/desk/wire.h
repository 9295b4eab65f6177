/*
 * The wire between a device in a process of its own and the desk that drives it: one frame after the other, through what the place
 * has for it (place.h). The desk commands; while it works on a command the device calls the desk for what its board has, and ends with
 * DESK_RESULT. The numbers are those of simulator/device/desk-wire.ts.
 */
#ifndef DOORLINE_DESK_WIRE_H
#define DOORLINE_DESK_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum desk_frame_kind {
  /* Commands of the desk. BOOT and POLL carry the surroundings (surroundings.h). */
  DESK_BOOT = 1,
  DESK_POLL = 2,
  DESK_STOP = 3,
  DESK_IS_STOPPED = 4,
  /** At once with index 0; with 1 once more, in the collector's steps: first is their number. */
  DESK_COLLECT = 5,
  DESK_MEMORY = 6,
  DESK_POOL = 7,
  DESK_PART = 8,
  /* The end of a command: first is what it answers. */
  DESK_RESULT = 16,
  /* What the device says and needs no answer to. */
  DESK_RESTART = 32,
  DESK_LINE = 33,
  DESK_EVENT = 34,
  DESK_MESSAGE = 35,
  DESK_SECURE = 36,
  DESK_PIN = 37,
  DESK_AUDIO_START = 38,
  DESK_AUDIO_STOP = 39,
  DESK_WATCHDOG = 40,
  DESK_TCP_CLOSE = 41,
  /* What the device asks; the desk answers with DESK_ANSWER, first being the status. */
  DESK_RANDOM = 64,
  DESK_UDP_READ = 65,
  DESK_UDP_WRITE = 66,
  DESK_TCP_CONNECT = 67,
  DESK_TCP_ACCEPT = 68,
  DESK_TCP_READ = 69,
  DESK_TCP_WRITE = 70,
  DESK_AUDIO_READ = 71,
  DESK_AUDIO_WRITE = 72,
  DESK_STORAGE_READ = 73,
  DESK_STORAGE_WRITE = 74,
  DESK_I2C = 75,
  DESK_ANSWER = 128,
};

/** A frame on the wire: 20 octets, little-endian, then `length` octets of payload. */
typedef struct desk_frame {
  uint32_t kind;
  /** Socket, connection, pin, record … */
  uint32_t index;
  int32_t first;
  int32_t second;
  uint32_t length;
} desk_frame;

/** The longest payload: a stored record. */
enum { DESK_PAYLOAD_OCTETS = 65536 };

/** Writes a frame with its payload in two parts; NULL: no such part. */
void desk_send(const desk_frame *frame, const void *payload, const void *more, size_t more_length);
/** Reads a frame and up to `size` octets of its payload, which may not be longer. */
void desk_receive(desk_frame *frame, void *payload, size_t size);
/*
 * What the port says and asks while the VM works. Who counts what the VM does leaves these three out (tools/native/instructions.ts).
 */

/** Sends a frame without an answer, its payload in two parts. */
void desk_say(const desk_frame *frame, const void *payload, const void *more, size_t more_length);
/** The same without a payload. */
void desk_tell(enum desk_frame_kind kind, uint32_t index, int32_t first, int32_t second);
/** Sends a frame and waits for its answer: the status. Payload goes out from `request`; the answer's comes to `answer`. */
int32_t desk_ask(const desk_frame *frame, const void *request, const void *more, size_t more_length, void *answer,
                 size_t size);

#endif
