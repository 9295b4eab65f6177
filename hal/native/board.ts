// A board made of the functions of device.h: what the shells boot. One record a part, whose methods hand the VM's own buffers to C;
// an endpoint is copied, as the 20 octets of device_endpoint. Nothing here allocates after boot.

import { type Bytes, copyBytes, createBytes, type Samples } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { AudioIn, AudioOut } from "../audio";
import type { Board, MediaSockets } from "../board";
import type { Clock } from "../clock";
import type { Digital } from "../digital";
import type { Endpoint } from "../endpoint";
import type { Log } from "../log";
import type { Network } from "../network";
import type { Random } from "../random";
import type { Storage } from "../storage";
import type { Tcp } from "../tcp";
import type { Udp } from "../udp";
import type { Watchdog } from "../watchdog";
import { ENDPOINT_OCTETS, type Native, NativeAudio, NativePins, NativeSocket } from "./native";

const PORT_AT = 2;
const ADDRESS_AT = 4;

/** What every part has: the way to C, and the room for one endpoint on that way. */
interface Way {
  native: Native;
  endpoint: Bytes;
}

interface NativeUdp extends Udp, Way {
  socket: number;
}

interface NativeTcp extends Tcp, Way {}

interface NativePin extends Digital {
  native: Native;
  kind: NativePins;
  index: number;
}

interface NativePart {
  native: Native;
}

interface NativeNetwork extends Network, NativePart {
  /** Whose addresses follow the network. */
  sockets: NativeUdp[];
  /** The count of changes that the addresses belong to. */
  seen: number;
}

interface NativeLog extends Log, Way {}

function addressOctets(family: number): number {
  return family === 0 ? 0 : family === 4 ? 4 : 16;
}

function putEndpoint(block: Bytes, endpoint: Endpoint): void {
  block[0] = endpoint.family & 0xff;
  block[PORT_AT] = endpoint.port >> 8;
  block[PORT_AT + 1] = endpoint.port & 0xff;
  copyBytes(block, ADDRESS_AT, endpoint.address, 0, addressOctets(endpoint.family));
}

function takeEndpoint(block: Bytes, endpoint: Endpoint): void {
  endpoint.family = block[0];
  endpoint.port = (block[PORT_AT] << 8) | block[PORT_AT + 1];
  copyBytes(endpoint.address, 0, block, ADDRESS_AT, ADDRESS_AT + addressOctets(block[0]));
}

function readUdp(this: Udp, buffer: Bytes, source: Endpoint): number {
  const udp = this as NativeUdp;
  const length = udp.native.udpRead(udp.socket, buffer, udp.endpoint);
  if (length >= 0) {
    takeEndpoint(udp.endpoint, source);
  }
  return length;
}

function writeUdp(this: Udp, buffer: Bytes, start: number, end: number, destination: Endpoint): number {
  const udp = this as NativeUdp;
  putEndpoint(udp.endpoint, destination);
  return udp.native.udpWrite(udp.socket, buffer, start, end, udp.endpoint);
}

/** Sets the socket's addresses to those of now: that of IPv6 is its one address where there is none of IPv4. */
function readLocal(udp: NativeUdp): void {
  udp.native.udpLocal(udp.socket, 4, udp.endpoint);
  takeEndpoint(udp.endpoint, udp.local);
  udp.native.udpLocal(udp.socket, 6, udp.endpoint);
  takeEndpoint(udp.endpoint, udp.local6);
  // A family that is not spoken has no port either.
  if (udp.local.family === 0 && udp.local6.port !== 0) {
    copyEndpoint(udp.local, udp.local6);
    udp.local6.family = 0;
  }
}

function createUdp(network: NativeNetwork, endpoint: Bytes, socket: number): Udp {
  const udp: NativeUdp = {
    native: network.native,
    endpoint,
    socket,
    read: readUdp,
    write: writeUdp,
    local: createEndpoint(),
    local6: createEndpoint(),
  };
  readLocal(udp);
  network.sockets.push(udp);
  return udp;
}

function connect(this: Tcp, connection: number, remote: Endpoint): number {
  const tcp = this as NativeTcp;
  putEndpoint(tcp.endpoint, remote);
  return tcp.native.tcpConnect(connection, tcp.endpoint);
}

function waiting(this: Tcp): number {
  return (this as NativeTcp).native.tcpWaiting();
}

function accept(this: Tcp, connection: number, remote: Endpoint): number {
  const tcp = this as NativeTcp;
  const status = tcp.native.tcpAccept(connection, tcp.endpoint);
  if (status === 0) {
    takeEndpoint(tcp.endpoint, remote);
  }
  return status;
}

