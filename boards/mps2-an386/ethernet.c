/* SMSC LAN9118 data sheet (revision 1.5): 3.12, 3.13 the data paths, 5.3 the registers, 5.4 those of the MAC behind them. */
#include "ethernet.h"

#include <string.h>

#include "clock.h"
#include "handlers.h"
#include "memory-map.h"
#include "mps2-limits.h"
#include "registers.h"

#define BASE ETHERNET_ADDRESS

#define RX_DATA (BASE + 0x00U)
#define TX_DATA (BASE + 0x20U)
#define RX_STATUS (BASE + 0x40U)
#define TX_STATUS (BASE + 0x48U)
#define IRQ_CFG (BASE + 0x54U)
#define INT_STS (BASE + 0x58U)
#define INT_EN (BASE + 0x5cU)
#define BYTE_TEST (BASE + 0x64U)
#define FIFO_INT (BASE + 0x68U)
#define RX_CFG (BASE + 0x6cU)
#define TX_CFG (BASE + 0x70U)
#define HW_CFG (BASE + 0x74U)
#define RX_FIFO_INF (BASE + 0x7cU)
#define TX_FIFO_INF (BASE + 0x80U)
#define RX_DROP (BASE + 0xa0U)
#define MAC_CSR_CMD (BASE + 0xa4U)
#define MAC_CSR_DATA (BASE + 0xa8U)
#define E2P_CMD (BASE + 0xb0U)

enum {
  BYTE_ORDER_MARK = (int32_t)0x87654321,
  HW_CFG_RESET = 1 << 0,
  /** 5 KB of the 16 for frames to send, and "must be one". */
  HW_CFG_LAYOUT = 5 << 16 | 1 << 20,
  TX_CFG_ON = 1 << 1,
  /** Push-pull, active high, on. */
  IRQ_CFG_ON = 1 << 8 | 1 << 4 | 1 << 0,
  INT_RX_STATUS = 1 << 3,
  INT_RX_STOPPED = 1 << 24,
  /** An interrupt as soon as one status word waits. */
  FIFO_INT_FIRST = 0x48000000,
  RX_STATUS_ERROR = 1 << 15,
  RX_DUMP = 1 << 15,
  TX_FIRST = 1 << 13,
  TX_LAST = 1 << 12,
  MAC_BUSY = (int32_t)0x80000000,
  MAC_READ = 1 << 30,
  /** The address is still being read from the EEPROM. */
  E2P_BUSY = (int32_t)0x80000000,
};

/** Registers of the MAC and of its PHY. */
enum { MAC_CR = 1, MAC_ADDRH, MAC_ADDRL, MAC_MII_ACC = 6, MAC_MII_DATA };
enum {
  MAC_CR_ON = 1 << 2 | 1 << 3,
  MAC_CR_FULL_DUPLEX = 1 << 20,
  /** Neighbour discovery lives on multicast; which groups, lwIP decides. */
  MAC_CR_ALL_MULTICAST = 1 << 19,
  MAC_CR_RUNNING = MAC_CR_ON | MAC_CR_FULL_DUPLEX | MAC_CR_ALL_MULTICAST,
  PHY_CONTROL = 0,
  PHY_STATUS = 1,
  PHY_NEGOTIATE = 1 << 12 | 1 << 9,
  PHY_STATUS_LINK = 1 << 2,
  PHY_ADDRESS = 1 << 11,
  MII_WRITE = 1 << 1,
  MII_BUSY = 1 << 0,
};

/** What goes on for longer the receiver's watchdog ends. */
enum { LONGEST_OCTETS = 2048 };

enum { CHECKSUM_OCTETS = 4, RESET_TICKS = CLOCK_HZ / 10, BUSY_TICKS = CLOCK_HZ / 1000 };

/** The receiver stops behind the frame that comes: 1.2 ms at 10 Mbit/s. */
enum { FRAME_TICKS = CLOCK_HZ / 500 };

static uint32_t dropped;

/** Of RX_FIFO_INF and TX_FIFO_INF: the words of status that wait, one a frame. */
static uint32_t frames_in(uint32_t information) { return information >> 16 & 0xff; }

/** Waits until bits of a register have a value, at most as long as given. Returns whether they do. */
static bool wait_for(uint32_t watched, uint32_t bits, uint32_t value, uint32_t ticks) {
  uint32_t start = register_read(FPGAIO_COUNTER);
  while ((register_read(watched) & bits) != value) {
    if (register_read(FPGAIO_COUNTER) - start >= ticks) {
      return false;
    }
  }
  return true;
}

static uint32_t read_mac(uint32_t index) {
  register_write(MAC_CSR_CMD, (uint32_t)MAC_BUSY | MAC_READ | index);
  (void)wait_for(MAC_CSR_CMD, (uint32_t)MAC_BUSY, 0, BUSY_TICKS);
  return register_read(MAC_CSR_DATA);
}

