/* lwIP on this compiler and this board. */
#ifndef DOORLINE_LWIP_CC_H
#define DOORLINE_LWIP_CC_H

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../entropy.h"

/** network.c */
_Noreturn void network_give_up(const char *why);

#define LWIP_NO_UNISTD_H 1
#define LWIP_TIMEVAL_PRIVATE 0
#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_RAND() entropy_word()
#define LWIP_PLATFORM_DIAG(words)
#define LWIP_PLATFORM_ASSERT(words) network_give_up(words)

#endif
