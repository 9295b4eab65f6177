// The events that the station reports to its board's log, each with two numbers. The desk makes sentences of them.

export const enum StationEvent {
  /** Boot is done. first: pools, second: octets of their buffers in KiB */
  BOOTED = 1,
  /** first: RegistrationState + 8 × account, from 0, second: last status code, 0 none */
  REGISTRATION = 2,
  /** first: button, from 0 */
  BUTTON = 3,
  /** A button that calls nobody, or while a call is on. first: button, second: StationState */
  BUTTON_IGNORED = 4,
  /** A call goes out. first: button, second: how often it was tried before */
  CALLING = 5,
  /** The call could not be sent. first: button, second: negative Status */
  CALL_FAILED = 6,
  /** The other side was reached. first: status code of the provisional response */
  RINGING = 7,
  /** Somebody calls. first: 1 when listed and to be answered, 0 when refused */
  INCOMING = 8,
  /** Two people can talk. first: 1 when we called, 0 when we were called, second: payload type of the law */
  TALKING = 9,
  /** The call is over. first: EndCause, second: status code, 0 none */
  ENDED = 10,
  /** A key of the other side. first: 0 … 15 */
  DIGIT = 11,
  /** The door is released. first: relay, from 0 */
  RELEASED = 12,
  /** The relay is back in its safe state. first: relay, from 0 */
  SECURED = 13,
  /** A wrong code. first: wrong ones in a row, second: 1 when codes are locked out now */
  WRONG_CODE = 14,
  /** A limit ended the call. first: 0 ring, 1 talk, 2 silence of the peer's media */
  LIMIT = 15,
  /** The settings were refused. first: line, second: negative Status */
  SETTINGS_REFUSED = 16,
  /** The media changed in a call. first: 1 we send, second: 1 we receive */
  MEDIA = 17,
  /** Somebody was refused; at most once a second and reason. first: Refusal, second: how many since the last report */
  REFUSED = 18,
  /** The peer put the call on hold, or took it back. first: 1 on hold, 0 not */
  HELD = 19,
  /** A text came from a listed peer. first: its octets */
  TEXT = 20,
  /** What became of a text of ours. first: status code, 0: nobody answered */
  TEXT_SENT = 21,
  /** The peer asked to call somebody else in its place. first: 0 it is tried, 1 done, 2 failed, second: status code, 0 none */
  TRANSFER = 22,
  /** The codec chip refuses, or works again. first: CodecStatus (hal/codec.ts) */
  CODEC = 23,
}
