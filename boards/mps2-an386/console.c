/* CMSDK UART (technical reference manual 4.3): 115,200 baud, eight bits, no parity. Its receiver holds one octet: 87 us. */
#include "console.h"

#include "handlers.h"
#include "mps2-limits.h"
#include "registers.h"

enum { BAUD = 115200 };

/** Ten bits take 2,170 ticks. A transmitter that takes longer for one is off or broken: what it was to send is lost. */
enum { OCTET_TICKS = 2 * 10 * (CLOCK_HZ / BAUD) };

/** What came and nobody took yet; when it is full, further octets are lost. Written by the interrupt, read by console_key. */
static volatile uint8_t queue[CONSOLE_QUEUE_OCTETS];
static volatile uint32_t written;
static volatile uint32_t read;

void console_open(void) {
  register_write(UART_DIVISOR, CLOCK_HZ / BAUD);
  register_write(UART_CONTROL, UART_TX_ENABLE | UART_RX_ENABLE | UART_RX_INTERRUPT);
  register_write(NVIC_ENABLE, 1U << IRQ_UART_0_RX);
}

void console_write(const char *text, size_t length) {
  for (size_t index = 0; index < length; index += 1) {
    uint32_t start = register_read(FPGAIO_COUNTER);
    while ((register_read(UART_STATE) & UART_TX_FULL) != 0 && register_read(FPGAIO_COUNTER) - start < OCTET_TICKS) {
      /* The octet before it goes out. */
    }
    register_write(UART_DATA, (unsigned char)text[index]);
  }
}

void on_console(void) {
  register_write(UART_INTERRUPTS, UART_RX_INTERRUPTED);
  while ((register_read(UART_STATE) & UART_RX_FULL) != 0) {
    uint8_t octet = (uint8_t)register_read(UART_DATA);
    if (written - read < CONSOLE_QUEUE_OCTETS) {
      queue[written % CONSOLE_QUEUE_OCTETS] = octet;
      written += 1;
    }
  }
}

int console_key(void) {
  if (written == read) {
    return -1;
  }
  int octet = queue[read % CONSOLE_QUEUE_OCTETS];
  read += 1;
  return octet;
}
