/*
 * The program of a device as it lies in flash or in a file: a header and the bundle that a VM runs. What does not fit its
 * checksum is never run: VMs do not check the bytecode and snapshots that they load.
 */
#ifndef DOORLINE_PROGRAM_H
#define DOORLINE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/** The forms of a bundle. The numbers are in the header. */
enum program_form {
  /** JavaScript source, ES5. */
  PROGRAM_JAVASCRIPT = 1,
  /** A JerryScript snapshot, to be copied to RAM. */
  PROGRAM_SNAPSHOT = 2,
  /** A static JerryScript snapshot, run where it lies. */
  PROGRAM_STATIC_SNAPSHOT = 3,
  /** Stripped Lua 5.4 bytecode. */
  PROGRAM_LUA_BYTECODE = 4,
  /** Lua 5.4 functions as they lie in memory, for one size of pointers: run where they lie (hal/lua-bindings/image.h). */
  PROGRAM_LUA_IMAGE = 5,
};

/**
 * 64 octets, numbers little-endian: 0 "DOORLINE", 8 version of this header (2), 10 form, 12 octets of the bundle, 16 CRC-32 of the
 * bundle (IEEE 802.3, as zlib computes it), 20 octets of the literal list behind the bundle (PROGRAM_STATIC_SNAPSHOT; counted in
 * the length and the CRC), 24 number sizes of Lua (int, size_t, Instruction, lua_Integer, lua_Number; else 0), 29 the board that it is
 * for (device_board) and 48 build id, both as ASCII, zero-filled, 60 CRC-32 of the octets 0 … 59. The bundle follows.
 */
enum { PROGRAM_HEADER_OCTETS = 64, PROGRAM_BOARD_OCTETS = 19, PROGRAM_BUILD_ID_OCTETS = 12 };

typedef struct program {
  enum program_form form;
  const uint8_t *bundle;
  /** Of the bundle alone, without the literal list. */
  size_t length;
  const uint8_t *literals;
  size_t literals_length;
  /** CRC-32 of both, as the header has it. */
  uint32_t crc;
  char board[PROGRAM_BOARD_OCTETS + 1];
  char build_id[PROGRAM_BUILD_ID_OCTETS + 1];
} program;

/** CRC-32 (IEEE 802.3) of octets[0 … count), begun at 0 or continued from an earlier result. */
uint32_t program_crc32(uint32_t crc, const uint8_t *octets, size_t count);
/**
 * Reads the header alone, PROGRAM_HEADER_OCTETS at `header`, and checks its checksum and whether the program fits `room` octets.
 * Returns 0, or a sentence that says what is wrong with it.
 */
const char *program_read_header(program *opened, const uint8_t *header, size_t room);
/**
 * Reads the header at `image` and checks both checksums.
 * Returns 0, or a sentence that says what is wrong with it.
 */
const char *program_open(program *opened, const uint8_t *image, size_t size);
/**
 * Returns 0 when the program is for this board (device_board), or a sentence that names both, which stands until the next call. Pins,
 * sound chips and layouts differ where the VM does not.
 */
const char *program_board_problem(const program *opened);

#endif
