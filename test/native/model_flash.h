/*
 * A flash that is played: NOR rules, checked at every write, and a power that fails at any octet. A write clears octet by octet, an
 * erase blanks a page octet by octet, in an order that the chip likes; the octet at which the power fails keeps some bits of the old
 * and some of the new one. From then on nothing changes any more.
 */
#ifndef DOORLINE_MODEL_FLASH_H
#define DOORLINE_MODEL_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../hal/native/flash.h"

enum { MODEL_PAGE_OCTETS = 128, MODEL_PAGES = 12, MODEL_OCTETS = MODEL_PAGE_OCTETS * MODEL_PAGES };

/** What a power cut leaves of the octet that it meets, and in which order an erase goes. */
enum model_cut {
  /** The octet stays; forwards. */
  MODEL_CUT_BEFORE = 0,
  /** Half of its bits are done; backwards. */
  MODEL_CUT_HALF = 1,
  /** Its other half; forwards. */
  MODEL_CUT_OTHER_HALF = 2,
  MODEL_CUTS = 3,
};

typedef struct model {
  _Alignas(16) uint8_t octets[MODEL_OCTETS];
  /** Units written since their page was erased. */
  bool is_written[MODEL_OCTETS / FLASH_UNIT_OCTETS];
  unsigned erases[MODEL_PAGES];
  /** Octets that were written or erased since model_power. */
  long done;
  /** How many of them the power lasts for; negative: it stays. */
  long lasts;
  enum model_cut cut;
  /** Writes of a unit that is not blank, at odd places or outside: faults of who uses the flash. */
  unsigned violations;
} model;

extern model modelled;
extern const flash model_flash;

/** Blank, with the power on. */
void model_reset(void);
/** The power comes, and lasts for so many octets; negative: it stays. */
void model_power(long lasts, enum model_cut cut);
/** Whether the power has failed since model_power. */
bool model_is_off(void);

#endif
