// The lights of the station: CALL blinks while a call rings, TALK is lit while two people talk, DOOR while a relay is
// energised. A board with fewer lights shows fewer.

import { Led } from "../../hal/board";
import type { Digital } from "../../hal/digital";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";

/** Half a period of the CALL light. */
export const BLINK_MS = 500;

export interface Indicator {
  readonly leds: Digital[];
  readonly wheel: TimerWheel;
  blinkLevel: number;
  blink: Timer;
}

function setLed(indicator: Indicator, led: Led, level: number): void {
  if (led < indicator.leds.length) {
    indicator.leds[led].write(level);
  }
}

/** Boot only: all lights off. */
export function createIndicator(leds: Digital[], wheel: TimerWheel): Indicator {
  const indicator = { leds, wheel, blinkLevel: 0 } as Indicator;
  indicator.blink = createTimer(indicator, onBlink);
  for (let led = 0; led < leds.length; led += 1) {
    leds[led].write(0);
  }
  return indicator;
}

function onBlink(owner: object): void {
  const indicator = owner as Indicator;
  indicator.blinkLevel = 1 - indicator.blinkLevel;
  setLed(indicator, Led.CALL, indicator.blinkLevel);
  startTimer(indicator.wheel, indicator.blink, BLINK_MS);
}

/** A call rings. */
export function showRinging(indicator: Indicator): void {
  setLed(indicator, Led.TALK, 0);
  indicator.blinkLevel = 1;
  setLed(indicator, Led.CALL, 1);
  startTimer(indicator.wheel, indicator.blink, BLINK_MS);
}

/** Two people talk. */
export function showTalking(indicator: Indicator): void {
  stopTimer(indicator.wheel, indicator.blink);
  setLed(indicator, Led.CALL, 0);
  setLed(indicator, Led.TALK, 1);
}

/** No call. */
export function showIdle(indicator: Indicator): void {
  stopTimer(indicator.wheel, indicator.blink);
  setLed(indicator, Led.CALL, 0);
  setLed(indicator, Led.TALK, 0);
}

/** The door is released (1) or not (0). */
export function showDoor(indicator: Indicator, level: number): void {
  setLed(indicator, Led.DOOR, level);
}
