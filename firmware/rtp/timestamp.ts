// RTP timestamps (RFC 3550 5.1) as the receiver counts with them: the low 27 bits, in samples of 1/8000 s, compared like
// device time by their masked difference. 27 bits are 4.6 hours; the wire's 32 bits stay two 16-bit halves.

/** The bits of a timestamp that are compared. */
export const TIMESTAMP_MASK = 0x7ffffff;
/** The highest of them, which a difference has for its sign. */
const TIMESTAMP_SIGN = 0x4000000;

/** Samples in a millisecond at the one clock rate of the device, 8,000 Hz. */
export const SAMPLES_PER_MS = 8;

/** The low 27 bits of a timestamp given as two 16-bit halves. */
export function timestampOf(high: number, low: number): number {
  return ((high & 0x7ff) << 16) + low;
}

/** The timestamp `samples` after `timestamp`; `samples` may be negative. */
export function timestampAfter(timestamp: number, samples: number): number {
  return (timestamp + samples) & TIMESTAMP_MASK;
}

/** Samples from `earlier` to `later`, negative when `later` lies before it. */
export function timestampBetween(earlier: number, later: number): number {
  return (((later - earlier) & TIMESTAMP_MASK) ^ TIMESTAMP_SIGN) - TIMESTAMP_SIGN;
}
