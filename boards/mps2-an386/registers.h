/*
 * The registers that the port uses: ARMv7-M architecture manual B3 (system), Arm DAI 0386 (MPS2, image AN386) chapter 3 and CMSDK
 * technical reference manual chapter 4 (peripherals). Addresses and bits only; who uses them knows what they mean.
 */
#ifndef DOORLINE_MPS2_REGISTERS_H
#define DOORLINE_MPS2_REGISTERS_H

#include <stdint.h>

#ifdef DOORLINE_MODEL_REGISTERS
/* A test plays the chips behind the addresses, and the processor (test/native/mps2/model_registers.h). */
uint32_t register_read(uint32_t address);
void register_write(uint32_t address, uint32_t value);
void processor_sync(void);
void processor_rest(void);
#else
static inline uint32_t register_read(uint32_t address) { return *(volatile uint32_t *)(uintptr_t)address; }

static inline void register_write(uint32_t address, uint32_t value) {
  *(volatile uint32_t *)(uintptr_t)address = value;
}

/** What was written counts from here on. */
static inline void processor_sync(void) { __asm__ volatile("dsb\n\tisb" ::: "memory"); }

/** Until an interrupt: one that came before ends the rest at once, because it stays pending while interrupts are masked. */
static inline void processor_rest(void) { __asm__ volatile("cpsid i\n\tdsb\n\twfi\n\tcpsie i\n\tisb" ::: "memory"); }
#endif

/* ---- System control space (ARMv7-M B3.2) ---- */
#define NVIC_ENABLE 0xe000e100U
#define NVIC_DISABLE 0xe000e180U
#define SCB_AIRCR 0xe000ed0cU
#define SCB_SHCSR 0xe000ed24U
#define SCB_CFSR 0xe000ed28U
#define SCB_HFSR 0xe000ed2cU
#define SCB_MMFAR 0xe000ed34U
#define SCB_CPACR 0xe000ed88U
#define MPU_CTRL 0xe000ed94U
#define MPU_RBAR 0xe000ed9cU
#define MPU_RASR 0xe000eda0U

enum {
  AIRCR_KEY = 0x05fa0000,
  AIRCR_SYSRESETREQ = 1 << 2,
  SHCSR_FAULTS_ENABLED = 7 << 16,
  MPU_CTRL_ENABLE = 1,
};

/* ---- CMSDK timer 0, watchdog and UART 0 ---- */
#define TIMER_CONTROL 0x40000000U
#define TIMER_VALUE 0x40000004U
#define TIMER_RELOAD 0x40000008U
#define TIMER_CLEAR 0x4000000cU
#define WATCHDOG_LOAD 0x40008000U
#define WATCHDOG_CONTROL 0x40008008U
#define WATCHDOG_CLEAR 0x4000800cU
#define WATCHDOG_LOCK 0x40008c00U
#define UART_DATA 0x40004000U
#define UART_STATE 0x40004004U
#define UART_CONTROL 0x40004008U
#define UART_INTERRUPTS 0x4000400cU
#define UART_DIVISOR 0x40004010U

enum {
  TIMER_ENABLE = 1 << 0,
  TIMER_INTERRUPT = 1 << 3,
  WATCHDOG_INTERRUPT = 1 << 0,
  WATCHDOG_RESET = 1 << 1,
  WATCHDOG_KEY = 0x1acce551,
  UART_TX_FULL = 1 << 0,
  UART_RX_FULL = 1 << 1,
  UART_TX_ENABLE = 1 << 0,
  UART_RX_ENABLE = 1 << 1,
  UART_RX_INTERRUPT = 1 << 3,
  UART_RX_INTERRUPTED = 1 << 1,
};

/* ---- FPGA system control and I/O, I2C (SBCon) ---- */
#define FPGAIO_COUNTER 0x40028018U
#define FPGAIO_PRESCALE 0x4002801cU

/** The I2C buses of the audio codec and of the second shield connector. */
#define SBCON_AUDIO 0x40023000U
#define SBCON_SHIELD_1 0x4002a000U

/* ---- Audio I2S of the FPGA: 16 bits a slot, the left one in the upper half of a word ---- */
#define I2S_CONTROL 0x40024000U
#define I2S_STATUS 0x40024004U
#define I2S_DIVIDE 0x4002400cU
#define I2S_TX 0x40024010U
#define I2S_RX 0x40024014U

enum {
  I2S_TX_ENABLE = 1 << 0,
  I2S_RX_ENABLE = 1 << 2,
  I2S_RX_INTERRUPT = 1 << 3,
  /** The interrupt comes when fewer words than this are free. */
  I2S_RX_LEVEL_AT = 12,
  I2S_FIFO_RESET = 1 << 16,
  I2S_CODEC_RESET = 1 << 17,
  I2S_TX_FULL = 1 << 3,
  I2S_RX_EMPTY = 1 << 4,
  I2S_FIFO_WORDS = 4,
  /** A quarter of the 12.288 MHz that the codec has as master clock; the frame clock is this by twice I2S_DIVIDE. */
  I2S_BIT_CLOCK_HZ = 3072000,
};

/** CPU, buses and FPGAIO_COUNTER run at 25 MHz. */
enum { CLOCK_HZ = 25000000 };

/** Numbers of interrupts. */
enum { IRQ_UART_0_RX = 0, IRQ_TIMER_0 = 8, IRQ_ETHERNET = 13, IRQ_SOUND = 14 };

#endif
