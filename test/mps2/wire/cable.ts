// The cable of a board in QEMU, with one other machine at its end, which this process is: each datagram of a socket on the loopback interface is
// a frame. The machine answers ARP, has ports of UDP, and keeps what the board sent. It has an address; what the board has is not its business.
// Further machines have an address and answer ARP, and that is all.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { PeerEndpoint, PeerNetwork, PeerSocket } from "../../../simulator/mps2/voice-peer";
import {
  ArpOperation,
  BROADCAST_HARDWARE,
  type Datagram,
  EtherType,
  type Frame,
  type Packet,
  Protocol,
  readArp,
  readFrame,
  readPacket,
  readUdp,
  writeArp,
  writeFrame,
  writePacket,
  writeUdp,
} from "./frames";

const LOOPBACK = "127.0.0.1";
/** The network is 192.0.2.0/24 (RFC 5737). */
export const HOST = "192.0.2.1";
export const NETWORK_MASK = "255.255.255.0";
const BROADCAST = "255.255.255.255";
const HOST_HARDWARE = Buffer.of(2, 0, 0, 0, 0, 1);
const OTHER_HARDWARE = Buffer.of(2, 0, 0, 0, 0, 2);
const FIRST_FREE_PORT = 30000;

async function open(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, LOOPBACK);
  await once(socket, "listening");
  return socket;
}

export class Cable implements PeerNetwork {
  readonly family = 4;
  readonly host = HOST;
  /** What the board sent by UDP, in order. */
  readonly sent: Datagram[] = [];
  /** Hears what the board sends by TCP (tcp-peer.ts). */
  onTcp: (packet: Packet) => void = () => undefined;
  /** The hardware's address of each machine, by its own. */
  readonly #machines = new Map([[HOST, HOST_HARDWARE]]);
  readonly #ports = new Map<number, (datagram: Datagram) => void>();
  #board = BROADCAST_HARDWARE;
  #free = FIRST_FREE_PORT;

  private constructor(
    readonly socket: Socket,
    readonly boardPort: number,
  ) {
    socket.on("message", (octets) => this.#take(readFrame(octets)));
  }

  static async lay(): Promise<Cable> {
    const [socket, board] = [await open(), await open()];
    const { port } = board.address();
    // QEMU takes it.
    board.close();
    return new Cable(socket, port);
  }

  /** The board's end, in QEMU's words. */
  get nic(): string {
    return `socket,udp=${LOOPBACK}:${this.socket.address().port},localaddr=${LOOPBACK}:${this.boardPort}`;
  }

  close(): void {
    this.socket.close();
  }

  /** Puts another machine on the cable. */
  addMachine(address: string): void {
    this.#machines.set(address, OTHER_HARDWARE);
  }

  /** Sends a frame from the machine. */
  sendFrame(type: EtherType, payload: Buffer, destination: Buffer = this.#board, source: Buffer = HOST_HARDWARE): void {
    this.socket.send(writeFrame({ destination, source, type, payload }), this.boardPort, LOOPBACK);
  }

  /** Sends a packet of any protocol to the board. */
  sendPacket(packet: Packet): void {
    this.sendFrame(EtherType.IPV4, writePacket(packet));
  }

  /** Sends a datagram to whoever has the address; to all when that is the broadcast's. */
  sendDatagram(datagram: Datagram): void {
    const hardware = datagram.destination === BROADCAST ? BROADCAST_HARDWARE : this.#board;
    this.sendFrame(EtherType.IPV4, writeUdp(datagram), hardware);
  }

  /** Sends to everybody on the cable. */
  broadcast(sourcePort: number, destinationPort: number, payload: Buffer, source = HOST): void {
    this.sendDatagram({ source, sourcePort, destination: BROADCAST, destinationPort, payload });
  }

  /** Takes what comes to a port, also by broadcast, until the returned function is called. */
  listen(port: number, take: (datagram: Datagram) => void): () => void {
    this.#ports.set(port, take);
    return () => this.#ports.delete(port);
  }

  bind(wanted: number): Promise<PeerSocket | undefined> {
    const port = wanted === 0 ? this.#free++ : wanted;
    if (this.#ports.has(port)) {
      return Promise.resolve(undefined);
    }
    let hear: (octets: Buffer, from: PeerEndpoint) => void = () => undefined;
    const close = this.listen(port, ({ payload, source, sourcePort }) =>
      hear(payload, { address: source, port: sourcePort }),
    );
    return Promise.resolve({
      on: (_, listener) => {
        hear = listener;
      },
      send: (octets, destinationPort, destination) =>
        this.sendDatagram({
          ...{ source: HOST, sourcePort: port, destination, destinationPort },
          payload: Buffer.from(octets as Uint8Array),
        }),
      address: () => ({ port }),
      close,
    });
  }

  #take({ source, type, payload }: Frame): void {
    this.#board = Buffer.from(source);
    if (type === EtherType.ARP) {
      this.#answerArp(payload);
    } else if (type === EtherType.IPV4) {
      this.#takePacket(readPacket(payload));
    }
  }

  #takePacket(packet: Packet): void {
    if (packet.protocol === Protocol.UDP) {
      const datagram = readUdp(packet);
      this.sent.push(datagram);
      if (datagram.destination === HOST || datagram.destination === BROADCAST) {
        this.#ports.get(datagram.destinationPort)?.(datagram);
      }
    } else if (packet.protocol === Protocol.TCP) {
      this.onTcp(packet);
    }
  }

  #answerArp(octets: Buffer): void {
    const { operation, senderHardware, sender, target } = readArp(octets);
    const hardware = this.#machines.get(target);
    if (operation === ArpOperation.REQUEST && hardware !== undefined) {
      const answer = { operation: ArpOperation.REPLY, senderHardware: hardware, sender: target };
      const payload = writeArp({ ...answer, targetHardware: senderHardware, target: sender });
      this.sendFrame(EtherType.ARP, payload, senderHardware, hardware);
    }
  }
}
