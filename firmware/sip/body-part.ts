// The body that a request is about, alone or as a part of a multipart body (RFC 5621; RFC 2046 5.1): found by its media type
// and disposition, in place. It decodes nothing: SIP carries octets as they are.

import { type Bytes, equalBytes, findByte } from "../bytes/bytes";
import { createText, equalTextAnyCase, type Text, textLength } from "../bytes/text";
import { skipBlanks } from "./characters";
import { forgetHeaders, indexHeaders } from "./header-index";
import { HeaderName } from "./header-name";
import { hasMediaType, isWord, wordEnd } from "./media-type";
import { createMessage, hasHeader, headerEnd, headerStart, type Message } from "./message";
import { createParameter, findParameter } from "./parameters";
import { Status } from "./status";

/** Where the body lies in the buffer of its message. */
export interface BodyPart {
  start: number;
  end: number;
}

const MULTIPART = createText("multipart/");
const ALTERNATIVE = createText("multipart/alternative");
const BOUNDARY = createText("boundary");
const HANDLING = createText("handling");
const OPTIONAL = createText("optional");
const SESSION = createText("session");

const parameter = createParameter();
/** The header fields of the part at hand. */
const fields = createMessage(8);

/** Boot only: no body. */
export function createBodyPart(): BodyPart {
  return { start: 0, end: 0 };
}

/** Finds a parameter of a header field, into `parameter`. */
function hasParameter(headers: Message, name: HeaderName, parameterName: Text): boolean {
  const end = headerEnd(headers, name);
  const start = skipBlanks(headers.bytes, wordEnd(headers, name), end);
  return findParameter(headers.bytes, start, end, parameterName, parameter);
}

function isMultipart(headers: Message): boolean {
  const start = headerStart(headers, HeaderName.CONTENT_TYPE);
  const end = start + textLength(MULTIPART);
  return end <= wordEnd(headers, HeaderName.CONTENT_TYPE) && equalTextAnyCase(headers.bytes, start, end, MULTIPART);
}

/** OK: a body of the type that means the session; MISSING: another that may be passed over; UNSUPPORTED: one that may not. */
function judgeBody(headers: Message, type: Text): Status {
  if (
    hasMediaType(headers, type) &&
    (!hasHeader(headers, HeaderName.CONTENT_DISPOSITION) || isWord(headers, HeaderName.CONTENT_DISPOSITION, SESSION))
  ) {
    return Status.OK;
  }
  return hasParameter(headers, HeaderName.CONTENT_DISPOSITION, HANDLING) &&
    equalTextAnyCase(headers.bytes, parameter.valueStart, parameter.valueEnd, OPTIONAL)
    ? Status.MISSING
    : Status.UNSUPPORTED;
}

/** The first line from `from` on, which begins a line, that begins with "--" and the boundary; `end` when there is none. */
function findDelimiter(bytes: Bytes, from: number, end: number, boundaryStart: number, boundaryEnd: number): number {
  let line = from;
  while (line < end) {
    const behind = line + 2 + boundaryEnd - boundaryStart;
    if (
      behind <= end &&
      bytes[line] === 0x2d &&
      bytes[line + 1] === 0x2d &&
      equalBytes(bytes, line + 2, behind, bytes, boundaryStart, boundaryEnd) &&
      (behind === end || bytes[behind] <= 0x20 || bytes[behind] === 0x2d)
    ) {
      return line;
    }
    line = findByte(bytes, line, end, 0x0a) + 1;
  }
  return end;
}

/** Looks for the type in the multipart body [start, end) that `headers` describes, and in the one within it. */
function findInParts(headers: Message, start: number, end: number, type: Text, part: BodyPart): Status {
  const bytes = headers.bytes;
  let isAlternative = isWord(headers, HeaderName.CONTENT_TYPE, ALTERNATIVE);
  let found = Status.UNSUPPORTED;
  if (!hasParameter(headers, HeaderName.CONTENT_TYPE, BOUNDARY)) {
    return Status.MALFORMED;
  }
  let limit = end;
  let boundaryStart = parameter.valueStart;
  let boundaryEnd = parameter.valueEnd;
  let delimiter = start;
  let more = true;
  fields.bytes = bytes;
  while (more) {
    if (boundaryEnd > boundaryStart && bytes[boundaryStart] === 0x22) {
      boundaryStart += 1;
      boundaryEnd -= 1;
    }
    delimiter = findDelimiter(bytes, delimiter, limit, boundaryStart, boundaryEnd);
    const behind = delimiter + 2 + boundaryEnd - boundaryStart;
    const partStart = findByte(bytes, delimiter, limit, 0x0a) + 1;
    more = delimiter < limit && partStart < limit && bytes[behind] !== 0x2d;
    if (more) {
      const next = findDelimiter(bytes, partStart, limit, boundaryStart, boundaryEnd);
      if (next === limit) {
        return Status.MALFORMED;
      }
      // The line end before a delimiter belongs to it.
      let contentEnd = next - 1;
      contentEnd -= bytes[contentEnd - 1] === 0x0d ? 1 : 0;
      forgetHeaders(fields);
      const contentStart = indexHeaders(fields, partStart, next);
      contentEnd = contentEnd < contentStart ? contentStart : contentEnd;
      delimiter = next;
      const verdict = judgeBody(fields, type);
      if (verdict === Status.OK && found !== Status.OK) {
        part.start = contentStart;
        part.end = contentEnd;
        found = Status.OK;
      } else if (isMultipart(fields) && hasParameter(fields, HeaderName.CONTENT_TYPE, BOUNDARY)) {
        isAlternative = isWord(fields, HeaderName.CONTENT_TYPE, ALTERNATIVE);
        boundaryStart = parameter.valueStart;
        boundaryEnd = parameter.valueEnd;
        delimiter = contentStart;
        limit = contentEnd;
      } else if (verdict === Status.UNSUPPORTED && !isAlternative) {
        return Status.UNSUPPORTED;
      }
    }
  }
  return found;
}

/**
 * Finds the body of a media type in a message: the whole body, or the first such part of a multipart body. Parts of other types
 * may stand beside it when they are alternatives or say "handling=optional" (RFC 3261 20.11).
 * @param type in full, without parameters, e.g. "application/sdp"
 * @returns OK; MISSING when there is no body, or one that may be passed over; UNSUPPORTED for a body that must be understood and
 *   is not (415); MALFORMED for a multipart body without boundary or end
 */
export function findBodyPart(message: Message, type: Text, part: BodyPart): Status {
  part.start = message.bodyStart;
  part.end = message.bodyEnd;
  if (part.start === part.end) {
    return Status.MISSING;
  }
  const verdict = judgeBody(message, type);
  return verdict === Status.UNSUPPORTED && isMultipart(message)
    ? findInParts(message, message.bodyStart, message.bodyEnd, type, part)
    : verdict;
}
