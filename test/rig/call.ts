// What tests of calls ask of a station again and again: a call that goes out, its end and its cause, what is heard, and that nothing
// of it is left.

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { dropClientTransaction, takeClientTransaction } from "../../firmware/sip/client-transaction";
import type { InviteSession } from "../../firmware/sip/invite-session";
import { equal } from "../harness";
import { Door } from "./door";
import { headerOf, textBetween } from "./message-text";
import type { Peer, PeerCall } from "./peer";

/** A station whose button was pressed; its INVITE is read. */
export function callingTo(peer: Peer, settings: string[]): { door: Door; call: PeerCall } {
  const door = new Door(settings);
  door.press(0);
  return { door, call: peer.takeCall(door.expect("INVITE")) };
}

/** The station hangs up. */
export function hangUpHere(door: Door): void {
  hangUpCall(door.device.station);
  door.poll();
}

/** The session of the station's call. */
export function sessionOf(door: Door): InviteSession {
  return door.device.station.session;
}

/** Fails unless everything is over and nothing is left: state, records, messages. */
export function expectIdleAfter(door: Door, milliseconds: number): void {
  door.advance(milliseconds);
  equal(door.device.station.state, StationState.IDLE, "state of the station");
  equal(door.recordsInUse(), 0, "records in use");
  door.expectSilence();
}

/** Fails unless the call goes on, and nothing more was sent. */
export function expectTalking(door: Door): void {
  equal(door.device.station.state, StationState.TALKING, "state of the station");
  door.expectSilence();
}

/** EndCause and status code of the last end: "4 486". */
export function endOf(door: Door): string {
  const parts = door.log.last(StationEvent.ENDED).split(" ");
  return `${parts[0]} ${parts[1]}`;
}

/** EndCause of the last end. */
export function causeOf(door: Door): number {
  return Number(textBetween(` ${door.log.last(StationEvent.ENDED)}`, " ", " "));
}

/** RTP packets that leave in a second. */
export function packetsInASecond(door: Door): number {
  const before = door.voiceSent;
  door.advance(1000);
  return door.voiceSent - before;
}

/** Takes all client transactions away. Returns them for `giveTransactionsBack`. */
export function takeTransactions(door: Door): number[] {
  const clients = door.device.transactions.clients;
  const taken: number[] = [];
  let index = takeClientTransaction(clients);
  while (index >= 0) {
    taken.push(index);
    index = takeClientTransaction(clients);
  }
  return taken;
}

export function giveTransactionsBack(door: Door, taken: number[]): void {
  for (let index = 0; index < taken.length; index += 1) {
    dropClientTransaction(door.device.transactions.clients.items[taken[index]]);
  }
}

/** The number of a message's CSeq. */
export function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}
