/* What the regions that mpu.c sets come to, decoded as ARMv7-M B3.5 has it: of every place whether it can be read, written, executed. The
 * layout is the small one; its boundaries are symbols that the linker gets from tests.cmake. */
#include "../../../boards/mps2-an386/mpu.h"

#include <string.h>

#include "../../../boards/mps2-an386/flash_memory.h"
#include "../check.h"
#include "model_registers.h"

enum { REGIONS = 8, READ = 1, WRITE = 2, EXECUTE = 4, KB = 1024, MB = 1024 * 1024 };

static uint32_t number;
static uint32_t control;
static uint32_t base[REGIONS];
static uint32_t attributes[REGIONS];
static const char *wrong;
/** Places that could be written or executed at any moment while the regions changed, of those that are watched. */
static uint32_t watched;
static bool was_open;

static uint32_t size_of(uint32_t region) { return 2U << (attributes[region] >> 1 & 31); }

/** Whether a region has the place: by its base, size and sub-regions (B3.5). */
static bool has(uint32_t region, uint32_t place) {
  uint32_t size = size_of(region);
  if ((attributes[region] & 1) == 0 || (place & ~(size - 1)) != (base[region] & ~(size - 1))) {
    return false;
  }
  return size < 256 || (attributes[region] >> 8 >> (place & (size - 1)) / (size / 8) & 1) == 0;
}

/** Rights of privileged code by AP and XN (B3.5). */
static int rights_at(uint32_t place) {
  static const int by_permission[] = {0, READ | WRITE, READ | WRITE, READ | WRITE, 0, READ, READ, READ};
  if ((control & 1) == 0) {
    return READ | WRITE | EXECUTE;
  }
  for (uint32_t region = REGIONS; region > 0; region -= 1) {
    if (has(region - 1, place)) {
      int rights = by_permission[attributes[region - 1] >> 24 & 7];
      return (rights & READ) != 0 && (attributes[region - 1] >> 28 & 1) == 0 ? rights | EXECUTE : rights;
    }
  }
  /* The background region. */
  return (control & 4) != 0 ? READ | WRITE | EXECUTE : 0;
}

/** TEX, C and B of the region: normal memory may be fetched ahead and merged, a device's must not (B3.5). */
static bool is_device_at(uint32_t place) {
  for (uint32_t region = REGIONS; region > 0; region -= 1) {
    if (has(region - 1, place)) {
      uint32_t kind = (attributes[region - 1] >> 19 & 7) << 2 | (attributes[region - 1] >> 16 & 3);
      return kind <= 1 || kind == 8;
    }
  }
  return false;
}

static uint32_t read_mpu(uint32_t offset) { return offset == 4 ? control : 0; }

static void write_mpu(uint32_t offset, uint32_t value) {
  switch (offset) {
  case 0x4:
    control = value;
    break;
  case 0xc:
    number = (value & 16) != 0 ? value & 15 : number;
    base[number % REGIONS] = value & ~31U;
    break;
  case 0x10:
    attributes[number % REGIONS] = value;
    if ((value & 1) != 0 &&
        ((value >> 1 & 31) < 4 || (base[number % REGIONS] & (size_of(number % REGIONS) - 1)) != 0)) {
      wrong = "a region is too small, or does not begin at a multiple of its size";
    }
    break;
  default:
    wrong = "a register is written that takes nothing";
  }
  was_open = was_open || (rights_at(watched) & (WRITE | EXECUTE)) != 0;
}

static const model_chip mpu = {0xe000ed90, 0x20, read_mpu, write_mpu};

static void open_mpu(void) {
  model_registers_open(&mpu, 1);
  memset(base, 0xff, sizeof base);
  memset(attributes, 0, sizeof attributes);
  number = 0;
  control = 0;
  wrong = "";
  mpu_open();
  CHECK_TEXT(wrong, "");
}

/** Whether all of a stretch has these rights, and its neighbours do not. */
static bool spans(uint32_t start, uint32_t octets, int rights) {
  for (uint32_t at = 0; at < octets; at += 32) {
    if (rights_at(start + at) != rights) {
      return false;
    }
  }
  return rights_at(start + octets - 1) == rights && rights_at(start - 1) != rights &&
         rights_at(start + octets) != rights;
}

