/* What may have come, as the program is told it: what waits as long as it waits, what changed once, and everything after a boot. */
#include "../../hal/native/news.h"

#include "../../hal/native/device.h"
#include "check.h"

enum { SIP = 1 << DEVICE_UDP_SIP, RTP = 1 << DEVICE_UDP_MEDIA, RTCP = 1 << (DEVICE_UDP_MEDIA + 1) };

/** The device around it. */
static uint32_t datagrams;
static unsigned peers;
static uint16_t network;
static int pressed[2];

uint32_t device_udp_waiting(void) { return datagrams; }
unsigned device_tcp_waiting(void) { return peers; }
uint16_t device_network_changes(void) { return network; }
unsigned device_pin_count(enum device_pins kind) { return kind == DEVICE_BUTTONS ? 2 : 0; }
int device_pin_read(enum device_pins kind, unsigned index) { return kind == DEVICE_BUTTONS ? pressed[index] : 0; }

/** A device that runs and has no news. */
static void rest(void) {
  datagrams = 0;
  peers = 0;
  news_open();
  (void)news_take();
}

static void has_everything_after_boot(void) {
  rest();
  CHECK(news_take() == NEWS_POLL);
  news_open();
  CHECK(news_take() == (NEWS_POLL | NEWS_NETWORK | NEWS_BUTTONS));
}

static void tells_of_sockets(void) {
  rest();
  datagrams = SIP | RTCP;
  CHECK(news_take() == (NEWS_POLL | SIP | RTCP));
  CHECK(news_take() == (NEWS_POLL | SIP | RTCP));
  datagrams = RTP;
  CHECK(news_take() == (NEWS_POLL | RTP));
  datagrams = UINT32_MAX;
  CHECK(news_take() == (NEWS_POLL | NEWS_SOCKETS));
}

static void tells_of_connections(void) {
  rest();
  peers = 1;
  CHECK(news_take() == (NEWS_POLL | NEWS_CONNECTIONS));
  peers = 0;
  CHECK(news_take() == NEWS_POLL);
  news_connection(0, true);
  news_connection(5, true);
  news_connection(0, false);
  CHECK(news_take() == (NEWS_POLL | NEWS_CONNECTIONS));
  news_connection(5, false);
  news_connection(5, false);
  CHECK(news_take() == NEWS_POLL);
}

static void tells_of_changes_once(void) {
  rest();
  network += 1;
  CHECK(news_take() == (NEWS_POLL | NEWS_NETWORK));
  CHECK(news_take() == NEWS_POLL);
  pressed[1] = 1;
  CHECK(news_take() == (NEWS_POLL | NEWS_BUTTONS));
  CHECK(news_take() == NEWS_POLL);
  pressed[0] = 1;
  pressed[1] = 0;
  CHECK(news_take() == (NEWS_POLL | NEWS_BUTTONS));
  pressed[0] = 0;
  CHECK(news_take() == (NEWS_POLL | NEWS_BUTTONS));
}

static const check_case cases[] = {
    {"are everything after a boot", has_everything_after_boot},
    {"have a bit for each socket as long as datagrams wait", tells_of_sockets},
    {"have connections as long as there are any, or a peer waits", tells_of_connections},
    {"tell of another network or button once", tells_of_changes_once},
};

CHECK_MAIN(cases)
