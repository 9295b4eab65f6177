/* WAV files (RIFF WAVE) of 16-bit linear samples, one channel, 8,000 Hz. Nothing else is read, nothing resampled. */
#ifndef DOORLINE_LINUX_WAV_H
#define DOORLINE_LINUX_WAV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An open file and where its samples are. */
typedef struct wav_file {
  /** -1: not open. */
  int descriptor;
  /** Octets before the first sample. */
  int64_t start;
  /** Samples that there are, or that were written. */
  int64_t samples;
  /** The next sample to be read. */
  int64_t at;
} wav_file;

/** Opens a file for reading. Returns false with a problem that says what the file is and what is needed. */
bool wav_open(wav_file *file, const char *path);
/** Reads the next samples, from the beginning again behind the last one. */
void wav_read(wav_file *file, int16_t *samples, size_t count);
/** Makes a file without samples. Returns false with a problem. */
bool wav_create(wav_file *file, const char *path);
/** Writes samples behind the last ones. The header is right after wav_complete. */
void wav_write(wav_file *file, const int16_t *samples, size_t count);
/** Writes the length into the header. May be called again and again. */
void wav_complete(wav_file *file);

#endif
