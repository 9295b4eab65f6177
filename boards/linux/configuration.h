/*
 * What the board is: its files, ports, pins and sound, from a file of `key = value` lines and from options of the same names. What
 * the station does is in the settings text (docs/settings.md), which the firmware reads.
 */
#ifndef DOORLINE_LINUX_CONFIGURATION_H
#define DOORLINE_LINUX_CONFIGURATION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "linux-limits.h"

/** GPIO lines of a kind of pins. */
typedef struct pin_lines {
  unsigned count;
  struct {
    unsigned line;
    /** The level on the wire is the other one than usual for the kind. */
    bool is_inverted;
  } pin[PINS_OF_A_KIND];
} pin_lines;

/** What the command asks for. */
enum command { COMMAND_RUN, COMMAND_HELP, COMMAND_VERSION, COMMAND_CHECK, COMMAND_SECURE };

typedef struct configuration {
  enum command command;
  /** Write the memory report after boot. */
  bool reports_memory;
  char program[TEXT_OCTETS];
  char settings[TEXT_OCTETS];
  char state_directory[TEXT_OCTETS];
  /** Address literals to bind; "" for a family that is not spoken. */
  char address[TEXT_OCTETS];
  char address6[TEXT_OCTETS];
  unsigned sip_port;
  /** Of the first call, even. */
  unsigned rtp_port;
  unsigned tcp_connections;
  /** "alsa:device", "wav:file", "tone", "silence" or "none". */
  char audio_in[TEXT_OCTETS];
  char audio_out[TEXT_OCTETS];
  unsigned audio_period_ms;
  char gpio_chip[TEXT_OCTETS];
  /** A Unix socket that plays the pins, in place of the chip; "" for none. */
  char pins_socket[TEXT_OCTETS];
  pin_lines buttons;
  pin_lines leds;
  pin_lines relays;
  char i2c_bus[TEXT_OCTETS];
  char watchdog[TEXT_OCTETS];
  bool traces_sip;
} configuration;

/** What holds when nothing is written. */
void configuration_start(configuration *chosen);
/** Reads a file. Returns false with a problem "file:line: what". */
bool configuration_read_file(configuration *chosen, const char *path);
/**
 * Reads the command line: first the file of --config, then the other options, which count more. Ports that neither names are
 * those of the settings text (network.sip-port, network.rtp-port). Returns false with a problem.
 */
bool configuration_read_options(configuration *chosen, int count, char **arguments);
/** Writes all options with their meaning. */
void configuration_write_help(FILE *file, const char *name);

#endif
