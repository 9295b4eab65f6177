import { Law } from "../../firmware/audio/g711";
import { createBytes } from "../../firmware/bytes/bytes";
import { copyEndpoint } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { type Agreement, createAgreement } from "../../firmware/sdp/agreement";
import {
  acceptAnswer,
  type Capabilities,
  createCapabilities,
  createOrigin,
  negotiateAnswer,
  writeAnswer,
  writeOffer,
} from "../../firmware/sdp/offer-answer";
import {
  createSessionDescription,
  parseSessionDescription,
  type SessionDescription,
} from "../../firmware/sdp/session-description";
import { Status } from "../../firmware/sip/status";
import type { Endpoint } from "../../hal/endpoint";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { SDP_SAMPLES } from "../vectors/sdp-samples";

function ourCapabilities(): Capabilities {
  const capabilities = createCapabilities();
  copyEndpoint(capabilities.local, testEndpoint(1, 10000));
  copyEndpoint(capabilities.control, testEndpoint(1, 10001));
  return capabilities;
}

function described(lines: string[]): SessionDescription {
  const description = createSessionDescription();
  const bytes = bytesOf(`${lines.join("\r\n")}\r\n`);
  equal(parseSessionDescription(description, bytes, 0, bytes.length), Status.OK, "parsing");
  return description;
}

function addressText(endpoint: Endpoint): string {
  const parts: string[] = [];
  for (let index = 0; index < 4; index += 1) {
    parts.push(`${endpoint.address[index]}`);
  }
  return parts.join(".");
}

const HEAD = ["v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0"];
const SESSION = "v=0|o=- 4294967295 7 IN IP4 192.0.2.1|s=-|c=IN IP4 192.0.2.1|t=0 0|";
const OFFERED_MEDIA =
  "m=audio 10000 RTP/AVP 8 0 101|a=rtpmap:8 PCMA/8000|a=rtpmap:0 PCMU/8000|a=rtpmap:101 telephone-event/8000|" +
  "a=fmtp:101 0-15|a=ptime:20|a=sendrecv|";

const bytes = createBytes(1024);
const writer = createWriter();
const origin = createOrigin();
origin.sessionHigh = 0xffff;
origin.sessionLow = 0xffff;
origin.version = 7;

/** The lines written, joined by "|". */
function written(): string {
  return textOf(bytes, 0, writer.length).split("\r\n").join("|");
}

function offerOf(capabilities: Capabilities, agreement: Agreement): string {
  openWriter(writer, bytes, 0, bytes.length);
  equal(writeOffer(writer, capabilities, origin, agreement), Status.OK);
  return written();
}

function answerTo(offer: SessionDescription, capabilities: Capabilities, agreement: Agreement): string {
  openWriter(writer, bytes, 0, bytes.length);
  equal(writeAnswer(writer, offer, capabilities, agreement, origin), Status.OK);
  return written();
}

