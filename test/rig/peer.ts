// The other side of the wire, written down: a user agent that makes requests and responses as texts and keeps no more state
// than the calls need. It does what the test says, also what the RFC forbids.

import type { Endpoint } from "../../hal/endpoint";
import { testEndpoint } from "../fake-udp";
import { firstWord, headerOf, headersOf, messageOf, parameterOf, sdpOf, textBetween } from "./message-text";

/** The port at which all peers hear voice. */
export const PEER_RTP_PORT = 4000;

export class Peer {
  readonly endpoint: Endpoint;
  readonly sentBy: string;
  readonly contact: string;
  /** From of its requests, without tag. */
  address: string;
  private branches = 0;
  private calls = 0;

  /** A user agent at 192.0.2.`host`:`port` with the address `<sip:name@192.0.2.host>`. */
  constructor(
    readonly name: string,
    readonly host: number,
    port: number,
  ) {
    this.endpoint = testEndpoint(host, port);
    this.sentBy = `192.0.2.${host}:${port}`;
    this.contact = `<sip:${name}@${this.sentBy}>`;
    this.address = `<sip:${name}@192.0.2.${host}>`;
  }

  newBranch(): string {
    this.branches += 1;
    return `z9hG4bK-${this.name}-${this.branches}`;
  }

  newCall(): PeerCall {
    this.calls += 1;
    return new PeerCall(this, `${this.name}-${this.calls}@192.0.2.${this.host}`);
  }

  /** Its side of the call that an INVITE of the device begins. */
  takeCall(invite: string): PeerCall {
    const call = new PeerCall(this, headerOf(invite, "Call-ID"));
    const from = headerOf(invite, "From");
    call.invite = invite;
    call.localAddress = headerOf(invite, "To");
    call.remoteAddress = from.substring(0, from.indexOf(";tag="));
    call.remoteTag = parameterOf(from, "tag");
    call.remoteTarget = textBetween(headerOf(invite, "Contact"), "<", ">");
    return call;
  }

  /** What it offers or answers. */
  description(attributes: string[]): string {
    return sdpOf(this.host, PEER_RTP_PORT, attributes);
  }

  /** A request outside dialogs. */
  request(method: string, headers: string[], body: string): string {
    return this.newCall().request(method, headers, body);
  }
}

/** One call, as the peer sees it. */
export class PeerCall {
  localTag: string;
  remoteTag = "";
  localAddress: string;
  remoteAddress = "<sip:door@192.0.2.4>";
  remoteTarget = "sip:door@192.0.2.4:5060";
  /** CSeq of its last request. */
  sequence = 100;
  /** The INVITE that began it. */
  invite = "";
  /** Route header fields of its requests. */
  routes: string[] = [];

  constructor(
    readonly peer: Peer,
    readonly callId: string,
  ) {
    this.localTag = `${peer.name}-tag`;
    this.localAddress = peer.address;
  }

  private tagged(address: string, tag: string): string {
    return tag === "" ? address : `${address};tag=${tag}`;
  }

  private linesOf(method: string, branch: string, sequence: number): string[] {
    const lines = [
      `${method} ${this.remoteTarget} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.peer.sentBy};branch=${branch};rport`,
      "Max-Forwards: 70",
      `From: ${this.tagged(this.localAddress, this.localTag)}`,
      `To: ${this.tagged(this.remoteAddress, this.remoteTag)}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${sequence} ${method}`,
    ];
    for (let index = 0; index < this.routes.length; index += 1) {
      lines.push(`Route: ${this.routes[index]}`);
    }
    return lines;
  }

  /** A request with the next CSeq, inside the dialog once there is one. */
  request(method: string, headers: string[], body: string): string {
    this.sequence += 1;
    const lines = this.linesOf(method, this.peer.newBranch(), this.sequence);
    if (method === "INVITE") {
      lines.push(`Contact: ${this.peer.contact}`);
    }
    for (let index = 0; index < headers.length; index += 1) {
      lines.push(headers[index]);
    }
    const text = messageOf(lines, body);
    if (method === "INVITE") {
      this.invite = text;
    }
    return text;
  }

  /** An INVITE, the first one or one within the call. */
  inviteWith(body: string): string {
    return this.request("INVITE", [], body);
  }

  private inviteSequence(): number {
    return Number(textBetween(` ${headerOf(this.invite, "CSeq")}`, " ", " "));
  }

  /** The ACK for a 2xx to the last INVITE: a branch of its own (13.2.2.4). */
  acknowledge(body: string): string {
    return messageOf(this.linesOf("ACK", this.peer.newBranch(), this.inviteSequence()), body);
  }

  /** The ACK of a refused INVITE, or CANCEL: with the INVITE's branch (17.1.1.3, 9.1). */
  private derived(method: string, response: string): string {
    const lines = [
      `${method} ${textBetween(this.invite, "INVITE ", " ")} SIP/2.0`,
      `Via: ${headerOf(this.invite, "Via")}`,
      "Max-Forwards: 70",
      `From: ${headerOf(this.invite, "From")}`,
      `To: ${headerOf(response === "" ? this.invite : response, "To")}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.inviteSequence()} ${method}`,
    ];
    return messageOf(lines, "");
  }

  acknowledgeRefusal(response: string): string {
    return this.derived("ACK", response);
  }

  cancel(): string {
    return this.derived("CANCEL", "");
  }

  bye(): string {
    return this.request("BYE", [], "");
  }

  /** Takes the tag and the target of the device's response: the dialog stands. */
  takeResponse(response: string): void {
    const contact = headerOf(response, "Contact");
    this.remoteTag = parameterOf(headerOf(response, "To"), "tag");
    if (contact !== "") {
      this.remoteTarget = textBetween(contact, "<", ">");
    }
  }

  /** A response to a request of the device, with this call's tag. */
  respond(request: string, status: string, headers: string[], body: string): string {
    return responseOf(request, status, this.localTag, headers, body);
  }

  /** 200 to the device's INVITE, or a provisional response with a dialog. */
  answer(status: string, body: string): string {
    return this.respond(this.invite, status, [`Contact: ${this.peer.contact}`], body);
  }
}

/**
 * A response to a request: its Via, From, To, Call-ID, CSeq and Record-Route.
 * @param status e.g. "180 Ringing"
 * @param tag put into To when the request has none there; "" leaves it without
 */
export function responseOf(request: string, status: string, tag: string, headers: string[], body: string): string {
  const lines = [`SIP/2.0 ${status}`];
  const vias = headersOf(request, "Via");
  const to = headerOf(request, "To");
  for (let index = 0; index < vias.length; index += 1) {
    lines.push(`Via: ${vias[index]}`);
  }
  lines.push(`From: ${headerOf(request, "From")}`);
  lines.push(`To: ${to.indexOf(";tag=") >= 0 || tag === "" ? to : `${to};tag=${tag}`}`);
  lines.push(`Call-ID: ${headerOf(request, "Call-ID")}`);
  lines.push(`CSeq: ${headerOf(request, "CSeq")}`);
  if (firstWord(request) === "INVITE") {
    const routes = headersOf(request, "Record-Route");
    for (let index = 0; index < routes.length; index += 1) {
      lines.push(`Record-Route: ${routes[index]}`);
    }
  }
  for (let index = 0; index < headers.length; index += 1) {
    lines.push(headers[index]);
  }
  return messageOf(lines, body);
}
