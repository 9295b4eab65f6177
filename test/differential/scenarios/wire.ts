// What the wire does: retransmissions, loss, reordering, doubles, bad messages, strangers, streams over TCP.

import { type Door, talkAsCalled } from "../../rig/door";
import { changed, without } from "../../rig/message-text";
import type { Peer } from "../../rig/peer";
import type { Scenario } from "../scenario";

/** Messages that are no SIP, or SIP that no parser should take. */
const BAD: readonly ((good: string) => string)[] = [
  () => "",
  () => "\r\n\r\n",
  () => "GET / HTTP/1.1\r\nHost: door\r\n\r\n",
  () => "INVITE",
  (good) => good.slice(0, 100),
  (good) => changed(good, "SIP/2.0", "SIP/7.0"),
  (good) => without(good, "CSeq"),
  (good) => without(good, "Via"),
  (good) => changed(good, "Content-Length: ", "Content-Length: 99999"),
  (good) => changed(good, "Content-Length: ", "Content-Length: -"),
  (good) => changed(good, "CSeq: ", "CSeq: 99999999999 "),
  (good) => changed(good, "Max-Forwards: 70", "Max-Forwards: 0"),
  (good) => changed(good, "m=audio ", "m=audio 99999999"),
  (good) => changed(good, "v=0", "v=\0\u00ff"),
  (good) => changed(good, ";branch=", ';branch="'),
  (good) => `${changed(good, "Max-Forwards: 70", `X-Long: ${"a".repeat(3000)}`)}`,
];

function arriveVoice(door: Door, anna: Peer, order: readonly number[]): void {
  for (const [index, number] of order.entries()) {
    const packet = new Uint8Array(172).fill(0xd5 - (number % 16));
    packet.set([0x80, 8, 0, number, 0, 0, (number * 160) >> 8, (number * 160) & 0xff, 1, 2, 3, 4]);
    door.rtp.arrive(packet, packet.length, { ...anna.endpoint, port: 4000 });
    if (index % 2 === 1) {
      door.advance(40);
    }
  }
}

export const WIRE: readonly Scenario[] = [
  {
    title: "takes doubled requests once and repeats its answers",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const call = anna.newCall();
      const invite = call.inviteWith(anna.description([]));
      door.deliver(invite, anna);
      door.deliver(invite, anna);
      call.takeResponse(door.expect("200 INVITE"));
      const acknowledgement = call.acknowledge("");
      door.deliver(acknowledgement, anna);
      door.deliver(acknowledgement, anna);
      const bye = call.bye();
      door.deliver(bye, anna);
      door.deliver(bye, anna);
      door.advance(40000);
    },
  },
  {
    title: "survives messages that are none",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      for (const spoil of BAD) {
        const good = anna.newCall().inviteWith(anna.description([]));
        door.deliver(spoil(good), anna);
        door.advance(500);
      }
      door.deliver(anna.request("OPTIONS", [], ""), anna);
      door.advance(70000);
    },
  },
  {
    title: "answers OPTIONS, and refuses a method that nobody knows",
    settings: [],
    play(door, { anna }) {
      door.deliver(anna.request("OPTIONS", [], ""), anna);
      door.deliver(anna.request("BREW", [], ""), anna);
      door.deliver(anna.request("PUBLISH", [], ""), anna);
      door.advance(1000);
    },
  },
  {
    title: "lets no stranger end its call or open its door",
    settings: [],
    play(door, { anna, mallory }) {
      const call = talkAsCalled(door, anna);
      door.deliver(call.bye(), mallory);
      door.deliver(changed(call.bye(), "anna-tag", "other-tag"), anna);
      door.deliver(call.request("INFO", ["Content-Type: application/dtmf-relay"], "Signal=4\r\n"), mallory);
      door.advance(1000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "bears a flood of strangers' requests",
    settings: [],
    play(door, { mallory }) {
      for (let turn = 0; turn < 60; turn += 1) {
        door.deliver(mallory.request("OPTIONS", [], ""), mallory);
        door.deliver(mallory.newCall().inviteWith(mallory.description([])), mallory);
        door.advance(5);
      }
      door.press(0);
      door.advance(3000);
    },
  },
  {
    title: "plays voice that comes late, doubled, out of order and not at all",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      arriveVoice(door, anna, [1, 2, 3, 5, 4, 4, 6, 9, 8, 7, 12, 13, 14, 20, 21, 22, 19, 23, 24, 25]);
      door.advance(10000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "sends reports and takes them",
    settings: [],
    play(door, { anna }) {
      const call = talkAsCalled(door, anna);
      arriveVoice(door, anna, [1, 2, 3, 4, 5, 6, 7, 8]);
      const report = new Uint8Array(28);
      report.set([0x80, 200, 0, 6, 1, 2, 3, 4, 0xe0, 0, 0, 1, 0x80]);
      door.rtcp.arrive(report, report.length, { ...anna.endpoint, port: 4001 });
      door.advance(30000);
      door.deliver(call.bye(), anna);
    },
  },
  {
    title: "hears a long request over TCP in pieces",
    settings: ["call.answer-from = anna@192.0.2.9"],
    play(door, { anna }) {
      const stream = door.tcp.arrive(anna.endpoint);
      const request = changed(anna.request("OPTIONS", [], ""), "SIP/2.0/UDP", "SIP/2.0/TCP");
      for (let at = 0; at < request.length; at += 37) {
        stream.send(request.slice(at, at + 37));
        door.poll();
      }
      stream.send("\r\n\r\n");
      door.advance(2000);
    },
  },
  {
    title: "calls over TCP, and back",
    settings: ["button.1.call = sip:anna@192.0.2.9;transport=tcp"],
    play(door) {
      door.press(0);
      door.advance(40000);
    },
  },
];
