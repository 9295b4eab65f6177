// Offer and answer (RFC 3264): the tables of directions, media lines, formats and addresses, seen in the messages of a call.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCaller } from "../rig/door";
import { bodyOf, changed, kindOf, mediaOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const HEAD = ["v=0", "o=- 20 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0"];

function described(media: string[]): string {
  const lines: string[] = [];
  for (let index = 0; index < HEAD.length; index += 1) {
    lines.push(HEAD[index]);
  }
  for (let index = 0; index < media.length; index += 1) {
    lines.push(media[index]);
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The answer to an offer: its body, or the status in brackets. */
function answerTo(media: string[]): string {
  const door = openDoor();
  door.deliver(anna.newCall().request("INVITE", [], described(media)), anna);
  const message = door.wire.next();
  return kindOf(message) === "200 INVITE" ? bodyOf(message) : `(${message.substring(8, 11)})`;
}

/** The media lines of the answer, each with its direction. */
function mediaAnswered(media: string[]): string {
  const body = answerTo(media);
  return body.charAt(0) === "(" ? body : mediaOf(`\r\n\r\n${body}`).join("; ");
}

/** A call with a new offer in it; the media lines of the answer. */
function reoffer(door: Door, call: PeerCall, body: string): string {
  door.deliver(call.inviteWith(body), anna);
  const answer = door.expect("200 INVITE");
  door.deliver(call.acknowledge(""), anna);
  return mediaOf(answer).join("; ");
}

/** RTP packets that the station sends in a second. */
function voiceInASecond(door: Door): number {
  const before = door.voiceSent;
  door.advance(1000);
  return door.voiceSent - before;
}

describe("an offer of the station", () => {
  function offer(): string {
    const door = new Door([]);
    door.press(0);
    return bodyOf(door.expect("INVITE"));
  }

  clause("RFC 3264 5", "has v, o, s, c and t lines, and a time of 0 0", () => {
    const body = offer();
    equal(body.indexOf("v=0\r\no=- "), 0, "begin");
    isTrue(body.indexOf("\r\nt=0 0\r\n") > 0, "time");
    equal(textBetween(body, "\r\nc=", "\r"), "IN IP4 192.0.2.4", "address");
  });

  clause("RFC 3264 5.1", "lists its formats in the order of preference, with a map of the dynamic ones", () => {
    const body = offer();
    isTrue(body.indexOf("m=audio 10000 RTP/AVP 8 0 101") > 0, "media line");
    isTrue(body.indexOf("\r\na=rtpmap:101 telephone-event/8000\r\n") > 0, "map");
    isTrue(body.indexOf("\r\na=fmtp:101 0-15") > 0, "events");
  });
});

describe("the answer to an offer", () => {
  clause("RFC 3264 6", "has as many media lines as the offer, in its order, those not taken with port 0", () => {
    const media = [
      "m=video 5000 RTP/AVP 96",
      "m=audio 4000 RTP/AVP 8",
      "m=audio 4002 RTP/AVP 0",
      "m=text 4004 RTP/AVP 98",
    ];
    equal(
      mediaAnswered(media),
      "video 0 RTP/AVP 96; audio 10000 RTP/AVP 8 sendrecv; audio 0 RTP/AVP 0; text 0 RTP/AVP 98",
      "media lines",
    );
  });

  const directions: [string, string][] = [
    ["sendrecv", "sendrecv"],
    ["sendonly", "recvonly"],
    ["recvonly", "sendonly"],
    ["inactive", "inactive"],
  ];
  for (let index = 0; index < directions.length; index += 1) {
    const [offered, answered] = directions[index];
    clause("RFC 3264 6.1", `${offered} is answered ${answered}, at the media line and for the whole session`, () => {
      const line = "m=audio 4000 RTP/AVP 8";
      equal(mediaAnswered([line, `a=${offered}`]), `audio 10000 RTP/AVP 8 ${answered}`, "at the media line");
      const session = answerTo([`a=${offered}`, line]);
      equal(mediaOf(`\r\n\r\n${session}`)[0], `audio 10000 RTP/AVP 8 ${answered}`, "for the session");
    });
  }

  clause("RFC 3264 6.1", "no direction means sendrecv; one at the media line counts before that of the session", () => {
    equal(mediaAnswered(["m=audio 4000 RTP/AVP 8"]), "audio 10000 RTP/AVP 8 sendrecv", "none");
    const both = ["a=inactive", "m=audio 4000 RTP/AVP 8", "a=sendonly"];
    equal(mediaOf(`\r\n\r\n${answerTo(both)}`)[0], "audio 10000 RTP/AVP 8 recvonly", "both");
  });

  clause("RFC 3264 6.1", "names formats of the offer alone, under the offer's numbers", () => {
    const media = [
      "m=audio 4000 RTP/AVP 9 111 96 97",
      "a=rtpmap:111 opus/48000/2",
      "a=rtpmap:96 telephone-event/8000",
      "a=rtpmap:97 PCMU/8000",
    ];
    equal(mediaAnswered(media), "audio 10000 RTP/AVP 97 96 sendrecv", "media line");
  });

  clause("RFC 3264 6.1", "takes a static number without a map, and a map in any case", () => {
    equal(mediaAnswered(["m=audio 4000 RTP/AVP 18 0"]), "audio 10000 RTP/AVP 0 sendrecv", "static");
    const mapped = ["m=audio 4000 RTP/AVP 99", "a=rtpmap:99 pcma/8000/1"];
    equal(mediaAnswered(mapped), "audio 10000 RTP/AVP 99 sendrecv", "map");
  });

  clause("RFC 3264 6", "is a refusal with 488 when nothing can be taken", () => {
    const offers = [
      ["m=audio 4000 RTP/AVP 9 18"],
      ["m=audio 0 RTP/AVP 8"],
      ["m=audio 4000 RTP/SAVP 8"],
      ["m=audio 4000 UDP/TLS/RTP/SAVPF 8"],
      ["m=video 4000 RTP/AVP 8"],
      ["m=audio 4000 RTP/AVP 8", "c=IN IP4 239.1.2.3/127"],
      [],
    ];
    for (let index = 0; index < offers.length; index += 1) {
      equal(mediaAnswered(offers[index]), "(488)", offers[index].join(" "));
    }
  });

  clause("RFC 4566 5.7", "takes the address of the media line before that of the session", () => {
    const door = openDoor();
    const call = anna.newCall();
    const body = described(["m=audio 4000 RTP/AVP 8", "c=IN IP4 192.0.2.77"]);
    door.deliver(call.request("INVITE", [], body), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 4566 5", "lines that nobody knows, and LF alone at their ends, do no harm", () => {
    const lines = [
      "i=x",
      "b=AS:64",
      "a=group:LS a",
      "m=audio 4000 RTP/AVP 8",
      "a=mid:a",
      "a=x-unheard:1 2;3",
      "a=rtcp-fb:* nack",
    ];
    equal(mediaAnswered(lines).indexOf("audio 10000 RTP/AVP 8"), 0, "unknown lines");
    const call = anna.newCall();
    const door = openDoor();
    const folded = described(["m=audio 4000 RTP/AVP 8"]).split("\r\n").join("\n");
    door.deliver(call.request("INVITE", [], folded), anna);
    door.expect("200 INVITE");
  });
});

describe("an offer that must be answered and cannot be taken", () => {
  clause(
    "RFC 3264 6",
    "has every media line of its answer at port 0, with the protocol and a format of the offer",
    () => {
      const door = new Door(["call.offer = delayed"]);
      door.press(0);
      const call = anna.takeCall(door.expect("INVITE"));
      const offer = described(["m=audio 4000 RTP/AVP 3", "m=video 5000 RTP/SAVP 96 97", "m=application 9 TCP/BFCP *"]);
      door.deliver(call.answer("200 OK", offer), anna);
      const answer = "audio 0 RTP/AVP 3; video 0 RTP/SAVP 96; application 0 TCP/BFCP *";
      equal(mediaOf(door.expect("ACK")).join("; "), answer, "media lines");
    },
  );
});

describe("a session that is modified", () => {
  clause("RFC 3264 8", "the version of the origin grows by one with each new description, and only then", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const versions: number[] = [];
    const bodies = [anna.description(["a=sendonly"]), anna.description(["a=sendonly"]), anna.description([])];
    for (let index = 0; index < bodies.length; index += 1) {
      door.deliver(call.inviteWith(bodies[index]), anna);
      const origin = textBetween(bodyOf(door.expect("200 INVITE")), "\r\no=", "\r");
      versions.push(Number(origin.split(" ")[2]));
      door.deliver(call.acknowledge(""), anna);
    }
    equal(versions[1], versions[0], "the same description");
    equal(versions[2], versions[1] + 1, "another description");
  });

  clause("RFC 3264 8.4", "hold with sendonly ends our voice, and taking it back begins it again", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    equal(reoffer(door, call, anna.description(["a=sendonly"])), "audio 10000 RTP/AVP 8 101 recvonly", "hold");
    equal(voiceInASecond(door), 0, "packets while held");
    equal(reoffer(door, call, anna.description(["a=sendrecv"])), "audio 10000 RTP/AVP 8 101 sendrecv", "resume");
    isTrue(voiceInASecond(door) > 45, "packets afterwards");
  });

  clause("RFC 3264 8.4", "hold with the address 0.0.0.0, as RFC 2543 had it, ends our voice too", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    reoffer(door, call, changed(anna.description([]), "c=IN IP4 192.0.2.9", "c=IN IP4 0.0.0.0"));
    equal(voiceInASecond(door), 0, "packets while held");
    reoffer(door, call, anna.description([]));
    isTrue(voiceInASecond(door) > 45, "packets afterwards");
  });

  clause("RFC 3264 8.3.1", "a new port of the peer is where our voice goes", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    reoffer(door, call, changed(anna.description([]), "m=audio 4000", "m=audio 4444"));
    isTrue(voiceInASecond(door) > 45, "packets");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3264 8.3.2", "another format is agreed when the offer has it alone", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    equal(reoffer(door, call, described(["m=audio 4000 RTP/AVP 0"])), "audio 10000 RTP/AVP 0 sendrecv", "answer");
  });

  clause("RFC 3264 8.1", "a media line that is added is answered with port 0, and the voice goes on", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const body = `${anna.description([])}m=video 5000 RTP/AVP 96\r\n`;
    equal(reoffer(door, call, body), "audio 10000 RTP/AVP 8 101 sendrecv; video 0 RTP/AVP 96", "answer");
    isTrue(voiceInASecond(door) > 45, "packets");
  });
});
