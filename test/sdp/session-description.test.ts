import { createBytes } from "../../firmware/bytes/bytes";
import {
  createSessionDescription,
  Direction,
  Encoding,
  FORMATS_MAXIMUM,
  parseSessionDescription,
  type SessionDescription,
} from "../../firmware/sdp/session-description";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { SDP_SAMPLES } from "../vectors/sdp-samples";

function parse(description: SessionDescription, lines: string[], lineEnd = "\r\n"): Status {
  const bytes = bytesOf(lines.join(lineEnd) + lineEnd);
  return parseSessionDescription(description, bytes, 0, bytes.length);
}

const HEAD = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];

describe("sdp/session-description", () => {
  it("reads addresses, formats, packet times, direction and RTCP of each media line", () => {
    const description = createSessionDescription();
    const status = parse(description, [
      ...HEAD,
      "a=recvonly",
      "m=audio 4000 RTP/AVP 8 101 0",
      "a=rtpmap:101 telephone-event/8000",
      "a=ptime:30",
      "a=maxptime:40.5",
      "a=sendonly",
      "a=rtcp:4444 IN IP4 192.0.2.9",
      "m=video 5000 RTP/AVPF 99",
      "c=IN IP6 2001:db8::5",
    ]);
    equal(status, Status.OK);
    equal(description.mediaCount, 2);
    const audio = description.media[0];
    isTrue(audio.isAudio, "audio");
    equal(audio.remote.family, 4);
    equal(audio.remote.port, 4000);
    equal(audio.remote.address[3], 1);
    equal(audio.formatCount, 3);
    equal(audio.encodings[0], Encoding.PCMA);
    equal(audio.encodings[1], Encoding.TELEPHONE_EVENT);
    equal(audio.encodings[2], Encoding.PCMU);
    equal(audio.packetTime, 30);
    equal(audio.packetTimeMaximum, 40);
    equal(audio.direction, Direction.SEND_ONLY);
    equal(audio.remoteControl.port, 4444);
    equal(audio.remoteControl.address[3], 9);
    const video = description.media[1];
    isTrue(!video.isAudio, "video is no audio");
    equal(video.remote.family, 6);
    equal(video.remote.address[15], 5);
    equal(video.direction, Direction.RECEIVE_ONLY, "the session's direction");
    equal(video.packetTime, 0);
    equal(textOf(description.text, video.kindStart, video.kindEnd), "video");
    equal(textOf(description.text, video.protocolStart, video.protocolEnd), "RTP/AVPF");
    equal(textOf(description.text, video.formatStart, video.formatEnd), "99");
  });

  it("reads lines that end in LF, and a last one without an end", () => {
    const description = createSessionDescription();
    equal(parse(description, [...HEAD, "m=audio 4000 RTP/AVP 8", "a=ptime:40"], "\n"), Status.OK);
    equal(description.media[0].packetTime, 40);
    const bytes = bytesOf("v=0\nc=IN IP4 192.0.2.3\nm=audio 4000 RTP/AVP 0");
    equal(parseSessionDescription(description, bytes, 0, bytes.length), Status.OK);
    equal(description.media[0].encodings[0], Encoding.PCMU);
    equal(description.media[0].packetTime, 0);
  });

  it("keeps nothing of the description before", () => {
    const description = createSessionDescription();
    parse(description, [...HEAD, "a=inactive", "m=audio 4000 RTP/AVP 8", "a=rtcp:9", "a=ptime:40", "a=maxptime:40"]);
    parse(description, ["v=0", "m=audio 4002 RTP/AVP 8"]);
    const media = description.media[0];
    equal(media.remote.family, 0);
    equal(media.remoteControl.port, 0);
    equal(media.packetTime, 0);
    equal(media.packetTimeMaximum, 0);
    equal(media.direction, Direction.SEND_RECEIVE);
  });

  it("lets an rtpmap say what a static type stands for", () => {
    const description = createSessionDescription();
    parse(description, [...HEAD, "m=audio 4000 RTP/AVP 0 8", "a=rtpmap:0 PCMA/8000", "a=rtpmap:8 G722/8000"]);
    equal(description.media[0].encodings[0], Encoding.PCMA);
    equal(description.media[0].encodings[1], Encoding.OTHER);
  });

  it("takes an encoding only at 8,000 Hz with one channel", () => {
    const description = createSessionDescription();
    const maps = ["101 telephone-event/16000", "102 PCMU/8000/2", "103 PCMU/8000/1", "104 PCMA/80000", "105 PCMA"];
    parse(description, [...HEAD, "m=audio 4000 RTP/AVP 101 102 103 104 105", ...maps.map((map) => `a=rtpmap:${map}`)]);
    const encodings = description.media[0].encodings;
    equal(encodings[0], Encoding.OTHER);
    equal(encodings[1], Encoding.OTHER);
    equal(encodings[2], Encoding.PCMU);
    equal(encodings[3], Encoding.OTHER);
    equal(encodings[4], Encoding.OTHER);
  });

  const harmless = [
    "a=",
    "a=:",
    "a=rtpmap",
    "a=rtpmap:",
    "a=rtpmap: ",
    "a=rtpmap:101",
    "a=rtpmap:101 ",
    "a=rtpmap:101 /8000",
    "a=rtpmap:101 telephone-event",
    "a=rtpmap:101 telephone-event/",
    "a=rtpmap:-1 PCMU/8000",
    "a=rtpmap:99999999999999999999 PCMU/8000",
    "a=rtpmap:300 PCMU/8000",
    `a=rtpmap:101 ${"x".repeat(3000)}/8000`,
    "a=fmtp",
    "a=fmtp:",
    "a=fmtp:101",
    "a=fmtp:101 0-15,,,;;;=%%%%n",
    `a=fmtp:101 ${"0-15,".repeat(2000)}`,
    "a=ptime:",
    "a=ptime:-20",
    "a=ptime:99999999999",
    "a=ptime:abc",
    "a=maxptime:",
    "a=rtcp:",
    "a=rtcp:0",
    "a=rtcp:70000",
    "a=rtcp:x IN IP4 192.0.2.77",
    "c=",
    "b=AS:64",
    "k=clear:x",
    "x",
    "=",
    "==",
    "m",
    "",
    "z=2882844526 -1h 2898848070 0",
  ];

  for (const line of harmless) {
    it(`passes over "${line.length > 40 ? `${line.substring(0, 40)}…` : line}"`, () => {
      const description = createSessionDescription();
      equal(parse(description, [...HEAD, "m=audio 4000 RTP/AVP 8 101", line]), Status.OK);
      const media = description.media[0];
      equal(media.remote.port, 4000);
      equal(media.encodings[0], Encoding.PCMA);
      equal(media.encodings[1], Encoding.OTHER);
      equal(media.remoteControl.port, 0);
      isTrue(media.packetTime === 0 && media.packetTimeMaximum === 0, "no packet time");
    });
  }

  for (const address of ["IN IP4 example.com", "IN IP4 1.2.3", "IN IP4 1.2.3.456", "IN IP6 ::1::", "IN IP4", "ATM x"]) {
    it(`finds no address in "c=${address}"`, () => {
      const description = createSessionDescription();
      equal(parse(description, [...HEAD, "m=audio 4000 RTP/AVP 8", `c=${address}`]), Status.OK);
      equal(description.media[0].remote.family, 0);
    });
  }

  const refused = [
    "m=audio",
    "m=audio 4000",
    "m=audio 4000 RTP/AVP",
    "m=audio 4000 RTP/AVP ",
    "m= 4000 RTP/AVP 0",
    "m=audio x RTP/AVP 0",
    "m=audio -1 RTP/AVP 0",
    "m=audio 65536 RTP/AVP 0",
    "m=audio 99999999999999999999 RTP/AVP 0",
  ];
  for (const line of refused) {
    it(`refuses "${line}"`, () => {
      equal(parse(createSessionDescription(), [...HEAD, line]), Status.MALFORMED);
    });
  }

  it("refuses a media line with octets that an answer could not repeat: controls and what is not ASCII", () => {
    for (const octet of [0, 9, 13, 16, 31, 127, 128, 255]) {
      for (const place of ["image? 0 udptl t38", "image 0 ?udptl t38", "image 0 udptl t?38", "image 0 udptl t38 ?x"]) {
        const line = `m=${place.split("?").join(String.fromCharCode(octet))}`;
        equal(parse(createSessionDescription(), [...HEAD, line]), Status.MALFORMED, `${octet} in ${place}`);
      }
    }
    equal(parse(createSessionDescription(), [...HEAD, "m=!~ 0 !~ ~!"]), Status.OK, "the outermost of ASCII");
  });

  it("refuses what does not begin with v=0", () => {
    const description = createSessionDescription();
    equal(parseSessionDescription(description, bytesOf(""), 0, 0), Status.MALFORMED);
    equal(parse(description, ["o=- 1 1 IN IP4 192.0.2.1", "v=0"]), Status.MALFORMED);
    equal(parse(description, ["v=1", "m=audio 4000 RTP/AVP 0"]), Status.MALFORMED);
  });

  it("takes eight media lines and refuses nine", () => {
    const description = createSessionDescription();
    const lines = [...HEAD];
    for (let index = 0; index < 8; index += 1) {
      lines.push(`m=audio ${4000 + 2 * index} RTP/AVP 8`);
    }
    equal(parse(description, lines), Status.OK);
    equal(description.mediaCount, 8);
    equal(description.media[7].remote.port, 4014);
    lines.push("m=audio 5000 RTP/AVP 8");
    equal(parse(description, lines), Status.TOO_LONG);
  });

  it("refuses media lines whose names are longer than it can give back", () => {
    equal(parse(createSessionDescription(), [...HEAD, `m=${"k".repeat(600)} 4000 RTP/AVP 0`]), Status.TOO_LONG);
  });

  it("looks at the first 24 formats", () => {
    const description = createSessionDescription();
    const formats: string[] = [];
    for (let format = 96; format < 128; format += 1) {
      formats.push(`${format}`);
    }
    equal(parse(description, [...HEAD, `m=audio 4000 RTP/AVP ${formats.join(" ")}`]), Status.OK);
    equal(description.media[0].formatCount, FORMATS_MAXIMUM);
    equal(description.media[0].formats[23], 119);
  });

  itSlow("never reads outside, wherever a description is cut", () => {
    const description = createSessionDescription();
    for (const sample of SDP_SAMPLES) {
      const whole = bytesOf(sample.lines.join("\r\n"));
      for (let end = 0; end <= whole.length; end += 1) {
        const cut = createBytes(end);
        for (let index = 0; index < end; index += 1) {
          cut[index] = whole[index];
        }
        const status = parseSessionDescription(description, cut, 0, end);
        isTrue(status === Status.OK || status === Status.MALFORMED, `${sample.manner}, ${end} octets`);
      }
    }
  });
});
