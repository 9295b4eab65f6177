/* CMSDK UART (technical reference manual 4.3): 115,200 baud, eight bits, no parity. */
#include "console.h"

#include "registers.h"

enum { BAUD = 115200 };

void console_open(void) {
  UART_DIVISOR = CLOCK_HZ / BAUD;
  UART_CONTROL = UART_TX_ENABLE | UART_RX_ENABLE;
}

void console_write(const char *text, size_t length) {
  for (size_t index = 0; index < length; index += 1) {
    while ((UART_STATE & UART_TX_FULL) != 0) {
      /* The octet before it goes out. */
    }
    UART_DATA = (unsigned char)text[index];
  }
}

int console_key(void) { return (UART_STATE & UART_RX_FULL) == 0 ? -1 : (int)(UART_DATA & 0xff); }
