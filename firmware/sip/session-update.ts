// UPDATE received (RFC 3311 5.2): a change of the peer's that needs no ACK, also before the call is answered: a new offer, a
// refreshed target or session timer. It hangs on the hook for methods; ours are sent by session-change.ts.

import { openSessionResponse, takeChange } from "./invite-called";
import type { InviteSession, InviteSessions } from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { createRequestHandler } from "./request-handler";
import { putNoBody } from "./response-writer";
import { type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { hasDescription, putDescription } from "./session-offer";

/** @param offers whether the UPDATE has an offer; that of an INVITE waits on for its 2xx */
function answerUpdate(session: InviteSession, transaction: ServerTransaction, offers: boolean): void {
  const writer = openSessionResponse(session, transaction);
  session.sessions.timer.putSuccess(session, writer);
  if (offers) {
    putDescription(session, writer);
  } else {
    putNoBody(writer);
  }
  sendResponse(transaction, 200, 0);
}

function onUpdate(owner: object, request: Message, transaction: ServerTransaction, index: number): void {
  const sessions = owner as InviteSessions;
  if (index < 0) {
    sendPlainResponse(transaction, 481, 0);
  } else if (takeChange(sessions.items[index], request, transaction)) {
    answerUpdate(sessions.items[index], transaction, hasDescription(request));
  }
}

/** Boot only: the sessions take UPDATE. */
export function createSessionUpdates(sessions: InviteSessions): void {
  createRequestHandler(sessions.userAgent.handlers, { owner: sessions, method: Method.UPDATE, onRequest: onUpdate });
}
