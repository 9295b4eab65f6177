/*
 * As many samples come and go as time has passed since the start, so nothing drifts however late a poll is. The same rules as the
 * desk's (hal/node/paced-audio.ts) and Linux's, so that all hear the same.
 */
#include "audio.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "clock.h"
#include "registers.h"

enum {
  FRAME_SAMPLES = 160,
  /** Samples of the microphone that wait at most: 200 ms. */
  INPUT_SAMPLES = 1600,
  /** Samples that wait for the loudspeaker at most: three frames, because what waits delays the voice. */
  OUTPUT_SAMPLES = 480,
  TICKS_A_SAMPLE = CLOCK_HZ / 8000,
};

static pcm_device *const pcm = (pcm_device *)(uintptr_t)PCM_ADDRESS;

/** The next sample to be read, and the next to be written, counted from boot. */
static uint64_t input_at;
static uint64_t output_at;

static uint64_t samples_now(void) { return clock_ticks() / TICKS_A_SAMPLE; }

void audio_open(void) {
  pcm->version = PCM_VERSION;
  pcm->is_input_on = 0;
  pcm->is_output_on = 0;
  pcm->output_late = 0;
  pcm->input_lost = 0;
  memset(pcm->output, 0, sizeof pcm->output);
  pcm->magic = PCM_MAGIC;
}

static void play_silence_until(uint64_t sample) {
  for (; output_at < sample; output_at += 1) {
    pcm->output[output_at % PCM_RING] = 0;
  }
}

bool audio_work(void) {
  uint64_t now = samples_now();
  if (output_at < now) {
    pcm->output_late += pcm->is_output_on == 0 ? 0 : (uint32_t)(now - output_at);
    play_silence_until(now);
  }
  pcm->clock = (uint32_t)now;
  return pcm->is_input_on != 0 && now >= input_at + FRAME_SAMPLES;
}

uint32_t audio_ticks_to_frame(void) {
  uint64_t now = clock_ticks();
  uint64_t due = (input_at + FRAME_SAMPLES) * TICKS_A_SAMPLE;
  if (pcm->is_input_on == 0) {
    return UINT32_MAX;
  }
  return due > now ? (uint32_t)(due - now) : 0;
}

bool audio_is_on(void) { return pcm->is_input_on != 0 || pcm->is_output_on != 0; }

void device_audio_start(enum device_audio direction) {
  if (direction == DEVICE_AUDIO_IN) {
    input_at = samples_now();
    pcm->is_input_on = 1;
  } else {
    pcm->is_output_on = 1;
  }
}

void device_audio_stop(enum device_audio direction) {
  if (direction == DEVICE_AUDIO_IN) {
    pcm->is_input_on = 0;
  } else {
    pcm->is_output_on = 0;
  }
}

size_t device_audio_read(int16_t *samples, size_t count) {
  uint64_t now = samples_now();
  while (now - input_at > INPUT_SAMPLES) {
    input_at += FRAME_SAMPLES;
    pcm->input_lost += FRAME_SAMPLES;
  }
  if (pcm->is_input_on == 0 || now - input_at < count) {
    return 0;
  }
  for (size_t index = 0; index < count; index += 1) {
    samples[index] = pcm->input[(input_at + index) % PCM_RING];
  }
  input_at += count;
  return count;
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  uint64_t now = samples_now();
  if (output_at <= now) {
    /* A frame of silence ahead of the clock, so that one late poll does not make every later frame late as well. */
    play_silence_until(now + FRAME_SAMPLES);
  }
  if (output_at + count - now > OUTPUT_SAMPLES) {
    return 0;
  }
  for (size_t index = 0; index < count; index += 1) {
    pcm->output[(output_at + index) % PCM_RING] = samples[index];
  }
  output_at += count;
  return count;
}
