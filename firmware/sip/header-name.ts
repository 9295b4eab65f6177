// The header fields that the device knows, with their compact forms (RFC 3261 7.3.3 and 20; IANA SIP parameters).
// A name is found by a hash of its ends and length; every hit is compared, so an unknown name is never mistaken.

import { type Bytes, createBytes } from "../bytes/bytes";
import { createText, equalTextAnyCase, type Text, textByte, textLength } from "../bytes/text";

export const enum HeaderName {
  OTHER = 0,
  VIA = 1,
  FROM = 2,
  TO = 3,
  CALL_ID = 4,
  CSEQ = 5,
  CONTACT = 6,
  MAX_FORWARDS = 7,
  CONTENT_LENGTH = 8,
  CONTENT_TYPE = 9,
  ROUTE = 10,
  RECORD_ROUTE = 11,
  EXPIRES = 12,
  MIN_EXPIRES = 13,
  AUTHORIZATION = 14,
  PROXY_AUTHORIZATION = 15,
  WWW_AUTHENTICATE = 16,
  PROXY_AUTHENTICATE = 17,
  AUTHENTICATION_INFO = 18,
  ALLOW = 19,
  SUPPORTED = 20,
  REQUIRE = 21,
  PROXY_REQUIRE = 22,
  UNSUPPORTED = 23,
  ACCEPT = 24,
  ACCEPT_ENCODING = 25,
  ACCEPT_LANGUAGE = 26,
  CONTENT_ENCODING = 27,
  CONTENT_DISPOSITION = 28,
  USER_AGENT = 29,
  SERVER = 30,
  RETRY_AFTER = 31,
  REASON = 32,
  WARNING = 33,
  DATE = 34,
  SUBJECT = 35,
  SESSION_EXPIRES = 36,
  MIN_SE = 37,
  RSEQ = 38,
  RACK = 39,
  EVENT = 40,
  SUBSCRIPTION_STATE = 41,
  REFER_TO = 42,
  REFERRED_BY = 43,
  REPLACES = 44,
  PATH = 45,
  SERVICE_ROUTE = 46,
  P_ASSERTED_IDENTITY = 47,
  ALERT_INFO = 48,
  CALL_INFO = 49,
  TIMESTAMP = 50,
  ALLOW_EVENTS = 51,
  MIME_VERSION = 52,
  INFO_PACKAGE = 53,
  RECV_INFO = 54,
  REFER_SUB = 55,
}

/** One more than the largest HeaderName. */
export const HEADER_NAME_COUNT = 56;

/** By `HeaderName`: the full name as it is written. */
export const HEADER_TEXTS: Text[] = [
  createText(""),
  createText("Via"),
  createText("From"),
  createText("To"),
  createText("Call-ID"),
  createText("CSeq"),
  createText("Contact"),
  createText("Max-Forwards"),
  createText("Content-Length"),
  createText("Content-Type"),
  createText("Route"),
  createText("Record-Route"),
  createText("Expires"),
  createText("Min-Expires"),
  createText("Authorization"),
  createText("Proxy-Authorization"),
  createText("WWW-Authenticate"),
  createText("Proxy-Authenticate"),
  createText("Authentication-Info"),
  createText("Allow"),
  createText("Supported"),
  createText("Require"),
  createText("Proxy-Require"),
  createText("Unsupported"),
  createText("Accept"),
  createText("Accept-Encoding"),
  createText("Accept-Language"),
  createText("Content-Encoding"),
  createText("Content-Disposition"),
  createText("User-Agent"),
  createText("Server"),
  createText("Retry-After"),
  createText("Reason"),
  createText("Warning"),
  createText("Date"),
  createText("Subject"),
  createText("Session-Expires"),
  createText("Min-SE"),
  createText("RSeq"),
  createText("RAck"),
  createText("Event"),
  createText("Subscription-State"),
  createText("Refer-To"),
  createText("Referred-By"),
  createText("Replaces"),
  createText("Path"),
  createText("Service-Route"),
  createText("P-Asserted-Identity"),
  createText("Alert-Info"),
  createText("Call-Info"),
  createText("Timestamp"),
  createText("Allow-Events"),
  createText("MIME-Version"),
  createText("Info-Package"),
  createText("Recv-Info"),
  createText("Refer-Sub"),
];

