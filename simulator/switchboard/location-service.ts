// The location service (RFC 3261 10.3): where the users of the domain can be reached, each binding for its time. Bounded:
// a user has a fixed number of bindings at most.

import type { Halves } from "../../firmware/bytes/decimal";
import { timeBetween } from "../../firmware/clock/time";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../../firmware/clock/timer-wheel";
import { compareCSeqNumbers } from "../../firmware/sip/cseq";
import { isSameContact } from "./domain";

/** What a REGISTER says of one contact. */
export interface ContactUpdate {
  /** As the phone wrote it. */
  uri: string;
  /** 0 takes the binding back. */
  seconds: number;
}

export interface Binding {
  readonly uri: string;
  /** Call-ID and CSeq of the REGISTER that made it: an older one of the same Call-ID changes nothing (10.3 step 7). */
  readonly callId: string;
  readonly sequence: Halves;
  readonly timer: Timer;
}

/** Bindings of one user at most. */
export const BINDINGS_A_USER = 8;

export type LocationListener = (user: string, bindings: number) => void;

export class LocationService {
  onChange: LocationListener = () => undefined;
  private readonly bindings = new Map<string, Binding[]>();

  constructor(private readonly wheel: TimerWheel) {}

  /** The bindings of a user that hold now, the latest first. */
  bindingsOf(user: string): readonly Binding[] {
    return this.bindings.get(user) ?? [];
  }

  /** The bindings of all users. */
  get size(): number {
    return [...this.bindings.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Whole seconds that a binding still holds. */
  secondsLeft(binding: Binding): number {
    return Math.ceil(timeBetween(this.wheel.now, binding.timer.due) / 1000);
  }

  /** Whether a REGISTER is older than one of the same Call-ID that made one of the bindings of these contacts. */
  isOutdated(user: string, contacts: ContactUpdate[], callId: string, sequence: Halves): boolean {
    return this.bindingsOf(user).some(
      (binding) =>
        binding.callId === callId &&
        compareCSeqNumbers(sequence, binding.sequence) <= 0 &&
        contacts.some(({ uri }) => isSameContact(uri, binding.uri)),
    );
  }

  /** Whether there is room for what the contacts add. */
  hasRoomFor(user: string, contacts: ContactUpdate[]): boolean {
    const kept = this.bindingsOf(user).filter(
      ({ uri }) => !contacts.some((contact) => isSameContact(contact.uri, uri)),
    );
    return kept.length + contacts.filter(({ seconds }) => seconds > 0).length <= BINDINGS_A_USER;
  }

  /** Makes, renews or takes back bindings. */
  update(user: string, contacts: ContactUpdate[], callId: string, sequence: Halves): void {
    let held = [...this.bindingsOf(user)];
    for (const { uri, seconds } of contacts) {
      for (const binding of held.filter((candidate) => isSameContact(candidate.uri, uri))) {
        stopTimer(this.wheel, binding.timer);
      }
      held = held.filter((candidate) => !isSameContact(candidate.uri, uri));
      if (seconds > 0) {
        held.unshift(this.createBinding(user, uri, seconds, callId, sequence));
      }
    }
    this.replace(user, held);
  }

  private createBinding(user: string, uri: string, seconds: number, callId: string, sequence: Halves): Binding {
    const timer = createTimer(this, () => {
      this.replace(
        user,
        this.bindingsOf(user).filter((candidate) => candidate.timer !== timer),
      );
    });
    startTimer(this.wheel, timer, 1000 * seconds);
    return { uri, callId, sequence: { ...sequence }, timer };
  }

  private replace(user: string, bindings: Binding[]): void {
    if (bindings.length === 0) {
      this.bindings.delete(user);
    } else {
      this.bindings.set(user, bindings);
    }
    this.onChange(user, bindings.length);
  }
}
