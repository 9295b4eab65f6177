// JsSIP: Parser.parseMessage runs a grammar over each header, URIs included; the reply is IncomingRequest.reply with a
// transaction that keeps the text. Its transports are WebSockets, so decoding the octets to text belongs to the parse.

import { createRequire } from "node:module";
import { REPLY } from "../corpus";
import type { CreateContender } from "./contender";

interface Address {
  uri: { user: string | null; host: string };
}

interface Message {
  via: { host: string; port: number; branch: string };
  from: Address;
  from_tag: string;
  to: Address;
  to_tag?: string;
  call_id: string;
  cseq: number;
  method: string;
  server_transaction: { receiveResponse(code: number, text: string): void };
  getHeaders(name: string): string[];
  parseHeader(name: string): Address;
  getHeader(name: string): string;
  reply(code: number, reason: string, headers: string[], body: string): void;
}

interface Parser {
  parseMessage(text: string, agent: object): Message | undefined;
}

const require = createRequire(import.meta.url);

/** What of the user agent `reply` reads. */
const agent = { configuration: { session_timers: false }, contact: {} };

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
    message.from_tag.length +
    (message.to.uri.host.length > 0 ? 1 : 0) +
    (message.to_tag?.length ?? 0) +
    message.call_id.length +
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

export const createContender: CreateContender = (corpus) => {
  const parser = require("jssip/lib/Parser") as Parser;
  const invites = corpus.invites.map((octets) => Buffer.from(octets));
  const answers = corpus.answers.map((octets) => Buffer.from(octets));
  const body = Buffer.from(corpus.replyBody).toString("latin1");
  const output = Buffer.alloc(2048);
  let length = 0;
  const transaction = {
    receiveResponse(_code: number, text: string): void {
      length = output.write(text, "latin1");
    },
  };

  function parse(octets: Buffer): Message | undefined {
    return parser.parseMessage(octets.toString("utf8"), agent);
  }

  const requests = invites.map((octets) => {
    const request = parse(octets) as Message;
    request.server_transaction = transaction;
    request.to_tag = REPLY.tag;
    return request;
  });

  function run(octets: Buffer): number {
    const message = parse(octets);
    return message === undefined ? -1 : touch(message);
  }

  function runUris(octets: Buffer): number {
    const message = parse(octets);
    return message === undefined ? -1 : touch(message) + touchUris(message);
  }

  function build(index: number): number {
    requests[index].reply(200, "OK", [`Contact: ${REPLY.contact}`], body);
    return length;
  }

  return {
    version: (require("jssip/package.json") as { version: string }).version,
    operations: {
      "parse-invite": { run: (index) => run(invites[index]) },
      "parse-invite-uris": { run: (index) => runUris(invites[index]) },
      "parse-ok": { run: (index) => run(answers[index]) },
      "build-ok": { run: build, sample: () => output.subarray(0, build(0)) },
    },
  };
};
