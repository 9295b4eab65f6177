// npm's sip (kirm/sip.js): sip.parse reads every header it knows into objects; a URI stays a string until sip.parseUri.

import { createRequire } from "node:module";
import { REPLY } from "../corpus";
import type { CreateContender } from "./contender";

interface Parameters {
  [name: string]: string | null;
}

interface Address {
  uri: string;
  params: Parameters;
}

interface Message {
  headers: {
    via: { host: string; port?: number; params: Parameters }[];
    from: Address;
    to: Address;
    "call-id": string;
    cseq: { seq: number; method: string };
    contact: Address[];
    "record-route": { uri: { host: string } }[];
    "content-length": number;
    [name: string]: unknown;
  };
}

interface Sip {
  parse(octets: Uint8Array): Message | undefined;
  parseUri(uri: string): { user?: string; host: string } | undefined;
  makeResponse(request: Message, status: number, reason: string, extension: object): Message;
  stringify(message: Message): string;
}

const require = createRequire(import.meta.url);

function touch(message: Message): number {
  const headers = message.headers;
  const top = headers.via[0];
  const routes = headers["record-route"];
  return (
    headers.via.length +
    top.host.length +
    (top.port ?? 0) +
    (top.params.branch?.length ?? 0) +
    (headers.from.uri.length > 0 ? 1 : 0) +
    (headers.from.params.tag?.length ?? 0) +
    (headers.to.uri.length > 0 ? 1 : 0) +
    (headers.to.params.tag?.length ?? 0) +
    headers["call-id"].length +
    headers.cseq.seq +
    headers.cseq.method.length +
    (headers.contact[0].uri.length > 0 ? 1 : 0) +
    routes.length +
    (routes[0].uri.host.length > 0 ? 1 : 0) +
    headers["content-length"]
  );
}

export const createContender: CreateContender = (corpus) => {
  const sip = require("sip") as Sip;
  const requests = corpus.invites.map((octets) => sip.parse(Buffer.from(octets)) as Message);
  const invites = corpus.invites.map((octets) => Buffer.from(octets));
  const answers = corpus.answers.map((octets) => Buffer.from(octets));
  const body = Buffer.from(corpus.replyBody).toString("latin1");
  const output = Buffer.alloc(2048);

  function parse(octets: Buffer): number {
    const message = sip.parse(octets);
    return message === undefined ? -1 : touch(message);
  }

  function uriLength(uri: string): number {
    const parsed = sip.parseUri(uri);
    return parsed === undefined ? 0 : (parsed.user?.length ?? 0) + parsed.host.length;
  }

  function parseUris(octets: Buffer): number {
    const message = sip.parse(octets);
    if (message === undefined) {
      return -1;
    }
    const { from, to, contact, "record-route": routes } = message.headers;
    return (
      touch(message) + uriLength(from.uri) + uriLength(to.uri) + uriLength(contact[0].uri) + routes[0].uri.host.length
    );
  }

  /** makeResponse shares the request's To, so the tag is put into a copy, as its transaction layer's users do. */
  function build(index: number): number {
    const request = requests[index];
    const response = sip.makeResponse(request, 200, "OK", {
      headers: {
        to: { ...request.headers.to, params: { ...request.headers.to.params, tag: REPLY.tag } },
        "record-route": request.headers["record-route"],
        contact: [{ uri: REPLY.contact.slice(1, -1) }],
        "content-type": REPLY.contentType,
      },
      content: body,
    });
    return output.write(sip.stringify(response), "latin1");
  }

  return {
    version: (require("sip/package.json") as { version: string }).version,
    operations: {
      "parse-invite": { run: (index) => parse(invites[index]) },
      "parse-invite-uris": { run: (index) => parseUris(invites[index]) },
      "parse-ok": { run: (index) => parse(answers[index]) },
      "build-ok": { run: build, sample: () => output.subarray(0, build(0)) },
    },
  };
};
