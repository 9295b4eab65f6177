/*
 * Programs of one letter in a played flash (model_flash.h): two slots and what is known of them, images as a debugger puts them, updates
 * in pieces, and the log. What slots and partition ask of a board is played here.
 */
#ifndef DOORLINE_MODEL_PROGRAMS_H
#define DOORLINE_MODEL_PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

#include "../../hal/native/program.h"
#include "../../hal/native/slots.h"
#include "model_flash.h"

enum {
  MODEL_SLOT_OCTETS = 2 * MODEL_PAGE_OCTETS,
  MODEL_BUNDLE_OCTETS = 75,
  MODEL_IMAGE_OCTETS = PROGRAM_HEADER_OCTETS + MODEL_BUNDLE_OCTETS,
};

/** Where each slot begins; before them are the two pages of the record of what is known. */
extern const size_t model_slot_at[SLOT_COUNT];
/** Lines of the log, each with its end. */
extern char model_log[2000];
/** For which board images are made, where this one is "door". */
extern const char *model_board;

/** The image of a program that is called by one letter, until the next call. */
const uint8_t *model_image(char name);
/** Puts an image to a place of the flash, as a debugger does. */
void model_place(size_t at, char name);
/** Slots as a port has them at boot, and an empty log. */
void model_open_slots(slots *device);
/** The letter of an image that fits a slot; 0: none. A test fails when it is not whole. */
char model_letter(const uint8_t *image);
/** Writes a new program in three pieces. */
int model_install(slots *device, char name);

#endif
