// Doorline itself: the message index, the response writer and G.711 of the bundle that ships, called as its transaction and
// dialog layers call them. Everything it works in is made before the first operation.

import { HeaderName } from "../../firmware/sip/header-name";
import type { Message } from "../../firmware/sip/message";
import { type Corpus, FRAME_SAMPLES, REPLY, VARIANTS } from "../corpus";
import type { CreateContender, Operation } from "./contender";
import { createEngineOperations } from "./engine";

type Firmware = typeof import("./firmware");

const HEADER_LIMIT = 32;
/** `Law` of firmware/audio/g711.ts. */
const LAW_MU = 0;
const LAW_A = 8;

// A const enum is gone from a bundle; its numbers are the same there.
const VIA: number = HeaderName.VIA;
const CONTACT: number = HeaderName.CONTACT;
const RECORD_ROUTE: number = HeaderName.RECORD_ROUTE;
const CONTENT_TYPE: number = HeaderName.CONTENT_TYPE;

function createParseOperations(firmware: Firmware, corpus: Corpus): Record<string, Operation> {
  const { countHeaderValues, firstHeaderValue, nextHeaderValue, parseMessage, parseNameAddress, parseUri } = firmware;
  const message = firmware.createMessage(HEADER_LIMIT);
  const value = firmware.createHeaderValue();
  const contact = firmware.createNameAddress();
  const route = firmware.createNameAddress();
  const uri = firmware.createUri();

  /** parseMessage has read the top Via, From, To, Call-ID, CSeq and the body's length; Contact and routes are read here. */
  function touch(octets: Uint8Array): number {
    if (parseMessage(message, octets, 0, octets.length) !== 0) {
      return -1;
    }
    const { via, from, to, cseq } = message;
    if (
      !firstHeaderValue(message, CONTACT, value) ||
      parseNameAddress(octets, value.start, value.end, contact) !== 0 ||
      !firstHeaderValue(message, RECORD_ROUTE, value) ||
      parseNameAddress(octets, value.start, value.end, route) !== 0
    ) {
      return -1;
    }
    let routes = 1;
    while (nextHeaderValue(message, value)) {
      routes += 1;
    }
    return (
      countHeaderValues(message, VIA, value) +
      (via.hostEnd - via.hostStart) +
      via.port +
      (via.branchEnd - via.branchStart) +
      (from.uriEnd > from.uriStart ? 1 : 0) +
      (from.tagEnd - from.tagStart) +
      (to.uriEnd > to.uriStart ? 1 : 0) +
      (to.tagEnd - to.tagStart) +
      (message.callIdEnd - message.callIdStart) +
      (cseq.number.high * 65536 + cseq.number.low) +
      (cseq.methodEnd - cseq.methodStart) +
      (contact.uriEnd > contact.uriStart ? 1 : 0) +
      routes +
      (route.uriEnd > route.uriStart ? 1 : 0) +
      (message.bodyEnd - message.bodyStart)
    );
  }

  function uriLength(octets: Uint8Array, start: number, end: number): number {
    return parseUri(octets, start, end, uri) === 0 ? uri.userEnd - uri.userStart + (uri.hostEnd - uri.hostStart) : -1;
  }

  function touchUris(octets: Uint8Array): number {
    return (
      touch(octets) +
      uriLength(octets, message.from.uriStart, message.from.uriEnd) +
      uriLength(octets, message.to.uriStart, message.to.uriEnd) +
      uriLength(octets, contact.uriStart, contact.uriEnd) +
      uriLength(octets, route.uriStart, route.uriEnd)
    );
  }

  return {
    "parse-invite": { run: (index) => touch(corpus.invites[index]) },
    "parse-invite-uris": { run: (index) => touchUris(corpus.invites[index]) },
    "parse-ok": { run: (index) => touch(corpus.answers[index]) },
  };
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function createBuildOperation(firmware: Firmware, corpus: Corpus): Operation {
  const { closeBody, openBody, putBytes, putHeaderText, writeSharedHeaders, writeStatusLine } = firmware;
  const requests: Message[] = corpus.invites.map((octets) => {
    const message = firmware.createMessage(HEADER_LIMIT);
    firmware.parseMessage(message, octets, 0, octets.length);
    return message;
  });
  const writer = firmware.createWriter();
  const buffer = firmware.createBytes(2048);
  const source = { family: 4, address: firmware.createBytes(16), port: 5060 };
  [192, 0, 2, 1].forEach((octet, index) => {
    source.address[index] = octet;
  });
  const tag = octetsOf(REPLY.tag);
  const contact = firmware.createText(REPLY.contact);
  const contentType = firmware.createText(REPLY.contentType);
  const body = corpus.replyBody;
  let start = 0;

  function build(index: number): number {
    if (writeSharedHeaders(writer, buffer, requests[index], source, tag, tag.length) !== 0) {
      return -1;
    }
    putHeaderText(writer, CONTACT, contact);
    putHeaderText(writer, CONTENT_TYPE, contentType);
    const bodyStart = openBody(writer);
    putBytes(writer, body, 0, body.length);
    closeBody(writer, bodyStart);
    start = writeStatusLine(buffer, 200, 0);
    return writer.overflowed ? -1 : writer.length - start;
  }

  return {
    run: build,
    sample() {
      const length = build(0);
      return Uint8Array.from({ length }, (_, index) => buffer[start + index]);
    },
  };
}

function createG711Operations(firmware: Firmware, corpus: Corpus): Record<string, Operation> {
  const { decodeG711, encodeG711 } = firmware;
  const g711 = firmware.createG711();
  const codes = new Uint8Array(65536);
  const samples = new Int16Array(256);

  function encoder(law: number): Operation {
    return {
      run(index) {
        encodeG711(g711, law, corpus.speech, index * FRAME_SAMPLES, FRAME_SAMPLES, codes, 0);
        return codes[index];
      },
      sample() {
        const ramp = Int16Array.from({ length: 65536 }, (_, index) => index - 32768);
        encodeG711(g711, law, ramp, 0, 65536, codes, 0);
        return codes;
      },
    };
  }

  function decoder(law: number): Operation {
    const speech = new Uint8Array(VARIANTS * FRAME_SAMPLES);
    encodeG711(g711, law, corpus.speech, 0, speech.length, speech, 0);
    return {
      run(index) {
        decodeG711(g711, law, speech, index * FRAME_SAMPLES, FRAME_SAMPLES, samples, 0);
        return samples[index];
      },
      sample() {
        decodeG711(
          g711,
          law,
          Uint8Array.from({ length: 256 }, (_, index) => index),
          0,
          256,
          samples,
          0,
        );
        return new Uint8Array(samples.buffer);
      },
    };
  }

  return {
    "encode-alaw": encoder(LAW_A),
    "encode-ulaw": encoder(LAW_MU),
    "decode-alaw": decoder(LAW_A),
    "decode-ulaw": decoder(LAW_MU),
  };
}

export const createContender: CreateContender = async (corpus, path) => {
  const firmware = (await import(path)) as Firmware;
  return {
    version: "this tree",
    operations: {
      ...createParseOperations(firmware, corpus),
      "build-ok": createBuildOperation(firmware, corpus),
      ...createG711Operations(firmware, corpus),
      ...createEngineOperations(firmware),
    },
  };
};
