// A dialog (RFC 3261 12): the state that two user agents share, in texts of fixed size. Its requests carry the route set;
// its identity is Call-ID, local tag and remote tag, all three compared.

import type { Random } from "../../hal/random";
import type { Bytes } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { createFixedText, equalFixedText, type FixedText, putFixedText, setFixedText } from "../bytes/fixed-text";
import { createWriter, openWriter, putByte, putBytes, type Writer } from "../bytes/writer";
import type { Limits } from "../limits";
import { endOfValue } from "./characters";
import { compareCSeqNumbers } from "./cseq";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { CALL_ID_LENGTH, randomBelow, setRandomHex, TAG_LENGTH } from "./identifiers";
import type { Message } from "./message";
import type { Method } from "./method";
import { createNameAddress, parseNameAddress } from "./name-address";
import { putAddressWithTag, putCSeq, putHeaderFixed, putRequestLine, putViaAndMaxForwards } from "./request-writer";
import { putHeaderName, putLineEnd } from "./response-writer";
import { Status } from "./status";
import { createUri, parseUri } from "./uri";

export interface Dialog {
  readonly callId: FixedText;
  readonly localTag: FixedText;
  readonly remoteTag: FixedText;
  /** Our address with display name and brackets: the From of our requests, without tag. */
  readonly localAddress: FixedText;
  /** The peer's address: the To of our requests, without tag. */
  readonly remoteAddress: FixedText;
  /** The URI of the peer's Contact. */
  readonly remoteTarget: FixedText;
  /** Route values in order, separated by ",": the first is the next hop. */
  readonly routeSet: FixedText;
  /** Whether the first route is a loose router (12.2.1.1); true when there is none. */
  looseRouting: boolean;
  /** CSeq of our last request. */
  localSequence: number;
  /** CSeq of the peer's last request. */
  readonly remoteSequence: Halves;
  hasRemoteSequence: boolean;
}

const value = createHeaderValue();
const address = createNameAddress();
const uri = createUri();
const writer = createWriter();

/** Boot only: an empty dialog. */
export function createDialog(limits: Limits): Dialog {
  return {
    callId: createFixedText(limits.dialogPartOctets),
    localTag: createFixedText(limits.dialogPartOctets >> 1),
    remoteTag: createFixedText(limits.dialogPartOctets >> 1),
    localAddress: createFixedText(limits.dialogPartOctets),
    remoteAddress: createFixedText(limits.dialogPartOctets),
    remoteTarget: createFixedText(limits.dialogPartOctets),
    routeSet: createFixedText(limits.routeSetOctets),
    looseRouting: true,
    localSequence: 0,
    remoteSequence: createHalves(),
    hasRemoteSequence: false,
  };
}

/**
 * What a request that makes a dialog, or stands outside of any, goes by before a response: a new Call-ID and tag, no remote tag,
 * `localAddress` and `<uri>` (8.1.1). The remote target and the routes are its owner's.
 * @param uri uri[start … end)
 * @returns false when a part is too long
 */
export function beginDialog(
  dialog: Dialog,
  random: Random,
  localAddress: FixedText,
  uri: Bytes,
  start: number,
  end: number,
): boolean {
  setRandomHex(random, dialog.callId, CALL_ID_LENGTH);
  setRandomHex(random, dialog.localTag, TAG_LENGTH);
  dialog.remoteTag.length = 0;
  dialog.localSequence = randomBelow(random, 10000);
  dialog.hasRemoteSequence = false;
  dialog.looseRouting = true;
  openWriter(writer, dialog.remoteAddress.bytes, 0, dialog.remoteAddress.bytes.length);
  putByte(writer, 0x3c);
  putBytes(writer, uri, start, end);
  putByte(writer, 0x3e);
  dialog.remoteAddress.length = writer.length;
  return !writer.overflowed && setFixedText(dialog.localAddress, localAddress.bytes, 0, localAddress.length);
}

/** Keeps a From or To value without its tag: everything up to the parameters. */
function keepAddress(text: FixedText, message: Message, start: number, uriEnd: number): boolean {
  const bytes = message.bytes;
  // With brackets the ">" belongs to it; an addr-spec is put into brackets, so that a tag behind it is a header parameter.
  if (bytes[uriEnd] === 0x3e) {
    return setFixedText(text, bytes, start, uriEnd + 1);
  }
  openWriter(writer, text.bytes, 0, text.bytes.length);
  putByte(writer, 0x3c);
  putBytes(writer, bytes, start, uriEnd);
  putByte(writer, 0x3e);
  text.length = writer.overflowed ? 0 : writer.length;
  return !writer.overflowed;
}

/**
 * Takes the peer's Contact as remote target (12.1, 12.2: target refresh).
 * @returns OK; MISSING, MALFORMED or TOO_LONG, and the target stays what it was
 */
