// spandsp's G.711: its own loops over frames of 160 samples, A-law and mu-law, both ways.

#include "rounds.h"

#include <string.h>
#include <spandsp.h>

static corpus_t corpus;
static g711_state_t *alaw;
static g711_state_t *ulaw;
static uint8_t alaw_speech[VARIANTS * FRAME_SAMPLES];
static uint8_t ulaw_speech[VARIANTS * FRAME_SAMPLES];
static uint8_t codes[65536];
static int16_t samples[FRAME_SAMPLES > 256 ? FRAME_SAMPLES : 256];

static long encode_alaw(size_t index)
{
  g711_encode(alaw, codes, corpus.speech + index * FRAME_SAMPLES, FRAME_SAMPLES);
  return codes[index];
}

static long encode_ulaw(size_t index)
{
  g711_encode(ulaw, codes, corpus.speech + index * FRAME_SAMPLES, FRAME_SAMPLES);
  return codes[index];
}

static long decode_alaw(size_t index)
{
  g711_decode(alaw, samples, alaw_speech + index * FRAME_SAMPLES, FRAME_SAMPLES);
  return samples[index];
}

static long decode_ulaw(size_t index)
{
  g711_decode(ulaw, samples, ulaw_speech + index * FRAME_SAMPLES, FRAME_SAMPLES);
  return samples[index];
}

static size_t all_codes(g711_state_t *law, const uint8_t **bytes)
{
  static int16_t ramp[65536];
  for (int index = 0; index < 65536; index += 1) {
    ramp[index] = (int16_t)(index - 32768);
  }
  g711_encode(law, codes, ramp, 65536);
  *bytes = codes;
  return sizeof(codes);
}

static size_t all_samples(g711_state_t *law, const uint8_t **bytes)
{
  uint8_t every[256];
  for (int index = 0; index < 256; index += 1) {
    every[index] = (uint8_t)index;
  }
  g711_decode(law, samples, every, 256);
  *bytes = (const uint8_t *)samples;
  return 512;
}

static size_t sample_encode_alaw(const uint8_t **bytes) { return all_codes(alaw, bytes); }
static size_t sample_encode_ulaw(const uint8_t **bytes) { return all_codes(ulaw, bytes); }
static size_t sample_decode_alaw(const uint8_t **bytes) { return all_samples(alaw, bytes); }
static size_t sample_decode_ulaw(const uint8_t **bytes) { return all_samples(ulaw, bytes); }

int main(int count, char **arguments)
{
  corpus_read(&corpus, count > 1 ? arguments[1] : ".");
  alaw = g711_init(NULL, G711_ALAW);
  ulaw = g711_init(NULL, G711_ULAW);
  g711_encode(alaw, alaw_speech, corpus.speech, VARIANTS * FRAME_SAMPLES);
  g711_encode(ulaw, ulaw_speech, corpus.speech, VARIANTS * FRAME_SAMPLES);
  const case_t cases[] = {
    { "encode-alaw", encode_alaw, sample_encode_alaw },
    { "encode-ulaw", encode_ulaw, sample_encode_ulaw },
    { "decode-alaw", decode_alaw, sample_decode_alaw },
    { "decode-ulaw", decode_ulaw, sample_decode_ulaw },
  };
  return rounds_run(cases, sizeof(cases) / sizeof(cases[0]));
}
