/* See model_lan9118.h. */
#include "model_lan9118.h"

#include <string.h>

enum {
  /** Ticks of 40 ns: the reset is over within 10 us, an EEPROM is read in 1.5 ms, a register of the MAC in no time, one of the PHY in 64
   * clocks of 2.5 MHz, and a frame that comes while the receiver is stopped ends within 0.2 ms. */
  RESET_TICKS = 250,
  EEPROM_TICKS = 37500,
  CSR_TICKS = 6,
  MII_TICKS = 640,
  STOP_TICKS = 5000,
  MAC_REGISTERS = 13,
  PHY_REGISTERS = 32,
};

enum { MAC_CR = 1, MAC_ADDRH, MAC_ADDRL, MII_ACC = 6, MII_DATA };

model_lan9118 lan;

static uint32_t mac[MAC_REGISTERS];
static uint32_t phy[PHY_REGISTERS];
static uint32_t csr_data;
static uint64_t csr_busy_until;
static uint64_t mii_busy_until;
static uint64_t reset_until;
static uint64_t eeprom_until;
static uint64_t stopped_at;
static uint32_t rx_cfg;
static uint32_t tx_cfg;
static uint32_t hw_cfg;
static uint32_t irq_cfg;
static uint32_t fifo_int;
static uint32_t int_en;
static uint32_t int_sts;
/** The link went since the status was read (PHY register 1, bit 2, latched low). */
static bool was_link_lost;
/** Of the frame that is being written: words of the commands and of the data. */
static uint32_t command_a;
static uint32_t command_b;
static size_t tx_words;

static void forbid(const char *why) {
  if (lan.wrong[0] == 0) {
    lan.wrong = why;
  }
}

static bool is_busy(uint64_t until) { return model_ticks < until; }

/** Software reset: the registers, the FIFOs and the MAC, whose address then comes from the EEPROM. */
static void reset(void) {
  memset(mac, 0, sizeof mac);
  mac[MAC_ADDRL] = UINT32_MAX;
  mac[MAC_ADDRH] = 0xffff;
  memset(phy, 0, sizeof phy);
  rx_cfg = 0;
  tx_cfg = 0;
  hw_cfg = 5 << 16;
  irq_cfg = 0;
  fifo_int = 0x48000000;
  int_en = 0;
  int_sts = 0;
  lan.statuses = 0;
  lan.words = 0;
  lan.tx_free = 4608;
  tx_words = 0;
  lan.sent_statuses = 0;
  was_link_lost = true;
  stopped_at = 0;
  reset_until = model_ticks + RESET_TICKS;
  eeprom_until = model_ticks + EEPROM_TICKS;
  lan.resets += 1;
}

void model_lan9118_open(void) {
  memset(&lan, 0, sizeof lan);
  lan.wrong = "";
  csr_busy_until = 0;
  mii_busy_until = 0;
  reset();
  lan.resets = 0;
  reset_until = 0;
}

void model_lan9118_address(uint8_t *address) {
  for (int index = 0; index < 6; index += 1) {
    address[index] = (uint8_t)(mac[index < 4 ? MAC_ADDRL : MAC_ADDRH] >> 8 * (index % 4));
  }
}

bool model_lan9118_interrupts(void) {
  /* On, push-pull and active high, as the FPGA wants it. */
  return (irq_cfg & 0x111) == 0x111 && (int_sts & int_en) != 0;
}

void model_lan9118_receive(const uint8_t *octets, size_t count, uint32_t status) {
  bool is_on = (mac[MAC_CR] & 1 << 2) != 0;
  size_t words = (count + 4 + 3) / 4;
  if (!is_on || lan.words + words > MODEL_LAN_WORDS || lan.statuses == MODEL_LAN_FRAMES) {
    lan.drops += 1;
    return;
  }
  uint32_t *at = lan.data + lan.words;
  memset(at, 0xee, words * 4);
  memcpy(at, octets, count);
  lan.words += words;
  lan.status[lan.statuses] = (uint32_t)(count + 4) << 16 | status;
  lan.statuses += 1;
  int_sts |= lan.statuses > (fifo_int & 0xff) ? 1U << 3 : 0;
}

