/* Frames over standard input and output. Blocking on purpose: desk and device never work at the same time. */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** The desk closed the wire, or spoke something else: there is nothing left to live for. */
enum { EXIT_WIRE_GONE = 74 };

static uint8_t outgoing[sizeof(desk_frame) + DESK_PAYLOAD_OCTETS + 64];

static void write_all(const uint8_t *octets, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, octets, count);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      exit(EXIT_WIRE_GONE);
    }
    octets += written;
    count -= (size_t)written;
  }
}

static void read_all(uint8_t *buffer, size_t count) {
  while (count > 0) {
    ssize_t taken = read(STDIN_FILENO, buffer, count);
    if (taken < 0 && errno == EINTR) {
      continue;
    }
    if (taken <= 0) {
      exit(EXIT_WIRE_GONE);
    }
    buffer += taken;
    count -= (size_t)taken;
  }
}

void desk_send(const desk_frame *frame, const void *payload, const void *more, size_t more_length) {
  desk_frame whole = *frame;
  size_t first_length = frame->length;
  size_t at = sizeof whole;
  whole.length = (uint32_t)(first_length + more_length);
  if (whole.length > DESK_PAYLOAD_OCTETS) {
    fprintf(stderr, "a frame of %u octets does not fit the wire\n", whole.length);
    exit(EXIT_WIRE_GONE);
  }
  memcpy(outgoing, &whole, sizeof whole);
  if (first_length > 0) {
    memcpy(outgoing + at, payload, first_length);
    at += first_length;
  }
  if (more_length > 0) {
    memcpy(outgoing + at, more, more_length);
    at += more_length;
  }
  write_all(outgoing, at);
}

void desk_receive(desk_frame *frame, void *payload, size_t size) {
  read_all((uint8_t *)frame, sizeof *frame);
  if (frame->length > size) {
    fprintf(stderr, "a payload of %u octets where %zu fit\n", frame->length, size);
    exit(EXIT_WIRE_GONE);
  }
  read_all(payload, frame->length);
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
    fprintf(stderr, "frame %u where an answer was due\n", reply.kind);
    exit(EXIT_WIRE_GONE);
  }
  return reply.first;
}
