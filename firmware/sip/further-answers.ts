// A 2xx to an INVITE of ours beside the first one (RFC 3261 13.2.2.4, RFC 6026 7.2): the first again, that of another fork, or one
// that comes when the call is over. Each gets its ACK; whoever is not the one that we talk to gets a BYE as well, once.

import { equalBytes } from "../bytes/bytes";
import { equalFixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import { resendAcknowledgement, sendAcknowledgement, sendSpareAcknowledgement } from "./acknowledgement";
import { closeDialog, type Dialog, openDialogOfAnswer } from "./dialog";
import { sendDialogRequest } from "./dialog-request";
import { takeFork } from "./early-dialogs";
import { CALL_ID_LENGTH } from "./identifiers";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { putNoBody } from "./response-writer";
import { Status } from "./status";
import { putUserAgent } from "./user-agent";

/** The session, present or past, that an INVITE of ours was of: by Call-ID and our tag. Returns its index, or -1. */
function findCall(sessions: InviteSessions, response: Message): number {
  const bytes = response.bytes;
  const from = response.from;
  for (let index = 0; index < sessions.items.length; index += 1) {
    const key = sessions.items[index].callKey;
    if (
      key.length > 0 &&
      equalBytes(key.bytes, 0, CALL_ID_LENGTH, bytes, response.callIdStart, response.callIdEnd) &&
      equalBytes(key.bytes, CALL_ID_LENGTH, key.length, bytes, from.tagStart, from.tagEnd)
    ) {
      return index;
    }
  }
  return -1;
}

/** Whether a response to a request of ours is of a dialog. */
function isAnswerOf(dialog: Dialog, response: Message): boolean {
  return (
    equalFixedText(dialog.callId, response.bytes, response.callIdStart, response.callIdEnd) &&
    equalFixedText(dialog.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd)
  );
}

/**
 * Acknowledges the 2xx of somebody whom we do not talk to, and hangs up on him when that was not done before.
 * @returns whether that is done; where his name is still looked up, no transaction is free, or another is being hung up on, his
 *   2xx comes again
 */
function endAnswer(session: InviteSession, response: Message, ended: boolean): boolean {
  const sessions = session.sessions;
  const number = response.cseq.number;
  if (number.high > 0x3ff) {
    return ended; // CSeq numbers of ours stay small.
  }
  const sequence = number.high * 65536 + number.low;
  if (sessions.spareBye.pending) {
    // The spare dialog is in use: its BYE may be challenged, or still seek its target.
    if (isAnswerOf(sessions.spareDialog, response)) {
      sendSpareAcknowledgement(session, sequence);
      return true;
    }
    return ended;
  }
  if (openDialogOfAnswer(sessions.spareDialog, response) !== Status.OK) {
    closeDialog(sessions.spareDialog);
    return ended;
  }
  sessions.spareDialog.localSequence = sequence;
  if (sendSpareAcknowledgement(session, sequence) !== Status.OK || ended) {
    return ended;
  }
  sessions.spareBye.session = session;
  return sendDialogRequest(sessions.spareBye, Method.BYE) === Status.OK;
}

/** The 2xx of the dialog that stands: the last INVITE's is acknowledged; those of earlier ones were. */
function acknowledgeAgain(session: InviteSession, response: Message): void {
  const number = response.cseq.number;
  const sequence = session.inviteSequence;
  if (number.high !== sequence >> 16 || number.low !== (sequence & 0xffff)) {
    return;
  }
  if (session.acknowledgementLength > 0) {
    resendAcknowledgement(session);
  } else {
    // The way was not known before, or it is of a re-INVITE that gave way to the BYE.
    const request = session.invite.sequence === sequence ? session.invite : session.change;
    sendAcknowledgement(session, request.client);
  }
}

/** The sessions' onFurtherAnswer: `response` belongs to a transaction of ours. */
function takeFurtherAnswer(sessions: InviteSessions, response: Message): void {
  const index = findCall(sessions, response);
  for (let item = 0; item < sessions.items.length; item += 1) {
    // The dialog that stands: an INVITE of ours within the call, in a call of either side.
    const session = sessions.items[item];
    if (session.state >= SessionState.ANSWERED && isAnswerOf(session.dialog, response)) {
      acknowledgeAgain(session, response);
      return;
    }
  }
  if (index < 0) {
    endAnswer(sessions.items[0], response, false);
  } else {
    const session = sessions.items[index];
    const fork = takeFork(session.forks, response.bytes, response.to.tagStart, response.to.tagEnd);
    fork.ended = endAnswer(session, response, fork.ended);
  }
}

/** The transactions' onStrayResponse: no transaction waits for it. Only a 2xx to an INVITE that we remember is answered. */
export function takeStrayResponse(owner: object, response: Message): void {
  const sessions = owner as InviteSessions;
  if (
    response.statusCode >= 200 &&
    response.statusCode < 300 &&
    response.cseq.method === Method.INVITE &&
    findCall(sessions, response) >= 0
  ) {
    takeFurtherAnswer(sessions, response);
  }
}

function writeBye(_session: InviteSession, writer: Writer): void {
  putUserAgent(writer);
  putNoBody(writer);
}

/** Boot only: further answers are acknowledged. */
export function createFurtherAnswers(sessions: InviteSessions): void {
  sessions.spareBye.writeRest = writeBye;
  sessions.onFurtherAnswer = takeFurtherAnswer;
}
