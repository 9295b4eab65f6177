/* device.h of a board that has nothing: what the linker keeps beside it is what a VM's shell takes of any board. */
#include <string.h>

#include "../../../hal/native/device.h"
#include "../../../hal/native/linked_program.h"
#include "../../../hal/native/shell.h"

uint32_t device_clock_ms(void) { return 0; }

void device_random(uint8_t *octets, size_t count) { memset(octets, 0, count); }

bool device_wait(uint32_t milliseconds) { return milliseconds > 0; }

bool device_network_is_up(void) { return false; }

uint16_t device_network_changes(void) { return 0; }

unsigned device_media_count(void) { return 0; }

uint32_t device_udp_waiting(void) { return 0; }

int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source) {
  (void)socket, (void)buffer, (void)size, (void)source;
  return DEVICE_NONE;
}

int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination) {
  (void)socket, (void)octets, (void)count, (void)destination;
  return DEVICE_REFUSED;
}

void device_udp_local(unsigned socket, unsigned family, device_endpoint *local) {
  (void)socket, (void)family;
  memset(local, 0, sizeof *local);
}

unsigned device_tcp_count(void) { return 0; }

int device_tcp_connect(unsigned connection, const device_endpoint *remote) {
  (void)connection, (void)remote;
  return DEVICE_REFUSED;
}

unsigned device_tcp_waiting(void) { return 0; }

int device_tcp_accept(unsigned connection, device_endpoint *remote) {
  (void)connection, (void)remote;
  return DEVICE_NONE;
}

int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size) {
  (void)connection, (void)buffer, (void)size;
  return DEVICE_NONE;
}

int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count) {
  (void)connection, (void)octets, (void)count;
  return DEVICE_NONE;
}

void device_tcp_close(unsigned connection) { (void)connection; }

void device_audio_start(enum device_audio direction) { (void)direction; }

void device_audio_stop(enum device_audio direction) { (void)direction; }

size_t device_audio_read(int16_t *samples, size_t count) {
  (void)samples, (void)count;
  return 0;
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  (void)samples, (void)count;
  return 0;
}

unsigned device_pin_count(enum device_pins kind) {
  (void)kind;
  return 0;
}

int device_pin_read(enum device_pins kind, unsigned index) {
  (void)kind, (void)index;
  return 0;
}

void device_pin_write(enum device_pins kind, unsigned index, int value) { (void)kind, (void)index, (void)value; }

const char *device_board(void) { return ""; }

void device_secure(void) {}

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count) {
  (void)address, (void)octets, (void)count;
  return DEVICE_ABSENT;
}

int device_i2c_read(unsigned address, uint8_t *buffer, size_t count) {
  (void)address, (void)buffer, (void)count;
  return DEVICE_ABSENT;
}

int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  (void)address, (void)octets, (void)count, (void)buffer, (void)read_count;
  return DEVICE_ABSENT;
}

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  (void)record, (void)buffer, (void)size;
  return 0;
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  (void)record, (void)octets, (void)count;
  return DEVICE_REFUSED;
}

void device_log_event(uint32_t event, int32_t first, int32_t second) { (void)event, (void)first, (void)second; }

void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer) {
  (void)sent, (void)octets, (void)count, (void)peer;
}

void device_log_line(const char *line) { (void)line; }

enum device_reset_reason device_reset_reason(void) { return DEVICE_RESET_POWER_ON; }

uint16_t device_restarts(void) { return 0; }

void device_watchdog_feed(void) {}

_Noreturn void device_restart(enum device_reset_reason reason) {
  (void)reason;
  for (;;) {
    // Nothing comes back to life here.
  }
}

int main(void) { return shell_run(linked_program(), linked_program_size()); }
