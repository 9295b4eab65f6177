// The traffic that every contender reads: 64 variants of an INVITE and of a 200 OK as they arrive at a door station behind
// two proxies, and 64 frames of 20 ms of speech-like sound. The same seed gives the same octets; C programs get them in files.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** How many variants of each message and how many frames there are: a power of two, so that an index wraps with a mask. */
export const VARIANTS = 64;

/** Samples in a frame: 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160;

export interface Corpus {
  /** INVITE requests with SDP, about 830 octets each. */
  invites: Uint8Array[];
  /** 200 OK answers to an INVITE, with SDP, about 670 octets each. */
  answers: Uint8Array[];
  /** Linear samples, VARIANTS frames of FRAME_SAMPLES. */
  speech: Int16Array;
  /** The SDP that every contender puts into the 200 OK it builds. */
  replyBody: Uint8Array;
}

/** What the built 200 OK says beside what it copies from the request. */
export const REPLY = {
  tag: "door-7f31c2",
  contact: "<sip:door@192.0.2.77:5060>",
  contentType: "application/sdp",
} as const;

const USERS = ["anna.berg", "reception", "1001", "flat-12", "caretaker", "o.lindqvist", "4711", "door-main-entrance"];
const DOMAINS = ["example.org", "pbx.example.net", "example.com", "berg.example"];
const NAMES = ["Anna Berg", "Reception", "Flat 12", "Caretaker, Block B"];

/** A source of the same numbers in every run. */
interface Source {
  state: number;
}

function next(source: Source, below: number): number {
  source.state = (Math.imul(source.state, 1103515245) + 12345) & 0x7fffffff;
  return (source.state >>> 8) % below;
}

function pick<T>(source: Source, from: readonly T[]): T {
  return from[next(source, from.length)];
}

function token(source: Source, length: number): string {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length }, () => letters[next(source, letters.length)]).join("");
}

function sessionDescription(source: Source, address: string): string {
  const session = 10000 + next(source, 80000);
  return [
    "v=0",
    `o=- ${session} ${session} IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${20000 + 2 * next(source, 9000)} RTP/AVP 0 8 101`,
    "a=rtpmap:101 telephone-event/8000",
    "",
  ].join("\r\n");
}

function assemble(startLine: string, headers: string[], body: string): Uint8Array {
  const lines = [startLine, ...headers, `Content-Length: ${body.length}`, "", body];
  return new Uint8Array(Buffer.from(lines.join("\r\n"), "latin1"));
}

/** The headers that an INVITE and the answer to one have in common. */
function commonHeaders(source: Source, toTag: string): { headers: string[]; caller: string; callee: string } {
  const domain = pick(source, DOMAINS);
  const caller = `sip:${pick(source, USERS)}@${domain}`;
  const callee = `sip:${pick(source, USERS)}@${domain}`;
  const proxy = `192.0.2.${1 + next(source, 250)}`;
  const host = `198.51.100.${1 + next(source, 250)}`;
  const port = 5060 + next(source, 900);
  const headers = [
    `Via: SIP/2.0/UDP ${proxy}:5060;branch=z9hG4bK${token(source, 22)}`,
    `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${token(source, 10 + next(source, 8))};rport=${port}`,
    `Record-Route: <sip:${proxy};lr>`,
    `From: "${pick(source, NAMES)}" <${caller}>;tag=${token(source, 8 + next(source, 6))}`,
    `To: <${callee}>${toTag}`,
    `Call-ID: ${token(source, 20 + next(source, 8))}@${host}`,
    `CSeq: ${1 + next(source, 90000)} INVITE`,
    `Contact: <sip:${pick(source, USERS)}@${host}:${port}>`,
  ];
  return { headers, caller, callee };
}

function invite(source: Source): Uint8Array {
  const { headers, caller, callee } = commonHeaders(source, "");
  const domain = callee.slice(callee.indexOf("@") + 1);
  const user = caller.slice(4, caller.indexOf("@"));
  headers.splice(3, 0, "Max-Forwards: 68");
  headers.push(
    `Authorization: Digest username="${user}", realm="${domain}", nonce="${token(source, 24)}", uri="${callee}", ` +
      `response="${token(source, 32)}"`,
    "Content-Type: application/sdp",
  );
  const body = sessionDescription(source, `198.51.100.${1 + next(source, 250)}`);
  return assemble(`INVITE ${callee} SIP/2.0`, headers, body);
}

function answer(source: Source): Uint8Array {
  const { headers } = commonHeaders(source, `;tag=${token(source, 8 + next(source, 6))}`);
  headers.push("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS", "Content-Type: application/sdp");
  return assemble("SIP/2.0 200 OK", headers, sessionDescription(source, `198.51.100.${1 + next(source, 250)}`));
}

/** A sum of three slow tones under an envelope, with noise: every segment of the G.711 laws is met, loud and soft. */
function speech(source: Source): Int16Array {
  const samples = new Int16Array(VARIANTS * FRAME_SAMPLES);
  for (let index = 0; index < samples.length; index += 1) {
    const envelope = 0.02 + 0.98 * Math.abs(Math.sin(index / 1900));
    const voice = Math.sin(index / 9.1) + 0.6 * Math.sin(index / 4.3) + 0.3 * Math.sin(index / 1.7);
    const noise = (next(source, 2000) - 1000) / 4000;
    samples[index] = Math.round(14000 * envelope * (voice + noise));
  }
  return samples;
}

/** Makes the corpus; always the same one. */
export function makeCorpus(): Corpus {
  const source: Source = { state: 20250 };
  const variants = Array.from({ length: VARIANTS }, (_, index) => index);
  return {
    invites: variants.map(() => invite(source)),
    answers: variants.map(() => answer(source)),
    speech: speech(source),
    replyBody: new Uint8Array(Buffer.from(sessionDescription({ state: 7 }, "192.0.2.77"), "latin1")),
  };
}

/** Messages behind each other, each after its length in four octets, highest first: bench/native/corpus.c reads it. */
function pack(messages: Uint8Array[]): Uint8Array {
  const parts = messages.map((message) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    return Buffer.concat([length, message]);
  });
  return Buffer.concat(parts);
}

/** Writes the corpus for the C programs: invites, answers, reply-body, and speech as 16-bit little-endian samples. */
export function writeCorpus(corpus: Corpus, folder: string): void {
  writeFileSync(join(folder, "invites"), pack(corpus.invites));
  writeFileSync(join(folder, "answers"), pack(corpus.answers));
  writeFileSync(join(folder, "reply-body"), pack([corpus.replyBody]));
  const octets = Buffer.alloc(2 * corpus.speech.length);
  corpus.speech.forEach((sample, index) => {
    octets.writeInt16LE(sample, 2 * index);
  });
  writeFileSync(join(folder, "speech"), octets);
}

/** The mean length of messages in octets, rounded. */
export function meanLength(messages: Uint8Array[]): number {
  return Math.round(messages.reduce((sum, message) => sum + message.length, 0) / messages.length);
}
