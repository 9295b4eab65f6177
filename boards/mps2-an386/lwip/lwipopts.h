/*
 * What of lwIP 2.1 is built, and every size of it. No operating system, no heap: each pool has its number here. Where there are two, the
 * first is that of the small layout, for one call.
 */
#ifndef DOORLINE_LWIPOPTS_H
#define DOORLINE_LWIPOPTS_H

/* ---- Life without an operating system ---- */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_STATS 0
#define LWIP_NETIF_API 0
#define MEM_ALIGNMENT 4
#define SMALL_OR_LARGE(small, large) (DOORLINE_SMALL_LAYOUT ? (small) : (large))

/* ---- Memory ---- */
#define MEM_USE_POOLS 1
#define MEMP_USE_CUSTOM_POOLS 1
/** Frames lie in a chain of these: a packet of voice in one, the longest frame in six. */
#define PBUF_POOL_BUFSIZE 288
#define PBUF_POOL_SIZE SMALL_OR_LARGE(26, 48)
/** What the program sends is sent from where it lies; a header is put before it. */
#define MEMP_NUM_PBUF SMALL_OR_LARGE(8, 16)
#define MEMP_NUM_UDP_PCB SMALL_OR_LARGE(5, 8)
#define MEMP_NUM_TCP_PCB SMALL_OR_LARGE(4, 6)
#define MEMP_NUM_TCP_PCB_LISTEN SMALL_OR_LARGE(1, 2)
#define MEMP_NUM_TCP_SEG SMALL_OR_LARGE(8, 16)
#define MEMP_NUM_REASSDATA 2
#define MEMP_NUM_FRAG_PBUF 6
#define MEMP_NUM_ARP_QUEUE 6
#define MEMP_NUM_ND6_QUEUE 6

/* ---- Ethernet and IP ---- */
#define LWIP_ARP 1
#define ARP_TABLE_SIZE 6
#define ARP_QUEUEING 1
#define ETH_PAD_SIZE 0
#define LWIP_IPV4 1
#define LWIP_ICMP 1
#define IP_REASSEMBLY 1
#define IP_REASS_MAX_PBUFS SMALL_OR_LARGE(10, 12)
#define IP_FRAG 1
#define LWIP_DHCP 1
/** An address is asked for by ARP before it is used, and declined when somebody has it (RFC 2131 3.1 step 5); network.c. */
#define DHCP_DOES_ARP_CHECK 1
#define LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, message, message_type, length)                               \
  network_add_options(dhcp, message_type, (message)->options, length)
#define LWIP_IPV6 1
#define LWIP_IPV6_AUTOCONFIG 1
#define LWIP_IPV6_MLD 1
#define LWIP_IPV6_NUM_ADDRESSES 3
#define LWIP_ND6_NUM_NEIGHBORS 6
#define LWIP_ND6_NUM_DESTINATIONS 6
#define LWIP_ND6_NUM_PREFIXES 2
#define LWIP_ND6_NUM_ROUTERS 2
#define LWIP_ND6_QUEUEING 1
#define MEMP_NUM_MLD6_GROUP 6

/* ---- UDP and TCP ---- */
#define LWIP_RAW 0
#define LWIP_UDP 1
#define LWIP_TCP 1
/** Where memory is short, segments that every path takes (RFC 9293 3.7.1): what is in flight both ways leaves the frames of voice their room. */
#define TCP_MSS SMALL_OR_LARGE(536, 1460)
#define TCP_WND (SMALL_OR_LARGE(4, 2) * TCP_MSS)
#define TCP_SND_BUF (SMALL_OR_LARGE(3, 2) * TCP_MSS)
#define TCP_SND_QUEUELEN 8
#define TCP_OVERSIZE 0
#define TCP_QUEUE_OOSEQ 0
/** Half of TIME-WAIT: lwIP refuses a peer that comes back from the same port meanwhile, which proxies that reuse theirs do. */
#define TCP_MSL 2000
#define TCP_LISTEN_BACKLOG 1
/** A first sequence number that nobody can foretell (RFC 6528 asks for that). */
#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port) entropy_word()

/* ---- Who asks to be told ---- */
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_TX_SINGLE_PBUF 0

#endif
