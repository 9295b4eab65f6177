/* The fixed sizes of the MPS2 port, each with its reason. Those of the VM and of lwIP: CMakeLists.txt, lwip/lwipopts.h. */
#ifndef DOORLINE_MPS2_LIMITS_H
#define DOORLINE_MPS2_LIMITS_H

/** The small layout has another number. */
#ifndef DOORLINE_UPDATE_BLOCK_OCTETS
#define DOORLINE_UPDATE_BLOCK_OCTETS 1024
#endif

/** The same. */
#ifndef DOORLINE_TCP_CONNECTIONS
#define DOORLINE_TCP_CONNECTIONS 3
#endif

enum {
  /** Calls that can have media at the same time: one visitor. */
  MEDIA_CALLS = 1,
  /** SIP, names, and two for each call. */
  UDP_SOCKETS = 2 + 2 * MEDIA_CALLS,
  /** Datagrams of a socket that wait for the next poll: five frames of voice, a burst of SIP. Further ones are lost. */
  UDP_QUEUE = 8,
  /** Open SIP connections. */
  TCP_CONNECTIONS = DOORLINE_TCP_CONNECTIONS,
  /** Peers that wait for a free one. */
  TCP_WAITING = 1,
  /**
   * Pieces of lwIP's memory for frames with which a stream, unread, takes no further segment: a window of full ones, in either layout. The
   * window itself counts octets: one in each segment would hold the memory for all frames while the peer waits to be accepted.
   */
  TCP_PIECES = 12,
  /** How long the end of a connection may take, in steps of lwIP of half a second. */
  TCP_ENDING_STEPS = 10,
  /** Octets of the longest Ethernet frame without its checksum, in whole words. */
  FRAME_OCTETS = 1516,
  /** Frames that one poll takes, so that a flood never keeps the program from running. */
  FRAMES_A_POLL = 16,
  /** Octets of a line of the log. */
  LOG_LINE_OCTETS = 200,
  /** Octets of a program that one frame of an update brings: whole units of flash, and a header at least (update.h). */
  UPDATE_BLOCK_OCTETS = DOORLINE_UPDATE_BLOCK_OCTETS,
  /** Octets from the console that wait: a frame, which comes while a poll takes its time. A power of two. */
  CONSOLE_QUEUE_OCTETS = 2 * UPDATE_BLOCK_OCTETS,
  /** Milliseconds between two looks at the buttons: below the firmware's debouncing, far above the 1 ms that a look takes at 100 kHz. */
  PIN_POLL_MS = 10,
  /** Milliseconds between two looks at the link of the Ethernet PHY. */
  LINK_POLL_MS = 250,
  /** Milliseconds between two lines of the log on what the network lost: a flood must not become one of lines. */
  DROP_REPORT_MS = 10000,
  /** Samples of the rings behind the I2S (i2s.c), powers of two: 200 ms of the microphone, three frames for the loudspeaker. */
  I2S_INPUT_RING = 2048,
  I2S_OUTPUT_RING = 512,
  /** Nothing is waited for longer, whatever the timers say: a poll feeds the watchdog. */
  LONGEST_WAIT_MS = 1000,
  /** The watchdog interrupts after so long without food, and resets after as long again. Longer than a boot at 25 MHz. */
  WATCHDOG_MS = 10000,
};

#endif
