// Digest answers (RFC 7616, RFC 8760) computed anew from the texts on the wire: the hash functions are the firmware's, whose
// vectors are their own tests; what is hashed is put together here.

import { createBytes } from "../../firmware/bytes/bytes";
import { createHash, finishHash, HashAlgorithm, startHash, updateHash } from "../../firmware/crypto/hash";
import { equal } from "../harness";
import { bytesOf, hexOf } from "../octets";
import { firstWord, headerOf, textBetween } from "./message-text";

const hash = createHash();

function hashOf(algorithm: HashAlgorithm, text: string): string {
  const digest = createBytes(32);
  const bytes = bytesOf(text);
  startHash(hash, algorithm);
  updateHash(hash, bytes, 0, bytes.length);
  return hexOf(digest, 0, finishHash(hash, digest, 0));
}

/** A parameter of a challenge or an authorization, without its quotes. */
export function digestParameter(value: string, name: string): string {
  const quoted = textBetween(` ${value}`, ` ${name}="`, '"');
  return quoted === "" ? textBetween(` ${value}`, ` ${name}=`, ", \r") : quoted;
}

/**
 * Fails unless a request answers a challenge as its account should: user, realm, nonce, URI, nonce count, and a response
 * that is right for the password.
 * @param header "Authorization" or "Proxy-Authorization"
 * @param nonceCount eight digits
 */
export function expectDigest(
  request: string,
  header: string,
  user: string,
  password: string,
  realm: string,
  nonce: string,
  nonceCount: string,
): void {
  const value = headerOf(request, header);
  const algorithm = digestParameter(value, "algorithm") === "SHA-256" ? HashAlgorithm.SHA_256 : HashAlgorithm.MD5;
  const method = firstWord(request);
  const uri = textBetween(request, " ", " ");
  const clientNonce = digestParameter(value, "cnonce");
  const secret = hashOf(algorithm, `${user}:${realm}:${password}`);
  const asked = hashOf(algorithm, `${method}:${uri}`);
  equal(value.substring(0, 7), "Digest ", `scheme of ${header}`);
  equal(digestParameter(value, "username"), user, "username");
  equal(digestParameter(value, "realm"), realm, "realm");
  equal(digestParameter(value, "nonce"), nonce, "nonce");
  equal(digestParameter(value, "uri"), uri, "uri");
  equal(digestParameter(value, "qop"), "auth", "qop");
  equal(digestParameter(value, "nc"), nonceCount, "nc");
  equal(
    digestParameter(value, "response"),
    hashOf(algorithm, `${secret}:${nonce}:${nonceCount}:${clientNonce}:auth:${asked}`),
    "response",
  );
}

/** A challenge with qop=auth. @param algorithm "MD5" or "SHA-256" */
export function challengeOf(realm: string, nonce: string, algorithm: string): string {
  return `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}`;
}
