/* Where the FPGA image AN500 has what AN386 has elsewhere (Arm DAI 0500, memory map); see boards/mps2-an386/memory-map.h. */
#define PSRAM_ADDRESS 0x60000000
#define ETHERNET_ADDRESS 0xa0000000U
