/* One static flash; every octet that changes is counted, so that a test can cut the power at each. */
#include "model_flash.h"

#include <string.h>

model modelled;

enum { HALF_OF_THE_BITS = 0xa5 };

bool model_is_off(void) { return modelled.lasts >= 0 && modelled.done > modelled.lasts; }

/** Makes one octet what it becomes. Returns false when the power has failed, perhaps in the middle of it. */
static bool change(size_t at, uint8_t becomes) {
  static const uint8_t bits_done[MODEL_CUTS] = {0, HALF_OF_THE_BITS, 0xff ^ HALF_OF_THE_BITS};
  if (model_is_off()) {
    return false;
  }
  modelled.done += 1;
  uint8_t bits = model_is_off() ? bits_done[modelled.cut] : 0xff;
  modelled.octets[at] = (uint8_t)((modelled.octets[at] & ~bits) | (becomes & bits));
  return !model_is_off();
}

static bool read_model(size_t at, uint8_t *buffer, size_t count) {
  if (at > MODEL_OCTETS || count > MODEL_OCTETS - at) {
    modelled.violations += 1;
    return false;
  }
  memcpy(buffer, modelled.octets + at, count);
  return true;
}

static bool is_allowed(size_t at, size_t count) {
  bool is_good =
      at % FLASH_UNIT_OCTETS == 0 && count % FLASH_UNIT_OCTETS == 0 && at <= MODEL_OCTETS && count <= MODEL_OCTETS - at;
  for (size_t unit = at / FLASH_UNIT_OCTETS; is_good && unit < (at + count) / FLASH_UNIT_OCTETS; unit += 1) {
    is_good = !modelled.is_written[unit];
  }
  return is_good;
}

static bool write_model(size_t at, const uint8_t *octets, size_t count) {
  if (!is_allowed(at, count)) {
    modelled.violations += 1;
    return false;
  }
  for (size_t index = 0; index < count; index += 1) {
    bool is_on = change(at + index, modelled.octets[at + index] & octets[index]);
    if (is_on || modelled.octets[at + index] != FLASH_BLANK) {
      modelled.is_written[(at + index) / FLASH_UNIT_OCTETS] = true;
    }
    if (!is_on) {
      return false;
    }
  }
  return true;
}

static bool erase_model(size_t at) {
  if (at % MODEL_PAGE_OCTETS != 0 || at >= MODEL_OCTETS) {
    modelled.violations += 1;
    return false;
  }
  for (size_t index = 0; index < MODEL_PAGE_OCTETS; index += 1) {
    size_t turn = modelled.cut == MODEL_CUT_HALF ? MODEL_PAGE_OCTETS - 1 - index : index;
    if (!change(at + turn, FLASH_BLANK)) {
      return false;
    }
  }
  modelled.erases[at / MODEL_PAGE_OCTETS] += 1;
  memset(modelled.is_written + at / FLASH_UNIT_OCTETS, 0, MODEL_PAGE_OCTETS / FLASH_UNIT_OCTETS);
  return true;
}

const flash model_flash = {
    .page_octets = MODEL_PAGE_OCTETS, .read = read_model, .write = write_model, .erase = erase_model};

void model_reset(void) {
  memset(&modelled, 0, sizeof modelled);
  memset(modelled.octets, FLASH_BLANK, sizeof modelled.octets);
  modelled.lasts = -1;
}

void model_power(long lasts, enum model_cut cut) {
  modelled.done = 0;
  modelled.lasts = lasts;
  modelled.cut = cut;
}