export function refreshTarget(dialog: Dialog, message: Message): Status {
  if (!firstHeaderValue(message, HeaderName.CONTACT, value)) {
    return Status.MISSING;
  }
  if (
    parseNameAddress(message.bytes, value.start, value.end, address) !== Status.OK ||
    parseUri(message.bytes, address.uriStart, address.uriEnd, uri) !== Status.OK
  ) {
    return Status.MALFORMED;
  }
  // The last good target stays: the BYE goes there.
  if (address.uriEnd - address.uriStart > dialog.remoteTarget.bytes.length) {
    return Status.TOO_LONG;
  }
  setFixedText(dialog.remoteTarget, message.bytes, address.uriStart, address.uriEnd);
  return Status.OK;
}

/** Whether the first route has the lr parameter. */
function isFirstRouteLoose(dialog: Dialog): boolean {
  const routes = dialog.routeSet;
  if (routes.length === 0) {
    return true;
  }
  const end = endOfValue(routes.bytes, 0, routes.length);
  return (
    parseNameAddress(routes.bytes, 0, end, address) === Status.OK &&
    parseUri(routes.bytes, address.uriStart, address.uriEnd, uri) === Status.OK &&
    uri.looseRouting
  );
}

/** The route set as called: Record-Route in its order (12.1.1). */
function keepRoutesInOrder(dialog: Dialog, message: Message): boolean {
  const routes = dialog.routeSet;
  openWriter(writer, routes.bytes, 0, routes.bytes.length);
  let more = firstHeaderValue(message, HeaderName.RECORD_ROUTE, value);
  while (more) {
    if (writer.length > 0) {
      putByte(writer, 0x2c);
    }
    putBytes(writer, message.bytes, value.start, value.end);
    more = nextHeaderValue(message, value);
  }
  routes.length = writer.overflowed ? 0 : writer.length;
  return !writer.overflowed;
}

/** The route set as caller: Record-Route in reverse order (12.1.2), written from the end of the buffer forwards. */
function keepRoutesReversed(dialog: Dialog, message: Message): boolean {
  const routes = dialog.routeSet;
  let total = 0;
  let more = firstHeaderValue(message, HeaderName.RECORD_ROUTE, value);
  while (more) {
    total += value.end - value.start + (total > 0 ? 1 : 0);
    more = nextHeaderValue(message, value);
  }
  routes.length = 0;
  if (total > routes.bytes.length) {
    return false;
  }
  let at = total;
  more = firstHeaderValue(message, HeaderName.RECORD_ROUTE, value);
  while (more) {
    at -= value.end - value.start;
    openWriter(writer, routes.bytes, at, total);
    putBytes(writer, message.bytes, value.start, value.end);
    if (at > 0) {
      at -= 1;
      routes.bytes[at] = 0x2c;
    }
    more = nextHeaderValue(message, value);
  }
  routes.length = total;
  return true;
}

/**
 * Makes the dialog of a request that we accept (12.1.1).
 * @param localTag the tag that our responses carry, localTag.bytes[0 … localTag.length)
 * @returns OK; MISSING or MALFORMED when Contact is; TOO_LONG when a part is longer than the contract allows
 */
export function openDialogAsCalled(dialog: Dialog, request: Message, localTag: FixedText): Status {
  const bytes = request.bytes;
  if (
    !setFixedText(dialog.callId, bytes, request.callIdStart, request.callIdEnd) ||
    !setFixedText(dialog.localTag, localTag.bytes, 0, localTag.length) ||
    !setFixedText(dialog.remoteTag, bytes, request.from.tagStart, request.from.tagEnd) ||
    !keepAddress(dialog.localAddress, request, request.to.start, request.to.uriEnd) ||
    !keepAddress(dialog.remoteAddress, request, request.from.start, request.from.uriEnd) ||
    !keepRoutesInOrder(dialog, request)
  ) {
    return Status.TOO_LONG;
  }
  dialog.localSequence = 0;
  dialog.remoteSequence.high = request.cseq.number.high;
  dialog.remoteSequence.low = request.cseq.number.low;
  dialog.hasRemoteSequence = true;
  dialog.looseRouting = isFirstRouteLoose(dialog);
  return refreshTarget(dialog, request);
}

/**
 * Completes the dialog of an INVITE of ours from a response with a To tag (12.1.2). Call-ID, local tag and addresses are
 * there already.
 * @returns as openDialogAsCalled
 */
export function openDialogAsCaller(dialog: Dialog, response: Message): Status {
  if (
    !setFixedText(dialog.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd) ||
    !keepRoutesReversed(dialog, response)
  ) {
    return Status.TOO_LONG;
  }
  dialog.looseRouting = isFirstRouteLoose(dialog);
  return refreshTarget(dialog, response);
}

