/* Sound over the I2S block: what the microphone says is read and what is written is heard, sample for sample, however late the polls are. */
#include <string.h>

#include "../../../boards/mps2-an386/audio.h"
#include "../../../boards/mps2-an386/handlers.h"
#include "../../../boards/mps2-an386/registers.h"
#include "../../../hal/native/device.h"
#include "../check.h"
#include "model_i2s.h"

enum { FRAME = 160, MS = CLOCK_HZ / 1000, MOST_QUEUED = 480, MOST_WAITING = 1600 };

static int16_t samples[FRAME];

static void power(void) {
  model_registers_open(&model_i2s_chip, 1);
  device_audio_stop(DEVICE_AUDIO_IN);
  device_audio_stop(DEVICE_AUDIO_OUT);
  model_i2s_open();
  audio_open();
}

static void pass(size_t frames) {
  for (size_t frame = 0; frame < frames; frame += 1) {
    model_i2s_frame();
  }
}

static bool writes(int16_t first) {
  for (int index = 0; index < FRAME; index += 1) {
    samples[index] = (int16_t)(first + index);
  }
  return device_audio_write(samples, FRAME) == FRAME;
}

/** Whether the loudspeakers got counted samples from a frame of the bus on, both the same. */
static bool hears(size_t from, size_t count, int16_t first) {
  for (size_t index = 0; index < count; index += 1) {
    int16_t sample = sound.left[(from + index) % MODEL_HEARD];
    if (sample != (int16_t)(first + (int16_t)index) || sound.right[(from + index) % MODEL_HEARD] != sample) {
      return false;
    }
  }
  return true;
}

static bool is_silent(size_t from, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    if (sound.left[(from + index) % MODEL_HEARD] != 0 || sound.right[(from + index) % MODEL_HEARD] != 0) {
      return false;
    }
  }
  return true;
}

/* ---- Cases ---- */

static void opens(void) {
  power();
  CHECK(sound.reset_ticks >= 10 * MS && sound.reset_ticks < 12 * MS);
  CHECK((sound.control & (1 << 16 | 1 << 17)) == 0 && model_i2s_rate() == 0);
  CHECK(!audio_is_on() && !audio_work() && audio_ticks_to_frame() == UINT32_MAX);
  device_audio_start(DEVICE_AUDIO_IN);
  CHECK(model_i2s_rate() == 8000 && sound.divide == 192);
  device_audio_stop(DEVICE_AUDIO_IN);
  CHECK(model_i2s_rate() == 0);
}

static void reads(void) {
  power();
  sound.next = -32700;
  device_audio_start(DEVICE_AUDIO_IN);
  int16_t expected = -32700;
  /* Over the ends of the ring and of the numbers, with polls of every length. */
  for (int round = 0; round < 500; round += 1) {
    pass((size_t)(round * 37 % 400));
    while (device_audio_read(samples, FRAME) == FRAME) {
      for (int index = 0; index < FRAME; index += 1) {
        CHECK(samples[index] == expected);
        expected = (int16_t)(expected + 1);
      }
    }
  }
  CHECK((sound.error & 2) == 0);
}

static void tells_of_frames(void) {
  power();
  device_audio_start(DEVICE_AUDIO_IN);
  CHECK(audio_is_on() && !audio_work() && audio_ticks_to_frame() == 20 * MS);
  pass(FRAME / 2);
  CHECK(!audio_work() && audio_ticks_to_frame() == 10 * MS);
  CHECK(device_audio_read(samples, FRAME) == 0);
  pass(FRAME / 2);
  CHECK(audio_work() && audio_ticks_to_frame() == 0);
  CHECK(device_audio_read(samples, FRAME) == FRAME && samples[0] == 1 && samples[159] == 160);
  CHECK(!audio_work());
}

static void forgets_what_is_old(void) {
  power();
  device_audio_start(DEVICE_AUDIO_IN);
  pass(1900);
  CHECK(device_audio_read(samples, FRAME) == FRAME && samples[0] == 321);
  for (int frame = 1; frame < 9; frame += 1) {
    CHECK(device_audio_read(samples, FRAME) == FRAME);
  }
  CHECK(samples[159] == 321 + 9 * FRAME - 1);
  /* Nobody asks for seconds. */
  pass(20000);
  unsigned frames = 0;
  while (device_audio_read(samples, FRAME) == FRAME) {
    frames += 1;
  }
  CHECK(frames <= MOST_WAITING / FRAME && (sound.error & 2) == 0);
  /* What was said before the next start is not heard. */
  device_audio_stop(DEVICE_AUDIO_IN);
  CHECK(device_audio_read(samples, FRAME) == 0);
  sound.next = 7000;
  device_audio_start(DEVICE_AUDIO_IN);
  pass(FRAME);
  CHECK(device_audio_read(samples, FRAME) == FRAME && samples[0] == 7000);
}

