/* The LAN9118 Ethernet controller: whole frames out and in, polled. Its interrupt only ends a rest. */
#ifndef DOORLINE_MPS2_ETHERNET_H
#define DOORLINE_MPS2_ETHERNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ETHERNET_ADDRESS_OCTETS = 6 };

/**
 * Resets it and turns both directions on. `address`: taken from the controller, which has it from its EEPROM, or given to it when it
 * has none. Returns false when no LAN9118 answers or its reset does not end.
 */
bool ethernet_open(uint8_t *address);
/** Whether the PHY has a link. */
bool ethernet_has_link(void);
/**
 * Octets of the next frame with its checksum, at most FRAME_OCTETS + 4, which ethernet_read then takes; 0: none waits. Frames that are
 * damaged or longer are dropped and counted.
 */
size_t ethernet_next(void);
/** Takes the frame to `frame`, its octets rounded up to whole words. */
void ethernet_read(uint32_t *frame, size_t count);
/** Sends a frame; false when the controller has no room for it now. */
bool ethernet_write(const uint32_t *frame, size_t count);
/** Lets the interrupt of a frame through, once. Returns false when one waits already. */
bool ethernet_arm(void);
uint32_t ethernet_dropped(void);

#endif
