// A door relay: energised for the time of its pulse, and in its safe state (0) at boot, after every pulse and whenever it is
// secured. Releasing again while it is energised starts the pulse anew.

import type { Digital } from "../../hal/digital";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";

export interface DoorRelayListener {
  owner: object;
  /** first: which relay, from 0 */
  onReleased: (owner: object, index: number) => void;
  onSecured: (owner: object, index: number) => void;
}

export interface DoorRelay {
  readonly pin: Digital;
  readonly index: number;
  readonly wheel: TimerWheel;
  readonly listener: DoorRelayListener;
  released: boolean;
  timer: Timer;
}

/** Boot only: the relay on a pin, put into its safe state at once. */
export function createDoorRelay(
  pin: Digital,
  index: number,
  wheel: TimerWheel,
  listener: DoorRelayListener,
): DoorRelay {
  const relay = { pin, index, wheel, listener, released: false } as DoorRelay;
  relay.timer = createTimer(relay, onPulseEnd);
  pin.write(0);
  return relay;
}

/** Energises the relay for `pulse` milliseconds. */
export function releaseDoor(relay: DoorRelay, pulse: number): void {
  relay.released = true;
  relay.pin.write(1);
  startTimer(relay.wheel, relay.timer, pulse);
  relay.listener.onReleased(relay.listener.owner, relay.index);
}

/** Puts the relay into its safe state. */
export function secureDoor(relay: DoorRelay): void {
  stopTimer(relay.wheel, relay.timer);
  relay.pin.write(0);
  if (relay.released) {
    relay.released = false;
    relay.listener.onSecured(relay.listener.owner, relay.index);
  }
}

function onPulseEnd(owner: object): void {
  secureDoor(owner as DoorRelay);
}
