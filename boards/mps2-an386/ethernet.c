/* SMSC LAN9118 data sheet (revision 1.5): 3.12, 3.13 the data paths, 5.3 the registers, 5.4 those of the MAC behind them. */
#include "ethernet.h"

#include <string.h>

#include "clock.h"
#include "handlers.h"
#include "memory-map.h"
#include "registers.h"

#define BASE ETHERNET_ADDRESS

#define RX_DATA REGISTER(BASE + 0x00)
#define TX_DATA REGISTER(BASE + 0x20)
#define RX_STATUS REGISTER(BASE + 0x40)
#define TX_STATUS REGISTER(BASE + 0x48)
#define IRQ_CFG REGISTER(BASE + 0x54)
#define INT_STS REGISTER(BASE + 0x58)
#define INT_EN REGISTER(BASE + 0x5c)
#define BYTE_TEST REGISTER(BASE + 0x64)
#define FIFO_INT REGISTER(BASE + 0x68)
#define RX_CFG REGISTER(BASE + 0x6c)
#define TX_CFG REGISTER(BASE + 0x70)
#define HW_CFG REGISTER(BASE + 0x74)
#define RX_FIFO_INF REGISTER(BASE + 0x7c)
#define TX_FIFO_INF REGISTER(BASE + 0x80)
#define RX_DROP REGISTER(BASE + 0xa0)
#define MAC_CSR_CMD REGISTER(BASE + 0xa4)
#define MAC_CSR_DATA REGISTER(BASE + 0xa8)

enum {
  BYTE_ORDER_MARK = (int32_t)0x87654321,
  HW_CFG_RESET = 1 << 0,
  /** 5 KB of the 16 for frames to send, and "must be one". */
  HW_CFG_LAYOUT = 5 << 16 | 1 << 20,
  TX_CFG_ON = 1 << 1,
  /** Push-pull, active high, on. */
  IRQ_CFG_ON = 1 << 8 | 1 << 4 | 1 << 0,
  INT_RX_STATUS = 1 << 3,
  /** An interrupt as soon as one status word waits. */
  FIFO_INT_FIRST = 0x48000000,
  RX_STATUS_ERROR = 1 << 15,
  TX_FIRST = 1 << 13,
  TX_LAST = 1 << 12,
  MAC_BUSY = (int32_t)0x80000000,
  MAC_READ = 1 << 30,
};

/** Registers of the MAC and of its PHY. */
enum { MAC_CR = 1, MAC_ADDRH, MAC_ADDRL, MAC_MII_ACC = 6, MAC_MII_DATA };
enum {
  MAC_CR_ON = 1 << 2 | 1 << 3,
  MAC_CR_FULL_DUPLEX = 1 << 20,
  /** Neighbour discovery lives on multicast; which groups, lwIP decides. */
  MAC_CR_ALL_MULTICAST = 1 << 19,
  PHY_CONTROL = 0,
  PHY_STATUS = 1,
  PHY_NEGOTIATE = 1 << 12 | 1 << 9,
  PHY_STATUS_LINK = 1 << 2,
  PHY_ADDRESS = 1 << 11,
  MII_WRITE = 1 << 1,
  MII_BUSY = 1 << 0,
};

enum { CHECKSUM_OCTETS = 4, RESET_TICKS = CLOCK_HZ / 10, BUSY_TICKS = CLOCK_HZ / 1000 };

static uint32_t dropped;

/** Waits until bits of a register are clear. */
static void wait_clear(volatile uint32_t *watched, uint32_t bits, uint32_t ticks) {
  uint32_t start = FPGAIO_COUNTER;
  while ((*watched & bits) != 0 && FPGAIO_COUNTER - start < ticks) {
    /* At most as long as given. */
  }
}

static uint32_t read_mac(uint32_t index) {
  MAC_CSR_CMD = (uint32_t)MAC_BUSY | MAC_READ | index;
  wait_clear(&MAC_CSR_CMD, (uint32_t)MAC_BUSY, BUSY_TICKS);
  return MAC_CSR_DATA;
}

static void write_mac(uint32_t index, uint32_t value) {
  MAC_CSR_DATA = value;
  MAC_CSR_CMD = (uint32_t)MAC_BUSY | index;
  wait_clear(&MAC_CSR_CMD, (uint32_t)MAC_BUSY, BUSY_TICKS);
}

