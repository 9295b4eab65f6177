/* Frames over the place's octets; see wire.h. */
#include "wire.h"

#include <string.h>

#include "place.h"

static uint8_t outgoing[sizeof(desk_frame) + DESK_PAYLOAD_OCTETS + 64];

void desk_send(const desk_frame *frame, const void *payload, const void *more, size_t more_length) {
  desk_frame whole = *frame;
  size_t first_length = frame->length;
  size_t at = sizeof whole;
  whole.length = (uint32_t)(first_length + more_length);
  if (whole.length > DESK_PAYLOAD_OCTETS) {
    place_end(PLACE_WIRE_GONE, "a frame does not fit the wire");
  }
  memcpy(outgoing, &whole, sizeof whole);
  if (payload != NULL) {
    memcpy(outgoing + at, payload, first_length);
    at += first_length;
  }
  if (more != NULL) {
    memcpy(outgoing + at, more, more_length);
    at += more_length;
  }
  place_write(outgoing, at);
}

void desk_receive(desk_frame *frame, void *payload, size_t size) {
  place_read((uint8_t *)frame, sizeof *frame);
  if (frame->length > size) {
    place_end(PLACE_WIRE_GONE, "the desk sent a payload that has no room");
  }
  place_read(payload, frame->length);
}

void desk_say(const desk_frame *frame, const void *payload, const void *more, size_t more_length) {
  desk_send(frame, payload, more, more_length);
}

void desk_tell(enum desk_frame_kind kind, uint32_t index, int32_t first, int32_t second) {
  desk_frame frame = {.kind = kind, .index = index, .first = first, .second = second};
  desk_send(&frame, NULL, NULL, 0);
}

int32_t desk_ask(const desk_frame *frame, const void *request, const void *more, size_t more_length, void *answer,
                 size_t size) {
  desk_frame reply;
  desk_send(frame, request, more, more_length);
  desk_receive(&reply, answer, size);
  if (reply.kind != DESK_ANSWER) {
    place_end(PLACE_WIRE_GONE, "the desk sent another frame where an answer was due");
  }
  return reply.first;
}
