/* The Ethernet driver against the LAN9118's data sheet: what it asks in what order, and what it does with a chip that fails. */
#include "../../../boards/mps2-an386/ethernet.h"

#include <string.h>

#include "../../../boards/mps2-an386/handlers.h"
#include "../../../boards/mps2-an386/mps2-limits.h"
#include "../../../boards/mps2-an386/registers.h"
#include "../check.h"
#include "model_lan9118.h"

enum { MS = CLOCK_HZ / 1000, ERROR_STATUS = 1 << 15 | 1 << 1, MOST_OCTETS = FRAME_OCTETS + 4 };

static uint8_t octets[4096];
static uint32_t frame[(MOST_OCTETS + 3) / 4];
static uint8_t address[6];

static void fill(size_t count) {
  for (size_t at = 0; at < count; at += 1) {
    octets[at] = (uint8_t)(at * 7 + count);
  }
}

static void plug_in(void) {
  static const uint8_t given[6] = {0x02, 1, 2, 3, 4, 5};
  model_registers_open(&model_lan9118_chip, 1);
  model_lan9118_open();
  lan.has_link = true;
  memcpy(address, given, sizeof given);
}

static void open_chip(void) {
  plug_in();
  CHECK(ethernet_open(address));
}

/** The next frame has these octets and a checksum. */
static bool comes(size_t count) {
  if (ethernet_next() != count + 4) {
    return false;
  }
  ethernet_read(frame, count + 4);
  return memcmp(frame, octets, count) == 0;
}

static bool goes(size_t count) {
  unsigned before = lan.sent_count;
  static uint32_t words[FRAME_OCTETS / 4 + 1];
  fill(count);
  memcpy(words, octets, count);
  return ethernet_write(words, count) && lan.sent_count == before + 1 && lan.sent_octets == count &&
         memcmp(lan.sent, octets, count) == 0;
}

/* ---- Cases ---- */

static void opens(void) {
  uint8_t own[6];
  open_chip();
  CHECK(lan.resets == 1);
  model_lan9118_address(own);
  CHECK(memcmp(own, address, 6) == 0 && own[0] == 0x02 && own[5] == 5);
  CHECK_TEXT(lan.wrong, "");
}

static void takes_the_address_of_the_eeprom(void) {
  static const uint8_t burnt[6] = {0x00, 0x80, 0x0f, 9, 8, 7};
  plug_in();
  lan.has_eeprom = true;
  memcpy(lan.eeprom, burnt, sizeof burnt);
  CHECK(ethernet_open(address));
  CHECK(memcmp(address, burnt, 6) == 0);
  CHECK_TEXT(lan.wrong, "");
}

static void finds_nobody(void) {
  plug_in();
  lan.is_absent = true;
  CHECK(!ethernet_open(address));
  CHECK(lan.resets == 0);
}

static void gives_up_a_reset(void) {
  plug_in();
  lan.is_reset_endless = true;
  uint64_t start = model_ticks;
  CHECK(!ethernet_open(address));
  CHECK(model_ticks - start < 200 * MS);
}

static void survives_stuck_bits(void) {
  open_chip();
  lan.is_phy_stuck = true;
  uint64_t start = model_ticks;
  (void)ethernet_has_link();
  CHECK(model_ticks - start < 20 * MS);
  lan.is_mac_stuck = true;
  start = model_ticks;
  (void)ethernet_has_link();
  CHECK(model_ticks - start < 50 * MS);
  start = model_ticks;
  plug_in();
  lan.is_mac_stuck = true;
  (void)ethernet_open(address);
  CHECK(model_ticks - start < 500 * MS);
}

static void sees_the_link(void) {
  open_chip();
  CHECK(ethernet_has_link());
  lan.has_link = false;
  CHECK(!ethernet_has_link());
  lan.has_link = true;
  /* The bit of the past is not the present. */
  CHECK(ethernet_has_link());
  CHECK_TEXT(lan.wrong, "");
}

static void receives(void) {
  open_chip();
  CHECK(ethernet_next() == 0);
  for (size_t count = 60; count <= 1514; count += 1) {
    fill(count);
    model_lan9118_receive(octets, count, 0);
    CHECK(comes(count));
  }
  CHECK(ethernet_next() == 0 && lan.words == 0);
  CHECK_TEXT(lan.wrong, "");
}

