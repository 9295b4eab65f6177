/* Each socket is one of lwIP's for both families, and a queue of what came. What is sent is not copied: lwIP puts headers before it. */
#include "udp.h"

#include <lwip/pbuf.h>
#include <lwip/udp.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "endpoint.h"
#include "mps2-limits.h"
#include "network.h"
#include "storage.h"

/** Classes of service for voice and its signalling (RFC 4594 4.1, 4.2), in place in the octet. */
enum { CLASS_OF_VOICE = 46 << 2, CLASS_OF_SIGNALLING = 40 << 2, CLASS_OF_NAMES = 0 };

enum { SIP_PORT = 5060, RTP_PORT = 10000 };

typedef struct datagram {
  struct pbuf *octets;
  device_endpoint source;
} datagram;

typedef struct udp_socket {
  struct udp_pcb *control;
  datagram queue[UDP_QUEUE];
  unsigned first;
  unsigned count;
} udp_socket;

static udp_socket sockets[UDP_SOCKETS];
static uint32_t dropped;

static void on_datagram(void *owner, struct udp_pcb *control, struct pbuf *octets, const ip_addr_t *address,
                        u16_t port) {
  udp_socket *socket = owner;
  (void)control;
  if (socket->count == UDP_QUEUE) {
    pbuf_free(octets);
    dropped += 1;
    return;
  }
  datagram *last = &socket->queue[(socket->first + socket->count) % UDP_QUEUE];
  last->octets = octets;
  endpoint_from_lwip(&last->source, address, port);
  socket->count += 1;
}

static void open_socket(unsigned index, unsigned port, int class) {
  struct udp_pcb *control = udp_new_ip_type(IPADDR_TYPE_ANY);
  if (control == NULL || udp_bind(control, IP_ANY_TYPE, (uint16_t)port) != ERR_OK) {
    device_log_line("a UDP port cannot be had");
    device_restart(DEVICE_RESET_FAULT);
  }
  control->tos = (uint8_t) class;
  udp_recv(control, on_datagram, &sockets[index]);
  sockets[index].control = control;
}

void udp_open(void) {
  unsigned rtp_port = storage_setting("network.rtp-port", RTP_PORT);
  open_socket(DEVICE_UDP_SIP, storage_setting("network.sip-port", SIP_PORT), CLASS_OF_SIGNALLING);
  /* Port 0: lwIP takes the next one from where chance began (RFC 5452 9.2). */
  open_socket(DEVICE_UDP_NAMES, 0, CLASS_OF_NAMES);
  for (unsigned index = DEVICE_UDP_MEDIA; index < UDP_SOCKETS; index += 1) {
    open_socket(index, rtp_port + index - DEVICE_UDP_MEDIA, CLASS_OF_VOICE);
  }
}

uint32_t udp_dropped(void) { return dropped; }

uint16_t udp_sip_port(void) { return sockets[DEVICE_UDP_SIP].control->local_port; }

unsigned device_media_count(void) { return MEDIA_CALLS; }

uint32_t device_udp_waiting(void) {
  uint32_t waiting = 0;
  for (unsigned index = UDP_SOCKETS; index > 0; index -= 1) {
    waiting = waiting << 1 | (sockets[index - 1].count > 0 ? 1U : 0);
  }
  return waiting;
}

int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source) {
  if (socket >= UDP_SOCKETS) {
    return DEVICE_ABSENT;
  }
  udp_socket *read = &sockets[socket];
  if (read->count == 0) {
    return DEVICE_NONE;
  }
  datagram *first = &read->queue[read->first];
  size_t length = first->octets->tot_len;
  pbuf_copy_partial(first->octets, buffer, (uint16_t)(length < size ? length : size), 0);
  pbuf_free(first->octets);
  *source = first->source;
  read->first = (read->first + 1) % UDP_QUEUE;
  read->count -= 1;
  return length > size ? (int32_t)size + 1 : (int32_t)length;
}

int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination) {
  ip_addr_t address;
  if (socket >= UDP_SOCKETS) {
    return DEVICE_ABSENT;
  }
  uint16_t port = endpoint_to_lwip(destination, &address);
  struct pbuf *sent = port == 0 || count > UINT16_MAX ? NULL : pbuf_alloc(PBUF_TRANSPORT, (uint16_t)count, PBUF_REF);
  if (sent == NULL) {
    return DEVICE_REFUSED;
  }
  /* lwIP copies what has to wait for an address, and never writes to it. */
  sent->payload = (void *)(uintptr_t)octets;
  err_t status = udp_sendto(sockets[socket].control, sent, &address, port);
  pbuf_free(sent);
  return status == ERR_OK ? DEVICE_OK : DEVICE_REFUSED;
}

void device_udp_local(unsigned socket, unsigned family, device_endpoint *local) {
  memset(local, 0, sizeof *local);
  if (socket < UDP_SOCKETS) {
    /* The port holds also while there is no address. */
    network_address(family, local);
    endpoint_set_port(local, sockets[socket].control->local_port);
  }
}
