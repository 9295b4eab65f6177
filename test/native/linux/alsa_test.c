/* ALSA with its own null and file devices in place of a card: the real library, nobody's loudspeaker. */
#include "../../../boards/linux/audio.h"

#include <stdlib.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "../../../hal/native/device.h"
#include "check.h"

enum { FRAME = 160 };

static char directory[] = "/tmp/doorline-alsa-XXXXXX";
static char configuration_path[100];
static char played_path[100];
static configuration chosen;
static int16_t samples[FRAME];

/** A card without hardware: its microphone hears nothing, its loudspeaker is a file of plain samples. */
static void write_devices(void) {
  FILE *file = fopen(configuration_path, "w");
  CHECK(file != NULL);
  fprintf(file, "pcm.silence { type null }\npcm.paper { type file slave.pcm { type null } file \"%s\" format raw }\n",
          played_path);
  fclose(file);
}

static void opens_reads_and_writes(void) {
  strcpy(chosen.audio_in, "alsa:silence");
  strcpy(chosen.audio_out, "alsa:paper");
  CHECK(audio_open(&chosen));
  device_audio_start(DEVICE_AUDIO_IN);
  device_audio_start(DEVICE_AUDIO_OUT);
  memset(samples, 1, sizeof samples);
  CHECK(device_audio_read(samples, FRAME) == FRAME);
  memset(samples, 1, sizeof samples);
  CHECK(device_audio_write(samples, FRAME) == FRAME);
  device_audio_stop(DEVICE_AUDIO_IN);
  device_audio_stop(DEVICE_AUDIO_OUT);
  CHECK(device_audio_write(samples, FRAME) == 0);
}

static void plays_what_was_written_behind_a_period_of_silence(void) {
  uint8_t octets[4 * FRAME] = {0};
  FILE *file = fopen(played_path, "rb");
  CHECK(file != NULL);
  CHECK(fread(octets, 1, sizeof octets, file) == sizeof octets);
  fclose(file);
  CHECK(octets[2 * FRAME - 1] == 0 && octets[2 * FRAME] == 1 && octets[4 * FRAME - 1] == 1);
}

static void says_which_device_is_missing(void) {
  strcpy(chosen.audio_in, "alsa:nobody");
  CHECK(!audio_open(&chosen));
  CHECK(strstr(last_problem(), "alsa:nobody cannot be opened: ") == last_problem());
}

static const check_case cases[] = {
    {"opens a card at 8000 Hz in one channel, reads and writes frames", opens_reads_and_writes},
    {"plays what was written behind a period of silence", plays_what_was_written_behind_a_period_of_silence},
    {"says which device is missing", says_which_device_is_missing},
};

int main(void) {
  CHECK(mkdtemp(directory) != NULL);
  snprintf(configuration_path, sizeof configuration_path, "%s/asound.conf", directory);
  snprintf(played_path, sizeof played_path, "%s/played.raw", directory);
  write_devices();
  setenv("ALSA_CONFIG_PATH", configuration_path, 1);
  configuration_start(&chosen);
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(configuration_path);
  unlink(played_path);
  rmdir(directory);
  return code;
}
