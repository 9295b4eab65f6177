/*
 * The table `native`; see natives.h. Every argument is checked: what names nothing, or reaches outside of its buffer, raises an
 * error with the function's name, because only a fault of the program does that. Functions that a record of the board has as a method
 * (native.ts) find the record at 1 and their own arguments behind it.
 */
#include "natives.h"

#include "../native/device.h"
#include "../native/endpoint_parts.h"
#include "../native/news.h"
#include <lapi.h>

#include "arguments.h"

/** hal/native/native.ts: device time has 27 bits. */
enum { CLOCK_MASK = 0x7ffffff };

/** Family and port of the endpoint that the last call had an address of. */
static int32_t last_family_and_port;

static uint8_t *address(lua_State *state, const char *name, int argument) {
  const buffer *found = octets(state, name, argument);
  if (found->length < ADDRESS_OCTETS) {
    refuse(state, name, argument, "an address of 16 octets");
  }
  return found->elements;
}

/** The arguments address, family and port. */
static device_endpoint endpoint(lua_State *state, const char *name, int argument) {
  return put_endpoint_together(address(state, name, argument), number(state, name, argument + 1, FAMILIES_AND_PORTS));
}

/** The arguments samples, count of a method. */
static view samples(lua_State *state, const char *name) {
  const buffer *found = elements(state, name, 2, BUFFER_INT16);
  return (view){found->elements, number(state, name, 3, found->length + 1)};
}

/** As lua_pushinteger, of which every function has the room. */
static int answer(lua_State *state, int32_t value) {
  setivalue(s2v(state->top), value);
  api_incr_top(state);
  return 1;
}

static unsigned udp_socket(lua_State *state, const char *name) {
  return number(state, name, 1, DEVICE_UDP_MEDIA + 2 * device_media_count());
}

static unsigned connection(lua_State *state, const char *name, int argument) {
  return number(state, name, argument, device_tcp_count());
}

static enum device_pins pins(lua_State *state, const char *name) {
  return (enum device_pins)number(state, name, 1, DEVICE_RELAYS + 1);
}

static enum device_audio direction(lua_State *state, const char *name) {
  return (enum device_audio)number(state, name, 1, DEVICE_AUDIO_OUT + 1);
}

static unsigned record(lua_State *state, const char *name) { return number(state, name, 2, DEVICE_RECORD_STATE + 1); }

static int clock_now(lua_State *state) { return answer(state, (int32_t)(device_clock_ms() & CLOCK_MASK)); }

static int random_fill(lua_State *state) {
  view part = range(state, "randomFill", 2);
  device_random(part.octets, part.count);
  return 0;
}

static int take_news(lua_State *state) { return answer(state, (int32_t)news_take()); }

static int network_is_up(lua_State *state) { return answer(state, device_network_is_up() ? 1 : 0); }

static int network_changes(lua_State *state) { return answer(state, device_network_changes()); }

static int media_count(lua_State *state) { return answer(state, (int32_t)device_media_count()); }

static int udp_read(lua_State *state) {
  unsigned socket = udp_socket(state, "udpRead");
  const buffer *into = octets(state, "udpRead", 2);
  uint8_t *from = address(state, "udpRead", 3);
  device_endpoint source;
  int32_t length = device_udp_read(socket, into->elements, into->length, &source);
  if (length >= 0) {
    last_family_and_port = take_endpoint_apart(&source, from);
  }
  return answer(state, length);
}

static int family_and_port_of_last(lua_State *state) { return answer(state, last_family_and_port); }

static int udp_write(lua_State *state) {
  unsigned socket = udp_socket(state, "udpWrite");
  view part = range(state, "udpWrite", 2);
  device_endpoint destination = endpoint(state, "udpWrite", 5);
  return answer(state, device_udp_write(socket, part.octets, part.count, &destination));
}

static int udp_local(lua_State *state) {
  unsigned socket = udp_socket(state, "udpLocal");
  unsigned family = number(state, "udpLocal", 2, 7);
  uint8_t *into = address(state, "udpLocal", 3);
  device_endpoint local;
  device_udp_local(socket, family, &local);
  return answer(state, take_endpoint_apart(&local, into));
}

static int tcp_count(lua_State *state) { return answer(state, (int32_t)device_tcp_count()); }

/** Passes on the status of a connection that was to begin. */
static int begun(unsigned index, int status) {
  if (status == DEVICE_OK) {
    news_connection(index, true);
  }
  return status;
}

static int tcp_connect(lua_State *state) {
  unsigned index = connection(state, "tcpConnect", 1);
  device_endpoint remote = endpoint(state, "tcpConnect", 2);
  return answer(state, begun(index, device_tcp_connect(index, &remote)));
}

static int tcp_waiting(lua_State *state) { return answer(state, (int32_t)device_tcp_waiting()); }

static int tcp_accept(lua_State *state) {
  unsigned index = connection(state, "tcpAccept", 1);
  uint8_t *from = address(state, "tcpAccept", 2);
  device_endpoint remote;
  int status = begun(index, device_tcp_accept(index, &remote));
  if (status == DEVICE_OK) {
    last_family_and_port = take_endpoint_apart(&remote, from);
  }
  return answer(state, status);
}

static int tcp_read(lua_State *state) {
  unsigned index = connection(state, "tcpRead", 2);
  view part = range(state, "tcpRead", 3);
  return answer(state, device_tcp_read(index, part.octets, part.count));
}

