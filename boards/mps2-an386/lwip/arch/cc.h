/* lwIP on this compiler and this board. */
#ifndef DOORLINE_LWIP_CC_H
#define DOORLINE_LWIP_CC_H

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../entropy.h"

/** network.c */
_Noreturn void network_give_up(const char *why);
struct dhcp;
/** Called with each message of DHCP that goes out: adds options behind the first `*length` octets of its own. */
void network_add_options(const struct dhcp *lease, uint8_t message_type, uint8_t *options, uint16_t *length);

#define LWIP_NO_UNISTD_H 1
#define LWIP_TIMEVAL_PRIVATE 0
#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_RAND() entropy_word()
#define LWIP_PLATFORM_DIAG(words)
#define LWIP_PLATFORM_ASSERT(words) network_give_up(words)

#endif
