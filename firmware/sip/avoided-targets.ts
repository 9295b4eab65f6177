// Targets that did not answer lately (RFC 3263 4.3): for some minutes they are tried last. A fixed number of them; the one
// that was entered first gives way.

import { equalAddresses } from "../bytes/ip-address";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { copyTarget, createTarget, type Target } from "./target";

const AVOIDED_TARGETS = 4;

/** How long a target is avoided. */
const AVOIDED_MS = 180000;

interface AvoidedTarget {
  readonly target: Target;
  /** Armed as long as it is avoided. */
  readonly timer: Timer;
}

export interface AvoidedTargets {
  readonly wheel: TimerWheel;
  readonly items: AvoidedTarget[];
  /** The one that gives way next. */
  next: number;
}

function onForgiven(): void {
  // The timer has stopped: the target is avoided no longer.
}

/** Boot only: none. */
export function createAvoidedTargets(wheel: TimerWheel): AvoidedTargets {
  const avoided: AvoidedTargets = { wheel, items: [], next: 0 };
  for (let count = 0; count < AVOIDED_TARGETS; count += 1) {
    avoided.items.push({ target: createTarget(), timer: createTimer(avoided, onForgiven) });
  }
  return avoided;
}

/** Whether two targets are the same server: address, port and protocol; connections may differ. */
export function equalTargets(left: Target, right: Target): boolean {
  return left.port === right.port && left.protocol === right.protocol && equalAddresses(left, right);
}

function findTarget(avoided: AvoidedTargets, target: Target): number {
  let index = avoided.items.length - 1;
  while (index >= 0 && !(avoided.items[index].timer.armed && equalTargets(avoided.items[index].target, target))) {
    index -= 1;
  }
  return index;
}

/** Whether a target is avoided. */
export function isAvoided(avoided: AvoidedTargets, target: Target): boolean {
  return findTarget(avoided, target) >= 0;
}

/** Avoids a target from now on. */
export function enterAvoided(avoided: AvoidedTargets, target: Target): void {
  let index = findTarget(avoided, target);
  if (index < 0) {
    index = avoided.next;
    avoided.next = (index + 1) % avoided.items.length;
    copyTarget(avoided.items[index].target, target);
  }
  startTimer(avoided.wheel, avoided.items[index].timer, AVOIDED_MS);
}

/** Avoids nobody any more. */
export function clearAvoided(avoided: AvoidedTargets): void {
  for (let index = 0; index < avoided.items.length; index += 1) {
    stopTimer(avoided.wheel, avoided.items[index].timer);
  }
}