static int tcp_write(lua_State *state) {
  unsigned index = connection(state, "tcpWrite", 2);
  view part = range(state, "tcpWrite", 3);
  return answer(state, device_tcp_write(index, part.octets, part.count));
}

static int tcp_close(lua_State *state) {
  unsigned index = connection(state, "tcpClose", 2);
  news_connection(index, false);
  device_tcp_close(index);
  return 0;
}

static int audio_start(lua_State *state) {
  device_audio_start(direction(state, "audioStart"));
  return 0;
}

static int audio_stop(lua_State *state) {
  device_audio_stop(direction(state, "audioStop"));
  return 0;
}

static int audio_read(lua_State *state) {
  view part = samples(state, "audioRead");
  return answer(state, (int32_t)device_audio_read((int16_t *)(void *)part.octets, part.count));
}

static int audio_write(lua_State *state) {
  view part = samples(state, "audioWrite");
  return answer(state, (int32_t)device_audio_write((const int16_t *)(const void *)part.octets, part.count));
}

static int pin_count(lua_State *state) { return answer(state, (int32_t)device_pin_count(pins(state, "pinCount"))); }

static int pin_read(lua_State *state) {
  enum device_pins kind = pins(state, "pinRead");
  return answer(state, device_pin_read(kind, number(state, "pinRead", 2, device_pin_count(kind))));
}

static int pin_write(lua_State *state) {
  enum device_pins kind = pins(state, "pinWrite");
  unsigned index = number(state, "pinWrite", 2, device_pin_count(kind));
  device_pin_write(kind, index, integer(state, "pinWrite", 3));
  return 0;
}

/** Seven-bit addresses. */
static unsigned i2c_address(lua_State *state, const char *name) { return number(state, name, 2, 128); }

static int i2c_write(lua_State *state) {
  unsigned address = i2c_address(state, "i2cWrite");
  view part = range(state, "i2cWrite", 3);
  return answer(state, device_i2c_write(address, part.octets, part.count));
}

static int i2c_read(lua_State *state) {
  unsigned address = i2c_address(state, "i2cRead");
  view part = range(state, "i2cRead", 3);
  return answer(state, device_i2c_read(address, part.octets, part.count));
}

static int i2c_write_read(lua_State *state) {
  unsigned address = i2c_address(state, "i2cWriteRead");
  view part = range(state, "i2cWriteRead", 3);
  const buffer *whole = octets(state, "i2cWriteRead", 3);
  uint8_t *into = part.octets + part.count;
  size_t room = (size_t)((uint8_t *)whole->elements + whole->length - into);
  unsigned count = number(state, "i2cWriteRead", 6, (unsigned)room + 1);
  return answer(state, device_i2c_write_read(address, part.octets, part.count, into, count));
}

static int storage_read(lua_State *state) {
  unsigned index = record(state, "storageRead");
  const buffer *into = octets(state, "storageRead", 3);
  return answer(state, device_storage_read(index, into->elements, into->length));
}

static int storage_write(lua_State *state) {
  unsigned index = record(state, "storageWrite");
  const buffer *from = octets(state, "storageWrite", 3);
  return answer(state, device_storage_write(index, from->elements, number(state, "storageWrite", 4, from->length + 1)));
}

static int log_event(lua_State *state) {
  int32_t event = integer(state, "logEvent", 2);
  device_log_event((uint32_t)event, integer(state, "logEvent", 3), integer(state, "logEvent", 4));
  return 0;
}

static int log_message(lua_State *state) {
  bool sent = number(state, "logMessage", 1, 2) == 1;
  view part = range(state, "logMessage", 2);
  device_endpoint peer = endpoint(state, "logMessage", 5);
  device_log_message(sent, part.octets, part.count, &peer);
  return 0;
}

static int reset_reason(lua_State *state) { return answer(state, (int32_t)device_reset_reason()); }

static int watchdog_feed(lua_State *state) {
  (void)state;
  device_watchdog_feed();
  return 0;
}

static const luaL_Reg functions[] = {
    {"clockNow", clock_now},
    {"randomFill", random_fill},
    {"newsTake", take_news},
    {"networkIsUp", network_is_up},
    {"networkChanges", network_changes},
    {"mediaCount", media_count},
    {"udpRead", udp_read},
    {"udpWrite", udp_write},
    {"udpLocal", udp_local},
    {"familyAndPort", family_and_port_of_last},
    {"tcpCount", tcp_count},
    {"tcpConnect", tcp_connect},
    {"tcpWaiting", tcp_waiting},
    {"tcpAccept", tcp_accept},
    {"tcpRead", tcp_read},
    {"tcpWrite", tcp_write},
    {"tcpClose", tcp_close},
    {"audioStart", audio_start},
    {"audioStop", audio_stop},
    {"audioRead", audio_read},
    {"audioWrite", audio_write},
    {"pinCount", pin_count},
    {"pinRead", pin_read},
    {"pinWrite", pin_write},
    {"i2cWrite", i2c_write},
    {"i2cRead", i2c_read},
    {"i2cWriteRead", i2c_write_read},
    {"storageRead", storage_read},
    {"storageWrite", storage_write},
    {"logEvent", log_event},
    {"logMessage", log_message},
    {"resetReason", reset_reason},
    {"watchdogFeed", watchdog_feed},
};

void natives_push(lua_State *state) {
  enum { COUNT = sizeof functions / sizeof *functions };
  news_open();
  lua_createtable(state, 0, COUNT);
  for (unsigned index = 0; index < COUNT; index += 1) {
    lua_pushcfunction(state, functions[index].func);
    lua_setfield(state, -2, functions[index].name);
  }
}
