/* WAV files: what is written is read again, and what is not ours is refused with what it is. */
#include "../../../boards/linux/wav.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "check.h"

static char path[] = "/tmp/doorline-wav-XXXXXX";
static wav_file file;

static void create_ramp(size_t count) {
  CHECK(wav_create(&file, path));
  for (size_t index = 0; index < count; index += 1) {
    int16_t sample = (int16_t)(index * 100 - 500);
    wav_write(&file, &sample, 1);
  }
  wav_complete(&file);
  close(file.descriptor);
}

static void patch(off_t at, uint8_t octet) {
  int descriptor = open(path, O_WRONLY);
  CHECK(pwrite(descriptor, &octet, 1, at) == 1);
  close(descriptor);
}

static bool is_refused_with(const char *words) {
  return !wav_open(&file, path) && strstr(last_problem(), words) != NULL;
}

static void reads_what_it_wrote_over_and_over(void) {
  int16_t samples[25];
  create_ramp(10);
  CHECK(wav_open(&file, path));
  CHECK(file.samples == 10);
  wav_read(&file, samples, 7);
  wav_read(&file, samples, 25);
  CHECK(samples[0] == 200 && samples[2] == 400 && samples[3] == -500 && samples[12] == 400 && samples[24] == -400);
  close(file.descriptor);
}

static void skips_other_chunks(void) {
  int16_t sample;
  create_ramp(4);
  CHECK(wav_open(&file, path));
  close(file.descriptor);
  // The chunk of samples becomes one that nobody knows; behind it comes another of one sample.
  patch(36, 'D');
  int descriptor = open(path, O_WRONLY | O_APPEND);
  CHECK(write(descriptor, "data\2\0\0\0\7\0", 10) == 10);
  close(descriptor);
  CHECK(wav_open(&file, path));
  wav_read(&file, &sample, 1);
  CHECK(file.samples == 1 && sample == 7);
  close(file.descriptor);
}

static void takes_what_is_there_of_a_cut_file(void) {
  create_ramp(10);
  CHECK(truncate(path, 44 + 7) == 0);
  CHECK(wav_open(&file, path));
  CHECK(file.samples == 3);
  close(file.descriptor);
}

static void says_what_is_not_ours(void) {
  create_ramp(4);
  patch(22, 2);
  CHECK(is_refused_with("format 1, 16 bits, 2 channels, 8000 Hz; what is needed is"));
  create_ramp(4);
  patch(0, 'X');
  CHECK(is_refused_with("is no WAV file"));
  create_ramp(0);
  CHECK(is_refused_with("has no samples"));
  for (off_t length = 43; length >= 0; length -= 1) {
    CHECK(truncate(path, length) == 0);
    CHECK(!wav_open(&file, path));
  }
}

static const check_case cases[] = {
    {"reads what it wrote, over and over", reads_what_it_wrote_over_and_over},
    {"skips chunks that it does not know", skips_other_chunks},
    {"takes what is there of a file that was cut off", takes_what_is_there_of_a_cut_file},
    {"says what a file is that cannot be played", says_what_is_not_ours},
};

int main(void) {
  close(mkstemp(path));
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(path);
  return code;
}