/* ---- The MAC and the PHY ---- */

static uint32_t read_phy(uint32_t index) {
  if (index != 1) {
    return phy[index];
  }
  bool is_up = lan.has_link && !was_link_lost;
  was_link_lost = !lan.has_link;
  return 0x7809 | (is_up ? 1U << 2 : 0);
}

static uint32_t read_mac(uint32_t index) {
  if (index == MII_ACC) {
    return mac[index] | (lan.is_phy_stuck || is_busy(mii_busy_until) ? 1 : 0);
  }
  if (index == MII_DATA && is_busy(mii_busy_until)) {
    forbid("MII_DATA is read before the PHY has answered");
    return 0xdead;
  }
  return mac[index];
}

static void write_mac(uint32_t index, uint32_t value) {
  if ((index == MII_ACC || index == MII_DATA) && is_busy(mii_busy_until)) {
    forbid("the PHY is asked while it is busy");
    return;
  }
  if (index == MAC_CR && (mac[index] & 1 << 2) != 0 && (value & 1 << 2) == 0) {
    stopped_at = model_ticks + STOP_TICKS;
  }
  mac[index] = value;
  if (index == MII_ACC && (value & 1) != 0) {
    uint32_t number = value >> 6 & 31;
    mac[index] &= ~1U;
    mii_busy_until = model_ticks + MII_TICKS;
    if ((value >> 11 & 31) != 1) {
      mac[MII_DATA] = 0xffff;
    } else if ((value & 2) != 0) {
      phy[number] = mac[MII_DATA];
    } else {
      mac[MII_DATA] = read_phy(number);
    }
  }
}

/** Bit 31 begins, bit 30 reads. */
static void command_mac(uint32_t value) {
  uint32_t index = value & 0xff;
  if ((value & 1U << 31) == 0 || is_busy(csr_busy_until) || index >= MAC_REGISTERS) {
    forbid("a register of the MAC is asked for while another one is");
    return;
  }
  csr_busy_until = model_ticks + CSR_TICKS;
  if ((value & 1 << 30) != 0) {
    csr_data = read_mac(index);
  } else {
    write_mac(index, csr_data);
  }
}

/* ---- The FIFOs (3.12, 3.13) ---- */

static uint32_t take_data(void) {
  if (lan.words == 0) {
    forbid("more data is read than there is");
    return 0xdeadbeef;
  }
  uint32_t word = lan.data[0];
  lan.words -= 1;
  memmove(lan.data, lan.data + 1, lan.words * 4);
  return word;
}

static uint32_t take_status(void) {
  if (lan.statuses == 0) {
    forbid("more status is read than there is");
    return 0;
  }
  uint32_t word = lan.status[0];
  lan.statuses -= 1;
  memmove(lan.status, lan.status + 1, lan.statuses * 4);
  return word;
}

/** Two commands, then the data from the offset in the first of them on, to whole words. */
static void give_data(uint32_t word) {
  if ((tx_cfg & 2) == 0 || (mac[MAC_CR] & 1 << 3) == 0) {
    forbid("a frame is sent while the transmitter is off");
  }
  if (lan.tx_free < 4) {
    forbid("the FIFO of what is sent overflows");
    return;
  }
  lan.tx_free -= 4;
  tx_words += 1;
  if (tx_words == 1) {
    command_a = word;
    return;
  }
  if (tx_words == 2) {
    command_b = word;
    if ((command_a & 0x3000) != 0x3000 || (command_a >> 16 & 31) != 0 || (command_a & 0x7ff) != (command_b & 0x7ff)) {
      forbid("the commands are not of one whole frame");
    }
    return;
  }
  size_t at = (tx_words - 3) * 4;
  size_t length = command_b & 0x7ff;
  memcpy(lan.sent + at, &word, 4);
  if (at + 4 >= length) {
    lan.sent_octets = length;
    lan.sent_count += 1;
    lan.sent_statuses += 1;
    lan.tx_free += (uint32_t)tx_words * 4;
    tx_words = 0;
  }
}

