/* Sound without a card: as much as time has passed, never more than may wait. */
#include "../../../boards/linux/audio.h"

#include <stdlib.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "../../../boards/linux/wait.h"
#include "../../../boards/linux/wav.h"
#include "../../../hal/native/device.h"
#include "check.h"

enum { FRAME = 160, FRAMES = 10 };

static configuration chosen;
static int16_t samples[FRAME];
static char path[] = "/tmp/doorline-sound-XXXXXX";

/** The next frame of the microphone, waited for as the shell does. */
static void await_frame(void) {
  while (device_audio_read(samples, FRAME) == 0) {
    (void)device_wait(1000);
  }
}

static void brings_frames_at_the_pace_of_the_clock(void) {
  device_audio_start(DEVICE_AUDIO_IN);
  int64_t start = nanoseconds_now();
  for (int frame = 0; frame < FRAMES; frame += 1) {
    await_frame();
  }
  // Never early, however late the machine is.
  CHECK(nanoseconds_now() - start >= INT64_C(1000000) * (20 * FRAMES - 1));
  device_audio_stop(DEVICE_AUDIO_IN);
  CHECK(device_audio_read(samples, FRAME) == 0);
}

static void plays_a_tone_of_425_hertz(void) {
  int crossings = 0;
  int16_t before = 0;
  int16_t peak = 0;
  device_audio_start(DEVICE_AUDIO_IN);
  for (int frame = 0; frame < FRAMES; frame += 1) {
    await_frame();
    for (int index = 0; index < FRAME; index += 1) {
      crossings += before < 0 && samples[index] > 0 ? 1 : 0;
      before = samples[index] == 0 ? before : samples[index];
      peak = samples[index] > peak ? samples[index] : peak;
    }
  }
  device_audio_stop(DEVICE_AUDIO_IN);
  // 425 Hz for 200 ms are 85 periods.
  CHECK(crossings >= 84 && crossings <= 85);
  CHECK(peak > 8100 && peak <= 8192);
}

static void lets_no_more_wait_than_three_frames(void) {
  int taken = 0;
  device_audio_start(DEVICE_AUDIO_OUT);
  while (taken < FRAMES && device_audio_write(samples, FRAME) == FRAME) {
    taken += 1;
  }
  CHECK(taken >= 2 && taken < FRAMES);
  device_audio_stop(DEVICE_AUDIO_OUT);
}

static void records_what_is_played(void) {
  wav_file recorded;
  audio_close();
  CHECK(wav_open(&recorded, path));
  CHECK(recorded.samples >= 2 * FRAME);
  close(recorded.descriptor);
}

static const check_case cases[] = {
    {"brings frames at the pace of the clock, none when stopped", brings_frames_at_the_pace_of_the_clock},
    {"plays a tone of 425 Hz at a quarter of full scale", plays_a_tone_of_425_hertz},
    {"lets no more wait for the loudspeaker than three frames", lets_no_more_wait_than_three_frames},
    {"records what is played", records_what_is_played},
};

int main(void) {
  close(mkstemp(path));
  configuration_start(&chosen);
  strcpy(chosen.audio_in, "tone");
  snprintf(chosen.audio_out, sizeof chosen.audio_out, "wav:%s", path);
  if (!audio_open(&chosen)) {
    printf("not ok opens: %s\n", last_problem());
    return 1;
  }
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(path);
  return code;
}
