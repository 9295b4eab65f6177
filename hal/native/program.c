/* The header of a program image, read octet by octet and never trusted before its checksum holds. */
#include "program.h"

#include <stdbool.h>
#include <string.h>

#include "little_endian.h"

enum {
  HEADER_VERSION = 2,
  VERSION_AT = 8,
  FORM_AT = 10,
  LENGTH_AT = 12,
  BUNDLE_CRC_AT = 16,
  LITERALS_LENGTH_AT = 20,
  /** Behind the sizes of int and size_t, which Lua 5.4 writes as numbers of any length. */
  NUMBER_SIZES_AT = 26,
  NUMBER_SIZES = 3,
  BOARD_AT = 29,
  BUILD_ID_AT = 48,
  HEADER_CRC_AT = 60,
};

static const uint8_t magic[8] = {'D', 'O', 'O', 'R', 'L', 'I', 'N', 'E'};

/** The reversed polynomial of IEEE 802.3, 0xedb88320, times the low four bits of the remainder: two looks an octet, not eight shifts. */
static const uint32_t remainders[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

uint32_t program_crc32(uint32_t crc, const uint8_t *octets, size_t count) {
  crc = ~crc;
  for (size_t at = 0; at < count; at += 1) {
    crc ^= octets[at];
    crc = (crc >> 4) ^ remainders[crc & 15];
    crc = (crc >> 4) ^ remainders[crc & 15];
  }
  return ~crc;
}

/** Instruction, lua_Integer and lua_Number of stock Lua 5.4. */
static bool has_our_number_sizes(const uint8_t *sizes) {
  static const uint8_t ours[NUMBER_SIZES] = {4, 8, 8};
  return memcmp(sizes, ours, sizeof ours) == 0;
}

const char *program_read_header(program *opened, const uint8_t *header, size_t room) {
  memset(opened, 0, sizeof *opened);
  if (room < PROGRAM_HEADER_OCTETS || memcmp(header, magic, sizeof magic) != 0) {
    return "this is no program image";
  }
  if (program_crc32(0, header, HEADER_CRC_AT) != read_32(header + HEADER_CRC_AT)) {
    return "the header of the program is damaged";
  }
  if (read_16(header + VERSION_AT) != HEADER_VERSION) {
    return "the program image is of a version that this shell does not know";
  }
  size_t length = read_32(header + LENGTH_AT);
  size_t literals_length = read_32(header + LITERALS_LENGTH_AT);
  if (length > room - PROGRAM_HEADER_OCTETS || literals_length > length) {
    return "the program is cut off";
  }
  uint32_t form = read_16(header + FORM_AT);
  if (form == PROGRAM_LUA_BYTECODE && !has_our_number_sizes(header + NUMBER_SIZES_AT)) {
    return "the program was compiled for other sizes of numbers";
  }
  opened->form = (enum program_form)form;
  opened->length = length - literals_length;
  opened->literals_length = literals_length;
  opened->crc = read_32(header + BUNDLE_CRC_AT);
  memcpy(opened->board, header + BOARD_AT, PROGRAM_BOARD_OCTETS);
  memcpy(opened->build_id, header + BUILD_ID_AT, PROGRAM_BUILD_ID_OCTETS);
  return NULL;
}

const char *program_open(program *opened, const uint8_t *image, size_t size) {
  const char *problem = program_read_header(opened, image, size);
  if (problem != NULL) {
    return problem;
  }
  opened->bundle = image + PROGRAM_HEADER_OCTETS;
  opened->literals = opened->bundle + opened->length;
  size_t octets = opened->length + opened->literals_length;
  return program_crc32(0, opened->bundle, octets) == read_32(image + BUNDLE_CRC_AT) ? NULL : "the program is damaged";
}
