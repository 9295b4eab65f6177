// The lights of the station: CALL blinks while a call rings, TALK is lit while two people talk and blinks while the call is on
// hold, DOOR is lit while a relay is energised. A board with fewer lights shows fewer.

import { Led } from "../../hal/board";
import type { Digital } from "../../hal/digital";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";

/** Half a period of a light that blinks. */
export const BLINK_MS = 500;

export interface Indicator {
  readonly leds: Digital[];
  readonly wheel: TimerWheel;
  /** The light that blinks while the timer is armed. */
  blinking: Led;
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
  const indicator = { leds, wheel, blinking: Led.CALL, blinkLevel: 0 } as Indicator;
  indicator.blink = createTimer(indicator, onBlink);
  for (let led = 0; led < leds.length; led += 1) {
    leds[led].write(0);
  }
  return indicator;
}

function onBlink(owner: object): void {
  const indicator = owner as Indicator;
  indicator.blinkLevel = 1 - indicator.blinkLevel;
  setLed(indicator, indicator.blinking, indicator.blinkLevel);
  startTimer(indicator.wheel, indicator.blink, BLINK_MS);
}

function startBlinking(indicator: Indicator, led: Led, other: Led): void {
  setLed(indicator, other, 0);
  setLed(indicator, led, 1);
  indicator.blinking = led;
  indicator.blinkLevel = 1;
  startTimer(indicator.wheel, indicator.blink, BLINK_MS);
}

/** A call rings. */
export function showRinging(indicator: Indicator): void {
  startBlinking(indicator, Led.CALL, Led.TALK);
}

/** The other side has put the call on hold. */
export function showHeld(indicator: Indicator): void {
  startBlinking(indicator, Led.TALK, Led.CALL);
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
