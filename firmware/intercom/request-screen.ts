// Which requests get as far as the transactions (RFC 3261 26.3.2.4, 8.2.7): before a stranger's request takes a transaction or
// touches the media, it is matched to its dialog and to call.answer-from. What is refused is answered without state, at most
// as often as the answer budget allows. Peers that matter pass: the station and its dialogs judge them.

import type { Endpoint } from "../../hal/endpoint";
import { createEndpoint, equalAddresses, parseAddress } from "../bytes/ip-address";
import { createUriView, findNextHop } from "../sip/dialog";
import type { InviteSession, InviteSessions } from "../sip/invite-session";
import { type Message, MessageKind } from "../sip/message";
import { Method } from "../sip/method";
import { noteRefusal, Refusal } from "../sip/refusal-log";
import { findSession } from "../sip/request-routing";
import { countAvailable, findServerTransaction } from "../sip/server-transaction";
import { isProtectedSource, mayAnswer, protectSource, type SourcePolicy } from "../sip/source-policy";
import { Status } from "../sip/status";
import { refuseStatelessly } from "../sip/transactions";
import type { TransportUser } from "../sip/transport";
import { createUri, parseUri } from "../sip/uri";
import { isListedPeer } from "./peer-list";

export interface RequestScreen {
  readonly policy: SourcePolicy;
  readonly sessions: InviteSessions;
  /** Who takes what passes: the transactions. */
  readonly next: TransportUser;
}

/** By Refusal: the status code of the answer. 486 and not 503 for RESERVED: there is a call, and it will end. */
const STATUS_CODES = [0, 0, 0, 0, 0, 403, 403, 481, 486, 0];

const hop = createUriView();
const uri = createUri();
const hopAddress = createEndpoint();

/** Boot only: stands between the transport and its user, the transactions of `sessions`. */
export function createRequestScreen(policy: SourcePolicy, sessions: InviteSessions): RequestScreen {
  const transport = sessions.userAgent.transactions.transport;
  const screen: RequestScreen = { policy, sessions, next: transport.user };
  transport.user = { owner: screen, onMessage: screenMessage, onDefect: screenDefect };
  return screen;
}

/**
 * Whether a request comes from where the peer of its dialog is: where its INVITE came from, or the next hop of our own requests. A
 * next hop that is a name says nothing about addresses; then the tags decide alone, as RFC 3261 12 has it.
 */
function isFromPeer(session: InviteSession, source: Endpoint): boolean {
  if (session.serverPending && equalAddresses(session.server.destination, source)) {
    return true;
  }
  findNextHop(session.dialog, hop);
  const bytes = hop.text.bytes;
  if (parseUri(bytes, hop.start, hop.end, uri) !== Status.OK) {
    return false;
  }
  hopAddress.family = parseAddress(bytes, uri.hostStart, uri.hostEnd, hopAddress.address);
  return hopAddress.family === 0 || equalAddresses(hopAddress, source);
}

/** A request with a To tag. Its sender knows the tag that we gave its peer: from where the peer is, it is the peer. */
function judgeInDialog(screen: RequestScreen, request: Message, source: Endpoint): Refusal {
  const index = findSession(screen.sessions, request);
  if (index >= 0) {
    if (!isFromPeer(screen.sessions.items[index], source)) {
      return Refusal.DIALOG_SOURCE;
    }
    protectSource(screen.policy, source);
    return Refusal.NONE;
  }
  // Other methods may be of dialogs that their handlers keep.
  return request.method === Method.INVITE || request.method === Method.BYE ? Refusal.NO_DIALOG : Refusal.NONE;
}

/** CANCEL comes from where its INVITE came from (9.1: the same hop). */
function judgeCancel(screen: RequestScreen, request: Message, source: Endpoint): Refusal {
  const servers = screen.sessions.userAgent.transactions.servers;
  const invite = findServerTransaction(servers, request, Method.INVITE);
  return invite >= 0 && equalAddresses(servers.items[invite].destination, source) ? Refusal.NONE : Refusal.NO_DIALOG;
}

function judgeInvite(screen: RequestScreen, request: Message, source: Endpoint): Refusal {
  const userAgent = screen.sessions.userAgent;
  const servers = userAgent.transactions.servers;
  if (!isListedPeer(userAgent, request, source)) {
    return Refusal.CALLER;
  }
  return countAvailable(servers) > screen.policy.limits.reservedTransactions ? Refusal.NONE : Refusal.RESERVED;
}

function judge(screen: RequestScreen, request: Message, source: Endpoint): Refusal {
  const servers = screen.sessions.userAgent.transactions.servers;
  const known = request.method === Method.ACK ? Method.INVITE : request.method;
  if (isProtectedSource(screen.policy, source) || findServerTransaction(servers, request, known) >= 0) {
    return Refusal.NONE;
  }
  if (request.method === Method.CANCEL) {
    return judgeCancel(screen, request, source);
  }
  if (request.to.tagEnd > request.to.tagStart) {
    return judgeInDialog(screen, request, source);
  }
  return request.method === Method.INVITE ? judgeInvite(screen, request, source) : Refusal.NONE;
}

/** The transport's onMessage. */
function screenMessage(owner: object): void {
  const screen = owner as RequestScreen;
  const transactions = screen.sessions.userAgent.transactions;
  const source = transactions.transport.source;
  const message = transactions.transport.message;
  const refusal = message.kind === MessageKind.REQUEST ? judge(screen, message, source) : Refusal.NONE;
  if (refusal === Refusal.NONE) {
    screen.next.onMessage(screen.next.owner);
    return;
  }
  noteRefusal(screen.policy.refusals, refusal, source);
  if (mayAnswer(screen.policy, source)) {
    refuseStatelessly(transactions, STATUS_CODES[refusal], 0);
  }
}

/** The transport's onDefect. */
function screenDefect(owner: object): void {
  const screen = owner as RequestScreen;
  const source = screen.sessions.userAgent.transactions.transport.source;
  if (mayAnswer(screen.policy, source)) {
    screen.next.onDefect(screen.next.owner);
  } else {
    noteRefusal(screen.policy.refusals, Refusal.DEFECT, source);
  }
}
