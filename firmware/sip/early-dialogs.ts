// The early dialogs of one INVITE of ours (RFC 3261 12.1.2, 13.2.2.4; RFC 3262 4): a proxy may fork it, and each phone that it
// reaches answers with a tag of its own. What is to be remembered of each lies here; the dialog's state is the session's.

import type { Bytes } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";

/** Early dialogs of an INVITE that are told apart; a further one takes the place of the oldest. */
const FORK_COUNT = 4;

export interface Fork {
  /** The To tag of its responses. */
  readonly tag: FixedText;
  /** Whether a reliable provisional response, or its PRACK, completed the exchange of the INVITE's offer and answer. */
  answered: boolean;
  /** RSeq of its last reliable provisional response that was acknowledged; meaningful while `hasSequence`. */
  readonly sequence: Halves;
  hasSequence: boolean;
  /** Whether its 2xx was answered with a BYE: another fork was there first. */
  ended: boolean;
}

export interface Forks {
  readonly items: Fork[];
  /** The one whose description the media run by; meaningful once one was taken. */
  heard: Fork;
  /** The one that gives way next. */
  next: number;
}

/** Boot only: no early dialogs. @param tagOctets octets that a tag may have */
export function createForks(tagOctets: number): Forks {
  const items: Fork[] = [];
  for (let index = 0; index < FORK_COUNT; index += 1) {
    items.push({
      tag: createFixedText(tagOctets),
      answered: false,
      sequence: createHalves(),
      hasSequence: false,
      ended: false,
    });
  }
  return { items, next: 0, heard: items[0] };
}

function clearFork(fork: Fork): void {
  fork.tag.length = 0;
  fork.answered = false;
  fork.hasSequence = false;
  fork.ended = false;
}

/** Another INVITE goes out: nobody has answered it. */
export function clearForks(forks: Forks): void {
  for (let index = 0; index < forks.items.length; index += 1) {
    clearFork(forks.items[index]);
  }
}

/** The next INVITE of the same call: RSeq begins anew in each of its early dialogs (RFC 3262 3), and so does its offer. */
export function restartForks(forks: Forks): void {
  for (let index = 0; index < forks.items.length; index += 1) {
    forks.items[index].answered = false;
    forks.items[index].hasSequence = false;
  }
}

/** Whether the exchange of offer and answer is complete in the early dialog with a tag. */
export function isForkAnswered(forks: Forks, tag: FixedText): boolean {
  for (let index = 0; index < forks.items.length; index += 1) {
    const fork = forks.items[index];
    if (fork.answered && equalFixedText(fork.tag, tag.bytes, 0, tag.length)) {
      return true;
    }
  }
  return false;
}

/** The record of the early dialog with a tag; a new one when the tag is new. */
export function takeFork(forks: Forks, bytes: Bytes, start: number, end: number): Fork {
  for (let index = 0; index < forks.items.length; index += 1) {
    if (equalFixedText(forks.items[index].tag, bytes, start, end)) {
      return forks.items[index];
    }
  }
  const fork = forks.items[forks.next];
  forks.next = (forks.next + 1) % FORK_COUNT;
  clearFork(fork);
  setFixedText(fork.tag, bytes, start, end);
  return fork;
}
