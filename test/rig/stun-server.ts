// A STUN server outside the NAT of a station, at 192.0.2.70:3478: it answers at once at which address the NAT shows each of the
// three sockets, as long as the test lets it, and counts who asked.

import { createBytes } from "../../firmware/bytes/bytes";
import type { Endpoint } from "../../hal/endpoint";
import { type FakeDatagram, type FakeUdp, testEndpoint } from "../fake-udp";
import type { Door } from "./door";

const SERVER_HOST = 70;
const SERVER_PORT = 3478;

/** The setting that names it. */
export const STUN_SETTING = "network.stun-server = 192.0.2.70";

export class StunServer {
  /** Whether it is heard at all, and over RTCP's socket. */
  answering = true;
  answeringControl = true;
  /** The NAT's address 203.0.113.`host`; that of RTCP where it is another. */
  host = 7;
  controlHost = 7;
  /** The ports outside; 0: the socket's own address, there is no NAT. */
  rtpPort = 40000;
  rtcpPort = 40007;
  /** What was asked over RTP's and RTCP's sockets. */
  rtpRequests: FakeDatagram[] = [];
  rtcpRequests: FakeDatagram[] = [];
  readonly endpoint: Endpoint = testEndpoint(SERVER_HOST, SERVER_PORT);

  constructor(private readonly door: Door) {
    door.wire.udp.intercept = (datagram) => this.take(door.wire.udp, datagram, this.host, 30000);
    door.rtp.intercept = (datagram) => {
      const isMine = this.take(door.rtp, datagram, this.host, this.rtpPort);
      if (isMine) {
        this.rtpRequests.push(datagram);
      }
      return isMine;
    };
    door.rtcp.intercept = (datagram) => {
      const isMine = this.take(door.rtcp, datagram, this.controlHost, this.rtcpPort);
      if (isMine) {
        this.rtcpRequests.push(datagram);
      }
      return isMine;
    };
  }

  /** Takes a request to the server. Returns whether it is one. */
  private take(socket: FakeUdp, datagram: FakeDatagram, host: number, port: number): boolean {
    if (datagram.peer.address[3] !== SERVER_HOST || datagram.peer.port !== SERVER_PORT) {
      return false;
    }
    if (this.answering && (socket !== this.door.rtcp || this.answeringControl)) {
      const address = port === 0 ? [192, 0, 2, socket.local.address[3]] : [203, 0, 113, host];
      this.answer(socket, datagram, address, port === 0 ? socket.local.port : port);
    }
    return true;
  }

  /** Answers a request: the sender is at an address and port. */
  answer(socket: FakeUdp, request: FakeDatagram, address: number[], port: number): void {
    const response = createBytes(32);
    response[0] = 0x01;
    response[1] = 0x01;
    response[3] = 12;
    for (let index = 4; index < 20; index += 1) {
      response[index] = request.bytes[index];
    }
    response[21] = 0x20;
    response[23] = 8;
    response[25] = 1;
    response[26] = (port >> 8) ^ request.bytes[4];
    response[27] = (port & 0xff) ^ request.bytes[5];
    for (let index = 0; index < 4; index += 1) {
      response[28 + index] = address[index] ^ request.bytes[4 + index];
    }
    socket.arrive(response, 32, this.endpoint);
  }

  /** Answers what was asked last over RTCP's socket, late. */
  answerControl(): void {
    const request = this.rtcpRequests[this.rtcpRequests.length - 1];
    this.answer(this.door.rtcp, request, [203, 0, 113, this.controlHost], this.rtcpPort);
    this.door.poll();
  }

  /** Moves the time on until it was asked and its answers are taken: a retransmission may be due. */
  settle(): void {
    this.door.advance(1100);
  }
}
