/* The memory protection unit: what of the address space there is, and what may be done with it. */
#ifndef DOORLINE_MPS2_MPU_H
#define DOORLINE_MPS2_MPU_H

#include <stdint.h>

/** Turns it on. From here on every other address, a store to flash and code in RAM are faults. */
void mpu_open(void);

enum { MPU_PAGE_OCTETS = 4096 };

/** Lets the page that a place lies in be written, and no other one: whichever was open before is closed. */
void mpu_open_page(uint32_t place);
/** Closes the page that is open. */
void mpu_close_page(void);

#endif
