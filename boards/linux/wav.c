/* Chunks are walked by their lengths, each checked against the file; samples are little-endian, as is every Linux that we know. */
#include "wav.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audio.h"
#include "problem.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "samples are moved between files and memory as they are");

enum { RIFF_OCTETS = 12, CHUNK_OCTETS = 8, FORMAT_OCTETS = 16, HEADER_OCTETS = 44, PCM = 1, SAMPLE_OCTETS = 2 };

static uint32_t read_16(const uint8_t *octets) { return (uint32_t)octets[0] | (uint32_t)octets[1] << 8; }

static uint32_t read_32(const uint8_t *octets) { return read_16(octets) | read_16(octets + 2) << 16; }

static void put(uint8_t *octets, uint32_t value, int count) {
  for (int octet = 0; octet < count; octet += 1) {
    octets[octet] = (uint8_t)(value >> 8 * octet);
  }
}

static bool read_at(int descriptor, uint8_t *octets, size_t count, int64_t at) {
  return pread(descriptor, octets, count, (off_t)at) == (ssize_t)count;
}

/** Whether the format of a file is ours. */
static bool check_format(const char *path, const uint8_t *format) {
  uint32_t tag = read_16(format);
  uint32_t channels = read_16(format + 2);
  uint32_t rate = read_32(format + 4);
  uint32_t bits = read_16(format + 14);
  if (tag == PCM && channels == 1 && rate == SAMPLES_A_SECOND && bits == 8 * SAMPLE_OCTETS) {
    return true;
  }
  return problem(
      "%s is of format %u, %u bits, %u channels, %u Hz; what is needed is linear (1), 16 bits, 1 channel, 8000 Hz",
      path, tag, bits, channels, rate);
}

/** Finds the samples. */
static bool find_samples(wav_file *file, const char *path, int64_t size) {
  uint8_t head[FORMAT_OCTETS];
  bool has_format = false;
  if (!read_at(file->descriptor, head, RIFF_OCTETS, 0) || memcmp(head, "RIFF", 4) != 0 ||
      memcmp(head + 8, "WAVE", 4) != 0) {
    return problem("%s is no WAV file", path);
  }
  for (int64_t at = RIFF_OCTETS; read_at(file->descriptor, head, CHUNK_OCTETS, at);) {
    int64_t start = at + CHUNK_OCTETS;
    int64_t length = read_32(head + 4);
    if (memcmp(head, "fmt ", 4) == 0 && length >= FORMAT_OCTETS) {
      if (!read_at(file->descriptor, head, FORMAT_OCTETS, start) || !check_format(path, head)) {
        return false;
      }
      has_format = true;
    } else if (memcmp(head, "data", 4) == 0 && has_format) {
      // A recorder that was cut off leaves a length that is too large: what is there counts.
      file->start = start;
      file->samples = (length < size - start ? length : size - start) / SAMPLE_OCTETS;
      return file->samples > 0 || problem("%s has no samples", path);
    }
    at = start + length + length % 2;
  }
  return problem("%s has no samples", path);
}

bool wav_open(wav_file *file, const char *path) {
  struct stat status;
  *file = (wav_file){.descriptor = open(path, O_RDONLY | O_CLOEXEC)};
  if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0) {
    return system_problem("%s cannot be read", path);
  }
  if (!find_samples(file, path, status.st_size)) {
    close(file->descriptor);
    file->descriptor = -1;
    return false;
  }
  return true;
}

void wav_read(wav_file *file, int16_t *samples, size_t count) {
  memset(samples, 0, count * sizeof *samples);
  while (count > 0) {
    int64_t left = file->samples - file->at;
    size_t taken = (int64_t)count < left ? count : (size_t)left;
    if (pread(file->descriptor, samples, taken * sizeof *samples, (off_t)(file->start + file->at * SAMPLE_OCTETS)) <=
        0) {
      return;
    }
    file->at = (file->at + (int64_t)taken) % file->samples;
    samples += taken;
    count -= taken;
  }
}

bool wav_create(wav_file *file, const char *path) {
  *file = (wav_file){.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640), .start = HEADER_OCTETS};
  if (file->descriptor < 0) {
    return system_problem("%s cannot be written", path);
  }
  wav_complete(file);
  return true;
}

void wav_write(wav_file *file, const int16_t *samples, size_t count) {
  int64_t at = file->start + file->samples * SAMPLE_OCTETS;
  ssize_t written = pwrite(file->descriptor, samples, count * sizeof *samples, (off_t)at);
  file->samples += written > 0 ? written / SAMPLE_OCTETS : 0;
}

void wav_complete(wav_file *file) {
  uint8_t header[HEADER_OCTETS] = "RIFF....WAVEfmt ";
  uint32_t octets = (uint32_t)file->samples * SAMPLE_OCTETS;
  put(header + 4, HEADER_OCTETS - CHUNK_OCTETS + octets, 4);
  put(header + 16, FORMAT_OCTETS, 4);
  put(header + 20, PCM, 2);
  put(header + 22, 1, 2);
  put(header + 24, SAMPLES_A_SECOND, 4);
  put(header + 28, SAMPLES_A_SECOND * SAMPLE_OCTETS, 4);
  put(header + 32, SAMPLE_OCTETS, 2);
  put(header + 34, 8 * SAMPLE_OCTETS, 2);
  memcpy(header + 36, "data", 4);
  put(header + 40, octets, 4);
  (void)!pwrite(file->descriptor, header, sizeof header, 0);
}
