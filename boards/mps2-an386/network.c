/*
 * One netif. Addresses come by DHCP (RFC 2131) and router advertisements (RFC 4862); what changed is found by comparing, so that a
 * renewal of the same address is no change.
 */
#include "network.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/prot/dhcp.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>
#include <stdio.h>
#include <string.h>

#include "endpoint.h"
#include "entropy.h"
#include "ethernet.h"
#include "mps2-limits.h"
#include "udp.h"

/** Index 0: IPv4, 1: IPv6. */
enum { FAMILIES = 2, FRAME_WORDS = FRAME_OCTETS / 4, LOCALLY_ADMINISTERED = 2 };

static struct netif interface;
static bool is_there;
static device_endpoint seen[FAMILIES];
static uint16_t changes;
static uint32_t link_seen_at;
static bool is_changed;
/** Whether lwIP has declined an address, and its wait after that is still as lwIP has it. */
static bool is_declined;
/** Frames that lwIP had no memory for, since boot; what of all that is lost the log has told, and when. */
static uint32_t dropped;
static uint32_t told;
static uint32_t told_at;

u32_t sys_now(void);
u32_t sys_now(void) { return device_clock_ms(); }

_Noreturn void network_give_up(const char *why) {
  device_log_line(why);
  device_restart(DEVICE_RESET_FAULT);
}

/* ---- Frames ---- */

static err_t send_frame(struct netif *from, struct pbuf *chain) {
  static uint32_t frame[FRAME_WORDS];
  (void)from;
  if (chain->tot_len > FRAME_OCTETS) {
    return ERR_BUF;
  }
  pbuf_copy_partial(chain, frame, chain->tot_len, 0);
  return ethernet_write(frame, chain->tot_len) ? ERR_OK : ERR_MEM;
}

/** Takes the frame that waits. What lwIP has no room for is lost, as on the wire. */
static void take_frame(size_t count) {
  static uint32_t frame[FRAME_WORDS + 1];
  static const uint32_t checksum_octets = 4;
  ethernet_read(frame, count);
  entropy_add_moment(frame[0]);
  uint16_t length = (uint16_t)(count - checksum_octets);
  struct pbuf *chain = pbuf_alloc(PBUF_RAW, length, PBUF_POOL);
  if (chain == NULL) {
    dropped += 1;
    return;
  }
  pbuf_take(chain, frame, length);
  if (interface.input(chain, &interface) != ERR_OK) {
    pbuf_free(chain);
  }
}

/* ---- Addresses ---- */

/** The first address of a family that holds beyond the link. */
static void look_up(unsigned family, device_endpoint *found) {
  memset(found, 0, sizeof *found);
  if (!netif_is_link_up(&interface)) {
    return;
  }
  if (family == 4) {
    if (!ip4_addr_isany(netif_ip4_addr(&interface))) {
      endpoint_from_lwip(found, netif_ip_addr4(&interface), 0);
    }
    return;
  }
  for (int index = 0; index < LWIP_IPV6_NUM_ADDRESSES && found->family == 0; index += 1) {
    if (ip6_addr_isvalid(netif_ip6_addr_state(&interface, index)) &&
        !ip6_addr_islinklocal(netif_ip6_addr(&interface, index))) {
      endpoint_from_lwip(found, netif_ip_addr6(&interface, index), 0);
    }
  }
}

static void say_address(const device_endpoint *address, const char *family) {
  char line[LOG_LINE_OCTETS];
  char text[ENDPOINT_TEXT_OCTETS];
  endpoint_write(text, address);
  snprintf(line, sizeof line, "network: %s %s", family, address->family == 0 ? "gone" : text);
  device_log_line(line);
}

static void compare(void) {
  static const char *const names[FAMILIES] = {"IPv4", "IPv6"};
  for (unsigned index = 0; index < FAMILIES; index += 1) {
    device_endpoint now;
    look_up(index == 0 ? 4 : 6, &now);
    if (memcmp(&now, &seen[index], sizeof now) != 0) {
      seen[index] = now;
      changes += 1;
      is_changed = true;
      say_address(&now, names[index]);
    }
  }
}

static void on_status(struct netif *of) {
  (void)of;
  compare();
}

static void look_at_link(void) {
  link_seen_at = device_clock_ms();
  bool has_link = ethernet_has_link();
  if (has_link == (netif_is_link_up(&interface) != 0)) {
    return;
  }
  device_log_line(has_link ? "network: link" : "network: no link");
  if (has_link) {
    netif_set_link_up(&interface);
  } else {
    netif_set_link_down(&interface);
  }
  compare();
}

