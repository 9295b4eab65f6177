// The loopback interface under another address. A board in QEMU cannot speak to 127.0.0.1, which is itself: it sees this machine as
// 10.0.2.2. So everything of the desk is at that address in SIP and SDP, and its sockets translate to where they are.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../../hal/endpoint";
import { addressText, endpointOf } from "../../hal/node/endpoint";
import { TcpSocket } from "../../hal/node/tcp-socket";
import { type DeskUdp, openUdpPair, type UdpOptions, UdpSocket } from "../../hal/node/udp-socket";
import { watchInterfaces } from "../../hal/node/watched-network";
import { SimulatedBoard } from "../board/simulated-board";
import type { DeskNetwork } from "../desk-network";

/** This machine, as QEMU's user network calls it. */
export const GATEWAY_ADDRESS = "10.0.2.2";

class AliasedUdp implements DeskUdp {
  private readonly destination = createEndpoint();

  constructor(
    private readonly socket: UdpSocket,
    private readonly alias: string,
    private readonly address: string,
  ) {}

  get local(): Endpoint {
    return this.socket.local;
  }

  get local6(): Endpoint {
    return this.socket.local6;
  }

  set onReadable(take: () => void) {
    this.socket.onReadable = take;
  }

  get onReadable(): () => void {
    return this.socket.onReadable;
  }

  read(buffer: Bytes, source: Endpoint): number {
    const length = this.socket.read(buffer, source);
    if (length >= 0 && addressText(source) === this.address) {
      copyEndpoint(source, endpointOf(this.alias, source.port));
    }
    return length;
  }

  write(buffer: Bytes, start: number, end: number, destination: Endpoint): number {
    copyEndpoint(this.destination, destination);
    if (addressText(destination) === this.alias) {
      copyEndpoint(this.destination, endpointOf(this.address, destination.port));
    }
    return this.socket.write(buffer, start, end, this.destination);
  }

  clear(): void {
    this.socket.clear();
  }

  close(): void {
    this.socket.close();
  }
}

/** The network of a desk whose sockets are at `address` and seen at `alias`. UDP alone is translated: the desk's phones use no other. */
export function createAliasedNetwork(network: DeskNetwork, alias: string, address: string): DeskNetwork {
  const options = (port: number): UdpOptions => ({ address, advertisedAddress: alias, port });
  const aliased = (socket: UdpSocket): AliasedUdp => new AliasedUdp(socket, alias, address);
  const open = async (port: number): Promise<AliasedUdp> => aliased(await UdpSocket.open(options(port)));
  return {
    scheduler: network.scheduler,
    until: (condition, limit) => network.until(condition, limit),
    openSocket: (_address, port) => open(port),
    openBoard: async ({ sipPort = 0, rtpPort = 0 }, board) => {
      const sip = await open(sipPort);
      const media = await openUdpPair(options(rtpPort));
      return new SimulatedBoard(
        network.scheduler,
        {
          network: watchInterfaces([address]),
          sip,
          streams: await TcpSocket.open({ address, port: 0 }),
          names: await open(0),
          media: [{ rtp: aliased(media.rtp), rtcp: aliased(media.rtcp) }],
        },
        board,
      );
    },
  };
}
