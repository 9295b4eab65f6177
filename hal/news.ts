// What may have come since the loop looked last: one look of the board in place of one at each socket and pin. A bit that is set may
// be wrong; where one is clear there is nothing.

export const enum News {
  NONE = 0,
  /** A datagram of the SIP socket. */
  SIP = 1,
  /** A datagram of a name server. */
  NAMES = 2,
  /** Datagrams of the calls' sockets, those of RTP and those of RTCP. */
  RTP = 0x5554,
  RTCP = 0xaaa8,
  /** Somebody wants to connect, or there are connections. */
  CONNECTIONS = 0x10000,
  /** `Network.changes` is another number. */
  NETWORK = 0x20000,
  /** A button has another level. */
  BUTTONS = 0x40000,
  /** Always set: for what has to be done in every poll. */
  POLL = 0x80000,
  ALL = 0xfffff,
}

/** `Board.takeNews` of a board that does not know: everything is looked at. */
export function takeAllNews(this: unknown): number {
  return News.ALL;
}
