// The transport layer over UDP (RFC 3261 18, RFC 3581): what Vias say, where responses go, and how datagrams are delimited.

import { ClientState } from "../../firmware/sip/client-transaction";
import { describe, equal, isTrue } from "../harness";
import { changed, headerOf, headersOf, kindOf, parameterOf, withHeaders } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";
import { anna, answerTo, openDoor, optionsWith, raw, verdictOf } from "./verdict";

/** Where the answer to an OPTIONS with that Via goes when it comes from 192.0.2.9:7000: "host:port". */
function destinationOf(via: string): string {
  const door = openDoor();
  door.deliver(optionsWith("Via", [`Via: ${via}`]), new Peer("anna", 9, 7000));
  const datagram = door.wire.nextDatagram();
  return `${datagram.host}:${datagram.port}`;
}

/** The Via of the answer to that OPTIONS. */
function viaOf(via: string): string {
  const door = openDoor();
  door.deliver(optionsWith("Via", [`Via: ${via}`]), new Peer("anna", 9, 7000));
  return headerOf(door.wire.next(), "Via");
}

describe("sending requests", () => {
  clause("RFC 3261 18.1.1", "the sent-by of Via is the address and port at which responses are heard", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    equal(headerOf(bench.expect("OPTIONS"), "Via").indexOf("SIP/2.0/UDP 192.0.2.4:5060;"), 0, "Via");
  });

  clause("RFC 3581 3", "Via asks for rport, without a value", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    const via = `${headerOf(bench.expect("OPTIONS"), "Via")};`;
    isTrue(via.indexOf(";rport;") > 0, via);
  });
});

describe("receiving responses", () => {
  clause(
    "RFC 3261 18.1.2",
    "a response whose topmost sent-by is not ours is dropped without a word to the user",
    () => {
      const bench = new TransactionBench();
      const transaction = bench.sendOptions();
      const response = responseOf(bench.expect("OPTIONS"), "200 OK", "x", [], "");
      bench.deliver(changed(response, "UDP 192.0.2.4:5060", "UDP 192.0.2.44:5060"), anna.endpoint);
      bench.deliver(changed(response, "UDP 192.0.2.4:5060", "UDP 192.0.2.4:5099"), anna.endpoint);
      expectState(transaction, ClientState.TRYING, "state");
    },
  );

  clause("RFC 3261 18.1.2", "a response is taken from wherever it comes", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    const response = responseOf(bench.expect("OPTIONS"), "200 OK", "x", [], "");
    bench.deliver(response, new Peer("other", 99, 1234).endpoint);
    expectState(transaction, ClientState.COMPLETED, "state");
  });

  clause("RFC 3581 4", "received and rport in the Via of a response do no harm", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    const response = responseOf(bench.expect("OPTIONS"), "200 OK", "x", [], "");
    bench.deliver(changed(response, ";rport", ";rport=61234;received=203.0.113.7"), anna.endpoint);
    expectState(transaction, ClientState.COMPLETED, "state");
  });
});

describe("receiving requests", () => {
  clause(
    "RFC 3261 18.2.1",
    "the Via of the response has the source address in received when the sent-by is another",
    () => {
      equal(parameterOf(viaOf("SIP/2.0/UDP gate.example:5060;branch=z9hG4bK-1"), "received"), "192.0.2.9", "a name");
      equal(
        parameterOf(viaOf("SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-1"), "received"),
        "192.0.2.9",
        "another address",
      );
    },
  );

  clause("RFC 3261 18.2.1", "a received that the sender wrote there is not believed", () => {
    const via = viaOf("SIP/2.0/UDP gate.example;received=198.51.100.1;branch=z9hG4bK-1");
    equal(parameterOf(via, "received"), "192.0.2.9", "received");
    isTrue(via.indexOf("198.51.100.1") < 0, via);
  });

  clause("RFC 3581 4", "rport is answered with the source port, and received is there with it", () => {
    const via = viaOf("SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK-1");
    equal(parameterOf(via, "rport"), "7000", "rport");
    equal(parameterOf(via, "received"), "192.0.2.9", "received");
    equal(parameterOf(via, "branch"), "z9hG4bK-1", "branch");
  });
});

