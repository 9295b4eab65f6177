// What a parser, a writer or a pool answers: 0 is good, a negative number says what is wrong.

export const enum Status {
  OK = 0,
  /** Against the grammar, or a count that does not fit. */
  MALFORMED = -1,
  /** Longer than the limit of the memory contract. */
  TOO_LONG = -2,
  /** A part that must be there is not. */
  MISSING = -3,
  /** Understood, and outside what the device does. */
  UNSUPPORTED = -4,
  /** The pool is used up. */
  FULL = -5,
  /** Not known yet: the answer comes later, through the listener. */
  PENDING = -6,
  /** The network takes nothing there: no route, or the connection was refused or reset. */
  UNREACHABLE = -7,
}
