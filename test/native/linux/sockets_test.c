/* The sockets of a Linux board on the loopback, where it talks with itself. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../boards/linux/endpoint.h"
#include "../../../boards/linux/network.h"
#include "../../../boards/linux/problem.h"
#include "../../../boards/linux/tcp.h"
#include "../../../boards/linux/udp.h"
#include "../../../hal/native/device.h"
#include "check.h"

enum { WAITS = 100 };

static configuration chosen;
static uint8_t buffer[2000];
static device_endpoint source;

/** Waits for a datagram as the shell does. */
static int32_t await_datagram(unsigned socket, size_t size) {
  for (int waits = 0; waits < WAITS; waits += 1) {
    int32_t length = device_udp_read(socket, buffer, size, &source);
    if (length != DEVICE_NONE) {
      return length;
    }
    (void)device_wait(20);
  }
  return DEVICE_NONE;
}

static int32_t await_stream(unsigned connection) {
  for (int waits = 0; waits < WAITS; waits += 1) {
    int32_t count = device_tcp_read(connection, buffer, sizeof buffer);
    if (count != 0) {
      return count;
    }
    (void)device_wait(20);
  }
  return 0;
}

/** Waits until somebody waits to be accepted. */
static unsigned await_peer(void) {
  for (int waits = 0; waits < WAITS && device_tcp_waiting() == 0; waits += 1) {
    (void)device_wait(20);
  }
  return device_tcp_waiting();
}

static void sends_and_receives(unsigned family) {
  device_endpoint rtp;
  device_endpoint sip;
  device_udp_local(DEVICE_UDP_MEDIA, family, &rtp);
  device_udp_local(DEVICE_UDP_SIP, family, &sip);
  CHECK(rtp.family == family && endpoint_port(&rtp) == chosen.rtp_port);
  CHECK(device_udp_write(DEVICE_UDP_SIP, (const uint8_t *)"hello", 5, &rtp) == DEVICE_OK);
  for (int waits = 0; waits < WAITS && device_udp_waiting() == 0; waits += 1) {
    (void)device_wait(20);
  }
  CHECK(device_udp_waiting() == 1U << DEVICE_UDP_MEDIA);
  CHECK(await_datagram(DEVICE_UDP_MEDIA, sizeof buffer) == 5);
  CHECK(device_udp_waiting() == 0);
  CHECK(memcmp(buffer, "hello", 5) == 0);
  CHECK(memcmp(&source, &sip, sizeof sip) == 0);
  CHECK(device_udp_read(DEVICE_UDP_MEDIA, buffer, sizeof buffer, &source) == DEVICE_NONE);
}

static void speaks_ipv4(void) { sends_and_receives(4); }

static void speaks_ipv6(void) { sends_and_receives(6); }

static void tells_a_datagram_that_was_cut(void) {
  device_endpoint local;
  uint8_t octets[40] = {0};
  device_udp_local(DEVICE_UDP_MEDIA + 1, 4, &local);
  CHECK(device_udp_write(DEVICE_UDP_SIP, octets, 40, &local) == DEVICE_OK);
  CHECK(await_datagram(DEVICE_UDP_MEDIA + 1, 30) == 31);
  CHECK(device_udp_write(DEVICE_UDP_SIP, octets, 30, &local) == DEVICE_OK);
  CHECK(await_datagram(DEVICE_UDP_MEDIA + 1, 30) == 30);
}

static void refuses_what_it_cannot_send(void) {
  device_endpoint nobody = {0};
  CHECK(device_udp_write(DEVICE_UDP_SIP, buffer, 1, &nobody) == DEVICE_REFUSED);
  CHECK(device_udp_write(99, buffer, 1, &nobody) == DEVICE_ABSENT);
  CHECK(device_udp_read(99, buffer, 1, &nobody) == DEVICE_ABSENT);
}

static void takes_another_port_for_names(void) {
  device_endpoint names;
  device_udp_local(DEVICE_UDP_NAMES, 4, &names);
  CHECK(endpoint_port(&names) != 0 && endpoint_port(&names) != chosen.sip_port);
}

