/*
 * Streams on lwIP's callbacks, which note what came; the program takes it in its poll. A peer that connects has a stream at once, so
 * that nothing that it says is lost while it waits to be accepted.
 */
#include "tcp.h"

#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "endpoint.h"
#include "mps2-limits.h"
#include "udp.h"

enum { STREAMS = TCP_CONNECTIONS + TCP_WAITING, NO_STREAM = -1 };

typedef struct stream {
  /** NULL: ended, by the peer's reset or by lwIP. */
  struct tcp_pcb *control;
  /** What came and was not read. */
  struct pbuf *received;
  /** In use by a connection or a peer that waits. */
  bool is_taken;
  /** The peer says no more. */
  bool is_finished;
  /** Something happened that the program has not seen. */
  bool is_news;
  device_endpoint remote;
} stream;

static stream streams[STREAMS];
/** The stream of a connection, and those of the peers that wait, the longest first. */
static int connections[TCP_CONNECTIONS];
static int waiting[TCP_WAITING];
static unsigned waiting_count;

static int find_free(void) {
  for (int index = 0; index < STREAMS; index += 1) {
    if (!streams[index].is_taken) {
      return index;
    }
  }
  return NO_STREAM;
}

/* ---- What lwIP tells ---- */

/** What is refused stays with lwIP, which offers it again and takes nothing more meanwhile. */
static err_t on_received(void *owner, struct tcp_pcb *control, struct pbuf *octets, err_t status) {
  stream *of = owner;
  (void)control;
  (void)status;
  if (octets != NULL && of->received != NULL && pbuf_clen(of->received) >= TCP_PIECES) {
    return ERR_MEM;
  }
  of->is_news = true;
  if (octets == NULL) {
    of->is_finished = true;
  } else if (of->received == NULL) {
    of->received = octets;
  } else {
    pbuf_cat(of->received, octets);
  }
  return ERR_OK;
}

static err_t on_sent(void *owner, struct tcp_pcb *control, u16_t count) {
  (void)control;
  (void)count;
  ((stream *)owner)->is_news = true;
  return ERR_OK;
}

/** lwIP has freed its part. */
static void on_error(void *owner, err_t status) {
  (void)status;
  ((stream *)owner)->control = NULL;
  ((stream *)owner)->is_news = true;
}

static void begin(int index, struct tcp_pcb *control) {
  streams[index] = (stream){.control = control, .is_taken = true};
  endpoint_from_lwip(&streams[index].remote, &control->remote_ip, control->remote_port);
  tcp_nagle_disable(control);
  tcp_arg(control, &streams[index]);
  tcp_recv(control, on_received);
  tcp_sent(control, on_sent);
  tcp_err(control, on_error);
}

static err_t on_peer(void *owner, struct tcp_pcb *control, err_t status) {
  int index = find_free();
  (void)owner;
  if (status != ERR_OK || control == NULL || index == NO_STREAM || waiting_count == TCP_WAITING) {
    if (control != NULL) {
      tcp_abort(control);
    }
    return ERR_ABRT;
  }
  begin(index, control);
  waiting[waiting_count] = index;
  waiting_count += 1;
  streams[index].is_news = true;
  return ERR_OK;
}

void tcp_open_all(void) {
  for (unsigned index = 0; index < TCP_CONNECTIONS; index += 1) {
    connections[index] = NO_STREAM;
  }
  struct tcp_pcb *control = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (control == NULL || tcp_bind(control, IP_ANY_TYPE, udp_sip_port()) != ERR_OK) {
    device_log_line("the TCP port cannot be had");
    device_restart(DEVICE_RESET_FAULT);
  }
  control = tcp_listen_with_backlog(control, TCP_WAITING);
  tcp_accept(control, on_peer);
}

bool tcp_is_waiting(void) {
  bool is_news = false;
  for (unsigned index = 0; index < STREAMS; index += 1) {
    is_news = is_news || streams[index].is_news;
    streams[index].is_news = false;
  }
  return is_news;
}

/* ---- What the program asks ---- */