static uint32_t read_phy(uint32_t index) {
  write_mac(MAC_MII_ACC, PHY_ADDRESS | index << 6 | MII_BUSY);
  return read_mac(MAC_MII_DATA);
}

static void write_phy(uint32_t index, uint32_t value) {
  write_mac(MAC_MII_DATA, value);
  write_mac(MAC_MII_ACC, PHY_ADDRESS | index << 6 | MII_WRITE | MII_BUSY);
}

/** An address of one board: not of a group, and not all zeros. */
static bool is_usable(const uint8_t *address) {
  static const uint8_t zeros[ETHERNET_ADDRESS_OCTETS];
  return (address[0] & 1) == 0 && memcmp(address, zeros, sizeof zeros) != 0;
}

static void settle_address(uint8_t *address) {
  uint32_t low = read_mac(MAC_ADDRL);
  uint32_t high = read_mac(MAC_ADDRH);
  uint8_t own[ETHERNET_ADDRESS_OCTETS];
  memcpy(own, &low, 4);
  memcpy(own + 4, &high, 2);
  if (is_usable(own)) {
    memcpy(address, own, sizeof own);
    return;
  }
  low = 0;
  high = 0;
  memcpy(&low, address, 4);
  memcpy(&high, address + 4, 2);
  write_mac(MAC_ADDRL, low);
  write_mac(MAC_ADDRH, high);
}

bool ethernet_open(uint8_t *address) {
  if (BYTE_TEST != (uint32_t)BYTE_ORDER_MARK) {
    return false;
  }
  HW_CFG = HW_CFG_RESET;
  wait_clear(&HW_CFG, HW_CFG_RESET, RESET_TICKS);
  HW_CFG = HW_CFG_LAYOUT;
  INT_EN = 0;
  INT_STS = UINT32_MAX;
  FIFO_INT = FIFO_INT_FIRST;
  IRQ_CFG = IRQ_CFG_ON;
  RX_CFG = 0;
  settle_address(address);
  write_phy(PHY_CONTROL, PHY_NEGOTIATE);
  write_mac(MAC_CR, MAC_CR_ON | MAC_CR_FULL_DUPLEX | MAC_CR_ALL_MULTICAST);
  TX_CFG = TX_CFG_ON;
  INT_EN = INT_RX_STATUS;
  return true;
}

/** The bit for the link is latched low: the second look is the present. */
bool ethernet_has_link(void) {
  (void)read_phy(PHY_STATUS);
  return (read_phy(PHY_STATUS) & PHY_STATUS_LINK) != 0;
}

static void skip(size_t count) {
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    (void)RX_DATA;
  }
}

size_t ethernet_next(void) {
  while ((RX_FIFO_INF >> 16 & 0xff) > 0) {
    uint32_t status = RX_STATUS;
    size_t count = status >> 16 & 0x3fff;
    if ((status & RX_STATUS_ERROR) == 0 && count > CHECKSUM_OCTETS) {
      return count;
    }
    dropped += 1;
    skip(count);
  }
  dropped += RX_DROP;
  return 0;
}

void ethernet_read(uint32_t *frame, size_t count) {
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    frame[word] = RX_DATA;
  }
}

bool ethernet_write(const uint32_t *frame, size_t count) {
  while ((TX_FIFO_INF >> 16 & 0xff) > 0) {
    /* What became of earlier frames interests nobody: upper layers repeat. */
    (void)TX_STATUS;
  }
  if ((TX_FIFO_INF & 0xffff) < count + 16) {
    return false;
  }
  TX_DATA = TX_FIRST | TX_LAST | (uint32_t)count;
  TX_DATA = (uint32_t)count;
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    TX_DATA = frame[word];
  }
  return true;
}

/** The line stays high until somebody reads the frame: it is let through once for each rest. */
void on_ethernet(void) { NVIC_DISABLE = 1U << IRQ_ETHERNET; }

bool ethernet_arm(void) {
  if ((RX_FIFO_INF >> 16 & 0xff) > 0) {
    return false;
  }
  INT_STS = INT_RX_STATUS;
  NVIC_ENABLE = 1U << IRQ_ETHERNET;
  return true;
}

uint32_t ethernet_dropped(void) { return dropped; }
