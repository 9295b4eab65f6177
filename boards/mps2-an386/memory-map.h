/*
 * What is not at the same place in every FPGA image of the MPS2. A board that takes the rest of this folder names its own header by
 * DOORLINE_MEMORY_MAP; peripherals whose place they share are in registers.h, and the layout's memories in the linker script.
 */
#ifndef DOORLINE_MPS2_MEMORY_MAP_H
#define DOORLINE_MPS2_MEMORY_MAP_H

#ifdef DOORLINE_MEMORY_MAP
#include DOORLINE_MEMORY_MAP
#else
/** 16 MB of PSRAM: the rings of sound, and from its middle on what stands for flash. */
#define PSRAM_ADDRESS 0x21000000
/** The LAN9118. */
#define ETHERNET_ADDRESS 0x40200000
#endif

#endif