describe("sdp/offer-answer", () => {
  it("offers both laws in the order of preference and telephone events", () => {
    equal(offerOf(ourCapabilities(), createAgreement()), SESSION + OFFERED_MEDIA);
  });

  it("offers one law, another packet time, one direction and a distant RTCP port", () => {
    const capabilities = ourCapabilities();
    capabilities.laws[0] = Law.MU;
    capabilities.lawCount = 1;
    capabilities.packetTime = 40;
    capabilities.receiving = false;
    capabilities.control.port = 20000;
    equal(
      offerOf(capabilities, createAgreement()),
      `${SESSION}m=audio 10000 RTP/AVP 0 101|a=rtpmap:0 PCMU/8000|a=rtpmap:101 telephone-event/8000|` +
        "a=fmtp:101 0-15|a=ptime:40|a=sendonly|a=rtcp:20000|",
    );
  });

  it("offers RTCP at another address than RTP with that address (RFC 3605 2.1)", () => {
    const capabilities = ourCapabilities();
    copyEndpoint(capabilities.control, testEndpoint(77, 10001));
    const offer = offerOf(capabilities, createAgreement());
    equal(offer.substring(offer.indexOf("a=sendrecv")), "a=sendrecv|a=rtcp:10001 IN IP4 192.0.2.77|");
  });

  it("offers an IPv6 address", () => {
    const capabilities = ourCapabilities();
    capabilities.local.family = 6;
    for (let index = 0; index < 16; index += 1) {
      capabilities.local.address[index] = 0;
    }
    capabilities.local.address[0] = 0x20;
    capabilities.local.address[15] = 9;
    copyEndpoint(capabilities.control, capabilities.local);
    capabilities.control.port = 10001;
    const offer = offerOf(capabilities, createAgreement());
    equal(offer.substring(0, 68), "v=0|o=- 4294967295 7 IN IP6 2000::9|s=-|c=IN IP6 2000::9|t=0 0|m=aud");
    equal(negotiateAnswer(described(offer.split("|")), capabilities, createAgreement()), Status.OK);
  });

  it("says so when an offer does not fit", () => {
    openWriter(writer, bytes, 0, 100);
    equal(writeOffer(writer, ourCapabilities(), origin, createAgreement()), Status.TOO_LONG);
  });

  for (const sample of SDP_SAMPLES) {
    it(`answers an offer in the manner of ${sample.manner}`, () => {
      const offer = described(sample.lines);
      const agreement = createAgreement();
      const capabilities = ourCapabilities();
      const status = negotiateAnswer(offer, capabilities, agreement);
      if (sample.payloadType < 0) {
        equal(status, Status.UNSUPPORTED);
        return;
      }
      equal(status, Status.OK);
      equal(agreement.payloadType, sample.payloadType);
      equal(agreement.law, sample.law === "PCMU" ? Law.MU : Law.A);
      equal(sample.law === "PCMU" ? agreement.muReceiveType : agreement.aReceiveType, sample.payloadType);
      equal(agreement.telephoneEventSendType, sample.events);
      equal(agreement.telephoneEventReceiveType, sample.events);
      equal(agreement.packetTime, sample.packetTime);
      equal(addressText(agreement.remote), sample.address);
      equal(agreement.remote.port, sample.port);
      equal(addressText(agreement.remoteControl), sample.address);
      equal(agreement.remoteControl.port, sample.controlPort);
      equal(agreement.sending, sample.direction === "sendrecv" || sample.direction === "sendonly", "sending");
      equal(agreement.receiving, sample.direction === "sendrecv" || sample.direction === "recvonly", "receiving");
      const events = sample.events >= 0;
      const noise = sample.noise === true;
      const ours =
        `m=audio 10000 RTP/AVP ${sample.payloadType}${events ? ` ${sample.events}` : ""}${noise ? " 13" : ""}|` +
        `a=rtpmap:${sample.payloadType} ${sample.law}/8000|` +
        (events ? `a=rtpmap:${sample.events} telephone-event/8000|a=fmtp:${sample.events} 0-15|` : "") +
        (noise ? "a=rtpmap:13 CN/8000|" : "") +
        `a=ptime:${sample.packetTime}|a=${sample.direction}|`;
      const answer = answerTo(offer, capabilities, agreement);
      isTrue(answer.indexOf(ours) > 0, `${answer} holds ${ours}`);
      const parsed = described(answer.split("|"));
      equal(parsed.mediaCount, offer.mediaCount);
      for (let index = 0; index < parsed.mediaCount; index += 1) {
        equal(parsed.media[index].remote.port !== 0, index === agreement.mediaIndex, `media line ${index} taken`);
      }
    });
  }

  it("refuses each media line that it does not take, in its place and with its own words", () => {
    const offer = described([
      ...HEAD,
      "m=video 5000 RTP/AVPF 99 100",
      "m=audio 0 RTP/AVP 0",
      "m=audio 4000 RTP/AVP 0",
      "m=audio 4002 RTP/AVP 8",
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    ]);
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    equal(negotiateAnswer(offer, capabilities, agreement), Status.OK);
    equal(
      answerTo(offer, capabilities, agreement),
      `${SESSION}m=video 0 RTP/AVPF 99|m=audio 0 RTP/AVP 0|` +
        "m=audio 10000 RTP/AVP 0|a=rtpmap:0 PCMU/8000|a=ptime:20|a=sendrecv|" +
        "m=audio 0 RTP/AVP 8|m=application 0 UDP/DTLS/SCTP webrtc-datachannel|",
    );
  });

  const unsupported = [
    ["m=audio 4000 RTP/AVP 9 18 101"],
    ["m=audio 0 RTP/AVP 0 8"],
    ["m=video 4000 RTP/AVP 0"],
    ["m=audio 4000 RTP/AVP 0", "c=IN IP4 224.2.1.1/127"],
    ["m=audio 4000 RTP/AVP 0", "c=IN IP4 255.255.255.255"],
    ["m=audio 4000 RTP/AVP 0", "c=IN IP6 2001:db8::1"],
    ["m=audio 4000 RTP/AVP 0", "c=IN IP4 phone.example.com"],
    ["m=audio 4000 RTP/AVP 0", "a=rtpmap:0 opus/48000/2"],
    ["m=audio 4000 RTP/AVP x"],
    [],
  ];
  for (const lines of unsupported) {
    it(`does not answer an offer of "${lines.join(" ")}", and keeps the agreement`, () => {
      const agreement = createAgreement();
      agreement.payloadType = 77;
      agreement.mediaIndex = 3;
      equal(negotiateAnswer(described([...HEAD, ...lines]), ourCapabilities(), agreement), Status.UNSUPPORTED);
      equal(agreement.payloadType, 77);
      equal(agreement.mediaIndex, 3);
    });
  }

  it("takes only the laws that the settings allow", () => {
    const capabilities = ourCapabilities();
    capabilities.lawCount = 1;
    const agreement = createAgreement();
    equal(negotiateAnswer(described([...HEAD, "m=audio 4000 RTP/AVP 0"]), capabilities, agreement), Status.UNSUPPORTED);
    equal(negotiateAnswer(described([...HEAD, "m=audio 4000 RTP/AVP 0 8"]), capabilities, agreement), Status.OK);
    equal(agreement.law, Law.A);
    equal(agreement.muReceiveType, 0);
  });

  const directions = [
    { theirs: "sendrecv", sending: true, receiving: true },
    { theirs: "sendonly", sending: false, receiving: true },
    { theirs: "recvonly", sending: true, receiving: false },
    { theirs: "inactive", sending: false, receiving: false },
  ];
  for (const direction of directions) {
    it(`mirrors ${direction.theirs}, at the media line or for the session`, () => {
      for (let round = 0; round < 2; round += 1) {
        const media = ["m=audio 4000 RTP/AVP 0"];
        const attribute = [`a=${direction.theirs}`];
        const lines = round === 0 ? [...HEAD, ...media, ...attribute] : [...HEAD, ...attribute, ...media];
        const agreement = createAgreement();
        equal(negotiateAnswer(described(lines), ourCapabilities(), agreement), Status.OK);
        equal(agreement.sending, direction.sending, "sending");
        equal(agreement.receiving, direction.receiving, "receiving");
      }
    });
  }

  // RFC 3264 6.1: what the answer may say to each direction of the offer, by what we want ourselves.
  const wants = [
    { sending: true, receiving: true, answers: "sendrecv recvonly sendonly inactive" },
    { sending: true, receiving: false, answers: "sendonly inactive sendonly inactive" },
    { sending: false, receiving: true, answers: "recvonly recvonly inactive inactive" },
    { sending: false, receiving: false, answers: "inactive inactive inactive inactive" },
  ];
  const offers = ["sendrecv", "sendonly", "recvonly", "inactive"];
  for (const want of wants) {
    const answers = want.answers.split(" ");
    for (const offered of offers) {
      const expected = answers[offers.indexOf(offered)];
      it(`answers ${offered} with ${expected} when it wants ${answers[0]}`, () => {
        const capabilities = ourCapabilities();
        capabilities.sending = want.sending;
        capabilities.receiving = want.receiving;
        const offer = described([...HEAD, "m=audio 4000 RTP/AVP 0", `a=${offered}`]);
        const agreement = createAgreement();
        equal(negotiateAnswer(offer, capabilities, agreement), Status.OK);
        const answer = answerTo(offer, capabilities, agreement);
        isTrue(answer.indexOf(`|a=${expected}|`) > 0, answer);
        equal(agreement.heldByPeer, offered === "sendonly" || offered === "inactive", "held");
        // And the offerer, with such an answer, does the opposite.
        const theirs = createAgreement();
        const theirCapabilities = ourCapabilities();
        theirCapabilities.sending = offered === "sendrecv" || offered === "sendonly";
        theirCapabilities.receiving = offered === "sendrecv" || offered === "recvonly";
        offerOf(theirCapabilities, theirs);
        equal(acceptAnswer(described(answer.split("|")), theirCapabilities, theirs), Status.OK);
        equal(theirs.sending, agreement.receiving, "they send what we receive");
        equal(theirs.receiving, agreement.sending, "they receive what we send");
      });
    }
  }

  const odd = [
    {
      what: "an address for the session and another for the media line",
      lines: ["m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.77"],
      address: "192.0.2.77",
    },
    {
      what: "bandwidth lines",
      lines: ["b=AS:64", "m=audio 4000 RTP/AVP 0", "b=TIAS:64000", "b=RS:0"],
      address: "192.0.2.9",
    },
    {
      what: "attributes and lines that nobody knows",
      lines: [
        "i=x",
        "u=x",
        "e=x",
        "k=prompt",
        "a=",
        "a=x:y",
        "Q=1",
        "m=audio 4000 RTP/AVP 0",
        "a=rtpmap",
        "a=rtpmap:",
        "a=fmtp:0",
        "a=ptime:",
        "a=ptime:x",
        "a=rtcp:",
        "a=rtcp-mux:no",
        "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host",
      ],
      address: "192.0.2.9",
    },
    {
      what: "two usable audio lines: the first",
      lines: ["m=audio 4000 RTP/AVP 0", "m=audio 5000 RTP/AVP 8"],
      address: "192.0.2.9",
    },
  ];
  for (const offer of odd) {
    it(`answers an offer with ${offer.what}`, () => {
      const agreement = createAgreement();
      equal(negotiateAnswer(described([...HEAD, ...offer.lines]), ourCapabilities(), agreement), Status.OK);
      equal(addressText(agreement.remote), offer.address);
      equal(agreement.remote.port, 4000);
      equal(agreement.packetTime, 20);
      isTrue(!agreement.multiplexed, "RTCP apart");
    });
  }

  for (const origin of ["o=", "o=- x y IN IP4", "o=- 99999999999999999999 -1 IN IP4 nowhere", "s=-"]) {
    it(`answers an offer whose second line is "${origin}"`, () => {
      const lines = ["v=0", origin, "c=IN IP4 192.0.2.9", "m=audio 4000 RTP/AVP 0"];
      equal(negotiateAnswer(described(lines), ourCapabilities(), createAgreement()), Status.OK);
    });
  }

  it("follows a media line that is refused, and one that takes its place, through later offers", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    equal(negotiateAnswer(described([...HEAD, "m=audio 4000 RTP/AVP 0"]), capabilities, agreement), Status.OK);
    const moved = described([...HEAD, "m=audio 0 RTP/AVP 0", "m=audio 4004 RTP/AVP 96", "a=rtpmap:96 PCMA/8000"]);
    equal(negotiateAnswer(moved, capabilities, agreement), Status.OK);
    equal(agreement.mediaIndex, 1);
    equal(agreement.aReceiveType, 96);
    equal(
      answerTo(moved, capabilities, agreement),
      `${SESSION}m=audio 0 RTP/AVP 0|m=audio 10000 RTP/AVP 96|a=rtpmap:96 PCMA/8000|a=ptime:20|a=sendrecv|`,
    );
  });

  it("sends RTCP to the port of RTP where the offer says so, and says so too (RFC 5761 5.1.1)", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    capabilities.control.port = 20000;
    const lines = ["m=audio 4000 RTP/AVP 0", "a=rtcp:4001 IN IP4 192.0.2.66", "a=RTCP-MUX"];
    const offer = described([...HEAD, ...lines]);
    equal(negotiateAnswer(offer, capabilities, agreement), Status.OK);
    isTrue(agreement.multiplexed, "multiplexed");
    equal(addressText(agreement.remoteControl), "192.0.2.9");
    equal(agreement.remoteControl.port, 4000);
    const answer = answerTo(offer, capabilities, agreement);
    isTrue(answer.indexOf("|a=rtcp-mux|") > 0 && answer.indexOf("a=rtcp:") < 0, answer);
  });

  it("does not share the port because an answer says so that we did not ask", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    isTrue(offerOf(capabilities, agreement).indexOf("rtcp-mux") < 0, "not offered");
    const answer = described([...HEAD, "m=audio 4000 RTP/AVP 0", "a=rtcp-mux"]);
    equal(acceptAnswer(answer, capabilities, agreement), Status.OK);
    isTrue(!agreement.multiplexed, "RTCP apart");
    equal(agreement.remoteControl.port, 4001);
  });

  it("takes comfort noise at the number that the offer gives it, and does not offer it", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    isTrue(offerOf(capabilities, agreement).indexOf("CN") < 0, "not offered");
    const offer = described([...HEAD, "m=audio 4000 RTP/AVP 0 97", "a=rtpmap:97 CN/8000"]);
    equal(negotiateAnswer(offer, capabilities, agreement), Status.OK);
    equal(agreement.noiseReceiveType, 97);
    isTrue(
      answerTo(offer, capabilities, agreement).indexOf("RTP/AVP 0 97|a=rtpmap:0 PCMU/8000|a=rtpmap:97 CN/8000|") > 0,
      "accepted",
    );
    const wide = described([...HEAD, "m=audio 4000 RTP/AVP 0 97", "a=rtpmap:97 CN/16000"]);
    equal(negotiateAnswer(wide, capabilities, agreement), Status.OK);
    equal(agreement.noiseReceiveType, -1);
  });

  const packetTimes = [
    { lines: ["a=ptime:10"], milliseconds: 10 },
    { lines: ["a=ptime:25"], milliseconds: 20 },
    { lines: ["a=ptime:60"], milliseconds: 60 },
    { lines: ["a=ptime:200"], milliseconds: 60 },
    { lines: ["a=ptime:0"], milliseconds: 20 },
    { lines: ["a=ptime:40", "a=maxptime:30"], milliseconds: 30 },
    { lines: ["a=maxptime:15"], milliseconds: 10 },
    { lines: ["a=maxptime:5"], milliseconds: 10 },
    { lines: ["a=ptime:134217727"], milliseconds: 60 },
  ];
  for (const packetTime of packetTimes) {
    it(`sends packets of ${packetTime.milliseconds} ms for ${packetTime.lines.join(" ")}`, () => {
      const agreement = createAgreement();
      const offer = described([...HEAD, "m=audio 4000 RTP/AVP 0", ...packetTime.lines]);
      equal(negotiateAnswer(offer, ourCapabilities(), agreement), Status.OK);
      equal(agreement.packetTime, packetTime.milliseconds);
    });
  }

  it("accepts an answer, with the peer's types for sending and ours for receiving", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    offerOf(capabilities, agreement);
    const answer = described([
      ...HEAD,
      "m=audio 4000 RTP/AVP 0 96",
      "a=rtpmap:96 telephone-event/8000",
      "a=ptime:30",
      "a=recvonly",
    ]);
    equal(acceptAnswer(answer, capabilities, agreement), Status.OK);
    equal(agreement.law, Law.MU);
    equal(agreement.payloadType, 0);
    equal(agreement.telephoneEventSendType, 96);
    equal(agreement.telephoneEventReceiveType, 101);
    equal(agreement.packetTime, 30);
    equal(agreement.remote.port, 4000);
    isTrue(agreement.sending && !agreement.receiving, "sending only");
  });

  it("sends no telephone events to a peer whose answer has none", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    offerOf(capabilities, agreement);
    equal(acceptAnswer(described([...HEAD, "m=audio 4000 RTP/AVP 8"]), capabilities, agreement), Status.OK);
    equal(agreement.law, Law.A);
    equal(agreement.telephoneEventSendType, -1);
    equal(agreement.telephoneEventReceiveType, 101);
  });

  const badAnswers = [
    { lines: ["m=audio 0 RTP/AVP 0"], status: Status.UNSUPPORTED },
    { lines: ["m=audio 4000 RTP/AVP 18"], status: Status.UNSUPPORTED },
    { lines: ["m=audio 4000 RTP/SAVP 0"], status: Status.UNSUPPORTED },
    { lines: ["m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"], status: Status.UNSUPPORTED },
    { lines: ["m=video 4000 RTP/AVP 0", "m=audio 4000 RTP/AVP 0"], status: Status.UNSUPPORTED },
    { lines: [], status: Status.MISSING },
  ];
  for (const answer of badAnswers) {
    it(`does not accept an answer of "${answer.lines.join(" ")}", and keeps the agreement`, () => {
      const agreement = createAgreement();
      const capabilities = ourCapabilities();
      offerOf(capabilities, agreement);
      agreement.payloadType = 77;
      equal(acceptAnswer(described([...HEAD, ...answer.lines]), capabilities, agreement), answer.status);
      equal(agreement.payloadType, 77);
    });
  }

  it("takes the answer to a later offer at the media line that was agreed first", () => {
    const agreement = createAgreement();
    const capabilities = ourCapabilities();
    const lines = [...HEAD, "m=video 5000 RTP/AVP 99", "m=audio 4000 RTP/AVP 98 97"];
    const offer = described([...lines, "a=rtpmap:98 PCMA/8000", "a=rtpmap:97 telephone-event/8000"]);
    equal(negotiateAnswer(offer, capabilities, agreement), Status.OK);
    const later = answerTo(offer, capabilities, agreement);
    isTrue(later.indexOf("m=audio 10000 RTP/AVP 98 97|") > 0, "the numbers that were agreed");
    const answer = ["m=video 0 RTP/AVP 99", "m=audio 4444 RTP/AVP 98", "a=rtpmap:98 PCMA/8000"];
    equal(acceptAnswer(described([...HEAD, ...answer]), capabilities, agreement), Status.OK);
    equal(agreement.remote.port, 4444);
    equal(agreement.aReceiveType, 98);
    equal(agreement.telephoneEventReceiveType, 97);
  });
});
