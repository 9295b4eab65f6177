/* The memory protection unit: what of the address space there is, and what may be done with it. */
#ifndef DOORLINE_MPS2_MPU_H
#define DOORLINE_MPS2_MPU_H

/** Turns it on. From here on every other address, a store to flash and code in RAM are faults. */
void mpu_open(void);

#endif
