/*
 * A sound card by ALSA: each direction a PCM of its own, non-blocking, resampled by ALSA's "plug" where the card does not know
 * 8,000 Hz. An overrun or underrun is recovered from and costs its samples, never the call. A card that was unplugged is silent
 * until a later call finds it plugged in again.
 */
#include <alsa/asoundlib.h>

#include "../../hal/native/device.h"
#include "audio.h"
#include "problem.h"
#include "wait.h"

/** A buffer is this many periods: what waits for the loudspeaker delays the voice. */
enum {
  PERIODS = 4,
  /** A card may grant longer periods than any that can be asked for. */
  MOST_SILENCE_SAMPLES = 40 * SAMPLES_A_SECOND / 1000,
  DESCRIPTORS = 4,
};

typedef struct card {
  const char *device;
  snd_pcm_stream_t direction;
  unsigned period_ms;
  /** NULL: the card is gone. */
  snd_pcm_t *pcm;
  snd_pcm_uframes_t period;
} card;

static card microphone = {.direction = SND_PCM_STREAM_CAPTURE};
static card loudspeaker = {.direction = SND_PCM_STREAM_PLAYBACK};
static const int16_t silence[MOST_SILENCE_SAMPLES];

static bool set_hardware(card *opened) {
  snd_pcm_hw_params_t *hardware;
  snd_pcm_hw_params_alloca(&hardware);
  snd_pcm_uframes_t period = (snd_pcm_uframes_t)opened->period_ms * SAMPLES_A_SECOND / 1000;
  snd_pcm_uframes_t buffer = PERIODS * period;
  bool is_good = snd_pcm_hw_params_any(opened->pcm, hardware) >= 0 &&
                 snd_pcm_hw_params_set_rate_resample(opened->pcm, hardware, 1) >= 0 &&
                 snd_pcm_hw_params_set_access(opened->pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED) >= 0 &&
                 snd_pcm_hw_params_set_format(opened->pcm, hardware, SND_PCM_FORMAT_S16) >= 0 &&
                 snd_pcm_hw_params_set_channels(opened->pcm, hardware, 1) >= 0 &&
                 snd_pcm_hw_params_set_rate(opened->pcm, hardware, SAMPLES_A_SECOND, 0) >= 0 &&
                 snd_pcm_hw_params_set_period_size_near(opened->pcm, hardware, &period, NULL) >= 0 &&
                 snd_pcm_hw_params_set_buffer_size_near(opened->pcm, hardware, &buffer) >= 0 &&
                 snd_pcm_hw_params(opened->pcm, hardware) >= 0;
  opened->period = period;
  return is_good;
}

/** The first sample starts the card by itself, and a frame wakes: for less there is nothing to do, however short the periods. */
static bool set_software(const card *opened) {
  snd_pcm_sw_params_t *software;
  snd_pcm_sw_params_alloca(&software);
  return snd_pcm_sw_params_current(opened->pcm, software) >= 0 &&
         snd_pcm_sw_params_set_avail_min(opened->pcm, software, FRAME_SAMPLES) >= 0 &&
         snd_pcm_sw_params_set_start_threshold(opened->pcm, software, 1) >= 0 &&
         snd_pcm_sw_params(opened->pcm, software) >= 0;
}

/** ALSA's own words on standard error; what matters of them is in our sentence. */
static void ignore_words(const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file;
  (void)line;
  (void)function;
  (void)error;
  (void)format;
}

/** Gives up a card that cannot be used now. */
static void let_go(card *troubled) {
  (void)snd_pcm_close(troubled->pcm);
  troubled->pcm = NULL;
}

static bool open_card(card *opened) {
  (void)snd_lib_error_set_handler(ignore_words);
  int status = snd_pcm_open(&opened->pcm, opened->device, opened->direction, SND_PCM_NONBLOCK);
  if (status < 0) {
    opened->pcm = NULL;
    return problem("alsa:%s cannot be opened: %s; `aplay -L` lists the devices", opened->device, snd_strerror(status));
  }
  if (!set_hardware(opened) || !set_software(opened)) {
    let_go(opened);
    return problem("alsa:%s knows no 8000 Hz of 16 bits in one channel; plughw:… in place of hw:… converts",
                   opened->device);
  }
  return true;
}

/** Readies a card for a call. One that is gone is opened anew: somebody may have plugged it in again. */
static bool prepare(card *started) {
  if (started->pcm != NULL && snd_pcm_prepare(started->pcm) < 0) {
    let_go(started);
  }
  return started->pcm != NULL || open_card(started);
}

