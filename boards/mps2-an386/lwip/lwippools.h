/* The pieces that lwIP's mem_malloc gives out: fixed, from pools, because MEM_USE_POOLS. Sorted by size. */
LWIP_MALLOC_MEMPOOL_START
/** Headers in front of what the program sends, ARP, ICMP, segments without data. */
LWIP_MALLOC_MEMPOOL(12, 160)
/** DHCP's messages, SIP over TCP. */
LWIP_MALLOC_MEMPOOL(4, 640)
LWIP_MALLOC_MEMPOOL(3, 1600)
LWIP_MALLOC_MEMPOOL_END
