// The timer values of RFC 3261 17 (table 4) and RFC 6026 in milliseconds. Over a reliable transport A, E and G are
// not started, and D, I, J and K are zero.

/** Estimate of the round trip. */
export const TIMER_T1_MS = 500; // RFC 3261 17.1.1.1
/** The longest pause between retransmissions of a non-INVITE request and of an INVITE's response. */
export const TIMER_T2_MS = 4000; // RFC 3261 17.1.2.2
/** How long a message stays in the network. */
export const TIMER_T4_MS = 5000; // RFC 3261 17.1.2.2
/** B, F, H, J, L, M: 64 * T1. */
export const TRANSACTION_TIMEOUT_MS = 32000;
/** D: at least 32 s. */
export const TIMER_D_MS = 32000; // RFC 3261 17.1.1.2
/** A target that is silent for so long gives way to the next, when there is one: after three transmissions over UDP. */
export const FAILOVER_MS = 3500; // RFC 3263 4.3 leaves it open; 7 * T1
/** The pause before which the third of them went out. */
export const FAILOVER_INTERVAL_MS = 2000;
/** When an INVITE server transaction answers 100 by itself. */
export const TRYING_DELAY_MS = 200; // RFC 3261 17.2.1

/** The interval after `interval`: twice as long, at most `limit`. */
export function nextInterval(interval: number, limit: number): number {
  return 2 * interval > limit ? limit : 2 * interval;
}
