/* What may have come since the program looked last, as bits: one call of the VM in place of one for each socket and pin. */
#ifndef DOORLINE_NEWS_H
#define DOORLINE_NEWS_H

#include <stdbool.h>
#include <stdint.h>

/** The numbers of hal/news.ts. */
enum {
  NEWS_SOCKETS = 0xffff,
  NEWS_CONNECTIONS = 0x10000,
  NEWS_NETWORK = 0x20000,
  NEWS_BUTTONS = 0x40000,
  NEWS_POLL = 0x80000,
};

/** Boot of a VM: everything is news. */
void news_open(void);
/** The program has opened, been given or closed a connection of TCP. */
void news_connection(unsigned connection, bool is_open);
/** The bits; a change of network or buttons is told once. */
uint32_t news_take(void);

#endif