/** What RFC 2131 (table 5) wants in a DHCPDECLINE and lwIP leaves out: the server. */
void network_add_options(const struct dhcp *lease, uint8_t message_type, uint8_t *options, uint16_t *length) {
  char line[LOG_LINE_OCTETS];
  if (message_type != DHCP_DECLINE) {
    return;
  }
  const uint32_t server = ip4_addr_get_u32(ip_2_ip4(&lease->server_ip_addr));
  const uint8_t head[] = {DHCP_OPTION_SERVER_ID, sizeof server};
  memcpy(options + *length, head, sizeof head);
  memcpy(options + *length + sizeof head, &server, sizeof server);
  *length = (uint16_t)(*length + sizeof head + sizeof server);
  is_declined = true;
  snprintf(line, sizeof line, "network: IPv4 %s declined: somebody has it", ip4addr_ntoa(&lease->offered_ip_addr));
  device_log_line(line);
}

/**
 * Has lwIP wait for ten seconds at least after it declined an address (RFC 2131 3.1 step 5). It counts twenty steps of half a second, of
 * which the first may have begun, or be over by now.
 */
static void look_at_decline(void) {
  static const uint16_t steps_more = 2;
  struct dhcp *lease = netif_dhcp_data(&interface);
  if (is_declined && lease != NULL && lease->state == DHCP_STATE_BACKING_OFF) {
    lease->request_timeout = (uint16_t)(lease->request_timeout + steps_more);
  }
  is_declined = false;
}

/** Has a lease that lwIP cannot count to its end renewed in the middle of what it counts, so that it does not end there. */
static void look_at_lease(void) {
  struct dhcp *lease = netif_dhcp_data(&interface);
  if (lease != NULL && lease->t1_renew_time == DHCP_MOST_STEPS) {
    lease->t1_renew_time = DHCP_MOST_STEPS / 2;
  }
}

/** Tells what was lost, once in DROP_REPORT_MS however much it is. */
static void tell_losses(void) {
  char line[LOG_LINE_OCTETS];
  uint32_t lost = ethernet_dropped() + dropped + udp_dropped();
  if (lost == told || (told != 0 && link_seen_at - told_at < DROP_REPORT_MS)) {
    return;
  }
  told = lost;
  told_at = link_seen_at;
  snprintf(line, sizeof line,
           "network: lost since boot: %lu frames by the controller, %lu for want of memory, %lu datagrams",
           (unsigned long)ethernet_dropped(), (unsigned long)dropped, (unsigned long)udp_dropped());
  device_log_line(line);
}

/* ---- Life ---- */

static err_t open_interface(struct netif *opened) {
  opened->name[0] = 'e';
  opened->name[1] = 'n';
  opened->mtu = 1500;
  opened->output = etharp_output;
  opened->output_ip6 = ethip6_output;
  opened->linkoutput = send_frame;
  opened->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
  opened->hwaddr_len = ETHERNET_ADDRESS_OCTETS;
  device_random(opened->hwaddr, ETHERNET_ADDRESS_OCTETS);
  opened->hwaddr[0] = (uint8_t)((opened->hwaddr[0] | LOCALLY_ADMINISTERED) & ~1);
  is_there = ethernet_open(opened->hwaddr);
  return is_there ? ERR_OK : ERR_IF;
}

static void start(struct netif *started) {
  entropy_add(started->hwaddr, ETHERNET_ADDRESS_OCTETS);
  netif_set_default(started);
  netif_set_status_callback(started, on_status);
  netif_create_ip6_linklocal_address(started, 1);
  netif_set_ip6_autoconfig_enabled(started, 1);
  netif_set_up(started);
  (void)dhcp_start(started);
  look_at_link();
}

void network_open(void) {
  lwip_init();
  if (netif_add_noaddr(&interface, NULL, open_interface, ethernet_input) == NULL) {
    device_log_line("no LAN9118 answers: there is no network");
    return;
  }
  start(&interface);
}

bool network_work(void) {
  unsigned frames = 0;
  is_changed = false;
  if (!is_there) {
    return false;
  }
  for (; frames < FRAMES_A_POLL; frames += 1) {
    size_t count = ethernet_next();
    if (count == 0) {
      break;
    }
    take_frame(count);
  }
  sys_check_timeouts();
  if (device_clock_ms() - link_seen_at >= LINK_POLL_MS) {
    look_at_link();
    look_at_lease();
    look_at_decline();
    /* IPv6 addresses become valid, and cease to be, without a callback. */
    compare();
    tell_losses();
  }
  return frames > 0 || is_changed;
}

uint32_t network_ms_to_work(void) {
  uint32_t due = sys_timeouts_sleeptime();
  return due < LINK_POLL_MS ? due : LINK_POLL_MS;
}

void network_address(unsigned family, device_endpoint *address) { *address = seen[family == 4 ? 0 : 1]; }

bool device_network_is_up(void) { return seen[0].family != 0 || seen[1].family != 0; }

uint16_t device_network_changes(void) { return changes; }
