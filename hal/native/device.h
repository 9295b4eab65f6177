/*
 * The C face of a board: all that a VM binding may ask of the hardware, and all that a port has to implement. Binding and port
 * know this file and never each other.
 *
 * Nothing here allocates, blocks (but device_wait) or calls into the VM; a port queues what interrupts bring, and the shell
 * polls. Buffers belong to the caller and are used during the call only. A status is 0 or a count when good, negative when not.
 */
#ifndef DOORLINE_DEVICE_H
#define DOORLINE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum device_status {
  DEVICE_OK = 0,
  /** No datagram or peer waits; a stored record is damaged or too long; a connection has ended. */
  DEVICE_NONE = -1,
  /** The hardware, the network or the storage refused. */
  DEVICE_REFUSED = -2,
  /** There is no such socket, pin, record or chip on this board. */
  DEVICE_ABSENT = -3,
};

/** A transport address. */
typedef struct device_endpoint {
  /** 4 or 6: 4 or 16 octets of the address count. 0: no address. */
  uint8_t family;
  uint8_t reserved;
  /** Network order. */
  uint8_t port[2];
  uint8_t address[16];
} device_endpoint;

/* ---- Time and chance ---- */

/** Milliseconds since any moment before boot. Monotonic, wraps at 2^32; bindings hand its lower 27 bits on. */
uint32_t device_clock_ms(void);
/** Octets that nobody can foretell (on the desk: of the run's seed). */
void device_random(uint8_t *octets, size_t count);
/**
 * Waits until something arrived or changed, at most as long as given. May return early. Here and nowhere else the processor rests.
 * Returns false when the device is asked to end in good order (SIGTERM, power button).
 */
bool device_wait(uint32_t milliseconds);

/* ---- Network ---- */

/** The sockets of a device by number. The media of call n have DEVICE_UDP_MEDIA + 2 n (RTP) and the number above it (RTCP). */
enum device_udp_socket { DEVICE_UDP_SIP = 0, DEVICE_UDP_NAMES = 1, DEVICE_UDP_MEDIA = 2 };

/** Whether there is a link and an address. */
bool device_network_is_up(void);
/** Another number after each change of link or address, 0 … 65535. */
uint16_t device_network_changes(void);
/** Calls that can have media at the same time: the pairs of sockets from DEVICE_UDP_MEDIA. */
unsigned device_media_count(void);

/** One bit a socket, by its number: a datagram may wait. None waits where a bit is clear. */
uint32_t device_udp_waiting(void);
/**
 * Takes the next datagram of a socket: its octets, size + 1 when it was cut, or DEVICE_NONE.
 */
int32_t device_udp_read(unsigned socket, uint8_t *buffer, size_t size, device_endpoint *source);
/** Sends one datagram: DEVICE_OK, or DEVICE_REFUSED; it is then lost, as on the wire. */
int device_udp_write(unsigned socket, const uint8_t *octets, size_t count, const device_endpoint *destination);
/** The socket's own address of a family, as peers on its network see it; family 0 when it does not speak that family. */
void device_udp_local(unsigned socket, unsigned family, device_endpoint *local);

/** Connections that can be open at the same time; 0: a board without TCP. The listener's port is that of DEVICE_UDP_SIP. */
unsigned device_tcp_count(void);
/** Begins to open a free connection: DEVICE_OK or DEVICE_REFUSED. */
int device_tcp_connect(unsigned connection, const device_endpoint *remote);
/** Peers that wait to be accepted. */
unsigned device_tcp_waiting(void);
/** Gives a free connection to the peer that waits longest: DEVICE_OK, or DEVICE_NONE when none waits. */
int device_tcp_accept(unsigned connection, device_endpoint *remote);
/** What has arrived, at most size octets: their count, 0 when none wait, DEVICE_NONE behind the last one. */
int32_t device_tcp_read(unsigned connection, uint8_t *buffer, size_t size);
/** Octets that were taken for sending, 0 … count, or DEVICE_NONE when the connection has ended. */
int32_t device_tcp_write(unsigned connection, const uint8_t *octets, size_t count);
/** Sends what was taken, ends the connection and frees its index. May be called again. */
void device_tcp_close(unsigned connection);

