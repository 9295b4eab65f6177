/* The twins of firmware/audio that go through samples one by one: the delay line, the gain, the peak. */
#include <string.h>

#include "twins.h"

enum { GAIN_SHIFT = 8 };

/** Between parts that do not overlap, in words where the processor has them. */
static void copy_samples(int16_t *target, const int16_t *source, size_t count) {
  enum { STEP = 4 };
  const int16_t *end = source + count;
  while ((size_t)(end - source) >= STEP) {
    memcpy(target, source, STEP * sizeof *target);
    target += STEP;
    source += STEP;
  }
  while (source < end) {
    *target++ = *source++;
  }
}

static size_t smaller(size_t left, size_t right) { return left < right ? left : right; }

size_t twin_delay(int16_t *ring, size_t length, size_t at, size_t delay, int16_t *samples, size_t count) {
  size_t from = at >= delay ? at - delay : at + length - delay;
  while (count > 0) {
    // What is appended in one step is no more than the delay, or is read behind it: nothing is overwritten before it was read.
    size_t step = smaller(smaller(count, length - at), smaller(length - from, length - delay));
    if (step == 0) {
      step = 1;
    }
    copy_samples(ring + at, samples, step);
    copy_samples(samples, ring + from, step);
    samples += step;
    count -= step;
    at = at + step < length ? at + step : 0;
    from = from + step < length ? from + step : 0;
  }
  return at;
}

void twin_apply_gain(int16_t *samples, size_t count, int32_t gain) {
  if (gain == 1 << GAIN_SHIFT) {
    return;
  }
  for (size_t index = 0; index < count; index += 1) {
    int32_t product = samples[index] * gain >> GAIN_SHIFT;
    samples[index] = (int16_t)(product > INT16_MAX ? INT16_MAX : product < INT16_MIN ? INT16_MIN : product);
  }
}

void twin_clear(int16_t *samples, size_t count) { memset(samples, 0, count * sizeof *samples); }

int32_t twin_peak(const int16_t *samples, size_t count) {
  int32_t peak = 0;
  for (size_t index = 0; index < count; index += 1) {
    int32_t magnitude = samples[index] < 0 ? -samples[index] : samples[index];
    peak = magnitude > peak ? magnitude : peak;
  }
  return peak;
}
