// Refer-To (RFC 3515 2.1): the URI that is to be called, as a Request-URI, and the dialog that the call is to replace (RFC 3891),
// which stands in the URI's headers. Nothing else in those headers is taken (RFC 3261 19.1.5).

import { type Bytes, findByte } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { hexValue } from "../bytes/hex";
import { createText, equalTextAnyCase } from "../bytes/text";
import { createWriter, openWriter, putByte, putBytes } from "../bytes/writer";
import { createNameAddress, parseNameAddress } from "./name-address";
import { createParameter, parseParameter } from "./parameters";
import { Status } from "./status";
import { createUri, parseUri, UriScheme } from "./uri";

const METHOD = createText("method");
const INVITE = createText("INVITE");
const REPLACES = createText("Replaces");

const address = createNameAddress();
const uri = createUri();
const parameter = createParameter();
const writer = createWriter();

/** The URI without headers, and without its method, which must be INVITE (19.1.1: neither may be in a Request-URI). */
function takeUri(bytes: Bytes, into: FixedText): Status {
  openWriter(writer, into.bytes, 0, into.bytes.length);
  putBytes(writer, bytes, uri.start, uri.parametersStart);
  let index = uri.parametersStart;
  while (index < uri.parametersEnd) {
    const next = parseParameter(bytes, index, uri.parametersEnd, parameter);
    if (next < 0) {
      return Status.MALFORMED;
    }
    if (!equalTextAnyCase(bytes, parameter.nameStart, parameter.nameEnd, METHOD)) {
      putBytes(writer, bytes, index, next);
    } else if (!equalTextAnyCase(bytes, parameter.valueStart, parameter.valueEnd, INVITE)) {
      return Status.UNSUPPORTED;
    }
    index = next;
  }
  into.length = writer.overflowed ? 0 : writer.length;
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/** Keeps bytes[start … end) with "%41" read as "A". What would end a header line is no good. */
function takeUnescaped(bytes: Bytes, start: number, end: number, into: FixedText): Status {
  let index = start;
  openWriter(writer, into.bytes, 0, into.bytes.length);
  while (index < end) {
    let octet = bytes[index];
    if (octet === 0x25) {
      const high = index + 2 < end ? hexValue(bytes[index + 1]) : -1;
      const low = index + 2 < end ? hexValue(bytes[index + 2]) : -1;
      octet = high < 0 || low < 0 ? 0 : high * 16 + low;
      index += 2;
    }
    if (octet < 0x20 || octet > 0x7e) {
      return Status.MALFORMED;
    }
    putByte(writer, octet);
    index += 1;
  }
  into.length = writer.overflowed ? 0 : writer.length;
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/** The Replaces of the URI's headers, "name=value&name=value". */
function findReplaces(bytes: Bytes, replaces: FixedText): Status {
  let start = uri.headersStart;
  replaces.length = 0;
  while (start < uri.headersEnd) {
    const end = findByte(bytes, start, uri.headersEnd, 0x26);
    const equals = findByte(bytes, start, end, 0x3d);
    if (equals < end && equalTextAnyCase(bytes, start, equals, REPLACES)) {
      return takeUnescaped(bytes, equals + 1, end, replaces);
    }
    start = end + 1;
  }
  return Status.OK;
}

/**
 * Reads the one value of a Refer-To.
 * @param target the Request-URI of the call
 * @param replaces the value of its Replaces; empty when there is none
 * @returns OK; UNSUPPORTED for a URI that is not sip: or a method that is not INVITE; MALFORMED; TOO_LONG
 */
export function parseReferTo(bytes: Bytes, start: number, end: number, target: FixedText, replaces: FixedText): Status {
  let status = parseNameAddress(bytes, start, end, address);
  if (status === Status.OK) {
    status = parseUri(bytes, address.uriStart, address.uriEnd, uri);
  }
  if (status === Status.OK && uri.scheme !== UriScheme.SIP) {
    status = Status.UNSUPPORTED;
  }
  if (status === Status.OK) {
    status = takeUri(bytes, target);
  }
  return status === Status.OK ? findReplaces(bytes, replaces) : status;
}
