/* UART 0: the log goes out, a person's keys and new programs (update.h) come in; what comes waits in a queue. */
#ifndef DOORLINE_MPS2_CONSOLE_H
#define DOORLINE_MPS2_CONSOLE_H

#include <stddef.h>

void console_open(void);
/** Writes all of it. At 115,200 baud an octet takes 87 us. */
void console_write(const char *text, size_t length);
/** The next octet that came, or -1. */
int console_key(void);

#endif
