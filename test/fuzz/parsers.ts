// Fuzz targets that are one parser each. The input is exactly the buffer, so a read behind it is a fault; what a parser says lies
// where is then used as its callers use it, and what is written from it is read again.

import { createFixedText } from "../../firmware/bytes/fixed-text";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { createAnswer, packRecords, readAnswer, Verdict } from "../../firmware/dns/answer";
import { createRtpPacket, parseRtpPacket } from "../../firmware/rtp/packet";
import { createReport, parseCompound } from "../../firmware/rtp/rtcp";
import { createAgreement } from "../../firmware/sdp/agreement";
import {
  acceptAnswer,
  createCapabilities,
  createOrigin,
  negotiateAnswer,
  writeAnswer,
  writeOffer,
} from "../../firmware/sdp/offer-answer";
import { createSessionDescription, parseSessionDescription } from "../../firmware/sdp/session-description";
import { createIpNetwork, parseNetwork } from "../../firmware/settings/ip-network";
import { createSettings } from "../../firmware/settings/settings";
import { createSettingsProblem, parseSettings, SettingsFault } from "../../firmware/settings/settings-parser";
import { createAuthorization, parseAuthorization } from "../../firmware/sip/authentication-authorization";
import { challengeRank, createChallenge, parseChallenge } from "../../firmware/sip/authentication-challenge";
import { nextChallenge } from "../../firmware/sip/authentication-parameters";
import { createCSeq, parseCSeq } from "../../firmware/sip/cseq";
import { createRelayedKey, parseDtmf, parseDtmfRelay } from "../../firmware/sip/dtmf-relay";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "../../firmware/sip/header-values";
import { createMessage, MessageKind } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { createNameAddress, parseNameAddress } from "../../firmware/sip/name-address";
import { parseReferTo } from "../../firmware/sip/refer-to";
import { writeSharedHeaders, writeStatusLine } from "../../firmware/sip/response-writer";
import { Status } from "../../firmware/sip/status";
import { BROKEN, findHeadersEnd, findMessageEnd } from "../../firmware/sip/stream";
import { createUri, parseUri } from "../../firmware/sip/uri";
import { createVia, parseVia } from "../../firmware/sip/via";
import { readBindingResponse, StunVerdict } from "../../firmware/stun/message";
import { testEndpoint } from "../fake-udp";
import { equal, isTrue } from "../harness";
import { bytesOf, bytesOfHex } from "../octets";

const HEADER_FIELDS = 32;
const HEADER_NAMES = 40;

const message = createMessage(HEADER_FIELDS);
const again = createMessage(HEADER_FIELDS);
const value = createHeaderValue();
const address = createNameAddress();
const uri = createUri();
const writer = createWriter();
const scratch = new Uint8Array(2304);
const tag = bytesOf("0123456789abcdef");
const source = testEndpoint(9, 5060);

/** bytes[start … end) lies in bytes. */
function expectInside(bytes: Uint8Array, start: number, end: number, what: string): void {
  isTrue(start >= 0 && start <= end && end <= bytes.length, `${what}: ${start} … ${end} of ${bytes.length}`);
}

/** The response to a request that can be answered is a message without a defect. */
function answerRequest(): void {
  if (writeSharedHeaders(writer, scratch, message, source, tag, tag.length) !== Status.OK || writer.overflowed) {
    return;
  }
  const end = writer.length;
  scratch[end] = 0x0d;
  scratch[end + 1] = 0x0a;
  const start = writeStatusLine(scratch, 400, 0);
  const answer = scratch.slice(start, end + 2);
  const status = parseMessage(again, answer, 0, answer.length);
  equal(again.kind, MessageKind.RESPONSE, "the kind of the answer");
  if (message.defect === 0) {
    equal(status, Status.OK, `the answer ${Buffer.from(answer).toString("latin1")}`);
  }
}

export function fuzzMessage(input: Uint8Array): void {
  const status = parseMessage(message, input, 0, input.length);
  expectInside(input, message.start, message.end, "message");
  isTrue(message.headerCount <= HEADER_FIELDS, "header fields");
  for (let header = 0; header < message.headerCount; header += 1) {
    expectInside(input, message.values[2 * header], message.values[2 * header + 1], "value");
  }
  if (status === Status.OK) {
    expectInside(input, message.bodyStart, message.bodyEnd, "body");
    for (let name = 0; name < HEADER_NAMES; name += 1) {
      let more = firstHeaderValue(message, name, value);
      while (more) {
        expectInside(input, value.start, value.end, "header value");
        if (parseNameAddress(input, value.start, value.end, address) === Status.OK) {
          parseUri(input, address.uriStart, address.uriEnd, uri);
        }
        more = nextHeaderValue(message, value);
      }
    }
  }
  if (message.kind === MessageKind.REQUEST && message.via.end > message.via.start) {
    answerRequest();
  }
}

const via = createVia();
const cseq = createCSeq();
const key = createRelayedKey();
const network = createIpNetwork();
const target = createFixedText(64);
const replaces = createFixedText(64);

/** The parsers of header fields and small bodies; the first octet chooses one. */
const FIELDS: ((bytes: Uint8Array, end: number) => unknown)[] = [
  (bytes, end) => parseUri(bytes, 0, end, uri),
  (bytes, end) => parseVia(bytes, 0, end, via),
  (bytes, end) => parseNameAddress(bytes, 0, end, address),
  (bytes, end) => parseCSeq(bytes, 0, end, cseq),
  (bytes, end) => parseReferTo(bytes, 0, end, target, replaces),
  (bytes, end) => parseDtmfRelay(bytes, 0, end, key),
  (bytes, end) => parseDtmf(bytes, 0, end, key),
  (bytes, end) => parseNetwork(bytes, 0, end, network),
];

