/*
 * A new program by way of the console. Whoever sends it is at the other end of the UART (simulator/console/program-sender.ts); a frame
 * with its CRC-32 is answered by a line, and what is not answered is sent again.
 *
 * Frame, little-endian: 0 start (1; several are taken for one), 1 kind, 2 place (4), 6 octets of the block (2), 8 the block, then the CRC-32
 * of all behind the start. Kinds: "B" begins (place: octets of the image; block: its header), "D" brings the octets from a place on, "E"
 * ends (place: octets of the image).
 *
 * Answers: "#begun N B" and "#taken N" (N octets are written: the next block is the one from there, of B octets at most), "#busy"
 * (a call is on: ask later), "#done" (the board restarts with the new program), "#refused REASON". Lines of the log never begin
 * with "#".
 */
#ifndef DOORLINE_MPS2_UPDATE_H
#define DOORLINE_MPS2_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

/** Takes an octet from the console. False when it is no part of a frame, but a key that a person pressed. */
bool update_take(uint8_t octet);

#endif
