/*
 * The FPGA's I2S block and the codec at its other end, after the register description in Arm's header of the board (SMM_MPS2): queues of
 * four words each way, levels, errors that stay, and the frame clock by the divider. The codec says sample after sample, and hears.
 */
#ifndef DOORLINE_MODEL_I2S_H
#define DOORLINE_MODEL_I2S_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model_registers.h"

enum { MODEL_HEARD = 8192 };

typedef struct model_i2s {
  uint32_t control;
  uint32_t divide;
  /** 1: nothing was there to be sent; 2: what came found no room. Stays until it is cleared. */
  uint32_t error;
  /** The next sample of the left microphone; the right one has its complement. */
  int16_t next;
  /** Frames since the block was switched on; what the loudspeakers got of them, left and right. */
  size_t frames;
  int16_t left[MODEL_HEARD];
  int16_t right[MODEL_HEARD];
  /** Ticks that the codec was held in reset. */
  uint64_t reset_since;
  uint64_t reset_ticks;
  /** Frames that the processor comes later than it is asked to. */
  unsigned latency;
  /** The block answers this to everything. */
  bool is_stuck;
  uint32_t stuck_at;
} model_i2s;

extern model_i2s sound;
extern const model_chip model_i2s_chip;

void model_i2s_open(void);
/** A frame of the bus passes; the interrupt is served when it is due and let through. */
void model_i2s_frame(void);
/** Frames a second, from the divider; 0 while nothing is on. */
uint32_t model_i2s_rate(void);

#endif
