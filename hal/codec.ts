// The audio codec: the chip between the board's I2S and its microphone and loudspeaker. ECMA-419 has no such peripheral; the
// shape is configure, start, stop, levels, apply. No call waits: what takes time goes on in `poll`.

/** What the calls of a codec return, 0 or negative. */
export const enum CodecStatus {
  OK = 0,
  /** The chip did not acknowledge. The codec tries again by itself. */
  REFUSED = -1,
  /** Another chip answers at this address. */
  WRONG_CHIP = -2,
  /** The chip cannot make this sample rate of this master clock, or cannot be the master of the bus with it. */
  UNSUPPORTED = -3,
  /** Only while the codec is off. */
  BUSY = -4,
}

export const enum CodecState {
  /** Powered down. */
  OFF = 0,
  STARTING = 1,
  /** Voice passes, unless muted. */
  ON = 2,
  STOPPING = 3,
}

export interface AudioCodec {
  readonly state: CodecState;
  /** Whole decibels of the last `setVolume` that the chip does not make: they are left to the firmware's own gain. */
  readonly volumeRest: number;
  /** The same of `setMicrophoneGain`. */
  readonly microphoneRest: number;
  /**
   * Says what clocks there are. I2S, 16 bits, two slots, in any case.
   * @param masterClock Hz at the chip's MCLK
   * @param sampleRate 8000 or 16000
   * @param isMaster whether the chip makes bit and frame clock; else it follows them
   * @returns OK, UNSUPPORTED (the codec then keeps what it had) or BUSY
   */
  configure(this: AudioCodec, masterClock: number, sampleRate: number, isMaster: boolean): CodecStatus;
  /** Begins to power up; the clocks run already. `poll` goes on with it. UNSUPPORTED before a successful `configure`. */
  start(this: AudioCodec): CodecStatus;
  /** Begins to mute and power down, after a power-up that is under way. The clocks must run until `state` is OFF. */
  stop(this: AudioCodec): CodecStatus;
  /** The loudspeaker's level, whole decibels, 0: the board's usual one. Outside of what the chip has, its nearest. Heard after `apply`. */
  setVolume(this: AudioCodec, decibels: number): void;
  /** The microphone's amplification, in the same way. */
  setMicrophoneGain(this: AudioCodec, decibels: number): void;
  /** Silences the loudspeaker. Heard after `apply`. */
  setMuted(this: AudioCodec, isMuted: boolean): void;
  /** Writes levels and muting to the chip; when it is not on, `start` will. Returns OK or REFUSED, and is then tried again in `poll`. */
  apply(this: AudioCodec): CodecStatus;
  /**
   * Goes on with what was begun.
   * @returns milliseconds after which it is to be called again, 0 when nothing is under way, or a negative status, and it is then to
   *   be called again as well
   */
  poll(this: AudioCodec): number;
}
