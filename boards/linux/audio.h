/* The sound of a station. Each direction has a source or sink of its own: a sound card (audio_alsa.c) or files (audio_paced.c). */
#ifndef DOORLINE_LINUX_AUDIO_H
#define DOORLINE_LINUX_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "configuration.h"

enum {
  SAMPLES_A_SECOND = 8000,
  /** What the firmware reads or writes at a time: 20 ms. */
  FRAME_SAMPLES = 160,
};

/** One direction of sound: samples of 16 bits, one channel, SAMPLES_A_SECOND. */
typedef struct audio_part {
  void (*start)(void);
  void (*stop)(void);
  /** Takes or queues `count` samples, all or none: count or 0. One of both is NULL. */
  size_t (*read)(int16_t *samples, size_t count);
  size_t (*write)(const int16_t *samples, size_t count);
  /** Says what to wait for while it is started. */
  void (*wait)(void);
} audio_part;

/** Opens both directions. Returns false with a problem. */
bool audio_open(const configuration *chosen);
void audio_wait(void);
/** Completes recorded files. */
void audio_close(void);

/** Opens a sound card, whose name stays; NULL with a problem. Not there when the program was built without ALSA. */
const audio_part *audio_alsa_open_in(const char *device, unsigned period_ms);
const audio_part *audio_alsa_open_out(const char *device, unsigned period_ms);

/**
 * Opens what plays the microphone: "wav:FILE" over and over, "tone" (425 Hz) or "silence", at the pace of the clock. NULL with a
 * problem.
 */
const audio_part *audio_paced_open_in(const char *sound);
/** Opens what hears the loudspeaker: "wav:FILE", or "none". NULL with a problem. */
const audio_part *audio_paced_open_out(const char *sound);
void audio_paced_close(void);

#endif
