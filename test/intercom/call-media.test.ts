// Offers, answers, hold and their failures as the two sides of a call see them: descriptions are read back by the other
// side, never compared with what the code keeps.

import { createBytes, createSamples } from "../../firmware/bytes/bytes";
import { copyEndpoint } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { createTimerWheel } from "../../firmware/clock/timer-wheel";
import {
  type CallMedia,
  closeMedia,
  createCallMedia,
  dropProposal,
  isHeldByPeer,
  isHeldByUs,
  openMedia,
  putAnswer,
  putOffer,
  setHold,
  silenceOf,
  takeAnswer,
  takeOffer,
} from "../../firmware/intercom/call-media";
import { sendRtpFrame } from "../../firmware/rtp/session";
import { createSettings } from "../../firmware/settings/settings";
import { Status } from "../../firmware/sip/status";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { SeededRandom } from "../rig/time";
import { FRAME, g711 } from "../rtp/peer";

const bytes = createBytes(1024);
const writer = createWriter();

/** One side of a call, at 192.0.2.`host`. */
class Side {
  readonly rtp: FakeUdp;
  readonly rtcp: FakeUdp;
  readonly media: CallMedia;
  /** Of the peer that offers go to. */
  peerFamily = 4;

  constructor(
    readonly host: number,
    dualStack: boolean,
  ) {
    this.rtp = new FakeUdp(testEndpoint(host, 10000));
    this.rtcp = new FakeUdp(testEndpoint(host, 10001));
    if (dualStack) {
      this.rtp.local6.family = 6;
      this.rtp.local6.port = 10000;
      this.rtp.local6.address[0] = 0x20;
      this.rtp.local6.address[15] = host;
    }
    const settings = createSettings();
    this.media = createCallMedia(
      { datagramBytes: 1612, datagramsPerReceive: 16 },
      { rtp: this.rtp, rtcp: this.rtcp },
      settings.network.advertisedAddress,
      { ...settings.audio, packetTime: 20, jitterDelay: 40, jitterMaximum: 200 },
      new SeededRandom(host),
      createTimerWheel(0),
      g711,
      { owner: this, onDigit: () => undefined, onGoodbye: () => undefined },
    );
    openMedia(this.media);
  }

  /** Our offer, or our answer, line by line. */
  offer(): string {
    openWriter(writer, bytes, 0, bytes.length);
    putOffer(this.media, writer, this.peerFamily);
    return textOf(bytes, 0, writer.length);
  }

  answer(): string {
    openWriter(writer, bytes, 0, bytes.length);
    putAnswer(this.media, writer);
    return textOf(bytes, 0, writer.length);
  }

  takeOffer(text: string): Status {
    const octets = bytesOf(text);
    return takeOffer(this.media, octets, 0, octets.length);
  }

  takeAnswer(text: string): Status {
    const octets = bytesOf(text);
    return takeAnswer(this.media, octets, 0, octets.length);
  }

  /** What it says that it does: "s" sends, "r" receives, and where to. */
  get state(): string {
    const configuration = this.media.session.configuration;
    const remote = configuration.remote;
    return `${configuration.sending ? "s" : "-"}${configuration.receiving ? "r" : "-"} ${remote.address[3]}:${remote.port}`;
  }
}

/** `here` offers and `there` answers. Returns the direction of the offer and that of the answer. */
function exchange(here: Side, there: Side): string {
  const offer = here.offer();
  equal(there.takeOffer(offer), Status.OK, "the offer");
  const answer = there.answer();
  equal(here.takeAnswer(answer), Status.OK, "the answer");
  return `${directionOf(offer)} ${directionOf(answer)}`;
}

function directionOf(description: string): string {
  for (const direction of ["sendrecv", "sendonly", "recvonly", "inactive"]) {
    if (description.indexOf(`a=${direction}\r\n`) > 0) {
      return direction;
    }
  }
  return "none";
}

function versionOf(description: string): string {
  return description.split("\r\n")[1].split(" ")[2];
}

function description(host: number, port: number, lines: string[]): string {
  const head = ["v=0", `o=- 1 1 IN IP4 192.0.2.${host}`, "s=-", `c=IN IP4 192.0.2.${host}`, "t=0 0"];
  return `${[...head, `m=audio ${port} RTP/AVP 8 0 101`, "a=rtpmap:101 telephone-event/8000", ...lines].join("\r\n")}\r\n`;
}

