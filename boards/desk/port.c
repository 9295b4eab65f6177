/* device.h over the wire to the desk. What stands still during a poll is answered here, everything else by the desk. */
#include <string.h>

#include "place.h"
#include "surroundings.h"
#include "wire.h"

/** The lights and relays as they were last written, by kind. */
static uint32_t driven[3];

/** A datagram or record on its way in: the endpoint, then the octets. */
static uint8_t incoming[sizeof(device_endpoint) + DESK_PAYLOAD_OCTETS];

uint32_t device_clock_ms(void) { return surroundings.now; }

void device_random(uint8_t *octets, size_t count) {
  desk_frame frame = {.kind = DESK_RANDOM, .first = (int32_t)count};
  desk_ask(&frame, NULL, NULL, 0, octets, count);
}

/** The desk waits in the device's place. */
bool device_wait(uint32_t milliseconds) {
  (void)milliseconds;
  return true;
}

bool device_network_is_up(void) { return surroundings.network_is_up != 0; }

uint16_t device_network_changes(void) { return surroundings.network_changes; }

unsigned device_media_count(void) { return surroundings.media_count; }

uint32_t device_udp_waiting(void) { return surroundings.readable; }

int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source) {
  desk_frame frame = {.kind = DESK_UDP_READ, .index = socket, .first = (int32_t)size};
  if (socket >= DESK_SOCKETS || (surroundings.readable >> socket & 1) == 0) {
    return DEVICE_NONE;
  }
  int32_t length = desk_ask(&frame, NULL, NULL, 0, incoming, sizeof incoming);
  if (length < 0) {
    surroundings.readable &= ~(UINT32_C(1) << socket);
    return DEVICE_NONE;
  }
  memcpy(source, incoming, sizeof *source);
  memcpy(buffer, incoming + sizeof *source, (size_t)length < size ? (size_t)length : size);
  return length;
}

int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination) {
  desk_frame frame = {.kind = DESK_UDP_WRITE, .index = socket, .length = sizeof *destination};
  return desk_ask(&frame, destination, octets, count, NULL, 0);
}

void device_udp_local(unsigned socket, unsigned family, device_endpoint *local) {
  memset(local, 0, sizeof *local);
  if (socket < DESK_SOCKETS) {
    *local = surroundings.local[socket][family == 4 ? 0 : 1];
  }
}

unsigned device_tcp_count(void) { return surroundings.tcp_count; }

int device_tcp_connect(unsigned connection, const device_endpoint *remote) {
  desk_frame frame = {.kind = DESK_TCP_CONNECT, .index = connection, .length = sizeof *remote};
  return desk_ask(&frame, remote, NULL, 0, NULL, 0);
}

unsigned device_tcp_waiting(void) { return surroundings.tcp_waiting; }

int device_tcp_accept(unsigned connection, device_endpoint *remote) {
  desk_frame frame = {.kind = DESK_TCP_ACCEPT, .index = connection};
  int status = desk_ask(&frame, NULL, NULL, 0, remote, sizeof *remote);
  if (surroundings.tcp_waiting > 0) {
    surroundings.tcp_waiting -= 1;
  }
  return status;
}

int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size) {
  desk_frame frame = {.kind = DESK_TCP_READ, .index = connection, .first = (int32_t)size};
  return desk_ask(&frame, NULL, NULL, 0, buffer, size);
}

int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count) {
  desk_frame frame = {.kind = DESK_TCP_WRITE, .index = connection, .length = (uint32_t)count};
  return desk_ask(&frame, octets, NULL, 0, NULL, 0);
}

void device_tcp_close(unsigned connection) { desk_tell(DESK_TCP_CLOSE, connection, 0, 0); }

void device_audio_start(enum device_audio direction) { desk_tell(DESK_AUDIO_START, direction, 0, 0); }

void device_audio_stop(enum device_audio direction) { desk_tell(DESK_AUDIO_STOP, direction, 0, 0); }

size_t device_audio_read(int16_t *samples, size_t count) {
  desk_frame frame = {.kind = DESK_AUDIO_READ, .first = (int32_t)count};
  return (size_t)desk_ask(&frame, NULL, NULL, 0, samples, count * sizeof *samples);
}

size_t device_audio_write(const int16_t *samples, size_t count) {
  desk_frame frame = {.kind = DESK_AUDIO_WRITE, .length = (uint32_t)(count * sizeof *samples)};
  return (size_t)desk_ask(&frame, samples, NULL, 0, NULL, 0);
}

unsigned device_pin_count(enum device_pins kind) { return surroundings.pins[kind]; }

int device_pin_read(enum device_pins kind, unsigned index) {
  uint32_t levels = kind == DEVICE_BUTTONS ? surroundings.pressed : driven[kind];
  return (int)(levels >> index & 1);
}

void device_pin_write(enum device_pins kind, unsigned index, int value) {
  uint32_t bit = UINT32_C(1) << index;
  driven[kind] = value == 0 ? driven[kind] & ~bit : driven[kind] | bit;
  desk_tell(DESK_PIN, kind, (int32_t)index, value);
}

const char *device_board(void) { return ""; }

void device_secure(void) {
  memset(driven, 0, sizeof driven);
  desk_tell(DESK_SECURE, 0, 0, 0);
}

static int exchange_i2c(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  desk_frame frame = {.kind = DESK_I2C, .index = address, .first = (int32_t)read_count, .length = (uint32_t)count};
  return desk_ask(&frame, octets, NULL, 0, buffer, read_count);
}

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count) {
  return exchange_i2c(address, octets, count, NULL, 0);
}

int device_i2c_read(unsigned address, uint8_t *buffer, size_t count) {
  return exchange_i2c(address, NULL, 0, buffer, count);
}

int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count) {
  return exchange_i2c(address, octets, count, buffer, read_count);
}

int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size) {
  desk_frame frame = {.kind = DESK_STORAGE_READ, .index = record, .first = (int32_t)size};
  return desk_ask(&frame, NULL, NULL, 0, buffer, size);
}

int device_storage_write(unsigned record, const uint8_t *octets, size_t count) {
  desk_frame frame = {.kind = DESK_STORAGE_WRITE, .index = record, .length = (uint32_t)count};
  return desk_ask(&frame, octets, NULL, 0, NULL, 0);
}

void device_log_event(uint32_t event, int32_t first, int32_t second) { desk_tell(DESK_EVENT, event, first, second); }

void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer) {
  desk_frame frame = {.kind = DESK_MESSAGE, .index = sent ? 1 : 0, .length = sizeof *peer};
  desk_say(&frame, peer, octets, count);
}

void device_log_line(const char *line) {
  desk_frame frame = {.kind = DESK_LINE, .length = (uint32_t)strlen(line)};
  desk_say(&frame, line, NULL, 0);
}

enum device_reset_reason device_reset_reason(void) { return (enum device_reset_reason)surroundings.reset_reason; }

uint16_t device_restarts(void) { return surroundings.restarts; }

void device_watchdog_feed(void) { desk_tell(DESK_WATCHDOG, 0, 0, 0); }

/** The desk starts a new device, as a reset starts the processor anew. */
_Noreturn void device_restart(enum device_reset_reason reason) {
  device_secure();
  desk_tell(DESK_RESTART, reason, 0, 0);
  place_end(PLACE_ENDED, NULL);
}
