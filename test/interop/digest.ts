// The judge of a digest answer (RFC 7616 3.4, RFC 8760), on Node's own hashes: whether an Authorization header that was seen
// on the wire proves the password.

import { createHash } from "node:crypto";

const HASHES: Record<string, string> = { MD5: "md5", "SHA-256": "sha256" };

/** The parameters of an Authorization or Proxy-Authorization header of a message, quotes removed; undefined when it has none. */
export function authorizationOf(message: string): Record<string, string> | undefined {
  const header = /^(?:Proxy-)?Authorization:\s*Digest\s+(.*)$/im.exec(message);
  if (header === null) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const match of header[1].matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[match[1].toLowerCase()] = match[2] ?? match[3];
  }
  return parameters;
}

/** "" when the message's credentials are right, else what is wrong with them. */
export function judgeDigest(message: string, user: string, password: string): string {
  const given = authorizationOf(message);
  if (given === undefined) {
    return "no credentials";
  }
  const algorithm = given.algorithm ?? "MD5";
  const hash = (text: string) =>
    createHash(HASHES[algorithm] ?? "md5")
      .update(text)
      .digest("hex");
  const method = message.slice(0, message.indexOf(" "));
  const secret = hash(`${user}:${given.realm}:${password}`);
  const request = hash(`${method}:${given.uri}`);
  const proof =
    given.qop === undefined
      ? hash(`${secret}:${given.nonce}:${request}`)
      : hash([secret, given.nonce, given.nc, given.cnonce, given.qop, request].join(":"));
  if (given.username !== user) {
    return `the user is ${given.username}`;
  }
  return given.response === proof ? "" : `the response is ${given.response}, expected ${proof} (${algorithm})`;
}