static void plays(void) {
  power();
  device_audio_start(DEVICE_AUDIO_OUT);
  CHECK(writes(1000));
  pass(FRAME);
  size_t from = 4 + FRAME;
  for (int frame = 1; frame < 100; frame += 1) {
    CHECK(writes((int16_t)(1000 + frame * FRAME)));
    pass(FRAME);
  }
  /* Four words of silence in the queues, a frame of it ahead, then all without a gap. */
  size_t checked = MODEL_HEARD - 200;
  CHECK(sound.frames == 100 * (size_t)FRAME);
  size_t late = sound.frames - checked;
  CHECK(hears(late, checked, (int16_t)(1000 + (late - from))));
  CHECK((sound.error & 1) == 0);
}

static void holds_three_frames(void) {
  power();
  device_audio_start(DEVICE_AUDIO_OUT);
  CHECK(writes(1) && writes(161) && !writes(321));
  pass(FRAME);
  CHECK(writes(321) && !writes(481));
  pass(MOST_QUEUED + 100);
  CHECK(is_silent(0, 4 + FRAME) && hears(4 + FRAME, MOST_QUEUED, 1));
  CHECK(is_silent(4 + FRAME + MOST_QUEUED, 50));
  /* After a gap there is a frame of silence ahead again. */
  size_t now = sound.frames;
  CHECK(writes(1));
  pass(2 * FRAME + 10);
  CHECK(is_silent(now, FRAME) && hears(now + FRAME + 4, FRAME - 2, 1));
}

static void is_silent_when_off(void) {
  power();
  device_audio_start(DEVICE_AUDIO_IN);
  (void)writes(1);
  pass(1000);
  CHECK(is_silent(0, 1000));
  device_audio_start(DEVICE_AUDIO_OUT);
  size_t now = sound.frames;
  pass(400);
  /* What was written while it was off is not heard. */
  CHECK(is_silent(now, 400));
  CHECK(writes(1));
  pass(200);
  device_audio_stop(DEVICE_AUDIO_OUT);
  now = sound.frames;
  pass(300);
  CHECK(is_silent(now + 4, 296) && (sound.error & 1) == 0);
  CHECK(audio_is_on() && model_i2s_rate() == 8000);
  /* A second start of what is on changes nothing. */
  device_audio_start(DEVICE_AUDIO_OUT);
  CHECK(writes(1));
  device_audio_start(DEVICE_AUDIO_OUT);
  now = sound.frames;
  pass(2 * FRAME + 4);
  CHECK(hears(now + FRAME + 4, FRAME, 1));
}

/** The queues hold four words: two more after the interrupt was due. */
static void comes_late(void) {
  power();
  sound.latency = 2;
  device_audio_start(DEVICE_AUDIO_IN);
  device_audio_start(DEVICE_AUDIO_OUT);
  for (int16_t frame = 0; frame < 50; frame += 1) {
    CHECK(writes((int16_t)(frame * FRAME + 1)));
    pass(FRAME);
    if (device_audio_read(samples, FRAME) == FRAME) {
      CHECK(samples[159] - samples[0] == 159);
    }
  }
  CHECK(sound.error == 0 && hears(3000, 4000, (int16_t)(3000 - FRAME - 4 + 1)));
}

static void comes_back(void) {
  static const uint32_t answers[] = {0, UINT32_MAX};
  for (size_t index = 0; index < 2; index += 1) {
    power();
    device_audio_start(DEVICE_AUDIO_IN);
    sound.is_stuck = true;
    sound.stuck_at = answers[index];
    on_sound();
    sound.is_stuck = false;
    pass(2 * FRAME);
    CHECK(audio_work());
  }
}

static const check_case cases[] = {
    {"resets the codec, and has 8,000 frames a second while a direction is on", opens},
    {"reads what the left microphone says, sample for sample", reads},
    {"tells when a frame of the microphone is there and how long it takes", tells_of_frames},
    {"forgets what is older than 200 ms, and what was said before it was on", forgets_what_is_old},
    {"plays what is written in both halves, without a gap", plays},
    {"holds three frames for the loudspeaker, then silence", holds_three_frames},
    {"is silent when the loudspeaker is off and the microphone is on", is_silent_when_off},
    {"loses nothing when the interrupt is served two samples late", comes_late},
    {"comes back from an interrupt of a block that answers zeros or ones to everything", comes_back},
};

CHECK_MAIN(cases)
