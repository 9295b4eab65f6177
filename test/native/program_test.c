/* Program images: what is whole is opened, and nothing else. */
#include <stdint.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/program.h"
#include "check.h"

enum { BUNDLE_OCTETS = 11, LITERALS_OCTETS = 4, IMAGE_OCTETS = PROGRAM_HEADER_OCTETS + BUNDLE_OCTETS };

static uint8_t image[IMAGE_OCTETS];

static const char *here = "";

const char *device_board(void) { return here; }

static void put_32(size_t at, uint32_t value) {
  for (size_t octet = 0; octet < 4; octet += 1) {
    image[at + octet] = (uint8_t)(value >> 8 * octet);
  }
}

static void seal(void) { put_32(60, program_crc32(0, image, 60)); }

static void build(uint8_t form) {
  memset(image, 0, sizeof image);
  memcpy(image, "DOORLINE", 8);
  image[8] = 2;
  image[10] = form;
  put_32(12, BUNDLE_OCTETS);
  put_32(20, form == PROGRAM_STATIC_SNAPSHOT ? LITERALS_OCTETS : 0);
  memcpy(image + 24, "\4\10\4\10\10", 5);
  memcpy(image + 29, "mps2-an386", 10);
  memcpy(image + 48, "build 7", 7);
  memcpy(image + PROGRAM_HEADER_OCTETS, "bundle-list", BUNDLE_OCTETS);
  put_32(16, program_crc32(0, image + PROGRAM_HEADER_OCTETS, BUNDLE_OCTETS));
  seal();
}

static const char *problem_of(size_t size) {
  static program opened;
  const char *problem = program_open(&opened, image, size);
  return problem == NULL ? "" : problem;
}

static void computes_the_known_checksum(void) {
  const uint8_t *digits = (const uint8_t *)"123456789";
  CHECK(program_crc32(0, digits, 9) == UINT32_C(0xcbf43926));
  CHECK(program_crc32(program_crc32(0, digits, 4), digits + 4, 5) == UINT32_C(0xcbf43926));
  CHECK(program_crc32(0, digits, 0) == 0);
}

static void opens_a_whole_image(void) {
  program opened;
  build(PROGRAM_STATIC_SNAPSHOT);
  CHECK(program_open(&opened, image, sizeof image) == NULL);
  CHECK(opened.form == PROGRAM_STATIC_SNAPSHOT);
  CHECK(opened.bundle == image + PROGRAM_HEADER_OCTETS);
  CHECK(opened.length == BUNDLE_OCTETS - LITERALS_OCTETS);
  CHECK(opened.literals_length == LITERALS_OCTETS);
  CHECK(memcmp(opened.literals, "list", LITERALS_OCTETS) == 0);
  CHECK_TEXT(opened.board, "mps2-an386");
  CHECK_TEXT(opened.build_id, "build 7");
}

static void keeps_the_longest_names_whole(void) {
  program opened;
  build(PROGRAM_JAVASCRIPT);
  memset(image + 29, 'b', PROGRAM_BOARD_OCTETS);
  memset(image + 48, 'x', PROGRAM_BUILD_ID_OCTETS);
  seal();
  CHECK(program_open(&opened, image, sizeof image) == NULL);
  CHECK_TEXT(opened.board, "bbbbbbbbbbbbbbbbbbb");
  CHECK(strlen(opened.build_id) == PROGRAM_BUILD_ID_OCTETS);
}

static const char *board_problem_of(const char *for_board, const char *this_board) {
  program opened = {.form = PROGRAM_JAVASCRIPT};
  strcpy(opened.board, for_board);
  here = this_board;
  const char *problem = program_board_problem(&opened);
  return problem == NULL ? "" : problem;
}

static void is_for_its_board(void) {
  CHECK_TEXT(board_problem_of("mps2-an386", "mps2-an386"), "");
  CHECK_TEXT(board_problem_of("mps2-an386", ""), "");
  CHECK_TEXT(board_problem_of("", ""), "");
  CHECK_TEXT(board_problem_of("", "linux"), "the program is for no board, and this is linux");
  CHECK_TEXT(board_problem_of("mps2-an386", "mps2-an386-small"),
             "the program is for mps2-an386, and this is mps2-an386-small");
  CHECK_TEXT(board_problem_of("mps2-an386-small", "mps2-an386"),
             "the program is for mps2-an386-small, and this is mps2-an386");
  CHECK_TEXT(board_problem_of("a-board-of-19-octet", "another-of-19-octet"),
             "the program is for a-board-of-19-octet, and this is another-of-19-octet");
}

static void refuses_every_truncation(void) {
  build(PROGRAM_JAVASCRIPT);
  for (size_t size = 0; size < sizeof image; size += 1) {
    // A block of just this size, so that a read behind it is seen by the sanitizer.
    static uint8_t room[IMAGE_OCTETS];
    static program opened;
    uint8_t *cut = room + sizeof room - size;
    memcpy(cut, image, size);
    CHECK(program_open(&opened, cut, size) != NULL);
  }
}

static void refuses_every_flipped_bit(void) {
  build(PROGRAM_JAVASCRIPT);
  for (size_t bit = 0; bit < 8 * sizeof image; bit += 1) {
    image[bit / 8] ^= (uint8_t)(1 << bit % 8);
    CHECK(problem_of(sizeof image)[0] != 0);
    image[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  CHECK_TEXT(problem_of(sizeof image), "");
}

static void says_what_is_wrong(void) {
  build(PROGRAM_JAVASCRIPT);
  image[0] = 'd';
  CHECK_TEXT(problem_of(sizeof image), "this is no program image");
  build(PROGRAM_JAVASCRIPT);
  image[8] = 1;
  seal();
  CHECK_TEXT(problem_of(sizeof image), "the program image is of a version that this shell does not know");
  build(PROGRAM_JAVASCRIPT);
  CHECK_TEXT(problem_of(sizeof image - 1), "the program is cut off");
  image[IMAGE_OCTETS - 1] ^= 1;
  CHECK_TEXT(problem_of(sizeof image), "the program is damaged");
  build(PROGRAM_STATIC_SNAPSHOT);
  put_32(20, BUNDLE_OCTETS + 1);
  seal();
  CHECK_TEXT(problem_of(sizeof image), "the program is cut off");
}

static void refuses_bytecode_of_other_numbers(void) {
  build(PROGRAM_LUA_BYTECODE);
  CHECK_TEXT(problem_of(sizeof image), "");
  image[27] = 4;
  seal();
  CHECK_TEXT(problem_of(sizeof image), "the program was compiled for other sizes of numbers");
}

static const check_case cases[] = {
    {"computes the checksum that IEEE 802.3 knows, also in parts", computes_the_known_checksum},
    {"opens a whole image and finds the literal list behind the bundle", opens_a_whole_image},
    {"keeps the longest board and build id whole", keeps_the_longest_names_whole},
    {"is for a board of exactly its name, and for a board that names none", is_for_its_board},
    {"refuses every truncation of an image and reads nothing behind it", refuses_every_truncation},
    {"refuses an image with any one bit flipped", refuses_every_flipped_bit},
    {"says what is wrong with an image", says_what_is_wrong},
    {"refuses bytecode that was compiled for other sizes of numbers", refuses_bytecode_of_other_numbers},
};

CHECK_MAIN(cases)
