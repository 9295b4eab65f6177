/*
 * Plays a board that keeps linked programs in flash, for lua.test.ts: "FILE POLLS" prints what each poll answers. The flash is mapped
 * read only but while it is written by its functions, so that any other store to it ends the tool. Fails, with a sentence, when the
 * program is linked at a boot that should find it, is found at one that should link it, or comes out otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../../../hal/lua-bindings/linked.h"
#include "../../../hal/native/engine.h"
#include "../../../hal/native/linked_flash.h"
#include "../fake_device.h"

enum {
  PROGRAM_OCTETS = 1 << 20,
  PAGE_OCTETS = 4096,
  AREA_OCTETS = 256 * 1024,
  /** The part does not begin where the flash begins. */
  AREA_AT = 2 * PAGE_OCTETS,
  MAPPED_OCTETS = AREA_AT + AREA_OCTETS + PAGE_OCTETS,
  /** Of the octets that are turned one by one, each of so many in the header and in the part. */
  HEADER_OCTETS = 16 + (1 + 128) * sizeof(void *),
  HEADER_STRIDE = 7,
  PART_TURNS = 40,
};

static _Alignas(16) uint8_t bundle[PROGRAM_OCTETS];
static program loaded = {.form = PROGRAM_LUA_IMAGE, .bundle = bundle, .crc = 1};
static uint8_t *mapped;
static uint8_t good[AREA_OCTETS];
/** Erases and writes until power goes; negative: it stays. */
static int power = -1;
static uint8_t shell[] = "a build of the shell";
static linked_flash area = {.at = AREA_AT, .octets = AREA_OCTETS, .shell = shell, .shell_octets = sizeof shell};

/* ---- The flash ---- */

static void protect(int rights) {
  if (mprotect(mapped, MAPPED_OCTETS, rights) != 0) {
    perror("mprotect");
    exit(1);
  }
}

/** Whether there still is power. */
static bool use_power(void) {
  if (power == 0) {
    return false;
  }
  power -= power > 0 ? 1 : 0;
  return true;
}

static bool read_flash(size_t at, uint8_t *buffer, size_t count) {
  memcpy(buffer, mapped + at, count);
  return true;
}

static bool erase_flash(size_t at) {
  if (!use_power()) {
    return false;
  }
  protect(PROT_READ | PROT_WRITE);
  memset(mapped + at, FLASH_BLANK, PAGE_OCTETS);
  protect(PROT_READ);
  return true;
}

/** Unit by unit. */
static bool write_flash(size_t at, const uint8_t *octets, size_t count) {
  protect(PROT_READ | PROT_WRITE);
  size_t done = 0;
  while (done < count && use_power()) {
    for (size_t index = 0; index < FLASH_UNIT_OCTETS; index += 1) {
      mapped[at + done + index] &= octets[done + index];
    }
    done += FLASH_UNIT_OCTETS;
  }
  protect(PROT_READ);
  return done == count;
}

static const flash memory = {
    .page_octets = PAGE_OCTETS, .read = read_flash, .write = write_flash, .erase = erase_flash};

const linked_flash *device_linked_flash(void) { return &area; }

static void open_flash(void) {
  mapped = mmap(NULL, MAPPED_OCTETS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  memset(mapped, FLASH_BLANK, MAPPED_OCTETS);
  protect(PROT_READ);
  area.memory = &memory;
  area.mapped = mapped + AREA_AT;
}

/* ---- Boots ---- */

static _Noreturn void fail(const char *when, const char *problem) {
  printf("%s: %s\n%s", when, problem, fake.log);
  exit(1);
}

/** Boots, and looks whether the program was linked to flash. */
static void boot(const char *when, bool is_linked) {
  fake_reset();
  if (engine_boot(&loaded) != 0) {
    fail(when, "it does not boot");
  }
  if ((strstr(fake.log, "was linked") != NULL) != is_linked) {
    fail(when, is_linked ? "it was not linked anew" : "it was linked again");
  }
}

static void poll(const char *when, int count, bool is_told) {
  for (int turn = 0; turn < count; turn += 1) {
    int32_t answer = engine_poll();
    if (answer < 0) {
      fail(when, "a poll fails");
    }
    if (is_told) {
      printf("%d\n", answer);
    }
    fake.now += 20;
    if (turn % 16 == 0) {
      engine_collect();
    }
  }
}

/** Boots where it has to be linked, to the same octets as the first time. */
static void boot_again(const char *when) {
  boot(when, true);
  if (memcmp(mapped + AREA_AT, good, sizeof good) != 0) {
    fail(when, "it comes out otherwise");
  }
}

/** Turns a bit of what is there. */
static void turn(size_t at) {
  protect(PROT_READ | PROT_WRITE);
  mapped[AREA_AT + at] ^= 4;
  protect(PROT_READ);
}

static void damage(void) {
  for (size_t at = 0; at < HEADER_OCTETS; at += HEADER_STRIDE) {
    turn(at);
    boot_again("after an octet of the header was damaged");
  }
  size_t stride = linked_octets() / PART_TURNS;
  for (size_t at = 0; at < linked_octets(); at += stride) {
    turn((size_t)(linked_part() - area.mapped) + at);
    boot_again("after an octet of the part was damaged");
  }
}

/** Takes the power away after each of some numbers of erases and writes. */
static void cut_off(void) {
  int whole = (int)((sizeof good + linked_octets()) / FLASH_UNIT_OCTETS);
  int cuts = 0;
  for (int after = 0; after < whole; after = after < 80 ? after + 3 : after + after / 8) {
    loaded.crc += 1;
    power = after;
    fake_reset();
    int result = engine_boot(&loaded);
    power = -1;
    if (result == 0) {
      break;
    }
    if (engine_fault() != DEVICE_RESET_PROGRAM_DAMAGED) {
      fail("without power", "the reason is another one");
    }
    cuts += 1;
    boot("after a loss of power", true);
    poll("after a loss of power", 2, false);
  }
  if (cuts < 20) {
    fail("without power", "it was hardly ever cut off");
  }
}

int main(int count, char **words) {
  FILE *file = count == 3 ? fopen(words[1], "rb") : NULL;
  if (file == NULL) {
    return 1;
  }
  loaded.length = fread(bundle, 1, sizeof bundle, file);
  fclose(file);
  open_flash();
  boot("at first", true);
  (void)read_flash(AREA_AT, good, sizeof good);
  poll("at first", atoi(words[2]), true);
  boot("the second time", false);
  poll("the second time", atoi(words[2]), true);
  damage();
  boot("after all damage", false);
  loaded.crc += 1;
  boot("with another program", true);
  shell[0] = 'b';
  boot("with another shell", true);
  cut_off();
  boot("at last", false);
  poll("at last", atoi(words[2]), true);
  return 0;
}