/* ---- The registers (5.3) ---- */

static uint32_t read_chip(uint32_t offset) {
  if (lan.is_all_ones) {
    return UINT32_MAX;
  }
  if (is_busy(reset_until) && offset != 0x74 && offset != 0x64) {
    forbid("a register is read while the reset goes on");
  }
  switch (offset) {
  case 0x00:
    return take_data();
  case 0x40:
    return take_status();
  case 0x48:
    if (lan.sent_statuses == 0) {
      forbid("more status of what was sent is read than there is");
      return 0;
    }
    lan.sent_statuses -= 1;
    return 0;
  case 0x58:
    return int_sts | (stopped_at != 0 && !is_busy(stopped_at) && (mac[MAC_CR] & 1 << 2) == 0 ? 1U << 24 : 0);
  case 0x64:
    return lan.is_absent ? 0 : 0x87654321;
  case 0x6c:
    return rx_cfg;
  case 0x74:
    return hw_cfg | (lan.is_reset_endless || is_busy(reset_until) ? 1 : 0);
  case 0x7c:
    return (uint32_t)(lan.statuses << 16 | lan.words * 4);
  case 0x80:
    return lan.sent_statuses << 16 | lan.tx_free;
  case 0xa0: {
    uint32_t drops = lan.drops;
    lan.drops = 0;
    return drops;
  }
  case 0xa4:
    return lan.is_mac_stuck || is_busy(csr_busy_until) ? 1U << 31 : 0;
  case 0xa8:
    if (is_busy(csr_busy_until)) {
      forbid("a register of the MAC is read before it is there");
    }
    return csr_data;
  case 0xb0:
    if (is_busy(eeprom_until)) {
      return 1U << 31;
    }
    return 0;
  default:
    forbid("a register is read that has nothing to tell");
    return 0;
  }
}

/** What the EEPROM has goes to the MAC when it has been read. */
static void load_address(void) {
  if (lan.has_eeprom && eeprom_until != 0 && !is_busy(eeprom_until)) {
    mac[MAC_ADDRL] = 0;
    mac[MAC_ADDRH] = 0;
    for (int index = 0; index < 6; index += 1) {
      mac[index < 4 ? MAC_ADDRL : MAC_ADDRH] |= (uint32_t)lan.eeprom[index] << 8 * (index % 4);
    }
    eeprom_until = 0;
  }
}

static void write_chip(uint32_t offset, uint32_t value) {
  load_address();
  if (is_busy(reset_until)) {
    forbid("a register is written while the reset goes on");
  }
  switch (offset) {
  case 0x20:
    give_data(value);
    break;
  case 0x54:
    irq_cfg = value;
    break;
  case 0x58:
    int_sts &= ~value;
    break;
  case 0x5c:
    int_en = value;
    break;
  case 0x68:
    fifo_int = value;
    break;
  case 0x6c:
    rx_cfg = value & ~(1U << 15);
    if ((value & 1 << 15) != 0) {
      if ((mac[MAC_CR] & 1 << 2) != 0 || is_busy(stopped_at)) {
        forbid("what was received is thrown away while the receiver is on");
      }
      lan.statuses = 0;
      lan.words = 0;
      lan.dumps += 1;
    }
    break;
  case 0x70:
    tx_cfg = value & 2;
    break;
  case 0x74:
    if ((value & 1) != 0) {
      reset();
    } else if ((value >> 20 & 1) != 1 || (value >> 16 & 15) < 2 || (value >> 16 & 15) > 14) {
      forbid("HW_CFG has no such layout");
    } else {
      hw_cfg = value & ~1U;
      lan.tx_free = (value >> 16 & 15) * 1024 - 512;
    }
    break;
  case 0xa4:
    command_mac(value);
    break;
  case 0xa8:
    csr_data = value;
    break;
  default:
    forbid("a register is written that takes nothing");
  }
}

const model_chip model_lan9118_chip = {0x40200000, 0x1000, read_chip, write_chip};
