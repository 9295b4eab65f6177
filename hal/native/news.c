/* Sockets are asked for what waits, the rest is compared with what was told last. */
#include "news.h"

#include "device.h"

static uint32_t connections;
static uint32_t told_levels;
static uint16_t told_changes;
static bool is_told;

void news_open(void) {
  connections = 0;
  is_told = false;
}

void news_connection(unsigned connection, bool is_open) {
  uint32_t bit = UINT32_C(1) << connection;
  connections = is_open ? connections | bit : connections & ~bit;
}

/** One bit a button. */
static uint32_t levels(void) {
  uint32_t read = 0;
  for (unsigned index = device_pin_count(DEVICE_BUTTONS); index > 0; index -= 1) {
    read = read << 1 | (device_pin_read(DEVICE_BUTTONS, index - 1) != 0 ? 1U : 0);
  }
  return read;
}

uint32_t news_take(void) {
  uint32_t news = NEWS_POLL | (device_udp_waiting() & NEWS_SOCKETS);
  uint32_t pressed = levels();
  uint16_t changes = device_network_changes();
  if (connections != 0 || device_tcp_waiting() > 0) {
    news |= NEWS_CONNECTIONS;
  }
  if (!is_told || changes != told_changes) {
    news |= NEWS_NETWORK;
  }
  if (!is_told || pressed != told_levels) {
    news |= NEWS_BUTTONS;
  }
  is_told = true;
  told_changes = changes;
  told_levels = pressed;
  return news;
}
