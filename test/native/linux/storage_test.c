/* Records in files: whole or not at all, and damage is known. */
#include "../../../boards/linux/storage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "../../../hal/native/device.h"
#include "check.h"

static configuration chosen;
static char directory[] = "/tmp/doorline-storage-XXXXXX";
static char state_path[100];
static uint8_t buffer[256];

static const uint8_t first[] = "the first record";
static const uint8_t second[] = "another, longer record than the first one";

static int write_state(const uint8_t *octets, size_t count) {
  return device_storage_write(DEVICE_RECORD_STATE, octets, count);
}

static int32_t read_state(void) {
  memset(buffer, 0, sizeof buffer);
  return device_storage_read(DEVICE_RECORD_STATE, buffer, sizeof buffer);
}

static void has_nothing_at_first(void) {
  CHECK(read_state() == 0);
  CHECK(device_storage_read(9, buffer, sizeof buffer) == DEVICE_ABSENT);
  CHECK(device_storage_write(9, first, 1) == DEVICE_ABSENT);
}

static void reads_what_was_written_last(void) {
  CHECK(write_state(second, sizeof second) == DEVICE_OK);
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  CHECK(read_state() == sizeof first);
  CHECK(memcmp(buffer, first, sizeof first) == 0);
  CHECK(write_state(first, 0) == DEVICE_OK);
  CHECK(read_state() == 0);
}

static void knows_every_truncation(void) {
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  for (off_t length = sizeof first + 3; length >= 0; length -= 1) {
    CHECK(truncate(state_path, length) == 0);
    CHECK(read_state() == DEVICE_NONE);
  }
}

static void knows_every_flipped_bit(void) {
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  int descriptor = open(state_path, O_RDWR);
  for (off_t at = 0; at < (off_t)sizeof first + 4; at += 1) {
    uint8_t octet = 0;
    CHECK(pread(descriptor, &octet, 1, at) == 1);
    octet ^= 0x10;
    CHECK(pwrite(descriptor, &octet, 1, at) == 1);
    CHECK(read_state() == DEVICE_NONE);
    octet ^= 0x10;
    CHECK(pwrite(descriptor, &octet, 1, at) == 1);
  }
  CHECK(read_state() == sizeof first);
  close(descriptor);
}

static void refuses_a_record_that_is_too_long(void) {
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  CHECK(device_storage_read(DEVICE_RECORD_STATE, buffer, sizeof first) == sizeof first);
  CHECK(device_storage_read(DEVICE_RECORD_STATE, buffer, sizeof first - 1) == DEVICE_NONE);
}

static void survives_a_write_that_was_cut_off(void) {
  char torn[120];
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  snprintf(torn, sizeof torn, "%s.new", state_path);
  int descriptor = open(torn, O_WRONLY | O_CREAT, 0600);
  CHECK(write(descriptor, second, 5) == 5);
  close(descriptor);
  CHECK(read_state() == sizeof first);
  CHECK(write_state(second, sizeof second) == DEVICE_OK);
  CHECK(read_state() == sizeof second);
  CHECK(access(torn, F_OK) != 0);
}

/** A full disk, played by a limit on the length of files. */
static void keeps_the_old_record_when_the_disk_is_full(void) {
  struct rlimit old;
  CHECK(write_state(first, sizeof first) == DEVICE_OK);
  getrlimit(RLIMIT_FSIZE, &old);
  struct rlimit small = {.rlim_cur = 10, .rlim_max = old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  int status = write_state(second, sizeof second);
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK(status == DEVICE_REFUSED);
  CHECK(read_state() == sizeof first);
  CHECK(memcmp(buffer, first, sizeof first) == 0);
}

static void keeps_settings_as_plain_text(void) {
  CHECK(device_storage_write(DEVICE_RECORD_SETTINGS, (const uint8_t *)"a = b\n", 6) == DEVICE_OK);
  struct stat status;
  CHECK(stat(chosen.settings, &status) == 0 && status.st_size == 6);
  CHECK(device_storage_read(DEVICE_RECORD_SETTINGS, buffer, sizeof buffer) == 6);
  CHECK(memcmp(buffer, "a = b\n", 6) == 0);
}

static void says_what_is_missing(void) {
  configuration other = chosen;
  snprintf(other.settings, sizeof other.settings, "%s/none.conf", directory);
  CHECK(!storage_open(&other));
  CHECK(strstr(last_problem(), "none.conf cannot be read: No such file") != NULL);
  CHECK(storage_open(&chosen));
}

static const check_case cases[] = {
    {"has no record at first", has_nothing_at_first},
    {"reads what was written last, also nothing", reads_what_was_written_last},
    {"knows every truncation of the state", knows_every_truncation},
    {"knows a flipped bit anywhere in the state", knows_every_flipped_bit},
    {"refuses a record that is longer than the buffer", refuses_a_record_that_is_too_long},
    {"reads the old record after a write that was cut off", survives_a_write_that_was_cut_off},
    {"keeps the old record when the disk is full", keeps_the_old_record_when_the_disk_is_full},
    {"keeps the settings as the text that a person edits", keeps_settings_as_plain_text},
    {"says which file is missing", says_what_is_missing},
};

int main(void) {
  CHECK(mkdtemp(directory) != NULL);
  // Beyond the limit a write is to fail, not to end the process.
  signal(SIGXFSZ, SIG_IGN);
  configuration_start(&chosen);
  snprintf(chosen.settings, sizeof chosen.settings, "%s/doorline.conf", directory);
  snprintf(chosen.state_directory, sizeof chosen.state_directory, "%s", directory);
  snprintf(state_path, sizeof state_path, "%s/doorline.state", directory);
  close(open(chosen.settings, O_CREAT | O_WRONLY, 0600));
  if (!storage_open(&chosen)) {
    printf("not ok opens: %s\n", last_problem());
    return 1;
  }
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(chosen.settings);
  unlink(state_path);
  rmdir(directory);
  return code;
}
