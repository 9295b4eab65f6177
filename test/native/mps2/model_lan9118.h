/*
 * The LAN9118 as its data sheet (revision 1.5) has it: FIFOs with the sizes that HW_CFG gives them, the MAC and the PHY behind their busy
 * bits, which take their time. What the sheet forbids is kept in `wrong`.
 */
#ifndef DOORLINE_MODEL_LAN9118_H
#define DOORLINE_MODEL_LAN9118_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model_registers.h"

enum { MODEL_LAN_WORDS = 4096, MODEL_LAN_FRAMES = 128, MODEL_LAN_SENT_OCTETS = 2048 };

typedef struct model_lan9118 {
  /** What ails it. */
  bool is_absent;
  bool is_reset_endless;
  bool is_mac_stuck;
  bool is_phy_stuck;
  bool is_all_ones;
  /** What is on the cable and in the EEPROM. */
  bool has_link;
  bool has_eeprom;
  uint8_t eeprom[6];

  uint32_t status[MODEL_LAN_FRAMES];
  size_t statuses;
  uint32_t data[MODEL_LAN_WORDS];
  size_t words;
  uint32_t drops;

  /** The frame that was sent last, and how many were. */
  uint8_t sent[MODEL_LAN_SENT_OCTETS];
  size_t sent_octets;
  unsigned sent_count;
  uint32_t sent_statuses;
  uint32_t tx_free;

  /** The first thing that the data sheet forbids; "" as long as there was none. */
  const char *wrong;
  unsigned resets;
  unsigned dumps;
} model_lan9118;

extern model_lan9118 lan;
extern const model_chip model_lan9118_chip;

/** As it is when power comes. */
void model_lan9118_open(void);
/** A frame comes from the cable; the checksum is the chip's. `status`: bits of the status word beside the length. */
void model_lan9118_receive(const uint8_t *octets, size_t count, uint32_t status);
/** The address that the MAC receives at. */
void model_lan9118_address(uint8_t *address);
/** The line of the interrupt. */
bool model_lan9118_interrupts(void);

#endif
