// The message index: where everything lies in one received SIP message (RFC 3261 sections 7 and 25). It holds offsets into
// the receive buffer and copies nothing. Header fields stay in their order, chained by name; what every layer needs (top
// Via, From, To, Call-ID, CSeq) is in it at once, the rest is read when it is asked for. message-parser.ts fills it.

import { type Bytes, createBytes, createWords, type Words } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { type CSeq, createCSeq } from "./cseq";
import { HEADER_NAME_COUNT, type HeaderName } from "./header-name";
import { Method } from "./method";
import { createNameAddress, type NameAddress } from "./name-address";
import { createVia, type Via } from "./via";

/** What a datagram turned out to be. */
export const enum MessageKind {
  /** Nothing but line ends: a keep-alive (RFC 5626 3.5.1). */
  EMPTY = 0,
  REQUEST = 1,
  RESPONSE = 2,
  /** No start line of SIP. */
  FOREIGN = 3,
}

/** What is wrong with a message that cannot be taken; the reason of the 400 that answers it. */
export const enum Defect {
  NONE = 0,
  START_LINE = 1,
  HEADER_LINE = 2,
  TOO_MANY_HEADERS = 3,
  NO_END_OF_HEADERS = 4,
  VIA = 5,
  FROM = 6,
  TO = 7,
  CALL_ID = 8,
  CSEQ = 9,
  CSEQ_METHOD = 10,
  CONTENT_LENGTH = 11,
  BODY_CUT = 12,
  REPEATED_HEADER = 13,
  VERSION = 14,
  MAX_FORWARDS = 15,
}

export interface Message {
  /** The buffer that all offsets are of. */
  bytes: Bytes;
  /** From the first octet of the start line to the last of the body; trailing octets do not count. */
  start: number;
  end: number;
  kind: MessageKind;
  method: Method;
  methodStart: number;
  methodEnd: number;
  /** The Request-URI. */
  uriStart: number;
  uriEnd: number;
  /** 100 … 699 */
  statusCode: number;
  reasonStart: number;
  reasonEnd: number;
  /** Header fields that are indexed. */
  headerCount: number;
  /** The most that can be. */
  readonly headerLimit: number;
  /** By header field: its HeaderName. */
  readonly names: Bytes;
  /** By header field, two each: start and end of its value without blanks around it. */
  readonly values: Words;
  /** By header field: the first octet of its line. */
  readonly lines: Words;
  /** By header field: the next one of the same name, or NO_HEADER. */
  readonly following: Words;
  /** By HeaderName: its first header field, or NO_HEADER. */
  readonly firsts: Words;
  /** By HeaderName: its last header field; meaningful when there is a first. */
  readonly lasts: Words;
  /** The blank line ends here; the body starts. */
  bodyStart: number;
  bodyEnd: number;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddress;
  readonly to: NameAddress;
  callIdStart: number;
  callIdEnd: number;
  readonly cseq: CSeq;
  /** Max-Forwards, or -1 when absent. */
  maxForwards: number;
  defect: Defect;
}

/** No header field: the end of a chain. */
export const NO_HEADER = 0xffff;

/** The largest message that an index can hold: offsets are 16 bits. */
export const MESSAGE_MAXIMUM = 65535;

const NO_BYTES = createBytes(0);

function createFirsts(): Words {
  const firsts = createWords(HEADER_NAME_COUNT);
  for (let name = 0; name < HEADER_NAME_COUNT; name += 1) {
    firsts[name] = NO_HEADER;
  }
  return firsts;
}

/** Boot only: an index for messages of at most `headerLimit` header fields. */
export function createMessage(headerLimit: number): Message {
  return {
    bytes: NO_BYTES,
    start: 0,
    end: 0,
    kind: MessageKind.EMPTY,
    method: Method.OTHER,
    methodStart: 0,
    methodEnd: 0,
    uriStart: 0,
    uriEnd: 0,
    statusCode: 0,
    reasonStart: 0,
    reasonEnd: 0,
    headerCount: 0,
    headerLimit,
    names: createBytes(headerLimit),
    values: createWords(2 * headerLimit),
    lines: createWords(headerLimit),
    following: createWords(headerLimit),
    firsts: createFirsts(),
    lasts: createWords(HEADER_NAME_COUNT),
    bodyStart: 0,
    bodyEnd: 0,
    via: createVia(),
    from: createNameAddress(),
    to: createNameAddress(),
    callIdStart: 0,
    callIdEnd: 0,
    cseq: createCSeq(),
    maxForwards: -1,
    defect: Defect.NONE,
  };
}

/** Notes the first defect found. */
export function noteDefect(message: Message, defect: Defect): void {
  if (message.defect === Defect.NONE) {
    message.defect = defect;
  }
}

/** Whether a header field of the name is there. */
export function hasHeader(message: Message, name: HeaderName): boolean {
  return message.firsts[name] !== NO_HEADER;
}

/** The first offset of the value of the first header field of the name; 0 when there is none. */
export function headerStart(message: Message, name: HeaderName): number {
  const header = message.firsts[name];
  return header === NO_HEADER ? 0 : message.values[2 * header];
}

/** The offset behind the value of the first header field of the name; 0 when there is none. */
export function headerEnd(message: Message, name: HeaderName): number {
  const header = message.firsts[name];
  return header === NO_HEADER ? 0 : message.values[2 * header + 1];
}

/** The number in the first header field of the name, up to its parameters; -1 when there is none or it is malformed. */
export function headerNumber(message: Message, name: HeaderName): number {
  const start = headerStart(message, name);
  let end = start;
  const limit = headerEnd(message, name);
  while (end < limit && message.bytes[end] >= 0x30 && message.bytes[end] <= 0x39) {
    end += 1;
  }
  return parseDecimal(message.bytes, start, end);
}

/** Whether a response or request could be read well enough to be answered: it has a Via that says where to. */
export function isAnswerable(message: Message): boolean {
  return message.kind === MessageKind.REQUEST && message.method !== Method.ACK && message.via.end > message.via.start;
}
