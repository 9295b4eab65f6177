/* After each report of the kernel the addresses are looked up anew: what changed is decided by comparing, not by the report. */
#include "network.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "endpoint.h"
#include "problem.h"
#include "wait.h"

/** Index 0: IPv4, 1: IPv6. */
enum { FAMILIES = 2, REPORT_OCTETS = 8192 };

static int reports = -1;
/** What is bound; family 0: this family is not spoken. */
static device_endpoint bound[FAMILIES];
/** What peers see; family 0: there is no such address now. */
static device_endpoint seen[FAMILIES];
static uint16_t changes;

static unsigned index_of(unsigned family) { return family == 4 ? 0 : 1; }

/** An address that peers elsewhere can use: of a link that is up, not of the machine itself or of one link alone. */
static bool is_usable(const struct ifaddrs *interface, const device_endpoint *address) {
  bool is_link_local = (address->family == 4 && address->address[0] == 169 && address->address[1] == 254) ||
                       (address->family == 6 && address->address[0] == 0xfe && (address->address[1] & 0xc0) == 0x80);
  return (interface->ifa_flags & IFF_LOOPBACK) == 0 && !is_link_local;
}

/** The address from which the kernel would send to the world: that of the default route. Nothing is sent. */
static void look_up_route(unsigned family, device_endpoint *address) {
  socket_address world;
  device_endpoint somewhere;
  // Addresses for documentation (RFC 5737, RFC 3849): all that matters is that they are not ours.
  endpoint_read(&somewhere, family, family == 4 ? "192.0.2.1" : "2001:db8::1", 9);
  endpoint_to_socket(&somewhere, &world);
  memset(address, 0, sizeof *address);
  int probe = socket(world.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof world;
  if (probe >= 0 && connect(probe, &world.any, socket_address_size(&world)) == 0 &&
      getsockname(probe, &world.any, &size) == 0) {
    endpoint_from_socket(address, &world);
    endpoint_set_port(address, 0);
  }
  if (probe >= 0) {
    close(probe);
  }
}

/** Finds the address of a family among those of the links that are up. */
static void look_up(const struct ifaddrs *interfaces, unsigned family, device_endpoint *found) {
  const device_endpoint *wanted = &bound[index_of(family)];
  device_endpoint route = {0};
  memset(found, 0, sizeof *found);
  if (wanted->family == 0) {
    return;
  }
  bool is_any = endpoint_is_unspecified(wanted);
  if (is_any) {
    look_up_route(family, &route);
  }
  for (const struct ifaddrs *each = interfaces; each != NULL; each = each->ifa_next) {
    device_endpoint address;
    if (each->ifa_addr == NULL || (each->ifa_flags & (IFF_UP | IFF_RUNNING)) != (IFF_UP | IFF_RUNNING)) {
      continue;
    }
    endpoint_from_socket(&address, (const socket_address *)(const void *)each->ifa_addr);
    endpoint_set_port(&address, 0);
    if (address.family != family || (is_any && !is_usable(each, &address))) {
      continue;
    }
    bool is_preferred = memcmp(address.address, is_any ? route.address : wanted->address, sizeof address.address) == 0;
    if (is_preferred || (is_any && found->family == 0)) {
      *found = address;
    }
    if (is_preferred) {
      return;
    }
  }
}

static void look_around(void) {
  struct ifaddrs *interfaces = NULL;
  device_endpoint found[FAMILIES];
  if (getifaddrs(&interfaces) != 0) {
    return;
  }
  look_up(interfaces, 4, &found[0]);
  look_up(interfaces, 6, &found[1]);
  freeifaddrs(interfaces);
  if (memcmp(found, seen, sizeof seen) != 0) {
    memcpy(seen, found, sizeof seen);
    changes += 1;
  }
}

bool network_open(const configuration *chosen) {
  endpoint_read(&bound[0], 4, chosen->address, 0);
  endpoint_read(&bound[1], 6, chosen->address6, 0);
  if (bound[0].family == 0 && bound[1].family == 0) {
    return problem("address and address6 are both none: there is nothing to speak SIP on");
  }
  struct sockaddr_nl groups = {.nl_family = AF_NETLINK,
                               .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                                            RTMGRP_IPV6_ROUTE};
  reports = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (reports < 0 || bind(reports, (const struct sockaddr *)&groups, sizeof groups) != 0) {
    return system_problem("changes of the network cannot be followed");
  }
  look_around();
  return true;
}

const device_endpoint *network_address(unsigned family) { return &seen[index_of(family)]; }

void network_wait(void) { wait_for(reports, POLLIN); }

void network_work(void) {
  static uint8_t report[REPORT_OCTETS];
  bool has_news = false;
  for (;;) {
    ssize_t length = recv(reports, report, sizeof report, 0);
    // Reports that did not fit the kernel's queue (ENOBUFS) are news as well.
    if (length <= 0 && !(length < 0 && errno == ENOBUFS)) {
      break;
    }
    has_news = true;
  }
  if (has_news) {
    look_around();
  }
}

bool device_network_is_up(void) { return seen[0].family != 0 || seen[1].family != 0; }

uint16_t device_network_changes(void) { return changes; }
