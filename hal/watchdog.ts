// The board's watchdog: resets the device, relays in their safe state, when it is not fed in time.

export interface Watchdog {
  feed(this: Watchdog): void;
}
