/*
 * The object `native`; see natives.h. Every argument is checked: what names nothing, or reaches outside of its buffer, raises an
 * error with the function's name, because only a fault of the program does that. A call allocates nothing: all answers have 28 bits.
 */
#include "natives.h"

#include "../native/device.h"
#include "../native/endpoint_parts.h"
#include "../native/news.h"
#include "arguments.h"

/** hal/native/native.ts: device time has 27 bits. */
enum { CLOCK_MASK = 0x7ffffff };

/** Family and port of the endpoint that the last call had an address of. */
static int32_t last_family_and_port;

static uint8_t *address(call *of, unsigned argument) {
  view found = octets(of, argument);
  if (found.count < ADDRESS_OCTETS) {
    refuse(of, argument, "an address of 16 octets");
  }
  return found.elements;
}

/** The arguments address, family and port. */
static device_endpoint endpoint(call *of, unsigned argument) {
  const uint8_t *octets = address(of, argument);
  unsigned place = number(of, argument + 1, FAMILIES_AND_PORTS);
  return is_good(of) ? put_endpoint_together(octets, place) : (device_endpoint){0};
}

/** The arguments samples, count. */
static view samples(call *of) {
  view whole = elements(of, 0, JERRY_TYPEDARRAY_INT16, "a buffer of samples");
  return (view){whole.elements, number(of, 1, whole.count + 1)};
}

static unsigned udp_socket(call *of) { return number(of, 0, DEVICE_UDP_MEDIA + 2 * device_media_count()); }

static unsigned connection(call *of) { return number(of, 0, device_tcp_count()); }

static enum device_pins pins(call *of) { return (enum device_pins)number(of, 0, DEVICE_RELAYS + 1); }

static enum device_audio direction(call *of) { return (enum device_audio)number(of, 0, DEVICE_AUDIO_OUT + 1); }

static unsigned record(call *of) { return number(of, 0, DEVICE_RECORD_STATE + 1); }

/** Seven-bit addresses. */
static unsigned i2c_address(call *of) { return number(of, 0, 128); }

static int32_t clock_now(call *of) {
  (void)of;
  return (int32_t)(device_clock_ms() & CLOCK_MASK);
}

static int32_t random_fill(call *of) {
  view part = range(of, 0);
  if (is_good(of)) {
    device_random(part.elements, part.count);
  }
  return 0;
}

static int32_t take_news(call *of) {
  (void)of;
  return (int32_t)news_take();
}

static int32_t network_is_up(call *of) {
  (void)of;
  return device_network_is_up() ? 1 : 0;
}

static int32_t network_changes(call *of) {
  (void)of;
  return device_network_changes();
}

static int32_t media_count(call *of) {
  (void)of;
  return (int32_t)device_media_count();
}

static int32_t udp_read(call *of) {
  unsigned socket = udp_socket(of);
  view into = octets(of, 1);
  uint8_t *from = address(of, 2);
  if (!is_good(of)) {
    return 0;
  }
  device_endpoint source;
  int32_t length = device_udp_read(socket, into.elements, into.count, &source);
  if (length >= 0) {
    last_family_and_port = take_endpoint_apart(&source, from);
  }
  return length;
}

static int32_t family_and_port_of_last(call *of) {
  (void)of;
  return last_family_and_port;
}

static int32_t udp_write(call *of) {
  unsigned socket = udp_socket(of);
  view part = range(of, 1);
  device_endpoint destination = endpoint(of, 4);
  return is_good(of) ? device_udp_write(socket, part.elements, part.count, &destination) : 0;
}

static int32_t udp_local(call *of) {
  unsigned socket = udp_socket(of);
  unsigned family = number(of, 1, 7);
  uint8_t *into = address(of, 2);
  if (!is_good(of)) {
    return 0;
  }
  device_endpoint local;
  device_udp_local(socket, family, &local);
  return take_endpoint_apart(&local, into);
}

static int32_t tcp_count(call *of) {
  (void)of;
  return (int32_t)device_tcp_count();
}

/** Passes on the status of a connection that was to begin. */
static int begun(unsigned index, int status) {
  if (status == DEVICE_OK) {
    news_connection(index, true);
  }
  return status;
}

static int32_t tcp_connect(call *of) {
  unsigned index = connection(of);
  device_endpoint remote = endpoint(of, 1);
  return is_good(of) ? begun(index, device_tcp_connect(index, &remote)) : 0;
}

static int32_t tcp_waiting(call *of) {
  (void)of;
  return (int32_t)device_tcp_waiting();
}

static int32_t tcp_accept(call *of) {
  unsigned index = connection(of);
  uint8_t *from = address(of, 1);
  if (!is_good(of)) {
    return 0;
  }
  device_endpoint remote;
  int status = begun(index, device_tcp_accept(index, &remote));
  if (status == DEVICE_OK) {
    last_family_and_port = take_endpoint_apart(&remote, from);
  }
  return status;
}

static int32_t tcp_read(call *of) {
  unsigned index = connection(of);
  view part = range(of, 1);
  return is_good(of) ? device_tcp_read(index, part.elements, part.count) : 0;
}

static int32_t tcp_write(call *of) {
  unsigned index = connection(of);
  view part = range(of, 1);
  return is_good(of) ? device_tcp_write(index, part.elements, part.count) : 0;
}

static int32_t tcp_close(call *of) {
  unsigned index = connection(of);
  if (is_good(of)) {
    news_connection(index, false);
    device_tcp_close(index);
  }
  return 0;
}

static int32_t audio_start(call *of) {
  enum device_audio which = direction(of);
  if (is_good(of)) {
    device_audio_start(which);
  }
  return 0;
}

