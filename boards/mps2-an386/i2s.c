/*
 * Sound of the real board, in place of audio.c: the FPGA's I2S block (registers.h) clocks the codec CS42L52, which the program sets up
 * (hardware.ts). Its interrupt moves samples between queues of four words in the FPGA and rings here; the same limits as audio.c's.
 */
#include "audio.h"

#include "../../hal/native/device.h"
#include "clock.h"
#include "handlers.h"
#include "mps2-limits.h"
#include "registers.h"

enum {
  SAMPLE_HZ = 8000,
  FRAME_SAMPLES = 160,
  /** Samples of the microphone that wait at most: 200 ms. */
  INPUT_SAMPLES = 1600,
  /** Samples that wait for the loudspeaker at most: three frames, because what waits delays the voice. */
  OUTPUT_SAMPLES = 480,
  TICKS_A_SAMPLE = CLOCK_HZ / SAMPLE_HZ,
  /** How long the codec is held in reset, with its master clock running: 10 ms, as Arm's self-test of the board does. */
  RESET_TICKS = CLOCK_HZ / 100,
};

enum {
  /** Two clocks of the bit for each step: half a period of the frame clock. */
  DIVIDE = I2S_BIT_CLOCK_HZ / SAMPLE_HZ / 2,
  /** Both directions; an interrupt as soon as two words came, when two go out as well. */
  CONTROL_ON = I2S_TX_ENABLE | I2S_RX_ENABLE | I2S_RX_INTERRUPT | 3 << I2S_RX_LEVEL_AT,
};

/** Counted modulo 2^32; written - read samples wait. The interrupt writes `input`, over what nobody fetched, and reads `output`. */
typedef struct sound_ring {
  volatile uint32_t written;
  volatile uint32_t read;
  int16_t *samples;
  uint32_t size;
} sound_ring;

static int16_t input_samples[I2S_INPUT_RING];
static int16_t output_samples[I2S_OUTPUT_RING];
static sound_ring input = {.samples = input_samples, .size = I2S_INPUT_RING};
static sound_ring output = {.samples = output_samples, .size = I2S_OUTPUT_RING};
static volatile bool is_input_on;
static volatile bool is_output_on;

_Static_assert(((int)I2S_INPUT_RING & ((int)I2S_INPUT_RING - 1)) == 0 && (int)I2S_INPUT_RING >= (int)INPUT_SAMPLES &&
                   ((int)I2S_OUTPUT_RING & ((int)I2S_OUTPUT_RING - 1)) == 0 &&
                   (int)I2S_OUTPUT_RING >= (int)OUTPUT_SAMPLES,
               "a ring holds its limit, and its counters may wrap");

static uint32_t waiting(const sound_ring *ring) { return ring->written - ring->read; }

static void put(sound_ring *ring, int16_t sample) {
  ring->samples[ring->written % ring->size] = sample;
  ring->written += 1;
}

static int16_t take(sound_ring *ring) {
  int16_t sample = ring->samples[ring->read % ring->size];
  ring->read += 1;
  return sample;
}

void audio_open(void) {
  uint32_t start = register_read(FPGAIO_COUNTER);
  register_write(I2S_CONTROL, I2S_CODEC_RESET | I2S_FIFO_RESET);
  while (register_read(FPGAIO_COUNTER) - start < RESET_TICKS) {
    /* The codec forgets what an earlier program set. */
  }
  register_write(I2S_CONTROL, 0);
  register_write(I2S_DIVIDE, DIVIDE);
  register_write(NVIC_ENABLE, 1U << IRQ_SOUND);
}

/** The microphone is in the left half, the loudspeaker hears both. Who is not on is silent and not heard; the bus runs for both. */
void on_sound(void) {
  for (int word = 0; word < I2S_FIFO_WORDS && (register_read(I2S_STATUS) & I2S_RX_EMPTY) == 0; word += 1) {
    int16_t sample = (int16_t)(register_read(I2S_RX) >> 16);
    if (is_input_on) {
      put(&input, sample);
    }
  }
  for (int word = 0; word < I2S_FIFO_WORDS && (register_read(I2S_STATUS) & I2S_TX_FULL) == 0; word += 1) {
    uint32_t sample = is_output_on && waiting(&output) > 0 ? (uint16_t)take(&output) : 0;
    register_write(I2S_TX, sample << 16 | sample);
  }
}

bool audio_work(void) { return is_input_on && waiting(&input) >= FRAME_SAMPLES; }

uint32_t audio_ticks_to_frame(void) {
  uint32_t count = waiting(&input);
  if (!is_input_on) {
    return UINT32_MAX;
  }
  return count < FRAME_SAMPLES ? (FRAME_SAMPLES - count) * TICKS_A_SAMPLE : 0;
}

bool audio_is_on(void) { return is_input_on || is_output_on; }

void device_audio_start(enum device_audio direction) {
  bool was_on = audio_is_on();
  if (direction == DEVICE_AUDIO_IN) {
    input.read = input.written;
    is_input_on = true;
  } else if (!is_output_on) {
    output.written = output.read;
    is_output_on = true;
  }
  if (!was_on) {
    register_write(I2S_CONTROL, I2S_FIFO_RESET);
    register_write(I2S_CONTROL, 0);
    /* Full to the brim before the first clock. */
    on_sound();
    register_write(I2S_CONTROL, CONTROL_ON);
  }
}

void device_audio_stop(enum device_audio direction) {
  if (direction == DEVICE_AUDIO_IN) {
    is_input_on = false;
  } else {
    is_output_on = false;
  }
  if (!audio_is_on()) {
    register_write(I2S_CONTROL, 0);
  }
}

size_t device_audio_read(int16_t *samples, size_t count) {
  while (waiting(&input) > INPUT_SAMPLES) {
    input.read += FRAME_SAMPLES;
  }
  if (!is_input_on || waiting(&input) < count) {
    return 0;
  }
  for (size_t index = 0; index < count; index += 1) {
    samples[index] = take(&input);
  }
  return count;
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  uint32_t ahead = waiting(&output) == 0 ? FRAME_SAMPLES : 0;
  if (waiting(&output) + ahead + count > OUTPUT_SAMPLES) {
    return 0;
  }
  for (; ahead > 0; ahead -= 1) {
    /* A frame of silence ahead, so that one late poll does not make every later frame late as well. */
    put(&output, 0);
  }
  for (size_t index = 0; index < count; index += 1) {
    put(&output, samples[index]);
  }
  return count;
}
