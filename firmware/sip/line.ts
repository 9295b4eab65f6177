// The station's one line as those who watch it see it: free, or with one dialog (RFC 4235 3.7.1), and whose. The intercom sets
// it, the event packages write it. It keeps no dialog of its own.

import type { Bytes } from "../bytes/bytes";
import { createText, type Text, textByte } from "../bytes/text";
import { putByte, putText, type Writer } from "../bytes/writer";
import type { Dialog } from "./dialog";
import { notifySubscribers, type Subscriptions } from "./subscriptions";

/** The states of a dialog, as RFC 4235 names them. */
export const enum LineState {
  TERMINATED = 0,
  TRYING = 1,
  EARLY = 2,
  CONFIRMED = 3,
}

export interface Line {
  readonly subscriptions: Subscriptions;
  state: LineState;
  /** Counts the calls since boot: the id of the dialog element. 0: none yet. */
  call: number;
  isCaller: boolean;
  /** Of the call; its parts are meaningful unless TERMINATED. */
  dialog: Dialog;
  /** The packages that tell every state. */
  readonly statePackages: number[];
  /** The packages that tell whether it is free. */
  readonly usePackages: number[];
}

const ENTITIES: Text[] = [createText("&amp;"), createText("&lt;"), createText("&gt;"), createText("&quot;")];
const ENTITY_LETTERS = createText('&<>"');

/** Boot only: a free line; its packages add themselves. */
export function createLine(subscriptions: Subscriptions, dialog: Dialog): Line {
  return {
    subscriptions,
    state: LineState.TERMINATED,
    call: 0,
    isCaller: false,
    dialog,
    statePackages: [],
    usePackages: [],
  };
}

/** The line is in a state now; those who watch it are told when it was in another. */
export function setLine(line: Line, state: LineState, isCaller: boolean, dialog: Dialog): void {
  const wasFree = line.state === LineState.TERMINATED;
  const isFree = state === LineState.TERMINATED;
  const isOther = !isFree && (wasFree || dialog !== line.dialog);
  if (state === line.state && !isOther) {
    return;
  }
  if (isOther) {
    line.call += 1;
    line.isCaller = isCaller;
    line.dialog = dialog;
  }
  line.state = state;
  notifyAll(line, line.statePackages);
  if (wasFree !== isFree) {
    notifyAll(line, line.usePackages);
  }
}

function notifyAll(line: Line, packages: number[]): void {
  for (let index = 0; index < packages.length; index += 1) {
    notifySubscribers(line.subscriptions, packages[index]);
  }
}

function findEntity(octet: number): number {
  for (let index = 0; index < ENTITIES.length; index += 1) {
    if (textByte(ENTITY_LETTERS, index) === octet) {
      return index;
    }
  }
  return -1;
}

/** Appends octets of the wire as XML text: what would be markup becomes an entity, what is no printable ASCII a "?". */
export function putXml(writer: Writer, bytes: Bytes, start: number, end: number): void {
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index];
    const entity = findEntity(octet);
    if (entity >= 0) {
      putText(writer, ENTITIES[entity]);
    } else {
      putByte(writer, octet < 0x20 || octet > 0x7e ? 0x3f : octet);
    }
  }
}