describe("sending responses", () => {
  clause("RFC 3261 18.2.2", "the response goes to the source address and the port of the sent-by", () => {
    equal(destinationOf("SIP/2.0/UDP gate.example:5077;branch=z9hG4bK-1"), "9:5077", "a port");
    equal(destinationOf("SIP/2.0/UDP 10.0.0.1:5077;branch=z9hG4bK-1"), "9:5077", "another address");
  });

  clause("RFC 3261 18.2.2", "without a port in sent-by it goes to 5060", () => {
    equal(destinationOf("SIP/2.0/UDP gate.example;branch=z9hG4bK-1"), "9:5060", "destination");
  });

  clause("RFC 3581 4", "with rport it goes to the source port, from the port at which the request came", () => {
    equal(destinationOf("SIP/2.0/UDP gate.example:5077;rport;branch=z9hG4bK-1"), "9:7000", "destination");
  });

  clause("RFC 3261 18.2.1", "the refusal of a malformed request goes the same way", () => {
    const door = openDoor();
    const bad = optionsWith("Via", ["Via: SIP/2.0/UDP gate.example:5077;branch=z9hG4bK-1"]);
    door.deliver(changed(bad, "CSeq: 12", "CSeq: x"), new Peer("anna", 9, 7000));
    const datagram = door.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port} ${datagram.text.substring(8, 11)}`, "9:5077 400", "destination");
  });
});

describe("framing", () => {
  clause("RFC 3261 18.3", "octets behind the body that Content-Length names are discarded", () => {
    const description = anna.description([]);
    const invite = anna.newCall().inviteWith(description);
    equal(verdictOf(`${invite}\r\nm=video 9 RTP/AVP 99\r\n`), "200 INVITE", "answer");
  });

  clause("RFC 3261 18.3", "without Content-Length the body goes to the end of the datagram", () => {
    const invite = anna.newCall().inviteWith(anna.description([]));
    const line = `Content-Length: ${headerOf(invite, "Content-Length")}\r\n`;
    equal(verdictOf(changed(invite, line, "")), "200 INVITE", "answer");
  });

  clause("RFC 3261 18.3", "a request that is shorter than it says is answered 400", () => {
    const invite = anna.newCall().inviteWith(anna.description([]));
    equal(verdictOf(invite.substring(0, invite.length - 1)), "400 INVITE", "answer");
  });

  clause("RFC 3261 18.3", "a response that is shorter than it says is discarded", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const response = responseOf(bench.expect("INVITE"), "200 OK", "x", [], "v=0\r\n");
    bench.deliver(response.substring(0, response.length - 1), anna.endpoint);
    expectState(transaction, ClientState.CALLING, "state");
    equal(bench.takeReports(), "", "reports");
  });

  clause("RFC 3261 7.5", "line ends before the start line are ignored", () => {
    equal(verdictOf(`\r\n\r\n${optionsWith("", [])}`), "200 OPTIONS", "answer");
  });

  clause("RFC 3261 18.3", "a datagram that is no SIP is dropped, and nothing comes of it", () => {
    const texts = ["\r\n\r\n", "GET / HTTP/1.1\r\nHost: door\r\n\r\n", "\x00\x01\x00\x00", "hello", "OPTIONS"];
    for (let index = 0; index < texts.length; index += 1) {
      equal(verdictOf(texts[index]), "", texts[index]);
    }
  });
});

describe("header fields", () => {
  clause("RFC 3261 7.3.1", "names are compared in any case, with blanks before the colon", () => {
    equal(verdictOf(optionsWith("Call-ID", ["cALL-id \t : sound@192.0.2.9"])), "200 OPTIONS", "answer");
  });

  clause("RFC 3261 7.3.1", "a field that begins its line with a blank goes on with the line before", () => {
    const lines = ["From: <sip:anna@192.0.2.9>", " ;tag=gate"];
    equal(headerOf(answerTo(optionsWith("From", lines)), "From").indexOf("<sip:anna@192.0.2.9>"), 0, "From");
  });

  clause("RFC 3261 7.3.1", "values in one field and values in fields of their own are the same list", () => {
    const one = ["Require: a, b", "Require: c"];
    const other = ["Require: a", "Require: b,c"];
    equal(headerOf(answerTo(optionsWith("", one)), "Unsupported"), "a, b, c", "one");
    equal(headerOf(answerTo(optionsWith("", other)), "Unsupported"), "a, b, c", "other");
  });

  clause("RFC 3261 7.3.3", "the compact forms stand for the full names", () => {
    const compact = raw(
      [
        "OPTIONS sip:door@192.0.2.4 SIP/2.0",
        "v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-c",
        "f: <sip:anna@192.0.2.9>;tag=gate",
        "t: <sip:door@192.0.2.4>",
        "i: compact@192.0.2.9",
        "CSeq: 12 OPTIONS",
        "m: <sip:anna@192.0.2.9>",
        "k: timer",
        "s: a subject",
        "l: 0",
      ],
      "",
    );
    const answer = answerTo(compact);
    equal(kindOf(answer), "200 OPTIONS", "answer");
    equal(headerOf(answer, "Call-ID"), "compact@192.0.2.9", "Call-ID");
  });

  clause("RFC 3261 20", "fields that nobody knows are ignored, whatever is in them", () => {
    const lines = ["X-One: <", 'X-Two: "', "X-Three:", "P-Four: ,,;;", "Y: \xff\xfe\x01"];
    equal(verdictOf(optionsWith("", lines)), "200 OPTIONS", "answer");
  });

  clause("RFC 3261 20.42", "several Vias in one field come back as they came", () => {
    const line = 'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-1, SIP/2.0/TCP b.example;branch=z9hG4bK-2;x="a,b"';
    const answer = answerTo(optionsWith("Via", [line, "Via: SIP/2.0/UDP c.example;branch=z9hG4bK-3"]));
    const vias = headersOf(answer, "Via");
    isTrue(vias[0].indexOf(', SIP/2.0/TCP b.example;branch=z9hG4bK-2;x="a,b"') > 0, vias[0]);
    equal(vias[1], "SIP/2.0/UDP c.example;branch=z9hG4bK-3", "second field");
  });

  clause(
    "RFC 3261 20.14",
    "an empty line without header fields is no end of a message that has none: 400 or nothing",
    () => {
      equal(verdictOf("OPTIONS sip:door@192.0.2.4 SIP/2.0\r\n\r\n"), "", "nowhere to answer to");
    },
  );

  clause("RFC 3261 8.2.6.2", "a second To, From, Call-ID or CSeq is malformed, also in its compact form", () => {
    const lines = ["t: <sip:door@192.0.2.4>", "f: <sip:anna@192.0.2.9>;tag=gate", "i: sound@192.0.2.9"];
    for (let index = 0; index < lines.length; index += 1) {
      equal(verdictOf(withHeaders(optionsWith("", []), [lines[index]])), "400 OPTIONS", lines[index]);
    }
  });
});
