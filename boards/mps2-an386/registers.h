/*
 * The registers that the port uses: ARMv7-M architecture manual B3 (system), Arm DAI 0386 (MPS2, image AN386) chapter 3 and CMSDK
 * technical reference manual chapter 4 (peripherals). Addresses and bits only; who uses them knows what they mean.
 */
#ifndef DOORLINE_MPS2_REGISTERS_H
#define DOORLINE_MPS2_REGISTERS_H

#include <stdint.h>

/** A register at an address. */
#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

/* ---- System control space (ARMv7-M B3.2) ---- */
#define NVIC_ENABLE REGISTER(0xe000e100)
#define NVIC_DISABLE REGISTER(0xe000e180)
#define SCB_AIRCR REGISTER(0xe000ed0c)
#define SCB_SHCSR REGISTER(0xe000ed24)
#define SCB_CFSR REGISTER(0xe000ed28)
#define SCB_HFSR REGISTER(0xe000ed2c)
#define SCB_MMFAR REGISTER(0xe000ed34)
#define SCB_BFAR REGISTER(0xe000ed38)
#define SCB_CPACR REGISTER(0xe000ed88)
#define MPU_TYPE REGISTER(0xe000ed90)
#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RBAR REGISTER(0xe000ed9c)
#define MPU_RASR REGISTER(0xe000eda0)

enum {
  AIRCR_KEY = 0x05fa0000,
  AIRCR_SYSRESETREQ = 1 << 2,
  SHCSR_FAULTS_ENABLED = 7 << 16,
  MPU_CTRL_ENABLE = 1,
};

/* ---- CMSDK timer 0, watchdog and UART 0 ---- */
#define TIMER_CONTROL REGISTER(0x40000000)
#define TIMER_VALUE REGISTER(0x40000004)
#define TIMER_RELOAD REGISTER(0x40000008)
#define TIMER_CLEAR REGISTER(0x4000000c)
#define WATCHDOG_LOAD REGISTER(0x40008000)
#define WATCHDOG_CONTROL REGISTER(0x40008008)
#define WATCHDOG_CLEAR REGISTER(0x4000800c)
#define WATCHDOG_LOCK REGISTER(0x40008c00)
#define UART_DATA REGISTER(0x40004000)
#define UART_STATE REGISTER(0x40004004)
#define UART_CONTROL REGISTER(0x40004008)
#define UART_INTERRUPTS REGISTER(0x4000400c)
#define UART_DIVISOR REGISTER(0x40004010)

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
#define FPGAIO_COUNTER REGISTER(0x40028018)
#define FPGAIO_PRESCALE REGISTER(0x4002801c)

/** The I2C buses of the audio codec and of the second shield connector. */
enum { SBCON_AUDIO = 0x40023000, SBCON_SHIELD_1 = 0x4002a000 };

/** CPU, buses and FPGAIO_COUNTER run at 25 MHz. */
enum { CLOCK_HZ = 25000000 };

/** Numbers of interrupts. */
enum { IRQ_UART_0_RX = 0, IRQ_TIMER_0 = 8, IRQ_ETHERNET = 13 };

#endif
