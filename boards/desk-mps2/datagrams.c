/*
 * What lwIP and the Ethernet driver take for a datagram: a measured loop on the processor of boards/mps2-an386. The PHY's loopback (LAN9118
 * data sheet 5.5.1) brings each frame back, so that nobody else is on the cable and every run takes the same instructions.
 */
#include <lwip/dhcp.h>
#include <lwip/netif.h>
#include <stdio.h>

#include "../../hal/native/device.h"
#include "../mps2-an386/console.h"
#include "../mps2-an386/entropy.h"
#include "../mps2-an386/ethernet.h"
#include "../mps2-an386/main.h"
#include "../mps2-an386/memory-map.h"
#include "../mps2-an386/network.h"
#include "../mps2-an386/registers.h"
#include "../mps2-an386/udp.h"
#include "semihosting.h"

enum {
  /** A frame of G.711 behind the header of RTP. */
  DATAGRAM_OCTETS = 172,
  /** The first ones find out who the neighbour is. */
  WARM_UP = 4,
  DATAGRAMS = 64,
  /** Looks for a frame before it is taken to be lost. */
  MOST_LOOKS = 1000,
  MAC_BUSY = (int32_t)0x80000000,
  MAC_MII_ACC = 6,
  MAC_MII_DATA = 7,
  PHY_LOOPBACK = 1 << 14,
  /** PHY 1, register 0, write. */
  WRITE_PHY_CONTROL = 1 << 11 | 1 << 1 | 1 << 0,
};

/** Ticks of the counter, all datagrams together. */
static uint32_t out_ticks;
static uint32_t in_ticks;
/** Of these for the pool of chance, which takes each frame's moment. */
static uint32_t chance_ticks;

static void write_mac(uint32_t index, uint32_t value) {
  register_write(ETHERNET_ADDRESS + 0xa8, value);
  register_write(ETHERNET_ADDRESS + 0xa4, (uint32_t)MAC_BUSY | index);
}

/** The only one on its cable, 192.0.2.4. */
static void open_loop(void) {
  ip4_addr_t address;
  ip4_addr_t mask;
  network_open();
  udp_open();
  dhcp_release_and_stop(netif_default);
  IP4_ADDR(&address, 192, 0, 2, 4);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  netif_set_addr(netif_default, &address, &mask, IP4_ADDR_ANY4);
  write_mac(MAC_MII_DATA, PHY_LOOPBACK);
  write_mac(MAC_MII_ACC, WRITE_PHY_CONTROL);
}

/** Takes frames until the socket has a datagram. Returns its length. */
static int32_t take(uint8_t *buffer, size_t size) {
  device_endpoint source;
  for (unsigned look = 0; look < MOST_LOOKS; look += 1) {
    (void)network_work();
    int32_t length = device_udp_read(DEVICE_UDP_MEDIA, buffer, size, &source);
    if (length != DEVICE_NONE) {
      return length;
    }
  }
  return DEVICE_NONE;
}

/** Returns whether what was sent came. */
static bool exchange(void) {
  static uint8_t octets[DATAGRAM_OCTETS];
  static uint8_t came[DATAGRAM_OCTETS];
  device_endpoint self;
  device_udp_local(DEVICE_UDP_MEDIA, 4, &self);
  uint32_t start = register_read(FPGAIO_COUNTER);
  (void)device_udp_write(DEVICE_UDP_MEDIA, octets, sizeof octets, &self);
  uint32_t sent = register_read(FPGAIO_COUNTER);
  bool is_whole = take(came, sizeof came) == DATAGRAM_OCTETS;
  uint32_t taken = register_read(FPGAIO_COUNTER);
  entropy_add_moment(taken);
  chance_ticks += register_read(FPGAIO_COUNTER) - taken;
  in_ticks += taken - sent;
  out_ticks += sent - start;
  return is_whole;
}

_Noreturn void board_main(void) {
  char line[64];
  unsigned came = 0;
  register_write(FPGAIO_PRESCALE, 0);
  console_open();
  entropy_open();
  open_loop();
  for (unsigned index = 0; index < WARM_UP; index += 1) {
    (void)exchange();
  }
  out_ticks = 0;
  in_ticks = 0;
  chance_ticks = 0;
  for (unsigned index = 0; index < DATAGRAMS; index += 1) {
    came += exchange() ? 1 : 0;
  }
  snprintf(line, sizeof line, "datagrams %u of %u out %lu in %lu chance %lu\n", came, (unsigned)DATAGRAMS,
           (unsigned long)out_ticks, (unsigned long)in_ticks, (unsigned long)chance_ticks);
  semihosting_say(line);
  semihosting_exit(came == DATAGRAMS ? 0 : 1);
}
