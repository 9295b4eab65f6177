// What a VM binding puts before the program: the functions of device.h by name. Buffers are handed over as they are, never
// copied; an endpoint travels as the 20 octets of device_endpoint. board.ts makes a board of them.

import type { Bytes, Samples } from "../../firmware/bytes/bytes";

/** The numbers of device.h: device_udp_socket. */
export const enum NativeSocket {
  SIP = 0,
  NAMES = 1,
  MEDIA = 2,
}

/** The numbers of device.h: device_audio. */
export const enum NativeAudio {
  IN = 0,
  OUT = 1,
}

/** The numbers of device.h: device_pins. */
export const enum NativePins {
  BUTTONS = 0,
  LEDS = 1,
  RELAYS = 2,
}

/** Octets of device_endpoint: family, reserved, port (2), address (16). */
export const ENDPOINT_OCTETS = 20;

/**
 * The functions of device.h. Every argument is checked by the binding: a range outside of its buffer or a number that names nothing
 * raises an error there, which is a fault of the program.
 */
export interface Native {
  /** device_clock_ms in 27 bits. */
  clockNow(this: void): number;
  randomFill(this: void, buffer: Bytes, start: number, end: number): void;
  /** The bits of hal/news.ts. */
  newsTake(this: void): number;
  /** 1 or 0 */
  networkIsUp(this: void): number;
  networkChanges(this: void): number;
  mediaCount(this: void): number;
  udpRead(this: void, socket: number, buffer: Bytes, source: Bytes): number;
  udpWrite(this: void, socket: number, buffer: Bytes, start: number, end: number, destination: Bytes): number;
  udpLocal(this: void, socket: number, family: number, local: Bytes): void;
  tcpCount(this: void): number;
  tcpConnect(this: void, connection: number, remote: Bytes): number;
  tcpWaiting(this: void): number;
  tcpAccept(this: void, connection: number, remote: Bytes): number;
  tcpRead(this: void, connection: number, buffer: Bytes, start: number, end: number): number;
  tcpWrite(this: void, connection: number, buffer: Bytes, start: number, end: number): number;
  tcpClose(this: void, connection: number): void;
  audioStart(this: void, direction: NativeAudio): void;
  audioStop(this: void, direction: NativeAudio): void;
  audioRead(this: void, samples: Samples, count: number): number;
  audioWrite(this: void, samples: Samples, count: number): number;
  pinCount(this: void, kind: NativePins): number;
  pinRead(this: void, kind: NativePins, index: number): number;
  pinWrite(this: void, kind: NativePins, index: number, value: number): void;
  i2cWrite(this: void, address: number, buffer: Bytes, start: number, end: number): number;
  i2cRead(this: void, address: number, buffer: Bytes, start: number, end: number): number;
  /** Writes buffer[start … end), then reads `count` octets to it from `end`. */
  i2cWriteRead(this: void, address: number, buffer: Bytes, start: number, end: number, count: number): number;
  storageRead(this: void, record: number, buffer: Bytes): number;
  storageWrite(this: void, record: number, buffer: Bytes, length: number): number;
  logEvent(this: void, event: number, first: number, second: number): void;
  /** sent: 1 or 0 */
  logMessage(this: void, sent: number, bytes: Bytes, start: number, end: number, peer: Bytes): void;
  /** device_reset_reason */
  resetReason(this: void): number;
  watchdogFeed(this: void): void;
}
