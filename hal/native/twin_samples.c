/* The twins of firmware/audio that go through samples one by one: the delay line, the gain, the peak. */
#include <string.h>

#include "twins.h"

enum { GAIN_SHIFT = 8 };

size_t twin_delay(int16_t *ring, size_t length, size_t at, size_t delay, int16_t *samples, size_t count) {
  size_t from = at >= delay ? at - delay : at + length - delay;
  for (size_t index = 0; index < count; index += 1) {
    ring[at] = samples[index];
    samples[index] = ring[from];
    at = at + 1 < length ? at + 1 : 0;
    from = from + 1 < length ? from + 1 : 0;
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