static void stop(card *stopped) {
  if (stopped->pcm != NULL) {
    (void)snd_pcm_drop(stopped->pcm);
  }
}

/** After a status of ALSA: whether the card goes on. One that does not would wake whoever waits for it for ever. */
static bool recover(card *troubled, snd_pcm_sframes_t status) {
  if (snd_pcm_recover(troubled->pcm, (int)status, 1) == 0) {
    return true;
  }
  char line[LOG_LINE_OCTETS];
  snprintf(line, sizeof line, "alsa:%s is gone: %s", troubled->device, snd_strerror((int)status));
  device_log_line(line);
  let_go(troubled);
  return false;
}

static void start_microphone(void) {
  if (prepare(&microphone)) {
    (void)snd_pcm_start(microphone.pcm);
  }
}

static void stop_microphone(void) { stop(&microphone); }

static size_t read_microphone(int16_t *samples, size_t count) {
  if (microphone.pcm == NULL) {
    return 0;
  }
  snd_pcm_sframes_t available = snd_pcm_avail(microphone.pcm);
  if (available < 0) {
    if (recover(&microphone, available)) {
      (void)snd_pcm_start(microphone.pcm);
    }
    return 0;
  }
  if ((size_t)available < count) {
    return 0;
  }
  return snd_pcm_readi(microphone.pcm, samples, count) == (snd_pcm_sframes_t)count ? count : 0;
}

/**
 * ALSA itself looks at the descriptors before the wait: those of some plugins (dsnoop, behind many a "default") are timers that
 * would wake for ever when nobody reads them. What it says of samples that are there is done at once.
 */
static void wait_for_microphone(void) {
  struct pollfd descriptors[DESCRIPTORS];
  unsigned short told = 0;
  if (microphone.pcm == NULL) {
    // The call goes on without a voice; the loudspeaker wants its frames.
    wait_at_most_ns(INT64_C(1000000000) * FRAME_SAMPLES / SAMPLES_A_SECOND);
    return;
  }
  int count = snd_pcm_poll_descriptors(microphone.pcm, descriptors, DESCRIPTORS);
  if (count > 0 && poll(descriptors, (nfds_t)count, 0) > 0 &&
      snd_pcm_poll_descriptors_revents(microphone.pcm, descriptors, (unsigned)count, &told) == 0 && told != 0) {
    wait_at_most_ns(0);
  }
  for (int index = 0; index < count; index += 1) {
    wait_for(descriptors[index].fd, descriptors[index].events);
  }
}

/** A period ahead of the card, so that a late poll is not heard. */
static void play_silence(void) {
  snd_pcm_uframes_t count = loudspeaker.period < MOST_SILENCE_SAMPLES ? loudspeaker.period : MOST_SILENCE_SAMPLES;
  (void)snd_pcm_writei(loudspeaker.pcm, silence, count);
}

static void start_loudspeaker(void) {
  if (prepare(&loudspeaker)) {
    play_silence();
  }
}

static void stop_loudspeaker(void) { stop(&loudspeaker); }

static size_t write_loudspeaker(const int16_t *samples, size_t count) {
  if (loudspeaker.pcm == NULL) {
    return 0;
  }
  snd_pcm_sframes_t room = snd_pcm_avail(loudspeaker.pcm);
  if (room < 0) {
    if (!recover(&loudspeaker, room)) {
      return 0;
    }
    play_silence();
    room = snd_pcm_avail(loudspeaker.pcm);
  }
  if (room < (snd_pcm_sframes_t)count) {
    return 0;
  }
  return snd_pcm_writei(loudspeaker.pcm, samples, count) == (snd_pcm_sframes_t)count ? count : 0;
}

static void wait_for_nothing(void) {}

static const audio_part alsa_input = {start_microphone, stop_microphone, read_microphone, NULL, wait_for_microphone};
static const audio_part alsa_output = {start_loudspeaker, stop_loudspeaker, NULL, write_loudspeaker, wait_for_nothing};

static bool open_as(card *opened, const char *device, unsigned period_ms) {
  if (opened->pcm != NULL) {
    let_go(opened);
  }
  opened->device = device;
  opened->period_ms = period_ms;
  return open_card(opened);
}

const audio_part *audio_alsa_open_in(const char *device, unsigned period_ms) {
  return open_as(&microphone, device, period_ms) ? &alsa_input : NULL;
}

const audio_part *audio_alsa_open_out(const char *device, unsigned period_ms) {
  return open_as(&loudspeaker, device, period_ms) ? &alsa_output : NULL;
}
