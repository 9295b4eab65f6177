/* See model_programs.h. */
#include "model_programs.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/little_endian.h"

const size_t model_slot_at[SLOT_COUNT] = {2 * MODEL_PAGE_OCTETS, 6 * MODEL_PAGE_OCTETS};
char model_log[2000];
const char *model_board = "door";

static const record_store record = {
    .memory = &model_flash, .at = {0, MODEL_PAGE_OCTETS}, .area_octets = MODEL_PAGE_OCTETS};

const char *device_board(void) { return "door"; }

void device_log_line(const char *line) {
  strncat(model_log, line, sizeof model_log - strlen(model_log) - 2);
  strcat(model_log, "\n");
}

void device_watchdog_feed(void) {}

const uint8_t *model_image(char name) {
  static uint8_t image[MODEL_IMAGE_OCTETS];
  memset(image, 0, sizeof image);
  memcpy(image, "DOORLINE", 8);
  image[8] = 2;
  image[10] = PROGRAM_JAVASCRIPT;
  memcpy(image + 29, model_board, strlen(model_board));
  image[48] = (uint8_t)name;
  write_32(image + 12, MODEL_BUNDLE_OCTETS);
  memset(image + PROGRAM_HEADER_OCTETS, name, MODEL_BUNDLE_OCTETS);
  write_32(image + 16, program_crc32(0, image + PROGRAM_HEADER_OCTETS, MODEL_BUNDLE_OCTETS));
  write_32(image + 60, program_crc32(0, image, 60));
  return image;
}

void model_place(size_t at, char name) {
  memset(modelled.octets + at, FLASH_BLANK, MODEL_SLOT_OCTETS);
  memset(modelled.is_written + at / FLASH_UNIT_OCTETS, 0, MODEL_SLOT_OCTETS / FLASH_UNIT_OCTETS);
  memcpy(modelled.octets + at, model_image(name), MODEL_IMAGE_OCTETS);
}

void model_open_slots(slots *device) {
  memset(device, 0x55, sizeof *device);
  device->memory = &model_flash;
  device->record = &record;
  device->slot_octets = MODEL_SLOT_OCTETS;
  for (int slot = 0; slot < SLOT_COUNT; slot += 1) {
    device->at[slot] = model_slot_at[slot];
    device->images[slot] = modelled.octets + model_slot_at[slot];
  }
  model_log[0] = 0;
}

char model_letter(const uint8_t *image) {
  program opened;
  if (image == NULL) {
    return 0;
  }
  return program_open(&opened, image, MODEL_SLOT_OCTETS) == NULL ? opened.build_id[0] : '?';
}

int model_install(slots *device, char name) {
  enum { PIECE = 64 };
  int status = slots_begin(device);
  for (size_t at = 0; status == DEVICE_OK && at < MODEL_IMAGE_OCTETS; at += PIECE) {
    size_t count = MODEL_IMAGE_OCTETS - at < PIECE ? MODEL_IMAGE_OCTETS - at : PIECE;
    status = slots_write(device, model_image(name) + at, count);
  }
  return status == DEVICE_OK ? slots_finish(device) : status;
}
