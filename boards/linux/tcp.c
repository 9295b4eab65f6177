/* Non-blocking streams over the kernel's own buffers: nothing is held here but descriptors. */
#include "tcp.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "endpoint.h"
#include "linux-limits.h"
#include "network.h"
#include "problem.h"
#include "udp.h"
#include "wait.h"

enum { LISTENERS = 2, DRAIN_READS = 16 };

typedef struct stream {
  /** -1: free. */
  int descriptor;
  /** The kernel took less than was given, or the connection does not stand yet: wait until it takes more. */
  bool is_full;
} stream;

/** A peer that waits for a connection. */
typedef struct waiting_peer {
  int descriptor;
  device_endpoint remote;
} waiting_peer;

static int listeners[LISTENERS] = {-1, -1};
static stream connections[TCP_CONNECTIONS];
static unsigned connection_count;
/** The peer that waits longest first. */
static waiting_peer peers[TCP_WAITING];
static unsigned peer_count;

static bool listen_at(unsigned index, unsigned family, const char *literal, unsigned port) {
  if (*literal == 0) {
    return true;
  }
  listeners[index] = socket_open(SOCK_STREAM, family, literal, port);
  if (listeners[index] < 0) {
    return family == 6 && errno == EAFNOSUPPORT && listeners[0] >= 0;
  }
  return listen(listeners[index], TCP_WAITING) == 0 ||
         system_problem("TCP port %u of %s cannot be heard", port, literal);
}

bool tcp_open(const configuration *chosen) {
  connection_count = chosen->tcp_connections;
  for (unsigned index = 0; index < TCP_CONNECTIONS; index += 1) {
    connections[index].descriptor = -1;
  }
  return connection_count == 0 ||
         (listen_at(0, 4, chosen->address, chosen->sip_port) && listen_at(1, 6, chosen->address6, chosen->sip_port));
}

/** Takes the peers that the kernel has for us, as many as may wait. */
static void welcome(void) {
  for (unsigned index = 0; index < LISTENERS; index += 1) {
    while (listeners[index] >= 0 && peer_count < TCP_WAITING) {
      socket_address address;
      socklen_t size = sizeof address;
      memset(&address, 0, sizeof address);
      int descriptor = accept4(listeners[index], &address.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (descriptor < 0) {
        break;
      }
      peers[peer_count].descriptor = descriptor;
      endpoint_from_socket(&peers[peer_count].remote, &address);
      peer_count += 1;
    }
  }
}

void tcp_wait(void) {
  for (unsigned index = 0; index < LISTENERS && peer_count < TCP_WAITING; index += 1) {
    wait_for(listeners[index], POLLIN);
  }
  for (unsigned index = 0; index < connection_count; index += 1) {
    wait_for(connections[index].descriptor, (short)(POLLIN | (connections[index].is_full ? POLLOUT : 0)));
  }
}

/** The connection of an index; NULL when there is none open. */
static stream *opened(unsigned index) {
  return index < connection_count && connections[index].descriptor >= 0 ? &connections[index] : NULL;
}

static void begin(stream *begun, int descriptor, bool stands) {
  const int on = 1;
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  begun->descriptor = descriptor;
  begun->is_full = !stands;
}

unsigned device_tcp_count(void) { return connection_count; }

int device_tcp_connect(unsigned connection, const device_endpoint *remote) {
  socket_address address;
  if (connection >= connection_count || connections[connection].descriptor >= 0) {
    return DEVICE_ABSENT;
  }
  if (!endpoint_to_socket(remote, &address)) {
    return DEVICE_REFUSED;
  }
  int descriptor = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) {
    return DEVICE_REFUSED;
  }
  if (connect(descriptor, &address.any, socket_address_size(&address)) != 0 && errno != EINPROGRESS) {
    close(descriptor);
    return DEVICE_REFUSED;
  }
  begin(&connections[connection], descriptor, false);
  return DEVICE_OK;
}

unsigned device_tcp_waiting(void) {
  welcome();
  return peer_count;
}

int device_tcp_accept(unsigned connection, device_endpoint *remote) {
  if (connection >= connection_count || connections[connection].descriptor >= 0) {
    return DEVICE_ABSENT;
  }
  welcome();
  if (peer_count == 0) {
    return DEVICE_NONE;
  }
  *remote = peers[0].remote;
  begin(&connections[connection], peers[0].descriptor, true);
  peer_count -= 1;
  memmove(peers, peers + 1, peer_count * sizeof *peers);
  return DEVICE_OK;
}

/** Whether a call could do nothing now and may be made again. */
static bool is_for_later(void) { return errno == EAGAIN || errno == EINTR || errno == ENOBUFS; }

int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size) {
  const stream *read = opened(connection);
  if (read == NULL) {
    return DEVICE_NONE;
  }
  ssize_t count = size == 0 ? 0 : recv(read->descriptor, buffer, size, 0);
  if (count == 0) {
    return size == 0 ? 0 : DEVICE_NONE;
  }
  return count > 0 ? (int32_t)count : is_for_later() ? 0 : DEVICE_NONE;
}

int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count) {
  stream *written = opened(connection);
  if (written == NULL) {
    return DEVICE_NONE;
  }
  ssize_t taken = send(written->descriptor, octets, count, MSG_NOSIGNAL);
  if (taken < 0 && !is_for_later()) {
    return DEVICE_NONE;
  }
  written->is_full = taken < (ssize_t)count;
  return taken < 0 ? 0 : (int32_t)taken;
}

void device_tcp_close(unsigned connection) {
  stream *closed = opened(connection);
  if (closed == NULL) {
    return;
  }
  // Octets that nobody read would make the kernel reset the connection and lose what was taken for sending.
  uint8_t unread[512];
  for (unsigned reads = 0; reads < DRAIN_READS && recv(closed->descriptor, unread, sizeof unread, 0) > 0; reads += 1) {
  }
  close(closed->descriptor);
  closed->descriptor = -1;
  closed->is_full = false;
}
