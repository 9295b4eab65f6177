// Instant messages (RFC 3428): a short text that a known peer sends is kept, the last one only, for the board to show; and a text
// of ours is sent to a URI, one at a time. It knows no sessions of messages and stores nothing.

import type { Bytes } from "../bytes/bytes";
import { createFixedText, type FixedText, putFixedText, setFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import type { Writer } from "../bytes/writer";
import { chooseAccount } from "./account-choice";
import { type ClientAuthentication, createClientAuthentication, setCredentials } from "./client-authentication";
import { createDialog, type Dialog } from "./dialog";
import { HeaderName } from "./header-name";
import { hasMediaType } from "./media-type";
import type { Message } from "./message";
import { Method } from "./method";
import { createRequestHandler, NO_SESSION } from "./request-handler";
import { closeBody, openBody, putHeaderText, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { createSingleRequest, prepareOutsideDialog, type SingleRequest, sendSingleRequest } from "./single-request";
import { Status } from "./status";
import type { UserAgent } from "./user-agent";

/** Octets of a text: RFC 3428 8 holds a request under 1,300. */
export const TEXT_MESSAGE_OCTETS = 512;

/** Who takes texts. Set once, at boot. */
export interface TextMessageUser {
  owner: object;
  /** Whether a sender outside calls may send texts; else 403. */
  isWelcome: (owner: object, request: Message) => boolean;
  /** A text came: `messages.text` and `messages.sender` hold until the next one. */
  onText: (owner: object, messages: TextMessages) => void;
  /** What became of ours. @param statusCode of the final response, 0: nobody answered */
  onSent: (owner: object, statusCode: number) => void;
}

export interface TextMessages {
  readonly userAgent: UserAgent;
  readonly user: TextMessageUser;
  /** The last text that came, as it is on the wire: UTF-8. */
  readonly text: FixedText;
  /** The URI of its From. */
  readonly sender: FixedText;
  /** The text of ours that is under way. */
  readonly outgoing: FixedText;
  readonly dialog: Dialog;
  readonly authentication: ClientAuthentication;
  request: SingleRequest;
}

const TEXT_PLAIN = createText("text/plain");

/** Boot only: the station takes MESSAGE. */
export function createTextMessages(userAgent: UserAgent, user: TextMessageUser): TextMessages {
  const limits = userAgent.limits;
  const messages = {
    userAgent,
    user,
    text: createFixedText(TEXT_MESSAGE_OCTETS),
    sender: createFixedText(limits.dialogPartOctets),
    outgoing: createFixedText(TEXT_MESSAGE_OCTETS),
    dialog: createDialog(limits),
    authentication: createClientAuthentication(userAgent.direct.credentials, false),
  } as unknown as TextMessages;
  messages.request = createSingleRequest(userAgent, Method.MESSAGE, messages.dialog, messages.authentication, {
    owner: messages,
    writeRest,
    onResult,
  });
  createRequestHandler(userAgent.handlers, { owner: messages, method: Method.MESSAGE, onRequest });
  return messages;
}

/** Whoever is in a call with the station may write to it. */
function onRequest(owner: object, request: Message, transaction: ServerTransaction, session: number): void {
  const messages = owner as TextMessages;
  const user = messages.user;
  if (session === NO_SESSION && !user.isWelcome(user.owner, request)) {
    sendPlainResponse(transaction, 403, 0);
  } else if (!hasMediaType(request, TEXT_PLAIN)) {
    const writer = openResponse(transaction);
    putHeaderText(writer, HeaderName.ACCEPT, TEXT_PLAIN);
    putNoBody(writer);
    sendResponse(transaction, 415, 0);
  } else if (!setFixedText(messages.text, request.bytes, request.bodyStart, request.bodyEnd)) {
    sendPlainResponse(transaction, 413, 0);
  } else {
    setFixedText(messages.sender, request.bytes, request.from.uriStart, request.from.uriEnd);
    sendPlainResponse(transaction, 200, 0);
    user.onText(user.owner, messages);
  }
}

function writeRest(owner: object, writer: Writer): void {
  putHeaderText(writer, HeaderName.CONTENT_TYPE, TEXT_PLAIN);
  const bodyStart = openBody(writer);
  putFixedText(writer, (owner as TextMessages).outgoing);
  closeBody(writer, bodyStart);
}

function onResult(owner: object, statusCode: number): void {
  const messages = owner as TextMessages;
  messages.user.onSent(messages.user.owner, statusCode);
}

/**
 * Sends a text; `onSent` tells what became of it.
 * @param uri where to: uri[start … end)
 * @param text text[textStart … textEnd), at most TEXT_MESSAGE_OCTETS of UTF-8
 * @returns OK; FULL while another is under way; TOO_LONG; or why it has nowhere to go
 */
export function sendTextMessage(
  messages: TextMessages,
  uri: Bytes,
  start: number,
  end: number,
  text: Bytes,
  textStart: number,
  textEnd: number,
): Status {
  if (messages.request.busy) {
    return Status.FULL;
  }
  const account = chooseAccount(messages.userAgent, uri, start, end);
  const status = setFixedText(messages.outgoing, text, textStart, textEnd)
    ? prepareOutsideDialog(messages.dialog, messages.userAgent, account, uri, start, end)
    : Status.TOO_LONG;
  setCredentials(messages.authentication, account.credentials);
  return status === Status.OK
    ? sendSingleRequest(messages.request, account, messages.dialog, messages.authentication)
    : status;
}
