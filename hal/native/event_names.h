/* What the firmware's events are called in a board's log. */
#ifndef DOORLINE_EVENT_NAMES_H
#define DOORLINE_EVENT_NAMES_H

/** The name of a StationEvent; NULL: there is none. */
const char *event_name(unsigned event);

#endif