static void drops_damaged_frames(void) {
  open_chip();
  uint32_t before = ethernet_dropped();
  fill(200);
  model_lan9118_receive(octets, 61, ERROR_STATUS);
  model_lan9118_receive(octets, 200, 0);
  model_lan9118_receive(octets, 1514, ERROR_STATUS);
  lan.drops = 5;
  CHECK(comes(200));
  CHECK(ethernet_next() == 0);
  CHECK(ethernet_dropped() - before == 7);
  CHECK_TEXT(lan.wrong, "");
}

static void drops_what_no_buffer_holds(void) {
  open_chip();
  uint32_t before = ethernet_dropped();
  fill(1600);
  model_lan9118_receive(octets, FRAME_OCTETS + 1, 0);
  model_lan9118_receive(octets, 2044, 0);
  fill(100);
  model_lan9118_receive(octets, 100, 0);
  CHECK(comes(100));
  CHECK(ethernet_dropped() - before == 2);
  CHECK_TEXT(lan.wrong, "");
}

static void finds_the_beginning_again(void) {
  static const uint32_t lengths[] = {0x3fff, 2000, 101};
  for (size_t index = 0; index < sizeof lengths / sizeof *lengths; index += 1) {
    open_chip();
    fill(90);
    model_lan9118_receive(octets, 90, 0);
    lan.status[0] = lengths[index] << 16;
    CHECK(ethernet_next() == 0);
    CHECK(lan.dumps == 1 && lan.words == 0);
    model_lan9118_receive(octets, 90, 0);
    CHECK(comes(90));
    CHECK_TEXT(lan.wrong, "");
  }
}

static void drops_what_is_no_frame(void) {
  open_chip();
  for (uint32_t length = 0; length <= 4; length += 1) {
    fill(60);
    model_lan9118_receive(octets, 0, 0);
    lan.status[0] = length << 16;
    lan.words = (length + 3) / 4;
    model_lan9118_receive(octets, 60, 0);
    CHECK(comes(60));
  }
  CHECK_TEXT(lan.wrong, "");
}

static void sends(void) {
  open_chip();
  for (size_t count = 14; count <= 1514; count += 1) {
    CHECK(goes(count));
  }
  CHECK(lan.sent_statuses <= 1);
  CHECK_TEXT(lan.wrong, "");
}

static void refuses_when_full(void) {
  open_chip();
  uint32_t before = lan.tx_free;
  lan.tx_free = 1000;
  CHECK(!goes(1000));
  lan.tx_free = 1016;
  CHECK(goes(1000));
  lan.tx_free = before;
  CHECK(goes(1514));
  CHECK_TEXT(lan.wrong, "");
}

static void survives_a_chip_that_goes(void) {
  open_chip();
  lan.is_all_ones = true;
  uint64_t start = model_ticks;
  CHECK(ethernet_next() == 0);
  CHECK(ethernet_write(frame, 60) || true);
  CHECK(!ethernet_arm());
  CHECK(model_ticks - start < 20 * MS);
}

static void arms(void) {
  open_chip();
  CHECK(ethernet_arm() && !model_lan9118_interrupts());
  CHECK((model_enabled & 1U << IRQ_ETHERNET) != 0);
  fill(60);
  model_lan9118_receive(octets, 60, 0);
  CHECK(model_lan9118_interrupts());
  on_ethernet();
  CHECK((model_enabled & 1U << IRQ_ETHERNET) == 0);
  CHECK(!ethernet_arm());
  CHECK(comes(60));
  CHECK(ethernet_arm() && !model_lan9118_interrupts());
  CHECK_TEXT(lan.wrong, "");
}

static const check_case cases[] = {
    {"resets the chip and gives it the address that it has none of", opens},
    {"takes the address that the chip has from its EEPROM, and waits until it is read",
     takes_the_address_of_the_eeprom},
    {"tells when no chip answers, and writes to nobody", finds_nobody},
    {"gives up when a reset does not end", gives_up_a_reset},
    {"waits no longer than milliseconds for a busy bit that is stuck", survives_stuck_bits},
    {"sees a link that goes and comes back, by the second look", sees_the_link},
    {"takes frames of every length, octet for octet", receives},
    {"drops damaged frames, counts them and what the chip dropped, and takes the next one", drops_damaged_frames},
    {"drops a good frame that is longer than the buffer", drops_what_no_buffer_holds},
    {"throws everything away when a length is more than there is, and takes the next frame", finds_the_beginning_again},
    {"drops what is no longer than a checksum", drops_what_is_no_frame},
    {"sends frames of every length, octet for octet", sends},
    {"refuses a frame that the chip has no room for", refuses_when_full},
    {"comes back from a chip that answers ones to everything", survives_a_chip_that_goes},
    {"lets the interrupt of a frame through once", arms},
};

CHECK_MAIN(cases)
