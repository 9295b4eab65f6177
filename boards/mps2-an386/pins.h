/* Buttons, lights and relays: a PCA9552 expander on the second shield connector. */
#ifndef DOORLINE_MPS2_PINS_H
#define DOORLINE_MPS2_PINS_H

#include <stdbool.h>

/** Looks for the expander and puts its outputs to rest. Without one the board has no pins; the log says so. */
void pins_open(void);
/** Reads the buttons when it is time to. Returns whether one changed. */
bool pins_work(void);

#endif
