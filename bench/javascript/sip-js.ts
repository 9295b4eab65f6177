// SIP.js: Parser.parseMessage runs a grammar over each header, URIs included; the reply is its constructOutgoingResponse.
// Its transports are WebSockets, so decoding the octets to text belongs to the parse.

import { createRequire } from "node:module";
import { REPLY } from "../corpus";
import type { CreateContender } from "./contender";

interface Address {
  uri: { user?: string; host: string };
}

interface Message {
  via: { host: string; port: number; branch: string };
  from: Address;
  fromTag: string;
  to: Address;
  toTag?: string;
  callId: string;
  cseq: number;
  method: string;
  getHeaders(name: string): string[];
  parseHeader(name: string): Address;
  getHeader(name: string): string;
}

interface Messages {
  Parser: { parseMessage(text: string, logger: object): Message | undefined };
}

interface Responses {
  constructOutgoingResponse(message: Message, options: object): { message: string };
}

const PARSER = "sip.js/lib/core/messages/parser.js";
const RESPONSES = "sip.js/lib/core/messages/outgoing-response.js";

const require = createRequire(import.meta.url);
const logger = { warn: () => {}, error: () => {} };

function addressLength(address: Address): number {
  return (address.uri.user?.length ?? 0) + address.uri.host.length;
}

function touch(message: Message): number {
  return (
    message.getHeaders("via").length +
    message.via.host.length +
    message.via.port +
    message.via.branch.length +
    (message.from.uri.host.length > 0 ? 1 : 0) +
    message.fromTag.length +
    (message.to.uri.host.length > 0 ? 1 : 0) +
    (message.toTag?.length ?? 0) +
    message.callId.length +
    message.cseq +
    message.method.length +
    (message.parseHeader("contact").uri.host.length > 0 ? 1 : 0) +
    message.getHeaders("record-route").length +
    (message.parseHeader("record-route").uri.host.length > 0 ? 1 : 0) +
    Number(message.getHeader("content-length"))
  );
}

function touchUris(message: Message): number {
  return (
    addressLength(message.from) +
    addressLength(message.to) +
    addressLength(message.parseHeader("contact")) +
    message.parseHeader("record-route").uri.host.length
  );
}

export const createContender: CreateContender = async (corpus) => {
  const { Parser } = (await import(PARSER)) as Messages;
  const { constructOutgoingResponse } = (await import(RESPONSES)) as Responses;
  const invites = corpus.invites.map((octets) => Buffer.from(octets));
  const answers = corpus.answers.map((octets) => Buffer.from(octets));
  const body = { contentType: REPLY.contentType, content: Buffer.from(corpus.replyBody).toString("latin1") };
  const output = Buffer.alloc(2048);

  function parse(octets: Buffer): Message | undefined {
    return Parser.parseMessage(octets.toString("utf8"), logger);
  }

  const requests = invites.map((octets) => parse(octets) as Message);

  function run(octets: Buffer): number {
    const message = parse(octets);
    return message === undefined ? -1 : touch(message);
  }

  function runUris(octets: Buffer): number {
    const message = parse(octets);
    return message === undefined ? -1 : touch(message) + touchUris(message);
  }

  function build(index: number): number {
    const request = requests[index];
    const extraHeaders = request.getHeaders("record-route").map((route) => `Record-Route: ${route}`);
    extraHeaders.push(`Contact: ${REPLY.contact}`);
    const response = constructOutgoingResponse(request, { statusCode: 200, toTag: REPLY.tag, extraHeaders, body });
    return output.write(response.message, "latin1");
  }

  return {
    version: (require("sip.js/package.json") as { version: string }).version,
    operations: {
      "parse-invite": { run: (index) => run(invites[index]) },
      "parse-invite-uris": { run: (index) => runUris(invites[index]) },
      "parse-ok": { run: (index) => run(answers[index]) },
      "build-ok": { run: build, sample: () => output.subarray(0, build(0)) },
    },
  };
};