static void write_mac(uint32_t index, uint32_t value) {
  register_write(MAC_CSR_DATA, value);
  register_write(MAC_CSR_CMD, (uint32_t)MAC_BUSY | index);
  (void)wait_for(MAC_CSR_CMD, (uint32_t)MAC_BUSY, 0, BUSY_TICKS);
}

/** What is asked of the PHY goes over two wires, bit by bit: 26 us. */
static void access_phy(uint32_t access) {
  write_mac(MAC_MII_ACC, PHY_ADDRESS | access | MII_BUSY);
  uint32_t start = register_read(FPGAIO_COUNTER);
  while ((read_mac(MAC_MII_ACC) & MII_BUSY) != 0 && register_read(FPGAIO_COUNTER) - start < BUSY_TICKS) {
    /* At most a millisecond. */
  }
}

static uint32_t read_phy(uint32_t index) {
  access_phy(index << 6);
  return read_mac(MAC_MII_DATA);
}

static void write_phy(uint32_t index, uint32_t value) {
  write_mac(MAC_MII_DATA, value);
  access_phy(index << 6 | MII_WRITE);
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
  if (register_read(BYTE_TEST) != (uint32_t)BYTE_ORDER_MARK) {
    return false;
  }
  register_write(HW_CFG, HW_CFG_RESET);
  if (!wait_for(HW_CFG, HW_CFG_RESET, 0, RESET_TICKS)) {
    return false;
  }
  (void)wait_for(E2P_CMD, (uint32_t)E2P_BUSY, 0, RESET_TICKS);
  register_write(HW_CFG, HW_CFG_LAYOUT);
  register_write(INT_EN, 0);
  register_write(INT_STS, UINT32_MAX);
  register_write(FIFO_INT, FIFO_INT_FIRST);
  register_write(IRQ_CFG, IRQ_CFG_ON);
  register_write(RX_CFG, 0);
  settle_address(address);
  write_phy(PHY_CONTROL, PHY_NEGOTIATE);
  write_mac(MAC_CR, MAC_CR_RUNNING);
  register_write(TX_CFG, TX_CFG_ON);
  register_write(INT_EN, INT_RX_STATUS);
  return true;
}

/** The bit for the link is latched low: the second look is the present. */
bool ethernet_has_link(void) {
  (void)read_phy(PHY_STATUS);
  return (read_phy(PHY_STATUS) & PHY_STATUS_LINK) != 0;
}

static void skip(size_t count) {
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    (void)register_read(RX_DATA);
  }
}

/** Status and data do not belong together any more: both are thrown away, with the receiver off, as RX_DUMP wants it. */
static void dump(void) {
  register_write(INT_STS, INT_RX_STOPPED);
  write_mac(MAC_CR, 0);
  (void)wait_for(INT_STS, INT_RX_STOPPED, INT_RX_STOPPED, FRAME_TICKS);
  register_write(RX_CFG, RX_DUMP);
  (void)wait_for(RX_CFG, RX_DUMP, 0, BUSY_TICKS);
  write_mac(MAC_CR, MAC_CR_RUNNING);
}

size_t ethernet_next(void) {
  for (uint32_t left = frames_in(register_read(RX_FIFO_INF)); left > 0; left -= 1) {
    uint32_t there = register_read(RX_FIFO_INF) & 0xffff;
    uint32_t status = register_read(RX_STATUS);
    size_t count = status >> 16 & 0x3fff;
    if (count > there || count > LONGEST_OCTETS) {
      dropped += 1;
      dump();
      break;
    }
    if ((status & RX_STATUS_ERROR) == 0 && count > CHECKSUM_OCTETS && count <= FRAME_OCTETS + CHECKSUM_OCTETS) {
      return count;
    }
    dropped += 1;
    skip(count);
  }
  dropped += register_read(RX_DROP);
  return 0;
}

void ethernet_read(uint32_t *frame, size_t count) {
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    frame[word] = register_read(RX_DATA);
  }
}

bool ethernet_write(const uint32_t *frame, size_t count) {
  for (uint32_t sent = frames_in(register_read(TX_FIFO_INF)); sent > 0; sent -= 1) {
    /* What became of earlier frames interests nobody: upper layers repeat. */
    (void)register_read(TX_STATUS);
  }
  if ((register_read(TX_FIFO_INF) & 0xffff) < count + 16) {
    return false;
  }
  register_write(TX_DATA, TX_FIRST | TX_LAST | (uint32_t)count);
  register_write(TX_DATA, (uint32_t)count);
  for (size_t word = 0; word < (count + 3) / 4; word += 1) {
    register_write(TX_DATA, frame[word]);
  }
  return true;
}

/** The line stays high until somebody reads the frame: it is let through once for each rest. */
void on_ethernet(void) { register_write(NVIC_DISABLE, 1U << IRQ_ETHERNET); }

bool ethernet_arm(void) {
  if (frames_in(register_read(RX_FIFO_INF)) > 0) {
    return false;
  }
  register_write(INT_STS, INT_RX_STATUS);
  register_write(NVIC_ENABLE, 1U << IRQ_ETHERNET);
  return true;
}

uint32_t ethernet_dropped(void) { return dropped; }
