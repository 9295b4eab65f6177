/* The header of a program image, read octet by octet and never trusted before its checksum holds. */
#include "program.h"

#include <stdbool.h>
#include <string.h>

#include "little_endian.h"

enum {
  HEADER_VERSION = 1,
  VERSION_AT = 8,
  FORM_AT = 10,
  LENGTH_AT = 12,
  BUNDLE_CRC_AT = 16,
  LITERALS_LENGTH_AT = 20,
  /** Behind the sizes of int and size_t, which Lua 5.4 writes as numbers of any length. */
  NUMBER_SIZES_AT = 26,
  NUMBER_SIZES = 3,
  BUILD_ID_AT = 32,
  HEADER_CRC_AT = 60,
};

static const uint8_t magic[8] = {'D', 'O', 'O', 'R', 'L', 'I', 'N', 'E'};

/** The reversed polynomial of IEEE 802.3. */
static const uint32_t POLYNOMIAL = UINT32_C(0xedb88320);

uint32_t program_crc32(uint32_t crc, const uint8_t *octets, size_t count) {
  crc = ~crc;
  for (size_t at = 0; at < count; at += 1) {
    crc ^= octets[at];
    for (int bit = 0; bit < 8; bit += 1) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
    }
  }
  return ~crc;
}

/** Instruction, lua_Integer and lua_Number of stock Lua 5.4. */
static bool has_our_number_sizes(const uint8_t *sizes) {
  static const uint8_t ours[NUMBER_SIZES] = {4, 8, 8};
  return memcmp(sizes, ours, sizeof ours) == 0;
}

const char *program_open(program *opened, const uint8_t *image, size_t size) {
  memset(opened, 0, sizeof *opened);
  if (size < PROGRAM_HEADER_OCTETS || memcmp(image, magic, sizeof magic) != 0) {
    return "this is no program image";
  }
  if (program_crc32(0, image, HEADER_CRC_AT) != read_32(image + HEADER_CRC_AT)) {
    return "the header of the program is damaged";
  }
  if (read_16(image + VERSION_AT) != HEADER_VERSION) {
    return "the program image is of a version that this shell does not know";
  }
  size_t length = read_32(image + LENGTH_AT);
  size_t literals_length = read_32(image + LITERALS_LENGTH_AT);
  if (length > size - PROGRAM_HEADER_OCTETS || literals_length > length) {
    return "the program is cut off";
  }
  const uint8_t *bundle = image + PROGRAM_HEADER_OCTETS;
  if (program_crc32(0, bundle, length) != read_32(image + BUNDLE_CRC_AT)) {
    return "the program is damaged";
  }
  uint32_t form = read_16(image + FORM_AT);
  if (form == PROGRAM_LUA_BYTECODE && !has_our_number_sizes(image + NUMBER_SIZES_AT)) {
    return "the program was compiled for other sizes of numbers";
  }
  opened->form = (enum program_form)form;
  opened->bundle = bundle;
  opened->length = length - literals_length;
  opened->literals = bundle + opened->length;
  opened->literals_length = literals_length;
  memcpy(opened->build_id, image + BUILD_ID_AT, PROGRAM_BUILD_ID_OCTETS);
  return NULL;
}