export function fuzzField(input: Uint8Array): void {
  if (input.length > 0) {
    FIELDS[input[0] % FIELDS.length](input.slice(1), input.length - 1);
  }
}

const challenge = createChallenge();
const authorization = createAuthorization();

export function fuzzChallenge(input: Uint8Array): void {
  let start = 0;
  while (start < input.length) {
    const next = nextChallenge(input, start, input.length);
    isTrue(next > start && next <= input.length, `a challenge at ${start} ends at ${next}`);
    if (parseChallenge(input, start, input.length, challenge) === Status.OK) {
      isTrue(challengeRank(challenge) > 0, "the rank of a challenge that can be answered");
    }
    start = next;
  }
  parseAuthorization(input, 0, input.length, authorization);
}

const description = createSessionDescription();
const capabilities = createCapabilities();
const agreement = createAgreement();
const origin = createOrigin();

export function fuzzDescription(input: Uint8Array): void {
  if (parseSessionDescription(description, input, 0, input.length) !== Status.OK) {
    return;
  }
  capabilities.local.family = 4;
  capabilities.local.port = 10000;
  copyEndpoint(capabilities.control, capabilities.local);
  capabilities.control.port = 10001;
  if (negotiateAnswer(description, capabilities, agreement) === Status.OK) {
    openWriter(writer, scratch, 0, scratch.length);
    if (writeAnswer(writer, description, capabilities, agreement, origin) === Status.OK) {
      const mediaCount = description.mediaCount;
      equal(parseSessionDescription(description, scratch, 0, writer.length), Status.OK, "our answer");
      equal(description.mediaCount, mediaCount, "a line for each line of the offer");
    }
  }
  openWriter(writer, scratch, 0, scratch.length);
  equal(writeOffer(writer, capabilities, origin, agreement), Status.OK, "our offer");
  if (parseSessionDescription(description, input, 0, input.length) === Status.OK) {
    acceptAnswer(description, capabilities, agreement);
  }
}

const packet = createRtpPacket();

export function fuzzRtp(input: Uint8Array): void {
  if (parseRtpPacket(input, 0, input.length, packet) === Status.OK) {
    expectInside(input, packet.payloadStart, packet.payloadEnd, "payload");
  }
}

const report = createReport();

export function fuzzRtcp(input: Uint8Array): void {
  parseCompound(input, 0, input.length, 0x0102, 0x0304, 0x0506, 0x0708, report);
}

const QUERY = bytesOfHex("abcd 0100 0001 0000 0000 0000 07 6578616d706c65 03 6f7267 00 0021 0001");
const TYPES = [1, 28, 33, 35];
const answer = createAnswer();
const records = new Uint8Array(256);

/** The datagram is made to look like the answer to our query: the fuzzer need not guess the id. */
export function fuzzDns(input: Uint8Array): void {
  const query = Uint8Array.from(QUERY as unknown as Uint8Array);
  query[query.length - 3] = TYPES[(input[0] ?? 0) % TYPES.length];
  const datagram = new Uint8Array(query.length + input.length);
  datagram.set(query);
  datagram.set(input, query.length);
  datagram[2] = 0x81;
  datagram[7] = input[1] ?? 0;
  datagram[9] = input[2] ?? 0;
  if (readAnswer(answer, datagram, datagram.length, query, query.length) === Verdict.FOUND) {
    const end = packRecords(answer, datagram, datagram.length, records, 0, records.length);
    expectInside(records, 0, end, "packed records");
  }
  readAnswer(answer, input, input.length, query, query.length);
}

const REQUEST = bytesOfHex("0001 0000 2112a442 0102030405060708090a0b0c");
const mapped = createEndpoint();

/** The input is type and attributes; cookie, id and length are made right in the first of two readings. */
export function fuzzStun(input: Uint8Array): void {
  const datagram = new Uint8Array(REQUEST.length + Math.max(0, input.length - 2));
  datagram.set(Uint8Array.from(REQUEST as unknown as Uint8Array));
  datagram.set(input.slice(2), REQUEST.length);
  datagram[0] = input[0] ?? 0;
  datagram[1] = input[1] ?? 0;
  datagram[2] = ((datagram.length - REQUEST.length) >> 8) & 0xff;
  datagram[3] = (datagram.length - REQUEST.length) & 0xff;
  if (readBindingResponse(datagram, datagram.length, REQUEST, mapped) === StunVerdict.MAPPED) {
    isTrue(mapped.family === 4 || mapped.family === 6, "the family of a mapped address");
  }
  readBindingResponse(input, input.length, REQUEST, mapped);
}

const settings = createSettings();
const problem = createSettingsProblem();

export function fuzzSettings(input: Uint8Array): void {
  const status = parseSettings(settings, input, 0, input.length, problem);
  isTrue(settings.lettersUsed <= settings.letters.length, "letters");
  isTrue((status === Status.OK) === (problem.fault === SettingsFault.NONE), "a refusal names its fault");
}

/** A stream that arrives in two parts: its messages end in the same places as when it arrives at once. */
export function fuzzStream(input: Uint8Array): void {
  let start = 0;
  while (start < input.length) {
    const headersEnd = findHeadersEnd(input, start, input.length);
    if (headersEnd <= start) {
      return;
    }
    const early = findHeadersEnd(input, start, headersEnd);
    equal(early, headersEnd, "the end of the header fields, seen as soon as they are there");
    const end = findMessageEnd(message, input, start, headersEnd, 4096);
    if (end === BROKEN) {
      return;
    }
    isTrue(end >= headersEnd && end - start <= 4096, `a message ends at ${end}`);
    start = end;
  }
}