/* ---- Cases ---- */

static void protects_memory(void) {
  open_mpu();
  CHECK(spans(0, 512 * KB, READ | EXECUTE));
  CHECK(spans(0x20000000, 256 * KB, READ | WRITE));
  CHECK(rights_at(0x20000000 - 4) == 0 && rights_at(0x20000000 + 256 * KB) == 0);
  CHECK(spans(FLASH_ADDRESS, FLASH_OCTETS, READ));
  CHECK(spans(PSRAM_ADDRESS, 8 * MB, READ | WRITE));
}

static void has_nothing_else(void) {
  open_mpu();
  uint32_t there = 0;
  for (uint64_t place = 0; place < 0xe0000000; place += 4096) {
    there += rights_at((uint32_t)place) != 0 ? 1 : 0;
  }
  CHECK(there == (512 * KB + 256 * KB + 16 * MB + 2 * MB + 4 * KB) / 4096);
  CHECK(spans(0x40000000, 2 * MB + 4 * KB, READ | WRITE));
}

static void orders_devices(void) {
  static const uint32_t devices[] = {0x40000000, 0x40024010, 0x40028018, ETHERNET_ADDRESS, PSRAM_ADDRESS};
  open_mpu();
  for (size_t index = 0; index < sizeof devices / sizeof *devices; index += 1) {
    CHECK(is_device_at(devices[index]));
  }
  CHECK(!is_device_at(0) && !is_device_at(0x20000000) && !is_device_at(FLASH_ADDRESS));
}

static void never_has_code_that_can_be_written(void) {
  open_mpu();
  mpu_open_page(FLASH_ADDRESS);
  for (uint64_t place = 0; place < 0xe0000000; place += 4096) {
    CHECK((rights_at((uint32_t)place) & (WRITE | EXECUTE)) != (WRITE | EXECUTE));
  }
}

static void opens_one_page(void) {
  static const uint32_t places[] = {0, 1, 4095, 4096, 5000, FLASH_OCTETS / 2 + 17, FLASH_OCTETS - 1};
  for (size_t index = 0; index < sizeof places / sizeof *places; index += 1) {
    uint32_t page = FLASH_ADDRESS + places[index] / 4096 * 4096;
    open_mpu();
    mpu_open_page(FLASH_ADDRESS + places[index]);
    CHECK_TEXT(wrong, "");
    CHECK(rights_at(page) == (READ | WRITE) && rights_at(page + 4095) == (READ | WRITE));
    CHECK(page == FLASH_ADDRESS || rights_at(page - 1) == READ);
    CHECK(page + 4096 == FLASH_ADDRESS + FLASH_OCTETS || rights_at(page + 4096) == READ);
    CHECK(!is_device_at(page));
    mpu_close_page();
    CHECK(spans(FLASH_ADDRESS, FLASH_OCTETS, READ));
  }
}

/** Another page opens while one is open: what is neither is closed at every moment between the writes. */
static void moves_the_page(void) {
  open_mpu();
  watched = FLASH_ADDRESS + 9 * 4096;
  was_open = false;
  mpu_open_page(FLASH_ADDRESS + 3 * 4096);
  mpu_open_page(FLASH_ADDRESS + 20 * 4096);
  CHECK(rights_at(FLASH_ADDRESS + 3 * 4096) == READ && rights_at(FLASH_ADDRESS + 20 * 4096) == (READ | WRITE));
  mpu_close_page();
  CHECK(!was_open);
  CHECK(spans(FLASH_ADDRESS, FLASH_OCTETS, READ));
}

static const check_case cases[] = {
    {"lets the shell be executed, RAM be written, and flash only be read", protects_memory},
    {"leaves nothing else but the peripherals", has_nothing_else},
    {"has peripherals and the rings of sound in the order of the program", orders_devices},
    {"has no place that can be written and executed", never_has_code_that_can_be_written},
    {"opens one page of flash for writing, and closes it", opens_one_page},
    {"opens no third page while it moves from one to another", moves_the_page},
};

CHECK_MAIN(cases)
