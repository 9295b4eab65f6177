/* The names of firmware/intercom/event-log.ts, in words. */
#include "event_names.h"

#include <stddef.h>

/** By StationEvent. */
static const char *const event_names[] = {
    [1] = "booted",     [2] = "registration", [3] = "button",  [4] = "button ignored",
    [5] = "calling",    [6] = "call failed",  [7] = "ringing", [8] = "incoming",
    [9] = "talking",    [10] = "ended",       [11] = "digit",  [12] = "released",
    [13] = "secured",   [14] = "wrong code",  [15] = "limit",  [16] = "settings refused",
    [17] = "media",     [18] = "refused",     [19] = "held",   [20] = "text",
    [21] = "text sent", [22] = "transfer",    [23] = "codec",
};

const char *event_name(unsigned event) {
  return event < sizeof event_names / sizeof *event_names ? event_names[event] : NULL;
}
