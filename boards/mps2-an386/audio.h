/*
 * Sound in shared memory, in place of the codec chip that QEMU does not have: two rings of samples in PSRAM that turn with the sample
 * clock. At sample n the microphone hears input[n % PCM_RING], and the loudspeaker has played output[n % PCM_RING].
 */
#ifndef DOORLINE_MPS2_AUDIO_H
#define DOORLINE_MPS2_AUDIO_H

#include <stdbool.h>
#include <stdint.h>

#include "memory-map.h"

enum { PCM_ADDRESS = PSRAM_ADDRESS, PCM_RING = 65536, PCM_VERSION = 1, PCM_MAGIC = 0x43504c44 };

/** As whoever maps the memory sees it, little-endian. */
typedef struct pcm_device {
  /** "DLPC", written last. */
  uint32_t magic;
  uint32_t version;
  /** Samples since boot, 8,000 a second: written at each poll of the port. */
  uint32_t clock;
  /** 1 while the program wants samples, and while it gives them. */
  uint32_t is_input_on;
  uint32_t is_output_on;
  /** Samples that came too late for the loudspeaker or that nobody fetched from the microphone, since boot. */
  uint32_t output_late;
  uint32_t input_lost;
  uint32_t reserved[1017];
  int16_t input[PCM_RING];
  int16_t output[PCM_RING];
} pcm_device;

void audio_open(void);
/** Turns the rings to now. Returns whether a frame of the microphone is there. */
bool audio_work(void);
/** Ticks until the next frame of the microphone; UINT32_MAX: none is wanted. */
uint32_t audio_ticks_to_frame(void);
/** Whether somebody is heard or speaks. */
bool audio_is_on(void);

#endif
