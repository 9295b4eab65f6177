// What lies on the cable of a board, as octets: Ethernet II, ARP (RFC 826), IPv4 (RFC 791) and UDP (RFC 768), as far as a peer of a board
// needs them. It knows no fragments and no options of IPv4.

export const enum EtherType {
  IPV4 = 0x0800,
  ARP = 0x0806,
}

export const enum ArpOperation {
  REQUEST = 1,
  REPLY = 2,
}

export const enum Protocol {
  TCP = 6,
  UDP = 17,
}

export interface Frame {
  destination: Buffer;
  source: Buffer;
  type: number;
  payload: Buffer;
}

export interface Arp {
  operation: number;
  senderHardware: Buffer;
  sender: string;
  targetHardware: Buffer;
  target: string;
}

/** Of IPv4, without options. */
export interface Packet {
  protocol: number;
  source: string;
  destination: string;
  payload: Buffer;
}

export interface Datagram {
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  payload: Buffer;
}

export const BROADCAST_HARDWARE = Buffer.alloc(6, 0xff);
export const NO_HARDWARE = Buffer.alloc(6);

const ETHERNET_HEADER = 14;
/** The shortest frame without its checksum. */
const FRAME_LEAST = 60;
const IPV4_HEADER = 20;
const UDP_HEADER = 8;
const TIME_TO_LIVE = 64;
const MORE_FRAGMENTS_OR_PLACE = 0x3fff;

export function addressOctets(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}

function addressText(octets: Buffer): string {
  return octets.join(".");
}

export function word(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

/** The Internet checksum (RFC 1071): 0 over what bears its own. */
function checksum(octets: Buffer): number {
  let sum = 0;
  for (let index = 0; index < octets.length; index += 1) {
    sum += index % 2 === 0 ? octets[index] << 8 : octets[index];
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return ~sum & 0xffff;
}

export function writeFrame({ destination, source, type, payload }: Frame): Buffer {
  const frame = Buffer.concat([destination, source, word(type), payload]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, FRAME_LEAST - frame.length))]);
}

export function readFrame(octets: Buffer): Frame {
  return {
    destination: octets.subarray(0, 6),
    source: octets.subarray(6, 12),
    type: octets.readUInt16BE(12),
    payload: octets.subarray(ETHERNET_HEADER),
  };
}

export function writeArp({ operation, senderHardware, sender, targetHardware, target }: Arp): Buffer {
  const head = Buffer.of(0, 1, EtherType.IPV4 >> 8, EtherType.IPV4 & 0xff, 6, 4, 0, operation);
  return Buffer.concat([head, senderHardware, addressOctets(sender), targetHardware, addressOctets(target)]);
}

export function readArp(octets: Buffer): Arp {
  return {
    operation: octets.readUInt16BE(6),
    senderHardware: octets.subarray(8, 14),
    sender: addressText(octets.subarray(14, 18)),
    targetHardware: octets.subarray(18, 24),
    target: addressText(octets.subarray(24, 28)),
  };
}

/** The sum of a protocol above IPv4, over its octets and what of the packet's header it covers (RFC 768, RFC 9293 3.1). */
export function transportChecksum({ protocol, source, destination, payload }: Packet): number {
  const addresses = [addressOctets(source), addressOctets(destination)];
  return checksum(Buffer.concat([...addresses, Buffer.of(0, protocol), word(payload.length), payload]));
}

export function writePacket({ protocol, source, destination, payload }: Packet): Buffer {
  const flags = Buffer.of(0, 0, 0, 0, TIME_TO_LIVE, protocol, 0, 0);
  const addresses = [addressOctets(source), addressOctets(destination)];
  const header = Buffer.concat([Buffer.of(0x45, 0), word(IPV4_HEADER + payload.length), flags, ...addresses]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** @throws when the checksum of its header is wrong, that of UDP or TCP is, or it is a fragment */
export function readPacket(octets: Buffer): Packet {
  const headerLength = 4 * (octets[0] & 15);
  const packet = {
    protocol: octets[9],
    source: addressText(octets.subarray(12, 16)),
    destination: addressText(octets.subarray(16, 20)),
    payload: octets.subarray(headerLength, octets.readUInt16BE(2)),
  };
  const isSummed = packet.protocol === Protocol.UDP || packet.protocol === Protocol.TCP;
  const isWhole =
    (octets.readUInt16BE(6) & MORE_FRAGMENTS_OR_PLACE) === 0 &&
    checksum(octets.subarray(0, headerLength)) === 0 &&
    (!isSummed || transportChecksum(packet) === 0);
  if (!isWhole) {
    throw new Error(`the board sent a packet that is not whole: ${octets.toString("hex")}`);
  }
  return packet;
}

/** A datagram as a packet of IPv4. */
export function writeUdp({ source, sourcePort, destination, destinationPort, payload }: Datagram): Buffer {
  const length = UDP_HEADER + payload.length;
  const udp = Buffer.concat([word(sourcePort), word(destinationPort), word(length), word(0), payload]);
  const packet = { protocol: Protocol.UDP, source, destination, payload: udp };
  // A sum of zero is sent as its other form (RFC 768).
  udp.writeUInt16BE(transportChecksum(packet) || 0xffff, 6);
  return writePacket(packet);
}

/** @throws when its length is not that of the packet */
export function readUdp({ source, destination, payload }: Packet): Datagram {
  if (payload.length !== payload.readUInt16BE(4)) {
    throw new Error(`the board sent a datagram that is not whole: ${payload.toString("hex")}`);
  }
  return {
    ...{ source, sourcePort: payload.readUInt16BE(0) },
    ...{ destination, destinationPort: payload.readUInt16BE(2) },
    payload: payload.subarray(UDP_HEADER),
  };
}
