/*
 * Sound where there is no card: as many samples come and go as time has passed since the start, so nothing drifts however late a
 * poll is. The same rules as the desk's (hal/node/paced-audio.ts), so that both hear the same.
 */
#include <string.h>

#include "audio.h"
#include "problem.h"
#include "wait.h"
#include "wav.h"

enum {
  /** Samples of the microphone that wait at most: 200 ms. */
  INPUT_SAMPLES = 1600,
  /** Samples that wait for the loudspeaker at most: three frames, because what waits delays the voice. */
  OUTPUT_SAMPLES = 480,
  NANOSECONDS_A_SAMPLE = 125000,
};

/** The tone: 425 Hz, 17 whole periods in 320 samples, at a quarter of full scale. */
enum { TONE_SAMPLES = 320, TONE_PERIODS = 17, TONE_PEAK = 8192 };

enum input_kind { INPUT_SILENCE, INPUT_TONE, INPUT_FILE };

static enum input_kind input_kind;
static wav_file heard;
static wav_file recorded = {.descriptor = -1};

static int64_t input_origin;
static int64_t taken;
static int64_t output_origin;
static int64_t queued;

static int64_t samples_since(int64_t origin) { return (nanoseconds_now() - origin) / NANOSECONDS_A_SAMPLE; }

/** A sine by Bhaskara's approximation: good to 0.2 %, and whole numbers only. */
static int16_t tone_sample(int64_t index) {
  int64_t degrees = index % TONE_SAMPLES * TONE_PERIODS * 360 / TONE_SAMPLES % 360;
  int64_t half = degrees % 180;
  int64_t curve = half * (180 - half);
  int64_t sine = TONE_PEAK * 4 * curve / (40500 - curve);
  return (int16_t)(degrees < 180 ? sine : -sine);
}

static void start_input(void) {
  input_origin = nanoseconds_now();
  taken = 0;
}

static void stop_nothing(void) {}

static size_t read_input(int16_t *samples, size_t count) {
  int64_t now = samples_since(input_origin);
  while (now - taken > INPUT_SAMPLES) {
    taken += FRAME_SAMPLES;
  }
  if (now - taken < (int64_t)count) {
    return 0;
  }
  if (input_kind == INPUT_FILE) {
    wav_read(&heard, samples, count);
  } else {
    for (size_t index = 0; index < count; index += 1) {
      samples[index] = input_kind == INPUT_TONE ? tone_sample(taken + (int64_t)index) : 0;
    }
  }
  taken += (int64_t)count;
  return count;
}

/** Until the next whole frame. */
static void wait_for_input(void) {
  wait_at_most_ns(input_origin + (taken + FRAME_SAMPLES) * NANOSECONDS_A_SAMPLE - nanoseconds_now());
}

static void play(const int16_t *samples, int64_t count) {
  int64_t second = queued / SAMPLES_A_SECOND;
  queued += count;
  if (recorded.descriptor >= 0) {
    wav_write(&recorded, samples, (size_t)count);
    if (queued / SAMPLES_A_SECOND != second) {
      wav_complete(&recorded);
    }
  }
}

static void play_silence(int64_t count) {
  static const int16_t silence[FRAME_SAMPLES];
  while (count > 0) {
    int64_t part = count < FRAME_SAMPLES ? count : FRAME_SAMPLES;
    play(silence, part);
    count -= part;
  }
}

static void start_output(void) {
  output_origin = nanoseconds_now();
  queued = 0;
}

/** What was queued is played, the rest of the time until now is silence. */
static void stop_output(void) {
  play_silence(samples_since(output_origin) - queued);
  audio_paced_close();
}

static size_t write_output(const int16_t *samples, size_t count) {
  int64_t now = samples_since(output_origin);
  if (queued < now) {
    // A frame of silence ahead of the clock, so that one late poll does not make every later frame late as well.
    play_silence(now + FRAME_SAMPLES - queued);
  }
  if (queued + (int64_t)count - now > OUTPUT_SAMPLES) {
    return 0;
  }
  play(samples, (int64_t)count);
  return count;
}

static const audio_part paced_input = {start_input, stop_nothing, read_input, NULL, wait_for_input};
static const audio_part paced_output = {start_output, stop_output, NULL, write_output, stop_nothing};

/** The file of "wav:FILE"; NULL for another sound. */
static const char *file_of(const char *sound) { return strncmp(sound, "wav:", 4) == 0 ? sound + 4 : NULL; }

const audio_part *audio_paced_open_in(const char *sound) {
  const char *path = file_of(sound);
  input_kind = path != NULL ? INPUT_FILE : strcmp(sound, "tone") == 0 ? INPUT_TONE : INPUT_SILENCE;
  return path == NULL || wav_open(&heard, path) ? &paced_input : NULL;
}

const audio_part *audio_paced_open_out(const char *sound) {
  const char *path = file_of(sound);
  return path == NULL || wav_create(&recorded, path) ? &paced_output : NULL;
}

void audio_paced_close(void) {
  if (recorded.descriptor >= 0) {
    wav_complete(&recorded);
  }
}
