/* The fixed sizes of the Linux port, each with its reason. */
#ifndef DOORLINE_LINUX_LIMITS_H
#define DOORLINE_LINUX_LIMITS_H

enum {
  /** Octets of a path or name of the configuration, with its end. */
  TEXT_OCTETS = 200,
  /** Octets of a line of a configuration file: a key and a path. */
  LINE_OCTETS = 400,
  /** Octets of a settings text: four times what its values may hold. */
  SETTINGS_OCTETS = 16384,
  /** Octets of a line of the log. */
  LOG_LINE_OCTETS = 512,
  /** Octets of a message about something that cannot be opened. */
  PROBLEM_OCTETS = 500,
  /** Pins of a kind: what the firmware knows at most (SETTINGS_BUTTONS, Led, SETTINGS_RELAYS), and room for a board's own. */
  PINS_OF_A_KIND = 8,
  /** Calls that can have media at the same time: one visitor. */
  MEDIA_CALLS = 1,
  /** SIP, names, and two for each call. */
  UDP_SOCKETS = 2 + 2 * MEDIA_CALLS,
  /** Connections at most; the configuration chooses. */
  TCP_CONNECTIONS = 8,
  /** Peers that were accepted by the kernel and wait for a free connection. */
  TCP_WAITING = 4,
  /** File descriptors to wait for: two a UDP socket and listener, connections, pins, sound, network, the pins' socket. */
  WAIT_DESCRIPTORS = 64,
  /** Octets that the kernel keeps for a UDP socket: a second of voice and a storm of SIP. */
  UDP_RECEIVE_OCTETS = 1 << 18,
};

#endif
