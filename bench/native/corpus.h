// The corpus files of bench/corpus.ts, read whole into memory before anything is measured.

#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include <stddef.h>
#include <stdint.h>

enum { VARIANTS = 64, FRAME_SAMPLES = 160 };

typedef struct {
  uint8_t *bytes;
  size_t length;
} message_t;

typedef struct {
  message_t invites[VARIANTS];
  message_t answers[VARIANTS];
  message_t reply_body;
  int16_t speech[VARIANTS * FRAME_SAMPLES];
} corpus_t;

// What the built 200 OK says beside what it copies from the request: REPLY of bench/corpus.ts.
#define REPLY_TAG "door-7f31c2"
#define REPLY_CONTACT "<sip:door@192.0.2.77:5060>"
#define REPLY_CONTENT_TYPE "application/sdp"

// Reads the files of `folder`; ends the program with a message when one is missing or short.
void corpus_read(corpus_t *corpus, const char *folder);

#endif
