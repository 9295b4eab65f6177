// A board: the bundle of everything that a station is wired to (ECMA-419's Provider). All of it exists before boot and stays.

import type { AudioIn, AudioOut } from "./audio";
import type { Clock } from "./clock";
import type { Digital } from "./digital";
import type { Log } from "./log";
import type { Network } from "./network";
import type { Random } from "./random";
import type { Storage } from "./storage";
import type { Tcp } from "./tcp";
import type { Udp } from "./udp";
import type { Watchdog } from "./watchdog";

/** What a light of the station says; its index in `Board.leds`. */
export const enum Led {
  /** Blinks while the call rings. */
  CALL = 0,
  /** Lit while two people talk. */
  TALK = 1,
  /** Lit while the door is released. */
  DOOR = 2,
}

/** The sockets of one call's media. */
export interface MediaSockets {
  rtp: Udp;
  /** The port above rtp's. */
  rtcp: Udp;
}

export interface Board {
  clock: Clock;
  random: Random;
  storage: Storage;
  watchdog: Watchdog;
  log: Log;
  /** What the sockets are on. */
  network: Network;
  /** Where SIP is spoken. */
  sip: Udp;
  /** SIP over TCP, listening at the port of `sip`. */
  streams: Tcp;
  /** Where name servers are asked. Its port is best one that nobody can foretell (RFC 5452 9.2). */
  names: Udp;
  /** One a call that can have media at the same time. */
  media: MediaSockets[];
  audioIn: AudioIn;
  audioOut: AudioOut;
  /** 1: pressed. */
  buttons: Digital[];
  /** By `Led`. */
  leds: Digital[];
  /** 1: energised. The safe state is 0. */
  relays: Digital[];
  /** What may have come since it was asked last, as the bits of `News`. Changes of network and buttons are told once. */
  takeNews(this: Board): number;
}