function readTcp(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number {
  return (this as NativeTcp).native.tcpRead(connection, buffer, start, end);
}

function writeTcp(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number {
  return (this as NativeTcp).native.tcpWrite(connection, buffer, start, end);
}

function closeTcp(this: Tcp, connection: number): void {
  (this as NativeTcp).native.tcpClose(connection);
}

function createTcp(native: Native, endpoint: Bytes): Tcp {
  const tcp: NativeTcp = {
    native,
    endpoint,
    count: native.tcpCount(),
    connect,
    waiting,
    accept,
    read: readTcp,
    write: writeTcp,
    close: closeTcp,
  };
  return tcp;
}

function isUp(this: Network): boolean {
  return (this as NativeNetwork).native.networkIsUp() === 1;
}

function changes(this: Network): number {
  const network = this as NativeNetwork;
  const count = network.native.networkChanges();
  if (count !== network.seen) {
    network.seen = count;
    for (let index = 0; index < network.sockets.length; index += 1) {
      readLocal(network.sockets[index]);
    }
  }
  return count;
}

function createNetwork(native: Native): NativeNetwork {
  return { native, sockets: [], seen: native.networkChanges(), isUp, changes };
}

function createMedia(native: Native, network: NativeNetwork, endpoint: Bytes): MediaSockets[] {
  const media: MediaSockets[] = [];
  const count = native.mediaCount();
  for (let call = 0; call < count; call += 1) {
    const first = NativeSocket.MEDIA + 2 * call;
    media.push({ rtp: createUdp(network, endpoint, first), rtcp: createUdp(network, endpoint, first + 1) });
  }
  return media;
}

function startAudioIn(this: AudioIn): void {
  (this as AudioIn & NativePart).native.audioStart(NativeAudio.IN);
}

function stopAudioIn(this: AudioIn): void {
  (this as AudioIn & NativePart).native.audioStop(NativeAudio.IN);
}

function readAudio(this: AudioIn, samples: Samples, count: number): number {
  return (this as AudioIn & NativePart).native.audioRead(samples, count);
}

function createAudioIn(native: Native): AudioIn {
  const audio: AudioIn & NativePart = { native, start: startAudioIn, stop: stopAudioIn, read: readAudio };
  return audio;
}

function startAudioOut(this: AudioOut): void {
  (this as AudioOut & NativePart).native.audioStart(NativeAudio.OUT);
}

function stopAudioOut(this: AudioOut): void {
  (this as AudioOut & NativePart).native.audioStop(NativeAudio.OUT);
}

function writeAudio(this: AudioOut, samples: Samples, count: number): number {
  return (this as AudioOut & NativePart).native.audioWrite(samples, count);
}

function createAudioOut(native: Native): AudioOut {
  const audio: AudioOut & NativePart = { native, start: startAudioOut, stop: stopAudioOut, write: writeAudio };
  return audio;
}

function readPin(this: Digital): number {
  const pin = this as NativePin;
  return pin.native.pinRead(pin.kind, pin.index);
}

function writePin(this: Digital, value: number): void {
  const pin = this as NativePin;
  pin.native.pinWrite(pin.kind, pin.index, value);
}

function createPins(native: Native, kind: NativePins): Digital[] {
  const pins: Digital[] = [];
  const count = native.pinCount(kind);
  for (let index = 0; index < count; index += 1) {
    const pin: NativePin = { native, kind, index, read: readPin, write: writePin };
    pins.push(pin);
  }
  return pins;
}

function now(this: Clock): number {
  return (this as Clock & NativePart).native.clockNow();
}

function createClock(native: Native): Clock {
  const clock: Clock & NativePart = { native, now };
  return clock;
}

function fill(this: Random, buffer: Bytes, start: number, end: number): void {
  (this as Random & NativePart).native.randomFill(buffer, start, end);
}

function createRandom(native: Native): Random {
  const random: Random & NativePart = { native, fill };
  return random;
}

function readRecord(this: Storage, record: number, buffer: Bytes): number {
  return (this as Storage & NativePart).native.storageRead(record, buffer);
}

function writeRecord(this: Storage, record: number, buffer: Bytes, length: number): number {
  return (this as Storage & NativePart).native.storageWrite(record, buffer, length);
}

function createStorage(native: Native): Storage {
  const storage: Storage & NativePart = { native, read: readRecord, write: writeRecord };
  return storage;
}

function feed(this: Watchdog): void {
  (this as Watchdog & NativePart).native.watchdogFeed();
}

function createWatchdog(native: Native): Watchdog {
  const watchdog: Watchdog & NativePart = { native, feed };
  return watchdog;
}

function takeNews(this: Board): number {
  return (this as Board & NativePart).native.newsTake();
}

function logEvent(this: Log, event: number, first: number, second: number): void {
  (this as NativeLog).native.logEvent(event, first, second);
}

function logMessage(this: Log, sent: boolean, bytes: Bytes, start: number, end: number, peer: Endpoint): void {
  const log = this as NativeLog;
  putEndpoint(log.endpoint, peer);
  log.native.logMessage(sent ? 1 : 0, bytes, start, end, log.endpoint);
}

function createLog(native: Native, endpoint: Bytes): Log {
  const log: NativeLog = { native, endpoint, event: logEvent, message: logMessage };
  return log;
}

/** Boot only: everything that `native` says the board has. */
export function createNativeBoard(native: Native): Board {
  const endpoint = createBytes(ENDPOINT_OCTETS);
  const network = createNetwork(native);
  const board: Board & NativePart = {
    native,
    clock: createClock(native),
    random: createRandom(native),
    storage: createStorage(native),
    watchdog: createWatchdog(native),
    log: createLog(native, endpoint),
    network,
    sip: createUdp(network, endpoint, NativeSocket.SIP),
    streams: createTcp(native, endpoint),
    names: createUdp(network, endpoint, NativeSocket.NAMES),
    media: createMedia(native, network, endpoint),
    audioIn: createAudioIn(native),
    audioOut: createAudioOut(native),
    buttons: createPins(native, NativePins.BUTTONS),
    leds: createPins(native, NativePins.LEDS),
    relays: createPins(native, NativePins.RELAYS),
    takeNews,
  };
  return board;
}
