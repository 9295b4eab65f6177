/* Non-blocking datagrams. A socket that speaks both families is two of the kernel's, read in turn. */
#include "udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "endpoint.h"
#include "linux-limits.h"
#include "network.h"
#include "problem.h"
#include "wait.h"

/** Index 0: IPv4, 1: IPv6. */
enum { FAMILIES = 2 };

/** Classes of service for voice and its signalling (RFC 4594 4.1, 4.2), in place in the octet. */
enum { CLASS_OF_VOICE = 46 << 2, CLASS_OF_SIGNALLING = 40 << 2, CLASS_OF_NAMES = 0 };

typedef struct udp_socket {
  int descriptor[FAMILIES];
  /** The port, which is the same in both families. */
  unsigned port[FAMILIES];
  /** The family to be read first next time. */
  unsigned turn;
} udp_socket;

static udp_socket sockets[UDP_SOCKETS];
static bool are_open;

static bool bind_socket(int descriptor, unsigned family, const char *literal, unsigned port) {
  const int on = 1;
  device_endpoint endpoint;
  socket_address address;
  endpoint_read(&endpoint, family, literal, port);
  if (family == 6) {
    (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  return endpoint_to_socket(&endpoint, &address) && bind(descriptor, &address.any, socket_address_size(&address)) == 0;
}

int socket_open(int type, unsigned family, const char *literal, unsigned port) {
  const int on = 1;
  int descriptor = socket(family == 4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor >= 0 && type == SOCK_STREAM) {
    // A restart may listen while connections of the run before are still being buried.
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (descriptor < 0 || !bind_socket(descriptor, family, literal, port)) {
    int error = errno;
    (void)system_problem("%s port %u of %s cannot be had", type == SOCK_DGRAM ? "UDP" : "TCP", port, literal);
    if (descriptor >= 0) {
      close(descriptor);
    }
    errno = error;
    return -1;
  }
  return descriptor;
}

static void set_class(int descriptor, unsigned family, int class) {
  const int room = UDP_RECEIVE_OCTETS;
  (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (family == 4) {
    (void)setsockopt(descriptor, IPPROTO_IP, IP_TOS, &class, sizeof class);
  } else {
    (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_TCLASS, &class, sizeof class);
  }
}

static unsigned port_of(int descriptor) {
  socket_address address;
  device_endpoint endpoint;
  socklen_t size = sizeof address;
  memset(&address, 0, sizeof address);
  (void)getsockname(descriptor, &address.any, &size);
  endpoint_from_socket(&endpoint, &address);
  return endpoint_port(&endpoint);
}

static bool open_families(udp_socket *opened, const configuration *chosen, unsigned port, int class) {
  const char *const literals[FAMILIES] = {chosen->address, chosen->address6};
  for (unsigned index = 0; index < FAMILIES; index += 1) {
    unsigned family = index == 0 ? 4 : 6;
    opened->descriptor[index] = -1;
    if (*literals[index] == 0) {
      continue;
    }
    opened->descriptor[index] = socket_open(SOCK_DGRAM, family, literals[index], port);
    if (opened->descriptor[index] < 0) {
      // A kernel without IPv6 speaks IPv4 alone.
      if (family == 6 && errno == EAFNOSUPPORT && *chosen->address != 0) {
        continue;
      }
      return false;
    }
    set_class(opened->descriptor[index], family, class);
    opened->port[index] = port_of(opened->descriptor[index]);
  }
  return true;
}

bool udp_open(const configuration *chosen) {
  are_open = true;
  for (unsigned index = 0; index < UDP_SOCKETS; index += 1) {
    sockets[index] = (udp_socket){.descriptor = {-1, -1}};
  }
  // Port 0: the kernel takes one by chance (RFC 5452 9.2).
  bool is_good = open_families(&sockets[DEVICE_UDP_SIP], chosen, chosen->sip_port, CLASS_OF_SIGNALLING) &&
                 open_families(&sockets[DEVICE_UDP_NAMES], chosen, 0, CLASS_OF_NAMES);
  for (unsigned index = DEVICE_UDP_MEDIA; is_good && index < UDP_SOCKETS; index += 1) {
    is_good = open_families(&sockets[index], chosen, chosen->rtp_port + index - DEVICE_UDP_MEDIA, CLASS_OF_VOICE);
  }
  return is_good;
}

void udp_wait(void) {
  for (unsigned index = 0; are_open && index < UDP_SOCKETS; index += 1) {
    wait_for(sockets[index].descriptor[0], POLLIN);
    wait_for(sockets[index].descriptor[1], POLLIN);
  }
}

unsigned device_media_count(void) { return MEDIA_CALLS; }

uint32_t device_udp_waiting(void) {
  struct pollfd watched[UDP_SOCKETS * FAMILIES];
  uint32_t waiting = 0;
  for (unsigned index = 0; index < UDP_SOCKETS * FAMILIES; index += 1) {
    watched[index] = (struct pollfd){.fd = sockets[index / FAMILIES].descriptor[index % FAMILIES], .events = POLLIN};
  }
  // An error counts as well: reading takes it away.
  if (poll(watched, UDP_SOCKETS * FAMILIES, 0) < 0) {
    return UINT32_MAX;
  }
  for (unsigned index = 0; index < UDP_SOCKETS * FAMILIES; index += 1) {
    waiting |= watched[index].revents != 0 ? UINT32_C(1) << index / FAMILIES : 0;
  }
  return waiting;
}

static int32_t read_family(int descriptor, uint8_t *buffer, size_t size, device_endpoint *source) {
  socket_address address;
  socklen_t address_size = sizeof address;
  memset(&address, 0, sizeof address);
  // With MSG_TRUNC the answer is the whole length, also of a datagram that was cut.
  ssize_t length = recvfrom(descriptor, buffer, size, MSG_TRUNC, &address.any, &address_size);
  if (length < 0) {
    return DEVICE_NONE;
  }
  endpoint_from_socket(source, &address);
  return (size_t)length > size ? (int32_t)size + 1 : (int32_t)length;
}

int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source) {
  if (socket >= UDP_SOCKETS) {
    return DEVICE_ABSENT;
  }
  udp_socket *read = &sockets[socket];
  for (unsigned tries = 0; tries < FAMILIES; tries += 1) {
    int descriptor = read->descriptor[read->turn];
    read->turn = 1 - read->turn;
    int32_t length = descriptor < 0 ? DEVICE_NONE : read_family(descriptor, buffer, size, source);
    if (length >= 0) {
      return length;
    }
  }
  return DEVICE_NONE;
}

int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination) {
  socket_address address;
  if (socket >= UDP_SOCKETS) {
    return DEVICE_ABSENT;
  }
  if (!endpoint_to_socket(destination, &address)) {
    return DEVICE_REFUSED;
  }
  int descriptor = sockets[socket].descriptor[destination->family == 4 ? 0 : 1];
  if (descriptor < 0) {
    return DEVICE_REFUSED;
  }
  ssize_t sent = sendto(descriptor, octets, count, MSG_NOSIGNAL, &address.any, socket_address_size(&address));
  return sent == (ssize_t)count ? DEVICE_OK : DEVICE_REFUSED;
}

void device_udp_local(unsigned socket, unsigned family, device_endpoint *local) {
  memset(local, 0, sizeof *local);
  unsigned index = family == 4 ? 0 : 1;
  if (socket < UDP_SOCKETS && sockets[socket].descriptor[index] >= 0) {
    *local = *network_address(family);
    endpoint_set_port(local, sockets[socket].port[index]);
  }
}
