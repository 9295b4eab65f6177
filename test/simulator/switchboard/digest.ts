// Digest answers as another program computes them: RFC 7616 by Node.js's own hashes, independent of the firmware's.

import { createHash } from "node:crypto";

const HASHES = { MD5: "md5", "SHA-256": "sha256" };

/** A parameter of a challenge; "" when it is not there. */
export function parameterOf(challenge: string, name: string): string {
  return new RegExp(`[ ,]${name}="?([^",]*)`).exec(challenge)?.[1] ?? "";
}

/** The Authorization value for the challenge of an algorithm; "" when there is none. */
export function authorize(
  challenges: string[],
  algorithm: "MD5" | "SHA-256",
  user: { name: string; password: string },
  method: string,
  uri: string,
  count: number,
): string {
  const challenge = challenges.find((candidate) => parameterOf(candidate, "algorithm") === algorithm);
  if (challenge === undefined) {
    return "";
  }
  const hash = (text: string): string => createHash(HASHES[algorithm]).update(text).digest("hex");
  const realm = parameterOf(challenge, "realm");
  const nonce = parameterOf(challenge, "nonce");
  const nc = count.toString(16).padStart(8, "0");
  const secret = hash(`${user.name}:${realm}:${user.password}`);
  const response = hash(`${secret}:${nonce}:${nc}:0a4f:auth:${hash(`${method}:${uri}`)}`);
  return (
    `Digest username="${user.name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=${algorithm}, qop=auth, cnonce="0a4f", nc=${nc}`
  );
}