/** The stream of a connection; NULL when there is none open. */
static stream *opened(unsigned connection) {
  return connection < TCP_CONNECTIONS && connections[connection] != NO_STREAM ? &streams[connections[connection]]
                                                                              : NULL;
}

static err_t on_connected(void *owner, struct tcp_pcb *control, err_t status) {
  (void)control;
  (void)status;
  ((stream *)owner)->is_news = true;
  return ERR_OK;
}

/** A peer that has not taken the end of a connection by now is reset: lwIP itself would keep what it sent for it for minutes. */
static err_t give_up(void *owner, struct tcp_pcb *control) {
  (void)owner;
  tcp_abort(control);
  return ERR_ABRT;
}

/** Gives the stream back; what was taken for sending is still sent by lwIP, for a while. */
static void end(stream *ended) {
  if (ended->received != NULL) {
    if (ended->control != NULL) {
      /* Octets that nobody read would make lwIP reset the connection. */
      tcp_recved(ended->control, ended->received->tot_len);
    }
    pbuf_free(ended->received);
  }
  if (ended->control != NULL) {
    tcp_arg(ended->control, NULL);
    tcp_recv(ended->control, NULL);
    tcp_sent(ended->control, NULL);
    tcp_err(ended->control, NULL);
    tcp_poll(ended->control, give_up, TCP_ENDING_STEPS);
    if (tcp_close(ended->control) != ERR_OK) {
      tcp_abort(ended->control);
    }
  }
  memset(ended, 0, sizeof *ended);
}

unsigned device_tcp_count(void) { return TCP_CONNECTIONS; }

int device_tcp_connect(unsigned connection, const device_endpoint *remote) {
  ip_addr_t address;
  if (connection >= TCP_CONNECTIONS || connections[connection] != NO_STREAM) {
    return DEVICE_ABSENT;
  }
  uint16_t port = endpoint_to_lwip(remote, &address);
  int index = find_free();
  struct tcp_pcb *control = port == 0 || index == NO_STREAM ? NULL : tcp_new_ip_type(IP_GET_TYPE(&address));
  if (control == NULL) {
    return DEVICE_REFUSED;
  }
  begin(index, control);
  if (tcp_connect(control, &address, port, on_connected) != ERR_OK) {
    end(&streams[index]);
    return DEVICE_REFUSED;
  }
  connections[connection] = index;
  return DEVICE_OK;
}

unsigned device_tcp_waiting(void) { return waiting_count; }

int device_tcp_accept(unsigned connection, device_endpoint *remote) {
  if (connection >= TCP_CONNECTIONS || connections[connection] != NO_STREAM) {
    return DEVICE_ABSENT;
  }
  if (waiting_count == 0) {
    return DEVICE_NONE;
  }
  connections[connection] = waiting[0];
  *remote = streams[waiting[0]].remote;
  waiting_count -= 1;
  memmove(waiting, waiting + 1, waiting_count * sizeof *waiting);
  return DEVICE_OK;
}

int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size) {
  stream *read = opened(connection);
  if (read == NULL) {
    return DEVICE_NONE;
  }
  if (read->received == NULL) {
    return size > 0 && (read->is_finished || read->control == NULL) ? DEVICE_NONE : 0;
  }
  uint16_t length = (uint16_t)(read->received->tot_len < size ? read->received->tot_len : size);
  pbuf_copy_partial(read->received, buffer, length, 0);
  read->received = pbuf_free_header(read->received, length);
  if (read->control != NULL) {
    tcp_recved(read->control, length);
  }
  return length;
}

int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count) {
  stream *written = opened(connection);
  if (written == NULL || written->control == NULL) {
    return DEVICE_NONE;
  }
  size_t room = tcp_sndbuf(written->control);
  uint16_t length = (uint16_t)(count < room ? count : room);
  if (length == 0 || tcp_write(written->control, octets, length, TCP_WRITE_FLAG_COPY) != ERR_OK) {
    /* No room now: what is on its way makes some. */
    return 0;
  }
  (void)tcp_output(written->control);
  return length;
}

void device_tcp_close(unsigned connection) {
  stream *closed = opened(connection);
  if (closed != NULL) {
    end(closed);
    connections[connection] = NO_STREAM;
  }
}
