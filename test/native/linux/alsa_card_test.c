/* A sound card with libasound played: one that grants other periods than were asked for, whose descriptors need ALSA to read them, and
   whose plug is pulled. */
#include <alsa/asoundlib.h>

#include "../../../boards/linux/audio.h"
#include "../../../boards/linux/problem.h"
#include "../../../boards/linux/wait.h"
#include "../../../hal/native/device.h"
#include "check.h"

enum { ROOM = 4096, DESCRIPTOR = 77 };

/** A PCM that is played. */
struct _snd_pcm {
  bool is_open;
  snd_pcm_uframes_t avail_min;
  snd_pcm_sframes_t available;
};

static struct _snd_pcm cards[2];
static unsigned opened;
/** What the card makes of the period that it is asked for. */
static snd_pcm_uframes_t shortest_period;
static bool is_plugged_in;
/** What ALSA reads from the descriptors. */
static unsigned short told;
static int16_t heard[ROOM];
static snd_pcm_uframes_t heard_count;
static unsigned lines;
static bool waits_for_card;
static int64_t longest_wait;

size_t snd_pcm_hw_params_sizeof(void) { return 16; }
size_t snd_pcm_sw_params_sizeof(void) { return 16; }
const char *snd_strerror(int status) { return status == -ENODEV ? "No such device" : "?"; }
int snd_lib_error_set_handler(snd_lib_error_handler_t handler) { return handler == NULL ? -1 : 0; }

int snd_pcm_open(snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream, int mode) {
  if (!is_plugged_in || strcmp(name, "usb") != 0 || mode != SND_PCM_NONBLOCK) {
    return -ENODEV;
  }
  opened += 1;
  *pcm = &cards[stream];
  cards[stream] = (struct _snd_pcm){.is_open = true};
  return 0;
}

int snd_pcm_close(snd_pcm_t *pcm) {
  pcm->is_open = false;
  return 0;
}

#define PLAYED(name, ...)                                                                                              \
  int name(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, ##__VA_ARGS__) {                                               \
    (void)params;                                                                                                      \
    return pcm->is_open ? 0 : -EBADFD;                                                                                 \
  }