/* ---- Audio: linear PCM, 16 bits, one channel, 8,000 samples a second, paced by the board's sample clock ---- */

enum device_audio { DEVICE_AUDIO_IN = 0, DEVICE_AUDIO_OUT = 1 };

void device_audio_start(enum device_audio direction);
void device_audio_stop(enum device_audio direction);
/** Takes `count` samples when as many are there, else none. Returns count or 0. */
size_t device_audio_read(int16_t *samples, size_t count);
/** Queues `count` samples when there is room for all, else none. Returns count or 0. */
size_t device_audio_write(const int16_t *samples, size_t count);

/* ---- Pins: 1 is pressed, lit, energised, whatever the level on the wire ---- */

enum device_pins { DEVICE_BUTTONS = 0, DEVICE_LEDS = 1, DEVICE_RELAYS = 2 };

/** How many pins of a kind there are. */
unsigned device_pin_count(enum device_pins kind);
int device_pin_read(enum device_pins kind, unsigned index);
void device_pin_write(enum device_pins kind, unsigned index, int value);
/** Every relay and light to 0. Safe at any moment, also from a fault handler. */
void device_secure(void);

/* ---- I2C: the codec chip and expanders. Seven-bit addresses. DEVICE_OK, DEVICE_REFUSED (no acknowledge) or DEVICE_ABSENT ---- */

int device_i2c_write(unsigned address, const uint8_t *octets, size_t count);
int device_i2c_read(unsigned address, uint8_t *buffer, size_t count);
int device_i2c_write_read(unsigned address, const uint8_t *octets, size_t count, uint8_t *buffer, size_t read_count);

/* ---- Storage: numbered records, each written whole or not at all ---- */

enum device_record { DEVICE_RECORD_SETTINGS = 0, DEVICE_RECORD_STATE = 1 };

/** Octets read, 0 when there is no such record yet, DEVICE_NONE when it is damaged or longer than `size`. */
int32_t device_storage_read(unsigned record, uint8_t *buffer, size_t size);
/** DEVICE_OK, or DEVICE_REFUSED when it could not be written; the old record then stands. */
int device_storage_write(unsigned record, const uint8_t *octets, size_t count);

/* ---- Log ---- */

/** An event of the firmware with its two numbers (firmware/intercom/event-log.ts). */
void device_log_event(uint32_t event, int32_t first, int32_t second);
/** A SIP message that was sent or received. */
void device_log_message(bool sent, const uint8_t *octets, size_t count, const device_endpoint *peer);
/** A line of the shell itself: boot, faults, restarts. ASCII, no line end. */
void device_log_line(const char *line);

/* ---- Life ---- */

/** Why the device started. The numbers are part of the log's format and of what outlives a restart. */
enum device_reset_reason {
  DEVICE_RESET_POWER_ON = 0,
  /** The watchdog was not fed in time, or the script ran longer than a poll may take. */
  DEVICE_RESET_WATCHDOG = 1,
  /** The VM's fixed memory was exhausted. */
  DEVICE_RESET_OUT_OF_MEMORY = 2,
  /** An exception that nobody caught. */
  DEVICE_RESET_SCRIPT_ERROR = 3,
  /** The program does not fit its checksum or this VM. */
  DEVICE_RESET_PROGRAM_DAMAGED = 4,
  /** A fault of the processor. */
  DEVICE_RESET_FAULT = 5,
  /** A person or the firmware asked for it. */
  DEVICE_RESET_REQUESTED = 6,
};

/**
 * What programs call this board (program.h): the name of its folder, and of its layout or its variant where a program of another one
 * would not do. "": it takes the programs of any.
 */
const char *device_board(void);
enum device_reset_reason device_reset_reason(void);
/** Restarts since power came, 0 … 65535, for the log. */
uint16_t device_restarts(void);
void device_watchdog_feed(void);
/** Secures the outputs, keeps the reason, and starts anew. A port that restarts too often in a row waits longer each time. */
_Noreturn void device_restart(enum device_reset_reason reason);

#endif