// The compact forms: by letter, "a" first, the header; OTHER where there is none.
const COMPACT_FORMS: HeaderName[] = [
  HeaderName.OTHER, // a: Accept-Contact (RFC 3841)
  HeaderName.REFERRED_BY, // b (RFC 3892)
  HeaderName.CONTENT_TYPE, // c
  HeaderName.OTHER, // d: Request-Disposition (RFC 3841)
  HeaderName.CONTENT_ENCODING, // e
  HeaderName.FROM, // f
  HeaderName.OTHER, // g
  HeaderName.OTHER, // h
  HeaderName.CALL_ID, // i
  HeaderName.OTHER, // j: Reject-Contact (RFC 3841)
  HeaderName.SUPPORTED, // k
  HeaderName.CONTENT_LENGTH, // l
  HeaderName.CONTACT, // m
  HeaderName.OTHER, // n
  HeaderName.EVENT, // o (RFC 6665)
  HeaderName.OTHER, // p
  HeaderName.OTHER, // q
  HeaderName.REFER_TO, // r (RFC 3515)
  HeaderName.SUBJECT, // s
  HeaderName.TO, // t
  HeaderName.ALLOW_EVENTS, // u (RFC 6665)
  HeaderName.VIA, // v
  HeaderName.OTHER, // w
  HeaderName.SESSION_EXPIRES, // x (RFC 4028)
  HeaderName.OTHER, // y: Identity (RFC 8224)
  HeaderName.OTHER, // z
];

/** The largest hash of a name. */
const HASH_MASK = 0xff;

/** The hash of a name by its first three octets, letters in any case; of "To" the third is the colon. */
function hashName(first: number, second: number, third: number): number {
  return ((first | 0x20) * 7 + (second | 0x20) * 3 + (third | 0x20)) & HASH_MASK;
}

const sameHash: Bytes = createBytes(HEADER_NAME_COUNT);

function createHashTable(): Bytes {
  // By hash: the first name with this hash; the chain goes on in `sameHash`.
  const table = createBytes(HASH_MASK + 1);
  for (let name = HEADER_NAME_COUNT - 1; name > 0; name -= 1) {
    const text = HEADER_TEXTS[name];
    const hash = hashName(textByte(text, 0), textByte(text, 1), textLength(text) > 2 ? textByte(text, 2) : 0x3a);
    sameHash[name] = table[hash];
    table[hash] = name;
  }
  return table;
}

const byHash: Bytes = createHashTable();

/**
 * The header whose full name, in any case, stands at `start` with its colon right behind it.
 * @returns the header, or OTHER when none does: its name is then to be found with `findHeaderName`
 */
export function guessHeaderName(bytes: Bytes, start: number, end: number): HeaderName {
  if (start + 3 > end) {
    return HeaderName.OTHER;
  }
  let name = byHash[hashName(bytes[start], bytes[start + 1], bytes[start + 2])];
  while (name !== HeaderName.OTHER) {
    const text = HEADER_TEXTS[name];
    const colon = start + textLength(text);
    if (colon < end && bytes[colon] === 0x3a && equalTextAnyCase(bytes, start, colon, text)) {
      return name as HeaderName;
    }
    name = sameHash[name];
  }
  return HeaderName.OTHER;
}

/** The header that bytes[start … end), at least one octet, names in full or compact form, any case. */
export function findHeaderName(bytes: Bytes, start: number, end: number): HeaderName {
  const length = end - start;
  if (length === 1) {
    const letter = (bytes[start] | 0x20) - 0x61;
    return letter >= 0 && letter < 26 && bytes[start] >= 0x41 ? COMPACT_FORMS[letter] : HeaderName.OTHER;
  }
  const third = length > 2 ? bytes[start + 2] : 0x3a;
  let name = byHash[hashName(bytes[start], bytes[start + 1], third)];
  while (name !== HeaderName.OTHER && !equalTextAnyCase(bytes, start, end, HEADER_TEXTS[name])) {
    name = sameHash[name];
  }
  return name as HeaderName;
}