function talking(): Side[] {
  const here = new Side(1, false);
  const there = new Side(2, false);
  equal(exchange(here, there), "sendrecv sendrecv");
  return [here, there];
}

describe("intercom/call-media", () => {
  it("agrees with itself, and both send to each other", () => {
    const [here, there] = talking();
    equal(here.state, "sr 2:10000");
    equal(there.state, "sr 1:10000");
    isTrue(!isHeldByPeer(here.media) && !isHeldByUs(here.media), "nobody is on hold");
  });

  it("holds and resumes, by either side and by both (RFC 3264 8.4)", () => {
    const [here, there] = talking();
    const steps: [Side, Side, boolean, string, string, string][] = [
      [here, there, true, "sendonly recvonly", "s- 2:10000", "-r 1:10000"],
      [there, here, true, "inactive inactive", "-- 1:10000", "-- 2:10000"],
      [here, there, false, "sendrecv sendonly", "-r 2:10000", "s- 1:10000"],
      [there, here, false, "sendrecv sendrecv", "sr 1:10000", "sr 2:10000"],
    ];
    for (const [first, second, held, directions, firstState, secondState] of steps) {
      setHold(first.media, held);
      equal(exchange(first, second), directions);
      equal(first.state, firstState);
      equal(second.state, secondState);
      equal(isHeldByUs(first.media), held);
      equal(isHeldByPeer(second.media), held);
    }
  });

  it("sends silence to a peer that it holds", () => {
    const [here, there] = talking();
    setHold(here.media, true);
    exchange(here, there);
    isTrue(here.media.session.configuration.muted, "muted");
    isTrue(!there.media.session.configuration.muted, "the other side is not");
  });

  const held = [
    { lines: ["a=sendonly"], host: 9, answer: "recvonly", state: "-r 9:4000" },
    { lines: ["a=inactive"], host: 9, answer: "inactive", state: "-- 9:4000" },
    { lines: ["c=IN IP4 0.0.0.0"], host: 9, answer: "recvonly", state: "-r 0:4000" },
    { lines: ["c=IN IP4 0.0.0.0", "a=sendrecv"], host: 9, answer: "recvonly", state: "-r 0:4000" },
    { lines: ["c=IN IP4 0.0.0.0", "a=inactive"], host: 9, answer: "inactive", state: "-- 0:4000" },
  ];
  for (const form of held) {
    it(`is held by "${form.lines.join(" ")}", sends nothing to anybody then, and is resumed`, () => {
      const here = new Side(1, false);
      equal(here.takeOffer(description(9, 4000, [])), Status.OK);
      equal(directionOf(here.answer()), "sendrecv");
      equal(here.takeOffer(description(form.host, 4000, form.lines)), Status.OK);
      isTrue(!isHeldByPeer(here.media), "not before the answer");
      equal(directionOf(here.answer()), form.answer);
      equal(here.state, form.state);
      isTrue(isHeldByPeer(here.media), "held");
      sendRtpFrame(here.media.session, createSamples(FRAME), 0, FRAME);
      equal(here.rtp.sent.length, 0);
      equal(silenceOf(here.media, 60000), 0, "a call on hold is not silent");
      equal(here.takeOffer(description(9, 4002, [])), Status.OK);
      equal(directionOf(here.answer()), "sendrecv");
      equal(here.state, "sr 9:4002");
      isTrue(!isHeldByPeer(here.media), "resumed");
    });
  }

  it("keeps what stands when its offer is refused, and holds nobody then", () => {
    const [here, there] = talking();
    setHold(here.media, true);
    equal(directionOf(here.offer()), "sendonly");
    dropProposal(here.media);
    equal(here.state, "sr 2:10000");
    isTrue(!isHeldByUs(here.media), "nobody is on hold");
    equal(exchange(there, here), "sendrecv sendrecv");
  });

  it("is still on hold when the offer to resume is refused", () => {
    const [here, there] = talking();
    setHold(here.media, true);
    exchange(here, there);
    setHold(here.media, false);
    equal(directionOf(here.offer()), "sendrecv");
    dropProposal(here.media);
    isTrue(isHeldByUs(here.media), "on hold");
    equal(exchange(there, here), "sendrecv sendonly");
  });

  it("keeps what stands when the peer's offer cannot be answered, or is taken and never answered", () => {
    const [here] = talking();
    for (const bad of ["v=1\r\n", description(9, 0, []), description(9, 4000, []).split("8 0 101").join("9 18 101")]) {
      isTrue(here.takeOffer(bad) !== Status.OK, "refused");
      equal(here.state, "sr 2:10000");
    }
    equal(here.takeOffer(description(9, 4000, ["a=sendonly"])), Status.OK);
    dropProposal(here.media);
    equal(here.state, "sr 2:10000");
    equal(directionOf(here.offer()), "sendrecv");
    equal(here.takeAnswer(description(2, 10000, [])), Status.OK);
    equal(here.state, "sr 2:10000");
  });

  it("keeps what stands when the answer does not fit", () => {
    const [here] = talking();
    here.offer();
    equal(here.takeAnswer(description(2, 0, [])), Status.UNSUPPORTED);
    equal(here.takeAnswer("v=0\r\n"), Status.MISSING);
    equal(here.takeAnswer("nothing"), Status.MALFORMED);
    equal(here.state, "sr 2:10000");
  });

  it("counts its version up when the description changed, and only then (RFC 3264 8)", () => {
    const [here, there] = talking();
    const first = here.offer();
    equal(here.offer(), first, "asked again");
    equal(there.takeOffer(first), Status.OK);
    const answer = there.answer();
    equal(versionOf(answer), "1", "the answer is what it was");
    equal(there.answer(), answer);
    equal(here.takeAnswer(answer), Status.OK);
    const same = versionOf(here.offer());
    equal(versionOf(here.offer()), same);
    setHold(here.media, true);
    equal(versionOf(here.offer()), `${Number(same) + 1}`);
    equal(versionOf(here.offer()), `${Number(same) + 1}`);
    dropProposal(here.media);
    equal(versionOf(here.offer()), `${Number(same) + 2}`, "back again is another change");
  });

  it("begins each call with another session number and version 1, nobody on hold", () => {
    const here = new Side(1, false);
    const first = here.offer();
    setHold(here.media, true);
    closeMedia(here.media);
    openMedia(here.media);
    const second = here.offer();
    equal(versionOf(second), "1");
    equal(directionOf(second), "sendrecv");
    isTrue(first.split("\r\n")[1] !== second.split("\r\n")[1], "another session");
  });

  it("plays the last early answer of a forked call, and the confirmed one in the end", () => {
    const here = new Side(1, false);
    here.offer();
    equal(here.takeAnswer(description(7, 4000, ["a=sendonly"])), Status.OK);
    equal(here.state, "-r 7:4000");
    equal(here.takeAnswer(description(8, 5000, ["a=ptime:40"])), Status.OK);
    equal(here.state, "sr 8:5000");
    equal(here.media.session.configuration.packetTime, 40);
    equal(here.takeAnswer(description(7, 4000, [])), Status.OK);
    equal(here.state, "sr 7:4000");
    equal(here.media.session.configuration.packetTime, 20);
  });

  it("takes a second offer before the call is confirmed, as UPDATE and PRACK bring it", () => {
    const here = new Side(1, false);
    here.offer();
    equal(here.takeAnswer(description(7, 4000, [])), Status.OK);
    equal(here.takeOffer(description(7, 4010, ["a=ptime:30"])), Status.OK);
    equal(directionOf(here.answer()), "sendrecv");
    equal(here.state, "sr 7:4010");
    equal(here.media.session.configuration.packetTime, 30);
  });

  it("offers anew with the peer's media lines in their order, and its numbers", () => {
    const here = new Side(1, false);
    const lines = [
      "v=0",
      "o=- 1 1 IN IP4 192.0.2.9",
      "s=-",
      "c=IN IP4 192.0.2.9",
      "t=0 0",
      "m=video 5000 RTP/AVP 99",
      "m=audio 4000 RTP/AVP 98 97 13",
      "a=rtpmap:98 PCMU/8000",
      "a=rtpmap:97 telephone-event/8000",
      "a=rtcp-mux",
      "m=audio 4002 RTP/AVP 8",
    ];
    equal(here.takeOffer(`${lines.join("\r\n")}\r\n`), Status.OK);
    const media = here.answer().split("t=0 0\r\n")[1];
    equal(here.offer().split("t=0 0\r\n")[1], media);
    equal(
      media.split("\r\n").join("|"),
      "m=video 0 RTP/AVP 99|m=audio 10000 RTP/AVP 98 97 13|a=rtpmap:98 PCMU/8000|a=rtpmap:97 telephone-event/8000|" +
        "a=fmtp:97 0-15|a=rtpmap:13 CN/8000|a=ptime:20|a=sendrecv|a=rtcp-mux|m=audio 0 RTP/AVP 8|",
    );
    equal(here.media.session.configuration.remoteControl.port, 4000);
  });

  it("answers in the family of the offer, and offers in the family of the peer, where it has both", () => {
    const both = new Side(1, true);
    const six = description(9, 4000, []).split("IP4 192.0.2.9").join("IP6 2000::9");
    equal(new Side(1, false).takeOffer(six), Status.UNSUPPORTED);
    equal(both.takeOffer(six), Status.OK);
    isTrue(both.answer().indexOf("c=IN IP6 2000::1\r\n") > 0, "answered by IPv6");
    equal(both.media.session.configuration.remote.family, 6);
    isTrue(both.takeOffer("v=1\r\n") !== Status.OK, "a bad offer");
    isTrue(both.offer().indexOf("c=IN IP6 2000::1\r\n") > 0, "still by IPv6");
    openMedia(both.media);
    isTrue(both.offer().indexOf("c=IN IP4 192.0.2.1\r\n") > 0, "the next call by IPv4");
    both.peerFamily = 6;
    isTrue(both.offer().indexOf("c=IN IP6 2000::1\r\n") > 0, "to a peer of IPv6");
  });

  it("names what a NAT makes of its address in the descriptions of that family only", () => {
    const both = new Side(1, true);
    both.media.mapped = testEndpoint(77, 40000);
    both.media.mappedControl = testEndpoint(77, 40007);
    openMedia(both.media);
    const four = both.offer();
    isTrue(four.indexOf("c=IN IP4 192.0.2.77\r\n") > 0 && four.indexOf("m=audio 40000 ") > 0, "by IPv4");
    isTrue(four.indexOf("a=rtcp:40007\r\n") > 0, "RTCP by IPv4");
    both.peerFamily = 6;
    const six = both.offer();
    isTrue(six.indexOf("c=IN IP6 2000::1\r\n") > 0 && six.indexOf("m=audio 10000 ") > 0, "by IPv6");
    equal(six.indexOf("a=rtcp:"), -1, "RTCP by IPv6");
  });

  it("follows the peer at once when its address changes, and forgets the old one", () => {
    const [here] = talking();
    equal(here.takeOffer(description(5, 7000, [])), Status.OK);
    here.answer();
    equal(here.state, "sr 5:7000");
    const agreed = here.media.session.configuration.remoteControl;
    equal(agreed.port, 7001);
    const other = testEndpoint(5, 7001);
    copyEndpoint(other, agreed);
    equal(other.address[3], 5);
  });

  itSlow(
    "answers, or refuses, an offer with any of its octets changed or cut off, and still agrees with itself",
    () => {
      const [here, there] = talking();
      const text = description(9, 4000, ["a=ptime:20", "a=rtcp:4001 IN IP4 192.0.2.9", "a=rtcp-mux", "a=sendrecv"]);
      let refused = 0;
      for (let at = 0; at < text.length; at += 1) {
        for (const letter of ["", "\n", " ", "9", ":", "="]) {
          const changed =
            letter === "" ? text.substring(0, at) : text.substring(0, at) + letter + text.substring(at + 1);
          if (here.takeOffer(changed) === Status.OK) {
            const answer = here.answer();
            isTrue(answer.indexOf("m=audio 10000 RTP/AVP ") > 0, `an answer to the offer changed at ${at}`);
          } else {
            refused += 1;
          }
        }
      }
      isTrue(refused > 100, `${refused} refused`);
      equal(exchange(there, here), "sendrecv sendrecv");
      equal(here.state, "sr 2:10000");
    },
  );
});
