/* Time from FPGAIO's counter, and the one place where the processor rests. */
#ifndef DOORLINE_MPS2_CLOCK_H
#define DOORLINE_MPS2_CLOCK_H

#include <stdint.h>

/** Ticks of 40 ns since boot. To be asked at least every 171 s, because the counter has 32 bits. */
uint64_t clock_ticks(void);
/** Rests until an interrupt comes, at most as long as given. */
void clock_rest(uint32_t ticks);

#endif
