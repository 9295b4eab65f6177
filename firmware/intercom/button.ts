// A button: the edge of a pin, taken when the level has stood still for the bounce time. A press is reported once, however
// long it is held.

import type { Digital } from "../../hal/digital";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";

/** How long a level must stand to count: mechanical buttons bounce for 5 to 20 ms. */
export const BOUNCE_MS = 30;

export interface ButtonListener {
  owner: object;
  /** first: which button, from 0 */
  onPress: (owner: object, index: number) => void;
}

export interface Button {
  readonly pin: Digital;
  readonly index: number;
  readonly wheel: TimerWheel;
  readonly listener: ButtonListener;
  /** The level that counts. */
  level: number;
  /** The level that was read last. */
  latest: number;
  timer: Timer;
}

/** Boot only: the button on a pin. One that is held down at boot counts when it is pressed anew. */
export function createButton(pin: Digital, index: number, wheel: TimerWheel, listener: ButtonListener): Button {
  const level = pin.read();
  const button = { pin, index, wheel, listener, level, latest: level } as Button;
  button.timer = createTimer(button, onStill);
  return button;
}

/** Reads the pin; to be called whenever it may have changed. */
export function pollButton(button: Button): void {
  const level = button.pin.read();
  if (level !== button.latest) {
    button.latest = level;
    if (level === button.level) {
      stopTimer(button.wheel, button.timer);
    } else {
      startTimer(button.wheel, button.timer, BOUNCE_MS);
    }
  }
}

function onStill(owner: object): void {
  const button = owner as Button;
  button.level = button.latest;
  if (button.level === 1) {
    button.listener.onPress(button.listener.owner, button.index);
  }
}
