// A board made of the functions of device.h: what the shells boot. One record a part, whose methods are C's own wherever they ask for
// the same, and hand the VM's own buffers to C. Nothing here allocates after boot.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { AudioIn, AudioOut } from "../audio";
import type { Board, MediaSockets } from "../board";
import type { Digital } from "../digital";
import type { Endpoint } from "../endpoint";
import type { Log } from "../log";
import type { Network } from "../network";
import type { Tcp } from "../tcp";
import type { Udp } from "../udp";
import { type Native, NativeAudio, NativePins, NativeSocket, PORTS } from "./native";

interface NativePart {
  native: Native;
}

interface NativeUdp extends Udp, NativePart {
  socket: number;
}

interface NativePin extends Digital, NativePart {
  kind: NativePins;
  index: number;
}

interface NativeNetwork extends Network, NativePart {
  /** Whose addresses follow the network. */
  sockets: NativeUdp[];
  /** The count of changes that the addresses belong to. */
  seen: number;
}

function familyAndPortOf(endpoint: Endpoint): number {
  return endpoint.family * PORTS + endpoint.port;
}

/** Sets what an endpoint has beside its address. */
function setFamilyAndPort(endpoint: Endpoint, familyAndPort: number): void {
  endpoint.family = familyAndPort >> 16;
  endpoint.port = familyAndPort & 0xffff;
}

function readUdp(this: Udp, buffer: Bytes, source: Endpoint): number {
  const udp = this as NativeUdp;
  const native = udp.native;
  const length = native.udpRead(udp.socket, buffer, source.address);
  if (length >= 0) {
    setFamilyAndPort(source, native.familyAndPort());
  }
  return length;
}

function writeUdp(this: Udp, buffer: Bytes, start: number, end: number, destination: Endpoint): number {
  const udp = this as NativeUdp;
  return udp.native.udpWrite(udp.socket, buffer, start, end, destination.address, familyAndPortOf(destination));
}

/** Sets the socket's addresses to those of now: that of IPv6 is its one address where there is none of IPv4. */
function readLocal(udp: NativeUdp): void {
  const native = udp.native;
  setFamilyAndPort(udp.local, native.udpLocal(udp.socket, 4, udp.local.address));
  setFamilyAndPort(udp.local6, native.udpLocal(udp.socket, 6, udp.local6.address));
  // A family that is not spoken has no port either.
  if (udp.local.family === 0 && udp.local6.port !== 0) {
    copyEndpoint(udp.local, udp.local6);
    udp.local6.family = 0;
  }
}

function createUdp(network: NativeNetwork, socket: number): Udp {
  const udp: NativeUdp = {
    native: network.native,
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
  const native = (this as Tcp & NativePart).native;
  return native.tcpConnect(connection, remote.address, familyAndPortOf(remote));
}

function accept(this: Tcp, connection: number, remote: Endpoint): number {
  const native = (this as Tcp & NativePart).native;
  const status = native.tcpAccept(connection, remote.address);
  if (status === 0) {
    setFamilyAndPort(remote, native.familyAndPort());
  }
  return status;
}

function createTcp(native: Native): Tcp {
  const tcp: Tcp & NativePart = {
    native,
    count: native.tcpCount(),
    connect,
    waiting: native.tcpWaiting,
    accept,
    read: native.tcpRead,
    write: native.tcpWrite,
    close: native.tcpClose,
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

function createMedia(native: Native, network: NativeNetwork): MediaSockets[] {
  const media: MediaSockets[] = [];
  const count = native.mediaCount();
  for (let call = 0; call < count; call += 1) {
    const first = NativeSocket.MEDIA + 2 * call;
    media.push({ rtp: createUdp(network, first), rtcp: createUdp(network, first + 1) });
  }
  return media;
}

function startAudioIn(this: AudioIn): void {
  (this as AudioIn & NativePart).native.audioStart(NativeAudio.IN);
}

function stopAudioIn(this: AudioIn): void {
  (this as AudioIn & NativePart).native.audioStop(NativeAudio.IN);
}

function createAudioIn(native: Native): AudioIn {
  const audio: AudioIn & NativePart = { native, start: startAudioIn, stop: stopAudioIn, read: native.audioRead };
  return audio;
}

function startAudioOut(this: AudioOut): void {
  (this as AudioOut & NativePart).native.audioStart(NativeAudio.OUT);
}

function stopAudioOut(this: AudioOut): void {
  (this as AudioOut & NativePart).native.audioStop(NativeAudio.OUT);
}

function createAudioOut(native: Native): AudioOut {
  const audio: AudioOut & NativePart = { native, start: startAudioOut, stop: stopAudioOut, write: native.audioWrite };
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

function logMessage(this: Log, sent: boolean, bytes: Bytes, start: number, end: number, peer: Endpoint): void {
  const native = (this as Log & NativePart).native;
  native.logMessage(sent ? 1 : 0, bytes, start, end, peer.address, familyAndPortOf(peer));
}

function createLog(native: Native): Log {
  const log: Log & NativePart = { native, event: native.logEvent, message: logMessage };
  return log;
}

/** Boot only: everything that `native` says the board has. */
export function createNativeBoard(native: Native): Board {
  const network = createNetwork(native);
  return {
    clock: { now: native.clockNow },
    random: { fill: native.randomFill },
    storage: { read: native.storageRead, write: native.storageWrite },
    watchdog: { feed: native.watchdogFeed },
    log: createLog(native),
    network,
    sip: createUdp(network, NativeSocket.SIP),
    streams: createTcp(native),
    names: createUdp(network, NativeSocket.NAMES),
    media: createMedia(native, network),
    audioIn: createAudioIn(native),
    audioOut: createAudioOut(native),
    buttons: createPins(native, NativePins.BUTTONS),
    leds: createPins(native, NativePins.LEDS),
    relays: createPins(native, NativePins.RELAYS),
    takeNews: native.newsTake,
  };
}
