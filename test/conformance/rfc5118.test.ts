// The classes of messages with IPv6 that RFC 5118 describes, in messages of our own: where brackets must be, may be and are not.

import { ClientState } from "../../firmware/sip/client-transaction";
import { describe, equal } from "../harness";
import { changed, headerOf, mediaOf, startLine } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause, slowClause } from "./clause";
import { anna, answerTo, openDoor, optionsWith, raw, verdictOf } from "./verdict";

function verdictOfUri(uri: string): string {
  return verdictOf(optionsWith("OPTIONS", [`OPTIONS ${uri} SIP/2.0`]));
}

/** What becomes of a response whose Via has that received parameter. */
function expectTaken(received: string): void {
  const bench = new TransactionBench();
  const transaction = bench.sendOptions();
  const response = responseOf(bench.expect("OPTIONS"), "200 OK", "x", [], "");
  bench.deliver(changed(response, ";rport", `;received=${received};rport=5060`), anna.endpoint);
  expectState(transaction, ClientState.COMPLETED, received);
}

describe("messages with IPv6 addresses", () => {
  clause("RFC 5118 4.1", "an IPv6 reference stands in brackets in URIs and in Via", () => {
    const answer = answerTo(
      raw(
        [
          "OPTIONS sip:door@[2001:db8::4] SIP/2.0",
          "Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bK-6",
          "Max-Forwards: 70",
          "From: <sip:anna@[2001:db8::9:1]>;tag=gate",
          "To: sip:door@[2001:db8::4];tag-less",
          "Call-ID: six@[2001:db8::9:1]",
          'Contact: "Anna" <sip:anna@[2001:db8::9:1]>',
          "CSeq: 8612 OPTIONS",
          "Content-Length: 0",
        ],
        "",
      ),
    );
    equal(startLine(answer), "SIP/2.0 200 OK", "status line");
    equal(headerOf(answer, "Call-ID"), "six@[2001:db8::9:1]", "Call-ID");
  });

  slowClause("RFC 5118 4.2", "a Request-URI with an IPv6 address without brackets is malformed", () => {
    equal(verdictOfUri("sip:2001:db8::4"), "400 OPTIONS", "without user");
    equal(verdictOfUri("sip:door@2001:db8::4"), "400 OPTIONS", "with user");
    equal(verdictOfUri("sip:[2001:db8::4"), "400 OPTIONS", "one bracket");
    equal(verdictOfUri("sip:2001:db8::4]"), "400 OPTIONS", "the other bracket");
  });

  clause("RFC 5118 4.3", "what stands within the brackets is the address, also when it looks like a port", () => {
    equal(verdictOfUri("sip:[2001:db8::4:5070]"), "200 OPTIONS", "verdict");
  });

  clause("RFC 5118 4.4", "a port stands behind the brackets", () => {
    equal(verdictOfUri("sip:[2001:db8::4]:5070"), "200 OPTIONS", "verdict");
    equal(verdictOfUri("sip:[2001:db8::4]5070"), "400 OPTIONS", "without colon");
  });

  clause("RFC 5118 4.5", "received may have an IPv6 address with brackets and without", () => {
    expectTaken("[2001:db8::9:255]");
    expectTaken("2001:db8::9:255");
  });

  clause("RFC 5118 4.6", "an offer with IPv6 addresses is well-formed, and refused where there is no IPv6", () => {
    const body =
      "v=0\r\no=- 1 1 IN IP6 2001:db8::20\r\ns=-\r\nc=IN IP6 2001:db8::20\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\n";
    equal(verdictOf(anna.newCall().inviteWith(body)), "488 INVITE", "verdict");
  });

  clause("RFC 5118 4.7", "IPv4 and IPv6 may stand beside each other in the header fields of one message", () => {
    const vias = [
      "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-4",
      "Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bK-6, SIP/2.0/TCP 192.0.2.1",
      "Via: SIP/2.0/UDP [::ffff:192.0.2.3]:5061;branch=z9hG4bK-46",
    ];
    const answer = answerTo(optionsWith("Via", vias));
    equal(startLine(answer), "SIP/2.0 200 OK", "status line");
  });

  clause("RFC 5118 4.8", "an address of each family in one offer: that of the media line counts", () => {
    const door = openDoor();
    const body =
      "v=0\r\no=- 1 1 IN IP6 2001:db8::20\r\ns=-\r\nc=IN IP6 2001:db8::20\r\nt=0 0\r\n" +
      "m=audio 6000 RTP/AVP 8\r\nc=IN IP4 192.0.2.9\r\nm=video 6024 RTP/AVP 107\r\n";
    door.deliver(anna.newCall().inviteWith(body), anna);
    equal(
      mediaOf(door.expect("200 INVITE")).join("; "),
      "audio 10000 RTP/AVP 8 sendrecv; video 0 RTP/AVP 107",
      "answer",
    );
  });

  clause("RFC 5118 4.9", "an IPv4-mapped IPv6 address is an IPv6 reference as others", () => {
    equal(verdictOfUri("sip:door@[::ffff:192.0.2.4]"), "200 OPTIONS", "Request-URI");
    const via = ["Via: SIP/2.0/UDP [::ffff:192.0.2.9]:19823;branch=z9hG4bK-m"];
    equal(verdictOf(optionsWith("Via", via)), "200 OPTIONS", "Via");
  });

  clause("RFC 5118 4.10", "a third colon, which the grammar of RFC 3261 allowed, does no harm", () => {
    equal(verdictOfUri("sip:door@[2001:db8:::192.0.2.4]"), "200 OPTIONS", "verdict");
  });

  clause("RFC 5118 4.1", "the Via of an IPv6 sender comes back with its brackets, and received without them", () => {
    const via = headerOf(answerTo(optionsWith("Via", ["Via: SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bK-b"])), "Via");
    equal(via, "SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bK-b;received=192.0.2.9", "Via");
  });
});
