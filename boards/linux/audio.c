/* device.h's sound over whatever each direction was opened as. */
#include "audio.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "problem.h"

static const char ALSA[] = "alsa:";

static const audio_part *input;
static const audio_part *output;
/** By enum device_audio. */
static bool is_started[2];

static bool is_alsa(const char *sound) { return strncmp(sound, ALSA, strlen(ALSA)) == 0; }

#ifndef DOORLINE_ALSA

const audio_part *audio_alsa_open_in(const char *device, unsigned period_ms) {
  (void)period_ms;
  (void)problem("alsa:%s: this program was built without ALSA", device);
  return NULL;
}

const audio_part *audio_alsa_open_out(const char *device, unsigned period_ms) {
  return audio_alsa_open_in(device, period_ms);
}

#endif

bool audio_open(const configuration *chosen) {
  const char *in = chosen->audio_in;
  const char *out = chosen->audio_out;
  input = is_alsa(in) ? audio_alsa_open_in(in + strlen(ALSA), chosen->audio_period_ms) : audio_paced_open_in(in);
  if (input == NULL) {
    return false;
  }
  output = is_alsa(out) ? audio_alsa_open_out(out + strlen(ALSA), chosen->audio_period_ms) : audio_paced_open_out(out);
  return output != NULL;
}

void audio_wait(void) {
  if (is_started[DEVICE_AUDIO_IN]) {
    input->wait();
  }
}

void audio_close(void) { audio_paced_close(); }

void device_audio_start(enum device_audio direction) {
  if (!is_started[direction]) {
    is_started[direction] = true;
    (direction == DEVICE_AUDIO_IN ? input : output)->start();
  }
}

void device_audio_stop(enum device_audio direction) {
  if (is_started[direction]) {
    is_started[direction] = false;
    (direction == DEVICE_AUDIO_IN ? input : output)->stop();
  }
}

size_t device_audio_read(int16_t *samples, size_t count) {
  return is_started[DEVICE_AUDIO_IN] ? input->read(samples, count) : 0;
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  return is_started[DEVICE_AUDIO_OUT] ? output->write(samples, count) : 0;
}
