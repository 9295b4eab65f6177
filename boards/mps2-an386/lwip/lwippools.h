/* The pieces that lwIP's mem_malloc gives out: fixed, from pools, because MEM_USE_POOLS. Sorted by size. */
LWIP_MALLOC_MEMPOOL_START
#if DOORLINE_SMALL_LAYOUT
/** Headers in front of what the program sends, ARP, ICMP, segments without data. */
LWIP_MALLOC_MEMPOOL(10, 160)
/** DHCP's messages, SIP over TCP: what is on its way to one peer. */
LWIP_MALLOC_MEMPOOL(4, 640)
/** What waits for the address of its next hop: a request, and one to whoever is called at the same time. */
LWIP_MALLOC_MEMPOOL(2, 1600)
#else
/** Headers in front of what the program sends, ARP, ICMP, segments without data. */
LWIP_MALLOC_MEMPOOL(12, 160)
/** DHCP's messages, SIP over TCP. */
LWIP_MALLOC_MEMPOOL(4, 640)
LWIP_MALLOC_MEMPOOL(3, 1600)
#endif
LWIP_MALLOC_MEMPOOL_END