/** Whether a request belongs to the dialog: Call-ID, our tag in To, the peer's tag in From (12.2.2). */
export function isInDialog(dialog: Dialog, request: Message): boolean {
  const bytes = request.bytes;
  return (
    dialog.callId.length > 0 &&
    equalFixedText(dialog.callId, bytes, request.callIdStart, request.callIdEnd) &&
    equalFixedText(dialog.localTag, bytes, request.to.tagStart, request.to.tagEnd) &&
    equalFixedText(dialog.remoteTag, bytes, request.from.tagStart, request.from.tagEnd)
  );
}

/** Takes the CSeq of a request in the dialog. Returns false for one that is not above the last (12.2.2: answered 500). */
export function advanceRemoteSequence(dialog: Dialog, request: Message): boolean {
  const number = request.cseq.number;
  if (dialog.hasRemoteSequence && compareCSeqNumbers(number, dialog.remoteSequence) <= 0) {
    return false;
  }
  dialog.remoteSequence.high = number.high;
  dialog.remoteSequence.low = number.low;
  dialog.hasRemoteSequence = true;
  return true;
}

/**
 * Makes the dialog of a 2xx to an INVITE of ours from the response alone: for a fork that nobody waits for.
 * @returns as openDialogAsCalled
 */
export function openDialogOfAnswer(dialog: Dialog, response: Message): Status {
  const bytes = response.bytes;
  return setFixedText(dialog.callId, bytes, response.callIdStart, response.callIdEnd) &&
    setFixedText(dialog.localTag, bytes, response.from.tagStart, response.from.tagEnd) &&
    keepAddress(dialog.localAddress, response, response.from.start, response.from.uriEnd) &&
    keepAddress(dialog.remoteAddress, response, response.to.start, response.to.uriEnd)
    ? openDialogAsCaller(dialog, response)
    : Status.TOO_LONG;
}

/** Forgets the dialog: nothing matches it any more. */
export function closeDialog(dialog: Dialog): void {
  dialog.callId.length = 0;
  dialog.remoteTag.length = 0;
  dialog.routeSet.length = 0;
  dialog.remoteTarget.length = 0;
}

/** Sets `start` and `end` of the URI that a request of the dialog is sent to: first route, or remote target. */
export interface UriView {
  text: FixedText;
  start: number;
  end: number;
}

/** Boot only: a view of nothing. */
export function createUriView(): UriView {
  return { text: createFixedText(0), start: 0, end: 0 };
}

/** The URI of the next hop of requests in the dialog (12.2.1.1, 8.1.2). */
export function findNextHop(dialog: Dialog, view: UriView): void {
  const routes = dialog.routeSet;
  if (
    routes.length > 0 &&
    parseNameAddress(routes.bytes, 0, endOfValue(routes.bytes, 0, routes.length), address) === Status.OK
  ) {
    view.text = routes;
    view.start = address.uriStart;
    view.end = address.uriEnd;
  } else {
    view.text = dialog.remoteTarget;
    view.start = 0;
    view.end = dialog.remoteTarget.length;
  }
}

/** Sets a view on the Request-URI of the dialog's requests: the remote target, or a strict router first (12.2.1.1). */
export function findRequestUri(dialog: Dialog, view: UriView): void {
  if (dialog.looseRouting) {
    view.text = dialog.remoteTarget;
    view.start = 0;
    view.end = dialog.remoteTarget.length;
  } else {
    findNextHop(dialog, view);
  }
}

/** Route: the whole set for a loose router; for a strict one the rest, and the remote target at its end. */
function putRoutes(into: Writer, dialog: Dialog): void {
  const routes = dialog.routeSet;
  if (routes.length === 0) {
    return;
  }
  putHeaderName(into, HeaderName.ROUTE);
  if (dialog.looseRouting) {
    putFixedText(into, routes);
  } else {
    const first = endOfValue(routes.bytes, 0, routes.length);
    if (first < routes.length) {
      putBytes(into, routes.bytes, first + 1, routes.length);
      putByte(into, 0x2c);
    }
    putByte(into, 0x3c);
    putFixedText(into, dialog.remoteTarget);
    putByte(into, 0x3e);
  }
  putLineEnd(into);
}

const requestUri = createUriView();

/**
 * Appends what every request of the dialog begins with: request line, Via, Max-Forwards, Route, From, To, Call-ID, CSeq.
 * @param sequence the CSeq number: `dialog.localSequence`, for ACK that of its INVITE
 */
export function putDialogRequest(
  into: Writer,
  dialog: Dialog,
  method: Method,
  sequence: number,
  sentBy: FixedText,
  branch: Bytes,
): void {
  findRequestUri(dialog, requestUri);
  putRequestLine(into, method, requestUri.text.bytes, requestUri.start, requestUri.end);
  putViaAndMaxForwards(into, sentBy, branch);
  putRoutes(into, dialog);
  putAddressWithTag(into, HeaderName.FROM, dialog.localAddress, dialog.localTag);
  putAddressWithTag(into, HeaderName.TO, dialog.remoteAddress, dialog.remoteTag);
  putHeaderFixed(into, HeaderName.CALL_ID, dialog.callId);
  putCSeq(into, sequence, method);
}
