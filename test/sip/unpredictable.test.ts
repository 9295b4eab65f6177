// What a stranger must not guess (RFC 3261 19.3, RFC 3550 5.1, RFC 5452 9.2): a station that is booted with another random source says
// other tags, branches, Call-IDs, client nonces, RTP starts and DNS ids, in every digit and every bit; one with the same says the same.

import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door } from "../rig/door";
import { bodyOf, headerOf, parameterOf, textBetween } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const SEEDS = 24;
/**
 * Different digits that SEEDS draws show at least: they all lie in some 6 of the 16 digits with a probability of less than
 * C(16, 6) * (6 / 16)^24 = 8008 * 6.0e-11 = 4.8e-7. There are about 200 digits, so that a sound device fails by one choice of seeds
 * in 10,000, and these seeds are always the same.
 */
const DIFFERENT = 7;
const anna = new Peer("anna", 9, 5060);
const registrar = new Peer("pbx", 1, 5060);
const mallory = new Peer("mallory", 66, 5060);

/** A 16-bit half as four digits. */
function digits(half: number): string {
  let text = "";
  for (let shift = 12; shift >= 0; shift -= 4) {
    text += "0123456789abcdef".charAt(((half - (half % (1 << shift))) / (1 << shift)) & 15);
  }
  return text;
}

/** Names of the values below. */
const NAMES = [
  "the tag of REGISTER",
  "the Call-ID of REGISTER",
  "the branch of REGISTER",
  "the client nonce",
  "the tag of INVITE",
  "the Call-ID of INVITE",
  "the branch of INVITE",
  "the branch of ACK",
  "the SSRC",
  "the first sequence number",
  "the first timestamp",
  "the tag of a called station",
  "the tag of a refusal",
  "the id of a DNS query",
];

/** What a station that draws from `seed` says in a registration and two calls. */
function valuesOf(seed: number): string[] {
  const door = new Door(
    [
      "account.registrar = sip:192.0.2.1",
      "account.password = secret",
      "account.realm = pbx",
      "call.answer-from = anna@192.0.2.9",
      "network.name-server.1 = 192.0.2.53",
      "button.2.call = sip:bert@nowhere.example.org",
    ],
    seed,
  );
  const values: string[] = [];
  const first = door.expect("REGISTER");
  const challenge = 'WWW-Authenticate: Digest realm="pbx", nonce="n", qop="auth"';
  door.deliver(responseOf(first, "401 Unauthorized", "r", [challenge], ""), registrar);
  const second = door.expect("REGISTER");
  const contact = `Contact: ${headerOf(second, "Contact")};expires=3600`;
  door.deliver(responseOf(second, "200 OK", "r", [contact], ""), registrar);
  values.push(parameterOf(headerOf(first, "From"), "tag"));
  values.push(headerOf(first, "Call-ID"));
  values.push(parameterOf(headerOf(first, "Via"), "branch"));
  values.push(textBetween(headerOf(second, "Authorization"), 'cnonce="', '"'));
  door.press(0);
  const invite = door.expect("INVITE");
  const call = anna.takeCall(invite);
  door.deliver(call.answer("200 OK", anna.description([])), anna);
  const acknowledgement = door.expect("ACK");
  values.push(parameterOf(headerOf(invite, "From"), "tag"));
  values.push(headerOf(invite, "Call-ID"));
  values.push(parameterOf(headerOf(invite, "Via"), "branch"));
  values.push(parameterOf(headerOf(acknowledgement, "Via"), "branch"));
  isTrue(bodyOf(invite).length > 0, "an offer");
  const header = door.device.rtp.transmission.header;
  values.push(digits(header.ssrcHigh) + digits(header.ssrcLow));
  values.push(digits(header.sequence));
  values.push(digits(header.timestampHigh) + digits(header.timestampLow));
  door.deliver(call.bye(), anna);
  door.expect("200 BYE");
  const incoming = anna.newCall();
  door.deliver(incoming.inviteWith(anna.description([])), anna);
  const answer = door.expect("200 INVITE");
  values.push(parameterOf(headerOf(answer, "To"), "tag"));
  incoming.takeResponse(answer);
  door.deliver(incoming.acknowledge(""), anna);
  door.deliver(incoming.bye(), anna);
  door.expect("200 BYE");
  door.deliver(mallory.newCall().inviteWith(""), mallory);
  values.push(parameterOf(headerOf(door.expect("403 INVITE"), "To"), "tag"));
  door.press(1);
  isTrue(door.names.sent.length > 0, "a DNS query");
  const query = door.names.sent[0].bytes;
  values.push(digits(query[0] * 256 + query[1]));
  return values;
}

/** How many digits of a value hold chance: those of a branch begin behind its magic cookie. */
function chanceOf(value: string): string {
  return value.indexOf("z9hG4bK") === 0 ? value.substring(7) : value;
}

/** The least that each must have, in hexadecimal digits. */
const LEAST = [8, 16, 8, 8, 8, 16, 8, 8, 8, 4, 8, 8, 8, 4];

/** What SEEDS stations say, each of a source of its own, one after the other. */
const said: string[] = [];

function valueOf(station: number, name: number): string {
  for (let next = said.length / NAMES.length; next < SEEDS; next += 1) {
    const values = valuesOf(1000 + 977 * next);
    equal(values.length, NAMES.length, "values of a station");
    for (let index = 0; index < values.length; index += 1) {
      said.push(values[index]);
    }
  }
  return said[station * NAMES.length + name];
}

/** A test of its own for each value; a loop's variable is one for all its closures in Lua. */
function itIsOfChance(name: number): void {
  itSlow(`${NAMES[name]} is of chance in every digit`, () => {
    const length = chanceOf(valueOf(0, name)).length;
    isTrue(length >= LEAST[name], `${length} digits`);
    for (let at = 0; at < length; at += 1) {
      let seen = "";
      for (let run = 0; run < SEEDS; run += 1) {
        const digit = chanceOf(valueOf(run, name)).charAt(at);
        seen += seen.indexOf(digit) < 0 ? digit : "";
      }
      isTrue(seen.length >= DIFFERENT, `digit ${at} was only one of ${seen}`);
    }
  });
}

describe("what a stranger must not guess", () => {
  for (let name = 0; name < NAMES.length; name += 1) {
    itIsOfChance(name);
  }

  it("is not said twice by one station", () => {
    for (let one = 0; one < NAMES.length; one += 1) {
      for (let other = 0; other < one; other += 1) {
        isTrue(valueOf(0, one) !== valueOf(0, other), `${NAMES[one]} is ${NAMES[other]}`);
      }
    }
  });

  it("comes from the board's random source alone: the same source gives the same", () => {
    const again = valuesOf(1000);
    for (let name = 0; name < NAMES.length; name += 1) {
      equal(again[name], valueOf(0, name), NAMES[name]);
    }
  });
});
