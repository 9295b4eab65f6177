/* See fake_device.h. */
#include "fake_device.h"

#include <stdlib.h>
#include <string.h>

enum { BUTTONS = 2, LEDS = 2, RELAYS = 1, CONNECTIONS = 4, MEDIA = 2 };

fake_board fake;

void fake_reset(void) { memset(&fake, 0, sizeof fake); }

uint32_t device_clock_ms(void) { return fake.now; }

void device_random(uint8_t *octets, size_t count) {
  static uint32_t seed = 7;
  for (size_t at = 0; at < count; at += 1) {
    seed = seed * 1664525U + 1013904223U;
    octets[at] = (uint8_t)(seed >> 16);
  }
}

bool device_wait(uint32_t milliseconds) {
  fake.now += milliseconds;
  return true;
}

bool device_network_is_up(void) { return true; }
uint16_t device_network_changes(void) { return 0; }
unsigned device_media_count(void) { return MEDIA; }

uint32_t device_udp_waiting(void) { return fake.incoming_length == 0 ? 0 : 1U << DEVICE_UDP_SIP; }

int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source) {
  if (socket != DEVICE_UDP_SIP || fake.incoming_length == 0) {
    return DEVICE_NONE;
  }
  size_t length = fake.incoming_length < size ? fake.incoming_length : size;
  memcpy(buffer, fake.incoming, length);
  *source = (device_endpoint){.family = 4, .port = {0x13, 0xc4}, .address = {192, 0, 2, 9}};
  fake.incoming_length = 0;
  return (int32_t)length;
}

int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination) {
  (void)socket;
  fake.sent_length = count < sizeof fake.sent ? count : sizeof fake.sent;
  memcpy(fake.sent, octets, fake.sent_length);
  fake.sent_to = *destination;
  fake.sent_count += 1;
  return DEVICE_OK;
}

void device_udp_local(unsigned socket, unsigned family, device_endpoint *local) {
  uint16_t port = (uint16_t)(5060 + 2 * socket);
  *local = (device_endpoint){.family = 0};
  if (family == 4) {
    *local = (device_endpoint){4, 0, {(uint8_t)(port >> 8), (uint8_t)port}, {192, 0, 2, 1}};
  }
}

unsigned device_tcp_count(void) { return CONNECTIONS; }

int device_tcp_connect(unsigned connection, const device_endpoint *remote) {
  (void)connection;
  (void)remote;
  return DEVICE_REFUSED;
}

unsigned device_tcp_waiting(void) { return 0; }

int device_tcp_accept(unsigned connection, device_endpoint *remote) {
  (void)connection;
  (void)remote;
  return DEVICE_NONE;
}

int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size) {
  (void)connection;
  (void)buffer;
  (void)size;
  return DEVICE_NONE;
}

int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count) {
  (void)connection;
  (void)octets;
  (void)count;
  return DEVICE_NONE;
}

void device_tcp_close(unsigned connection) { (void)connection; }

void device_audio_start(enum device_audio direction) { (void)direction; }
void device_audio_stop(enum device_audio direction) { (void)direction; }

size_t device_audio_read(int16_t *samples, size_t count) {
  memset(samples, 0, count * sizeof *samples);
  return count;
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  (void)samples;
  return count;
}

unsigned device_pin_count(enum device_pins kind) {
  static const unsigned counts[] = {BUTTONS, LEDS, RELAYS};
  return counts[kind];
}

int device_pin_read(enum device_pins kind, unsigned index) { return fake.pins[kind][index]; }
void device_pin_write(enum device_pins kind, unsigned index, int value) { fake.pins[kind][index] = value; }

void device_secure(void) {
  memset(fake.pins[DEVICE_LEDS], 0, sizeof fake.pins[DEVICE_LEDS]);
  memset(fake.pins[DEVICE_RELAYS], 0, sizeof fake.pins[DEVICE_RELAYS]);
}

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count) {
  (void)address;
  (void)octets;
  (void)count;
  return DEVICE_ABSENT;
}

int device_i2c_read(unsigned address, uint8_t *buffer, size_t count) {
  (void)address;
  (void)buffer;
  (void)count;
  return DEVICE_ABSENT;
}

int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  (void)octets;
  (void)count;
  (void)buffer;
  (void)read_count;
  return (int)address;
}

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  size_t length = record == DEVICE_RECORD_SETTINGS ? strlen(fake.settings) : 0;
  if (length > size) {
    return DEVICE_NONE;
  }
  memcpy(buffer, fake.settings, length);
  return (int32_t)length;
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  (void)record;
  (void)octets;
  (void)count;
  return DEVICE_OK;
}

const char *device_board(void) { return ""; }

void device_log_event(uint32_t event, int32_t first, int32_t second) {
  (void)event;
  (void)first;
  (void)second;
}

void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer) {
  (void)sent;
  (void)octets;
  (void)count;
  (void)peer;
}

void device_log_line(const char *line) {
  size_t used = strlen(fake.log);
  size_t length = strlen(line);
  if (used + length + 2 < sizeof fake.log) {
    memcpy(fake.log + used, line, length);
    fake.log[used + length] = '\n';
    fake.log[used + length + 1] = 0;
  }
}

enum device_reset_reason device_reset_reason(void) { return DEVICE_RESET_POWER_ON; }
uint16_t device_restarts(void) { return 0; }
void device_watchdog_feed(void) {}

_Noreturn void device_restart(enum device_reset_reason reason) {
  if (fake.on_restart != NULL) {
    longjmp(*fake.on_restart, (int)reason);
  }
  abort();
}
