/* The face of TCP on a layout that is built without it: no connections, and nobody listens, so that a peer is refused at once. */
#include "../../hal/native/device.h"
#include "tcp.h"

void tcp_open_all(void) {}

bool tcp_is_waiting(void) { return false; }

unsigned device_tcp_count(void) { return 0; }

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