static void carries_a_stream_both_ways(void) {
  device_endpoint sip;
  device_udp_local(DEVICE_UDP_SIP, 4, &sip);
  CHECK(device_tcp_count() == 3);
  CHECK(device_tcp_connect(0, &sip) == DEVICE_OK);
  CHECK(await_peer() == 1);
  CHECK(device_tcp_accept(1, &source) == DEVICE_OK);
  CHECK(source.family == 4);
  CHECK(device_tcp_accept(2, &source) == DEVICE_NONE);
  CHECK(device_tcp_read(1, buffer, sizeof buffer) == 0);
  CHECK(device_tcp_write(0, (const uint8_t *)"INVITE", 6) == 6);
  CHECK(await_stream(1) == 6);
  CHECK(device_tcp_write(1, (const uint8_t *)"200", 3) == 3);
  // What was taken for sending arrives, also behind a close with octets that nobody read.
  CHECK(device_tcp_write(0, (const uint8_t *)"more", 4) == 4);
  (void)device_wait(20);
  device_tcp_close(1);
  CHECK(await_stream(0) == 3);
  CHECK(await_stream(0) == DEVICE_NONE);
  device_tcp_close(0);
  device_tcp_close(0);
  CHECK(device_tcp_read(0, buffer, sizeof buffer) == DEVICE_NONE);
  CHECK(device_tcp_write(0, buffer, 1) == DEVICE_NONE);
}

static void takes_no_more_than_there_is_room_for(void) {
  static uint8_t much[65536];
  device_endpoint sip;
  device_udp_local(DEVICE_UDP_SIP, 4, &sip);
  CHECK(device_tcp_connect(0, &sip) == DEVICE_OK);
  CHECK(await_peer() == 1);
  CHECK(device_tcp_accept(1, &source) == DEVICE_OK);
  int32_t taken = 1;
  for (int writes = 0; writes < 1000 && taken > 0; writes += 1) {
    taken = device_tcp_write(0, much, sizeof much);
  }
  CHECK(taken == 0);
  device_tcp_close(1);
  device_tcp_close(0);
}

static void tells_that_nobody_listens(void) {
  device_endpoint nobody;
  endpoint_read(&nobody, 4, "127.0.0.1", 1);
  int status = device_tcp_connect(0, &nobody);
  CHECK(status == DEVICE_REFUSED || await_stream(0) == DEVICE_NONE);
  device_tcp_close(0);
  CHECK(device_tcp_connect(9, &nobody) == DEVICE_ABSENT);
}

static void is_up_while_there_is_its_address(void) {
  CHECK(device_network_is_up());
  CHECK(device_network_changes() == 1);
}

static void says_that_a_port_is_taken(void) {
  CHECK(socket_open(SOCK_STREAM, 4, "127.0.0.1", chosen.sip_port) < 0);
  char expected[100];
  snprintf(expected, sizeof expected, "TCP port %u of 127.0.0.1 cannot be had: Address already in use",
           chosen.sip_port);
  CHECK_TEXT(last_problem(), expected);
}

static const check_case cases[] = {
    {"sends and receives over IPv4 and knows its own address", speaks_ipv4},
    {"sends and receives over IPv6 at the same port", speaks_ipv6},
    {"tells a datagram that did not fit from one that just fits", tells_a_datagram_that_was_cut},
    {"refuses what it cannot send", refuses_what_it_cannot_send},
    {"asks name servers from a port of its own", takes_another_port_for_names},
    {"carries a stream both ways and sends what it took before it closes", carries_a_stream_both_ways},
    {"takes no more for sending than there is room for", takes_no_more_than_there_is_room_for},
    {"tells that nobody listens at the other end", tells_that_nobody_listens},
    {"is up while the machine has its address", is_up_while_there_is_its_address},
    {"says which port is taken", says_that_a_port_is_taken},
};

/** Opens everything at ports that are free now. */
static bool open_all(void) {
  for (unsigned port = 21000 + (unsigned)getpid() % 4000 * 8; port < 60000; port += 8) {
    chosen.sip_port = port;
    chosen.rtp_port = port + 2;
    if (udp_open(&chosen) && tcp_open(&chosen)) {
      return true;
    }
  }
  return false;
}

int main(void) {
  configuration_start(&chosen);
  strcpy(chosen.address, "127.0.0.1");
  strcpy(chosen.address6, "::1");
  if (!network_open(&chosen) || !open_all()) {
    printf("not ok opens its sockets: %s\n", last_problem());
    return 1;
  }
  return check_run(cases, sizeof cases / sizeof *cases);
}
