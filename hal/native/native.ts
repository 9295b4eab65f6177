// What a VM binding puts before the program: the functions of device.h by name. Buffers are handed over as they are, never
// copied; an endpoint travels as its address and a number of family and port. board.ts makes a board of them.

import type { Bytes, Samples } from "../../firmware/bytes/bytes";
import type { AudioIn, AudioOut } from "../audio";
import type { Board } from "../board";
import type { Clock } from "../clock";
import type { I2C } from "../i2c";
import type { Log } from "../log";
import type { Random } from "../random";
import type { Storage } from "../storage";
import type { Tcp } from "../tcp";
import type { Watchdog } from "../watchdog";

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

/** What the family is multiplied by where a number is family and port. */
export const PORTS = 0x10000;

/**
 * The functions of device.h. Every argument is checked by the binding: a range outside of its buffer or a number that names nothing
 * raises an error there, which is a fault of the program. Those with a `this` are methods of the board's parts as they are.
 * An address is a buffer of 16 octets, `familyAndPort` the family, 0, 4 or 6, times PORTS, and the port.
 */
export interface Native {
  /** device_clock_ms in 27 bits. */
  clockNow(this: Clock): number;
  randomFill(this: Random, buffer: Bytes, start: number, end: number): void;
  /** The bits of hal/news.ts. */
  newsTake(this: Board): number;
  /** 1 or 0 */
  networkIsUp(this: void): number;
  networkChanges(this: void): number;
  mediaCount(this: void): number;
  /** Writes the source's address; `familyAndPort` then says the rest. */
  udpRead(this: void, socket: number, buffer: Bytes, address: Bytes): number;
  udpWrite(
    this: void,
    socket: number,
    buffer: Bytes,
    start: number,
    end: number,
    address: Bytes,
    familyAndPort: number,
  ): number;
  /** Writes the socket's address of a family. Returns its family and port. */
  udpLocal(this: void, socket: number, family: number, address: Bytes): number;
  /** Family and port of the endpoint whose address the last `udpRead` or `tcpAccept` wrote. */
  familyAndPort(this: void): number;
  tcpCount(this: void): number;
  tcpConnect(this: void, connection: number, address: Bytes, familyAndPort: number): number;
  tcpWaiting(this: Tcp): number;
  /** Writes the peer's address, as `udpRead` does. */
  tcpAccept(this: void, connection: number, address: Bytes): number;
  tcpRead(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number;
  tcpWrite(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number;
  tcpClose(this: Tcp, connection: number): void;
  audioStart(this: void, direction: NativeAudio): void;
  audioStop(this: void, direction: NativeAudio): void;
  audioRead(this: AudioIn, samples: Samples, count: number): number;
  audioWrite(this: AudioOut, samples: Samples, count: number): number;
  pinCount(this: void, kind: NativePins): number;
  pinRead(this: void, kind: NativePins, index: number): number;
  pinWrite(this: void, kind: NativePins, index: number, value: number): void;
  i2cWrite(this: I2C, address: number, buffer: Bytes, start: number, end: number): number;
  i2cRead(this: I2C, address: number, buffer: Bytes, start: number, end: number): number;
  /** Writes buffer[start … end), then reads `count` octets to it from `end`. */
  i2cWriteRead(this: I2C, address: number, buffer: Bytes, start: number, end: number, count: number): number;
  storageRead(this: Storage, record: number, buffer: Bytes): number;
  storageWrite(this: Storage, record: number, buffer: Bytes, length: number): number;
  logEvent(this: Log, event: number, first: number, second: number): void;
  /** sent: 1 or 0 */
  logMessage(
    this: void,
    sent: number,
    bytes: Bytes,
    start: number,
    end: number,
    address: Bytes,
    familyAndPort: number,
  ): void;
  /** device_reset_reason */
  resetReason(this: void): number;
  watchdogFeed(this: Watchdog): void;
}