PLAYED(snd_pcm_hw_params_any)
PLAYED(snd_pcm_hw_params)
int snd_pcm_hw_params_set_rate_resample(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, unsigned value) {
  return pcm->is_open && params != NULL && value == 1 ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_access(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, snd_pcm_access_t value) {
  return pcm->is_open && params != NULL && value == SND_PCM_ACCESS_RW_INTERLEAVED ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_format(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, snd_pcm_format_t value) {
  return pcm->is_open && params != NULL && value == SND_PCM_FORMAT_S16 ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_channels(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, unsigned value) {
  return pcm->is_open && params != NULL && value == 1 ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_rate(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, unsigned value, int direction) {
  return pcm->is_open && params != NULL && value == SAMPLES_A_SECOND && direction == 0 ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_period_size_near(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, snd_pcm_uframes_t *value,
                                           int *direction) {
  *value = *value < shortest_period ? shortest_period : *value;
  return pcm->is_open && params != NULL && direction == NULL ? 0 : -EINVAL;
}
int snd_pcm_hw_params_set_buffer_size_near(snd_pcm_t *pcm, snd_pcm_hw_params_t *params, snd_pcm_uframes_t *value) {
  return pcm->is_open && params != NULL && *value > 0 ? 0 : -EINVAL;
}
int snd_pcm_sw_params_current(snd_pcm_t *pcm, snd_pcm_sw_params_t *params) {
  return pcm->is_open && params != NULL ? 0 : -EINVAL;
}
int snd_pcm_sw_params_set_avail_min(snd_pcm_t *pcm, snd_pcm_sw_params_t *params, snd_pcm_uframes_t value) {
  pcm->avail_min = value;
  return params != NULL ? 0 : -EINVAL;
}
int snd_pcm_sw_params_set_start_threshold(snd_pcm_t *pcm, snd_pcm_sw_params_t *params, snd_pcm_uframes_t value) {
  return pcm->is_open && params != NULL && value == 1 ? 0 : -EINVAL;
}
int snd_pcm_sw_params(snd_pcm_t *pcm, snd_pcm_sw_params_t *params) { return pcm->is_open && params != NULL ? 0 : -1; }

static int status_of(const snd_pcm_t *pcm) { return pcm->is_open && is_plugged_in ? 0 : -ENODEV; }
int snd_pcm_prepare(snd_pcm_t *pcm) { return status_of(pcm); }
int snd_pcm_start(snd_pcm_t *pcm) { return status_of(pcm); }
int snd_pcm_drop(snd_pcm_t *pcm) { return status_of(pcm); }
int snd_pcm_recover(snd_pcm_t *pcm, int status, int silent) {
  return is_plugged_in && pcm->is_open && silent == 1 ? 0 : status;
}
snd_pcm_sframes_t snd_pcm_avail(snd_pcm_t *pcm) { return status_of(pcm) == 0 ? pcm->available : -ENODEV; }
snd_pcm_sframes_t snd_pcm_readi(snd_pcm_t *pcm, void *samples, snd_pcm_uframes_t count) {
  memset(samples, 0, count * sizeof(int16_t));
  pcm->available -= (snd_pcm_sframes_t)count;
  return (snd_pcm_sframes_t)count;
}
snd_pcm_sframes_t snd_pcm_writei(snd_pcm_t *pcm, const void *samples, snd_pcm_uframes_t count) {
  memcpy(heard, samples, count * sizeof(int16_t));
  heard_count = count;
  return status_of(pcm) == 0 ? (snd_pcm_sframes_t)count : -ENODEV;
}
int snd_pcm_poll_descriptors(snd_pcm_t *pcm, struct pollfd *descriptors, unsigned space) {
  *descriptors = (struct pollfd){.fd = DESCRIPTOR, .events = POLLIN};
  return space > 0 && pcm->is_open ? 1 : 0;
}
int snd_pcm_poll_descriptors_revents(snd_pcm_t *pcm, struct pollfd *descriptors, unsigned count,
                                     unsigned short *revents) {
  *revents = told;
  return count == 1 && descriptors->fd == DESCRIPTOR && pcm->is_open ? 0 : -EINVAL;
}

/** Descriptors are played too: this one always has something, as that of a timer which nobody reads. */
int poll(struct pollfd *descriptors, nfds_t count, int milliseconds) {
  for (nfds_t index = 0; index < count; index += 1) {
    descriptors[index].revents = POLLIN;
  }
  return milliseconds == 0 ? (int)count : -1;
}

void wait_for(int descriptor, short events) {
  waits_for_card = waits_for_card || (descriptor == DESCRIPTOR && events == POLLIN);
}
void wait_at_most_ns(int64_t nanoseconds) { longest_wait = nanoseconds < longest_wait ? nanoseconds : longest_wait; }
int64_t nanoseconds_now(void) { return 0; }
void device_log_line(const char *line) { lines += strstr(line, "alsa:usb") == line ? 1 : 100; }

static void open_with(snd_pcm_uframes_t period, unsigned period_ms) {
  static configuration chosen;
  shortest_period = period;
  is_plugged_in = true;
  told = 0;
  lines = opened = 0;
  strcpy(chosen.audio_in, "alsa:usb");
  strcpy(chosen.audio_out, "alsa:usb");
  chosen.audio_period_ms = period_ms;
  CHECK(audio_open(&chosen));
  device_audio_start(DEVICE_AUDIO_IN);
  device_audio_start(DEVICE_AUDIO_OUT);
}

static void close_all(void) {
  device_audio_stop(DEVICE_AUDIO_IN);
  device_audio_stop(DEVICE_AUDIO_OUT);
}

static void look_at_the_wait(void) {
  waits_for_card = false;
  longest_wait = INT64_MAX;
  audio_wait();
}

static void begins_with_silence(void) {
  open_with(1024, 20);
  CHECK(heard_count > 0);
  for (snd_pcm_uframes_t index = 0; index < heard_count; index += 1) {
    CHECK(heard[index] == 0);
  }
  close_all();
}

static void wakes_for_a_frame(void) {
  open_with(0, 10);
  CHECK(cards[SND_PCM_STREAM_CAPTURE].avail_min == FRAME_SAMPLES);
  close_all();
  open_with(1024, 20);
  CHECK(cards[SND_PCM_STREAM_CAPTURE].avail_min == FRAME_SAMPLES);
  close_all();
}

static void lets_alsa_read_the_descriptors(void) {
  open_with(0, 20);
  look_at_the_wait();
  CHECK(waits_for_card && longest_wait == INT64_MAX);
  told = POLLIN;
  look_at_the_wait();
  CHECK(longest_wait == 0);
  close_all();
}

static void survives_a_pulled_plug(void) {
  int16_t samples[FRAME_SAMPLES] = {0};
  open_with(0, 20);
  CHECK(opened == 2);
  is_plugged_in = false;
  told = POLLERR;
  CHECK(device_audio_read(samples, FRAME_SAMPLES) == 0);
  CHECK(device_audio_write(samples, FRAME_SAMPLES) == 0);
  CHECK(device_audio_read(samples, FRAME_SAMPLES) == 0);
  CHECK(lines == 2);
  look_at_the_wait();
  CHECK(!waits_for_card && longest_wait > 0 && longest_wait <= 20000000);
  close_all();
  // The next call finds it gone, the one behind that finds it back.
  device_audio_start(DEVICE_AUDIO_IN);
  device_audio_start(DEVICE_AUDIO_OUT);
  CHECK(device_audio_read(samples, FRAME_SAMPLES) == 0 && device_audio_write(samples, FRAME_SAMPLES) == 0);
  close_all();
  CHECK(opened == 2);
  is_plugged_in = true;
  told = 0;
  device_audio_start(DEVICE_AUDIO_IN);
  device_audio_start(DEVICE_AUDIO_OUT);
  CHECK(opened == 4);
  cards[SND_PCM_STREAM_CAPTURE].available = FRAME_SAMPLES;
  cards[SND_PCM_STREAM_PLAYBACK].available = FRAME_SAMPLES;
  CHECK(device_audio_read(samples, FRAME_SAMPLES) == FRAME_SAMPLES);
  CHECK(device_audio_write(samples, FRAME_SAMPLES) == FRAME_SAMPLES);
  look_at_the_wait();
  CHECK(waits_for_card);
  close_all();
}

static const check_case cases[] = {
    {"begins with silence and nothing else, however long the card's periods are", begins_with_silence},
    {"wakes when a frame is there, whatever the card's period is", wakes_for_a_frame},
    {"lets ALSA read its descriptors before it waits, and does not wait when it says that samples are there",
     lets_alsa_read_the_descriptors},
    {"survives a pulled plug without a busy wait, says so, and opens the card anew for a later call",
     survives_a_pulled_plug},
};

CHECK_MAIN(cases)