static int32_t audio_stop(call *of) {
  enum device_audio which = direction(of);
  if (is_good(of)) {
    device_audio_stop(which);
  }
  return 0;
}

static int32_t audio_read(call *of) {
  view part = samples(of);
  return is_good(of) ? (int32_t)device_audio_read(part.elements, part.count) : 0;
}

static int32_t audio_write(call *of) {
  view part = samples(of);
  return is_good(of) ? (int32_t)device_audio_write(part.elements, part.count) : 0;
}

static int32_t pin_count(call *of) {
  enum device_pins kind = pins(of);
  return is_good(of) ? (int32_t)device_pin_count(kind) : 0;
}

static int32_t pin_read(call *of) {
  enum device_pins kind = pins(of);
  unsigned index = number(of, 1, device_pin_count(kind));
  return is_good(of) ? device_pin_read(kind, index) : 0;
}

static int32_t pin_write(call *of) {
  enum device_pins kind = pins(of);
  unsigned index = number(of, 1, device_pin_count(kind));
  int32_t value = integer(of, 2);
  if (is_good(of)) {
    device_pin_write(kind, index, value);
  }
  return 0;
}

static int32_t i2c_write(call *of) {
  unsigned address = i2c_address(of);
  view part = range(of, 1);
  return is_good(of) ? device_i2c_write(address, part.elements, part.count) : 0;
}

static int32_t i2c_read(call *of) {
  unsigned address = i2c_address(of);
  view part = range(of, 1);
  return is_good(of) ? device_i2c_read(address, part.elements, part.count) : 0;
}

static int32_t i2c_write_read(call *of) {
  unsigned address = i2c_address(of);
  view whole = octets(of, 1);
  view part = range(of, 1);
  if (!is_good(of)) {
    return 0;
  }
  uint8_t *into = (uint8_t *)part.elements + part.count;
  unsigned count = number(of, 4, (size_t)((uint8_t *)whole.elements + whole.count - into) + 1);
  return is_good(of) ? device_i2c_write_read(address, part.elements, part.count, into, count) : 0;
}

static int32_t storage_read(call *of) {
  unsigned index = record(of);
  view into = octets(of, 1);
  return is_good(of) ? device_storage_read(index, into.elements, into.count) : 0;
}

static int32_t storage_write(call *of) {
  unsigned index = record(of);
  view from = octets(of, 1);
  unsigned count = number(of, 2, from.count + 1);
  return is_good(of) ? device_storage_write(index, from.elements, count) : 0;
}

static int32_t log_event(call *of) {
  int32_t event = integer(of, 0);
  int32_t first = integer(of, 1);
  int32_t second = integer(of, 2);
  if (is_good(of)) {
    device_log_event((uint32_t)event, first, second);
  }
  return 0;
}

static int32_t log_message(call *of) {
  bool sent = number(of, 0, 2) == 1;
  view part = range(of, 1);
  device_endpoint peer = endpoint(of, 4);
  if (is_good(of)) {
    device_log_message(sent, part.elements, part.count, &peer);
  }
  return 0;
}

static int32_t reset_reason(call *of) {
  (void)of;
  return (int32_t)device_reset_reason();
}

static int32_t watchdog_feed(call *of) {
  (void)of;
  device_watchdog_feed();
  return 0;
}

/** Each function: its name in the program and in C. */
#define NATIVES(each)                                                                                                  \
  each(clockNow, clock_now) each(randomFill, random_fill) each(networkIsUp, network_is_up) each(newsTake, take_news)   \
      each(networkChanges, network_changes) each(mediaCount, media_count) each(udpRead, udp_read)                      \
          each(udpWrite, udp_write) each(udpLocal, udp_local) each(familyAndPort, family_and_port_of_last)             \
              each(tcpCount, tcp_count) each(tcpConnect, tcp_connect) each(tcpWaiting, tcp_waiting)                    \
                  each(tcpAccept, tcp_accept) each(tcpRead, tcp_read) each(tcpWrite, tcp_write)                        \
                      each(tcpClose, tcp_close) each(audioStart, audio_start) each(audioStop, audio_stop)              \
                          each(audioRead, audio_read) each(audioWrite, audio_write) each(pinCount, pin_count)          \
                              each(pinRead, pin_read) each(pinWrite, pin_write) each(i2cWrite, i2c_write)              \
                                  each(i2cRead, i2c_read) each(i2cWriteRead, i2c_write_read)                           \
                                      each(storageRead, storage_read) each(storageWrite, storage_write)                \
                                          each(logEvent, log_event) each(logMessage, log_message)                      \
                                              each(resetReason, reset_reason) each(watchdogFeed, watchdog_feed)

#define ENTRY(name, function)                                                                                          \
  static jerry_value_t function##_entry(const jerry_call_info_t *info, const jerry_value_t *values,                    \
                                        jerry_length_t count) {                                                        \
    (void)info;                                                                                                        \
    call of = {values, count, 0, NULL};                                                                                \
    int32_t value = function(&of);                                                                                     \
    return answer(&of, #name, jerry_number(value));                                                                    \
  }
NATIVES(ENTRY)

typedef struct entry {
  const char *name;
  jerry_external_handler_t function;
} entry;

#define LINE(name, function) {#name, function##_entry},
static const entry entries[] = {NATIVES(LINE)};

jerry_value_t natives_create(void) {
  jerry_value_t native = jerry_object();
  news_open();
  for (size_t index = 0; index < sizeof entries / sizeof *entries; index += 1) {
    jerry_value_t function = jerry_function_external(entries[index].function);
    jerry_value_free(jerry_object_set_sz(native, entries[index].name, function));
    jerry_value_free(function);
  }
  return native;
}
