/*
 * A record is written beside the old one, flushed to the disk, and put in its place by rename(2), and then its directory is
 * flushed: a power cut leaves the old record or the new one. The state ends with its CRC-32, so that what a disk damages is known.
 */
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "../../hal/native/program.h"
#include "problem.h"

enum { CHECK_OCTETS = 4, RECORDS = 2, PATH_OCTETS = TEXT_OCTETS + 20 };

/** By enum device_record. */
static char paths[RECORDS][PATH_OCTETS];

static bool has_check(unsigned record) { return record == DEVICE_RECORD_STATE; }

bool storage_open(const configuration *chosen) {
  snprintf(paths[DEVICE_RECORD_SETTINGS], PATH_OCTETS, "%s", chosen->settings);
  snprintf(paths[DEVICE_RECORD_STATE], PATH_OCTETS, "%s/doorline.state", chosen->state_directory);
  if (access(chosen->settings, R_OK) != 0) {
    return system_problem("the settings %s cannot be read", chosen->settings);
  }
  if (mkdir(chosen->state_directory, 0700) != 0 && errno != EEXIST) {
    return system_problem("the directory %s cannot be made", chosen->state_directory);
  }
  if (access(chosen->state_directory, W_OK | X_OK) != 0) {
    return system_problem("the directory %s cannot be written", chosen->state_directory);
  }
  return true;
}

static void put_check(uint8_t *check, uint32_t crc) {
  for (int octet = 0; octet < CHECK_OCTETS; octet += 1) {
    check[octet] = (uint8_t)(crc >> 8 * octet);
  }
}

/** Reads all of `count` octets. */
static bool read_all(int descriptor, uint8_t *buffer, size_t count) {
  while (count > 0) {
    ssize_t taken = read(descriptor, buffer, count);
    if (taken <= 0) {
      return false;
    }
    buffer += taken;
    count -= (size_t)taken;
  }
  return true;
}

static int32_t read_record(int descriptor, bool is_checked, uint8_t *buffer, size_t size) {
  struct stat status;
  size_t overhead = is_checked ? CHECK_OCTETS : 0;
  if (fstat(descriptor, &status) != 0 || (size_t)status.st_size < overhead) {
    return DEVICE_NONE;
  }
  size_t length = (size_t)status.st_size - overhead;
  uint8_t check[CHECK_OCTETS];
  uint8_t expected[CHECK_OCTETS];
  if (length > size || !read_all(descriptor, buffer, length) || !read_all(descriptor, check, overhead)) {
    return DEVICE_NONE;
  }
  put_check(expected, program_crc32(0, buffer, length));
  return is_checked && memcmp(check, expected, CHECK_OCTETS) != 0 ? DEVICE_NONE : (int32_t)length;
}

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  if (record >= RECORDS) {
    return DEVICE_ABSENT;
  }
  int descriptor = open(paths[record], O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? 0 : DEVICE_NONE;
  }
  int32_t length = read_record(descriptor, has_check(record), buffer, size);
  close(descriptor);
  return length;
}

/** Writes all octets and the check to a file and flushes it. */
static bool write_file(const char *path, bool is_checked, const uint8_t *octets, size_t count) {
  uint8_t check[CHECK_OCTETS];
  put_check(check, program_crc32(0, octets, count));
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return false;
  }
  size_t check_count = is_checked ? CHECK_OCTETS : 0;
  bool is_good = write(descriptor, octets, count) == (ssize_t)count &&
                 write(descriptor, check, check_count) == (ssize_t)check_count && fsync(descriptor) == 0;
  return close(descriptor) == 0 && is_good;
}

/** Makes the rename of a file in the directory of `path` last. */
static bool flush_directory(const char *path) {
  char directory[PATH_OCTETS];
  snprintf(directory, sizeof directory, "%s", path);
  char *slash = strrchr(directory, '/');
  if (slash == NULL) {
    strcpy(directory, ".");
  } else {
    slash[slash == directory ? 1 : 0] = 0;
  }
  int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  bool is_good = fsync(descriptor) == 0;
  close(descriptor);
  return is_good;
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  if (record >= RECORDS) {
    return DEVICE_ABSENT;
  }
  char temporary[PATH_OCTETS + 4];
  snprintf(temporary, sizeof temporary, "%s.new", paths[record]);
  if (write_file(temporary, has_check(record), octets, count) && rename(temporary, paths[record]) == 0 &&
      flush_directory(paths[record])) {
    return DEVICE_OK;
  }
  (void)unlink(temporary);
  return DEVICE_REFUSED;
}
