// A STUN server (RFC 5389 7.3.1): answers binding requests with the address that they came from, XORed with the cookie. Written
// from the RFC, apart from the firmware's client.

import { createSocket, type Socket } from "node:dgram";
import type { Bed } from "../bed";

export const STUN_ADDRESS = "127.0.0.20";
export const STUN_PORT = 3478;

const HEADER = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;
const COOKIE_AT = 4;

function answerTo(request: Buffer, address: string, port: number): Buffer {
  const answer = Buffer.alloc(HEADER + 12);
  request.copy(answer, 0, 0, HEADER);
  answer.writeUInt16BE(BINDING_SUCCESS, 0);
  answer.writeUInt16BE(12, 2);
  answer.writeUInt16BE(XOR_MAPPED_ADDRESS, HEADER);
  answer.writeUInt16BE(8, HEADER + 2);
  answer[HEADER + 5] = 1;
  answer.writeUInt16BE(port ^ request.readUInt16BE(COOKIE_AT), HEADER + 6);
  address.split(".").forEach((octet, index) => {
    answer[HEADER + 8 + index] = Number(octet) ^ request[COOKIE_AT + index];
  });
  return answer;
}

export class StunServer {
  /** Who asked, "address:port", in order. */
  readonly askers: string[] = [];

  private constructor(socket: Socket) {
    socket.on("message", (request, { address, port }) => {
      if (request.length >= HEADER && request.readUInt16BE(0) === BINDING_REQUEST) {
        this.askers.push(`${address}:${port}`);
        socket.send(answerTo(request, address, port), port, address);
      }
    });
  }

  /** Starts one that ends with the test. */
  static start(bed: Bed): Promise<StunServer> {
    const socket = createSocket("udp4");
    bed.atEnd(() => {
      socket.close();
    });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(STUN_PORT, STUN_ADDRESS, () => resolve(new StunServer(socket)));
    });
  }
}
