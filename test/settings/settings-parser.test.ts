// The settings text: what each key takes, where it goes, and that a faulty text changes nothing.

import { type Bytes, copyBytes, createBytes } from "../../firmware/bytes/bytes";
import {
  createSettings,
  SETTINGS_LETTERS_BYTES,
  type Settings,
  type SettingText,
} from "../../firmware/settings/settings";
import { LawOrder, SETTINGS_KEYS, SettingKey } from "../../firmware/settings/settings-keys";
import { createSettingsProblem, parseSettings, SettingsFault } from "../../firmware/settings/settings-parser";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, bytesOfHex, hexOf, textOf } from "../octets";

const problem = createSettingsProblem();

/** The octets of an ASCII text in which `{c3bc}` stands for the octets C3 BC: a VM's strings may be UTF-8 or not. */
function octetsOf(text: string): Bytes {
  const open = text.indexOf("{");
  if (open < 0) {
    return bytesOf(text);
  }
  const close = text.indexOf("}");
  const before = bytesOf(text.substring(0, open));
  const octets = bytesOfHex(text.substring(open + 1, close));
  const after = octetsOf(text.substring(close + 1));
  const all = createBytes(before.length + octets.length + after.length);
  copyBytes(all, 0, before, 0, before.length);
  copyBytes(all, before.length, octets, 0, octets.length);
  copyBytes(all, before.length + octets.length, after, 0, after.length);
  return all;
}

function parse(settings: Settings, text: string): Status {
  // Between other octets, so that a read outside of the text shows.
  const bytes = octetsOf(`9${text}9`);
  return parseSettings(settings, bytes, 1, bytes.length - 1, problem);
}

function read(text: SettingText): string {
  return textOf(text.bytes, text.start, text.end);
}

/** Everything that `settings` says, in one text. */
function describeSettings(settings: Settings): string {
  const account = settings.account;
  const parts: string[] = [];
  for (const text of [
    account.user,
    account.authUser,
    account.password,
    account.domain,
    account.registrar,
    account.outboundProxy,
    account.realm,
  ]) {
    parts.push(read(text));
  }
  const name = account.displayName;
  parts.push(hexOf(name.bytes, name.start, name.end));
  parts.push(`${account.expires} ${account.transport} ${settings.network.sipPort} ${settings.network.rtpPort}`);
  const advertised = settings.network.advertisedAddress;
  parts.push(advertised.family === 0 ? "own" : hexOf(advertised.address, 0, advertised.family === 4 ? 4 : 16));
  for (const host of settings.hosts) {
    parts.push(`${read(host.name)}=${host.address.family === 0 ? "" : hexOf(host.address.address, 0, 4)}`);
  }
  for (const button of settings.buttons) {
    parts.push(read(button.call));
  }
  const call = settings.call;
  parts.push(`${call.ringLimit} ${call.talkLimit} ${call.hangUpAfterRelease} ${call.answerDelay}`);
  for (let index = 0; index < call.answerFromCount; index += 1) {
    parts.push(read(call.answerFrom[index]));
  }
  for (const relay of settings.relays) {
    parts.push(`${read(relay.code)} ${relay.pulse}`);
  }
  const audio = settings.audio;
  parts.push(`${settings.code.tries} ${settings.code.lockOut}`);
  parts.push(`${audio.laws} ${audio.packetTime} ${audio.jitterDelay} ${audio.microphoneGain} ${audio.volume}`);
  return parts.join("|");
}

const INITIAL = "doorline||||||||300 0 5060 10000|own|=|=|=|=|||||60 300 5 0| 5| 5|3 60|0 20 40 0 0";

const FULL_TEXT = [
  "# the front door",
  "account.user = front",
  "account.auth-user=door 1",
  "account.password = a=b#c ",
  "account.domain = example.org",
  "account.registrar = pbx.example.org:5070",
  "account.outbound-proxy = sip:[2001:db8::2];lr",
  "account.realm = example realm",
  "account.expires = 120",
  "account.display-name = T{c3bc}r",
  "account.transport = udp",
  "",
  "network.sip-port = 5062",
  "network.rtp-port = 20000",
  "network.advertised-address = 192.0.2.7",
  "host.1 = pbx.example.org 192.0.2.1",
  "host.4 = indoor   192.0.2.2",
  "button.1.call = sip:anna@example.org",
  "button.2.call = sips:ben:secret@example.org:5061;transport=tls?subject=x",
  "button.3.call = tel:+441234567",
  "button.4.call = SIP:[2001:db8::1]:5060",
  "call.ring-limit = 5",
  "call.talk-limit = 1800",
  "call.hang-up-after-release = 0",
  "call.answer-from = anna@example.org 192.0.2.1  [2001:db8::1] *",
  "call.answer-delay = 5",
  "relay.1.code = 12*#",
  "relay.1.pulse = 60",
  "relay.2.code = 0",
  "relay.2.pulse = 1",
  "code.tries = 10",
  "code.lock-out = 3600",
  "audio.laws = pcmu pcma",
  "audio.packet-time = 30",
  "audio.jitter-delay = 200",
  "audio.microphone-gain = -30",
  "audio.volume = 20",
];

const FULL =
  "front|door 1|a=b#c|example.org|sip:pbx.example.org:5070|sip:[2001:db8::2];lr|example realm|54c3bc72|" +
  "120 0 5062 20000|c0000207|pbx.example.org=c0000201|=|=|indoor=c0000202|" +
  "sip:anna@example.org|sips:ben:secret@example.org:5061;transport=tls?subject=x|tel:+441234567|SIP:[2001:db8::1]:5060|" +
  "5 1800 0 5|anna@example.org|192.0.2.1|[2001:db8::1]|*|12*# 60|0 1|10 3600|1 30 200 -30 20";

describe("settings/settings", () => {
  it("start with the initial value of every key", () => {
    equal(describeSettings(createSettings()), INITIAL);
  });

  it("open no door by code until a code is set", () => {
    const settings = createSettings();
    for (const relay of settings.relays) {
      equal(relay.code.end - relay.code.start, 0);
    }
  });
});

describe("settings/settings-parser", () => {
  it("stores the value of every key in its own place", () => {
    const settings = createSettings();
    equal(parse(settings, FULL_TEXT.join("\n")), Status.OK);
    equal(describeSettings(settings), FULL);
    equal(settings.audio.laws, LawOrder.MU_THEN_A);
    equal(problem.fault, SettingsFault.NONE);
  });

  it("reads CRLF line ends, a last line without an end, blanks and a byte order mark alike", () => {
    const settings = createSettings();
    equal(parse(settings, `{efbbbf}${FULL_TEXT.join("\r\n")}`), Status.OK);
    equal(describeSettings(settings), FULL);
    equal(parse(settings, ` \t${FULL_TEXT.join(" \t\n\t ")}\n\n`), Status.OK);
    equal(describeSettings(settings), FULL);
  });

  it("gives a key that a later text leaves out its initial value again", () => {
    const settings = createSettings();
    equal(parse(settings, FULL_TEXT.join("\n")), Status.OK);
    equal(parse(settings, "# nothing\n"), Status.OK);
    equal(describeSettings(settings), INITIAL);
    equal(parse(settings, ""), Status.OK);
    equal(describeSettings(settings), INITIAL);
  });

  it("changes nothing when a line, even the last one, is at fault", () => {
    const settings = createSettings();
    equal(parse(settings, "account.user = side\ncall.answer-from = a@b c"), Status.OK);
    const before = describeSettings(settings);
    equal(parse(settings, `${FULL_TEXT.join("\n")}\nnonsense`), Status.MALFORMED);
    equal(problem.line, FULL_TEXT.length + 1, "line");
    equal(describeSettings(settings), before);
  });

  it("reads every beginning of a text without a fault of its own, and never half of it", () => {
    const settings = createSettings();
    const text = FULL_TEXT.join("\n");
    const bytes = octetsOf(text);
    let good = 0;
    for (let end = 0; end <= bytes.length; end += 7) {
      const before = describeSettings(settings);
      if (parseSettings(settings, bytes, 0, end, problem) === Status.OK) {
        good += 1;
      } else {
        equal(describeSettings(settings), before, `cut at ${end}`);
      }
    }
    isTrue(good > 10, "some beginnings are whole texts");
  });

  it("does not look behind the end of the text for the rest of a character", () => {
    const settings = createSettings();
    const bytes = octetsOf("account.display-name = T{c3bc}");
    equal(parseSettings(settings, bytes, 0, bytes.length, problem), Status.OK);
    equal(parseSettings(settings, bytes, 0, bytes.length - 1, problem), Status.MALFORMED);
  });

  it("names the fault, the line, the key and its number", () => {
    const table: { text: string; fault: SettingsFault; line: number; key: number; number: number; value: string }[] = [
      { text: "\n\nhello", fault: SettingsFault.NOT_A_SETTING, line: 3, key: -1, number: 0, value: "" },
      { text: "call.ringlimit = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      { text: "relay.3.pulse = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      { text: "relay.0.pulse = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      { text: "relay.N.pulse = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      { text: " = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      { text: "Call.ring-limit = 5", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "5" },
      {
        text: "relay.1.pulse=5\nrelay.2.pulse=5\nrelay.2.pulse=6",
        fault: SettingsFault.REPEATED_KEY,
        line: 3,
        key: SettingKey.RELAY_PULSE,
        number: 2,
        value: "6",
      },
      {
        text: "\r\ncall.ring-limit = 3x\n",
        fault: SettingsFault.VALUE,
        line: 2,
        key: SettingKey.CALL_RING_LIMIT,
        number: 0,
        value: "3x",
      },
      { text: "account.realm = a\x07b", fault: SettingsFault.CHARACTER, line: 1, key: -1, number: 0, value: "\x07b" },
      {
        text: "code.tries = 1\rcode.tries = 2",
        fault: SettingsFault.CHARACTER,
        line: 1,
        key: -1,
        number: 0,
        value: "\rcode.tries = 2",
      },
    ];
    const settings = createSettings();
    for (const row of table) {
      equal(parse(settings, row.text), Status.MALFORMED, row.text);
      equal(problem.fault, row.fault, `fault of ${row.text}`);
      equal(problem.line, row.line, `line of ${row.text}`);
      equal(problem.key, row.key, `key of ${row.text}`);
      equal(problem.number, row.number, `number of ${row.text}`);
      equal(textOf(bytesOf(`9${row.text}`), problem.valueStart, problem.valueEnd), row.value, `value of ${row.text}`);
    }
  });

  it("asks for the user of an account that registers", () => {
    const settings = createSettings();
    equal(parse(settings, "account.registrar = 192.0.2.1"), Status.MISSING);
    equal(problem.fault, SettingsFault.MISSING_KEY);
    equal(problem.key, SettingKey.ACCOUNT_USER);
    equal(problem.with, SettingKey.ACCOUNT_REGISTRAR);
    equal(describeSettings(settings), INITIAL);
    equal(parse(settings, "account.registrar = 192.0.2.1\naccount.user = a"), Status.OK);
  });

  it("takes the allowed values of every kind and refuses their neighbours", () => {
    const long = "aaaaaaaaaaaaaaaa";
    const table = [
      { key: "call.ring-limit", good: ["5", "120", "007"], bad: ["4", "121", "", "-5", "5.0", "5 s", "99999999999"] },
      { key: "audio.packet-time", good: ["10", "60"], bad: ["0", "15", "70"] },
      { key: "network.rtp-port", good: ["1024", "65534"], bad: ["1022", "1025", "65536"] },
      { key: "audio.volume", good: ["-30", "20", "0", "-0"], bad: ["-31", "21", "--1", "-", "+1"] },
      { key: "account.transport", good: ["udp"], bad: ["", "tcp", "UDP", "ud", "udp udp"] },
      { key: "audio.laws", good: ["pcma", "pcmu", "pcma pcmu"], bad: ["", "pcm", "pcma|pcmu", "pcma  pcmu", "g722"] },
      { key: "account.realm", good: ["", "a b"], bad: ["{c3bc}", `${long}${long}${long}${long}a`] },
      {
        key: "account.display-name",
        good: ["", "T{c3bc}r", "{e282ac}", "{f09f9494}"],
        bad: ["{fc}", "{c3}", "{c0af}", "{e08080}", "{eda080}", "{f4908080}", "{e282}", "{f5808080}"],
      },
      { key: "account.user", good: ["door-1", "a%20b"], bad: ["", "a b", "a@b", "a{c3bc}"] },
      {
        key: "account.domain",
        good: ["", "example.org", "a-b.c", "192.0.2.1", "[::1]", "1a"],
        bad: [
          "a b",
          "-a.b",
          "a-.b",
          "a..b",
          ".a",
          "a.",
          "1.2.3",
          "256.1.1.1",
          "::1",
          "[::1",
          "[1.2.3.4]",
          "a_b",
          "a:5060",
        ],
      },
      {
        key: "account.outbound-proxy",
        good: ["", "proxy", "proxy:5060", "[::1]:5060", "sip:proxy;lr", "sip:192.0.2.1:5080"],
        bad: ["sips:proxy", "proxy:0", "proxy:65536", "proxy:", "sip:", "sip:a@b", "proxy;lr", "[::1"],
      },
      {
        key: "button.1.call",
        good: ["", "sip:a@b", "sip:b", "tel:112", "tel:+49-30", "sip:a%20@b:5060;user=phone"],
        bad: [
          "a@b",
          "sip:",
          "sip:@b",
          "sip:a@",
          "sip:a@b c",
          "sip:a@b;x=<y>",
          "sip:a@-b",
          "sip:%zz@b",
          "tel:",
          "tel:+",
          "tel:x",
          "http://b",
          "sip:a@b@c",
        ],
      },
      {
        key: "network.advertised-address",
        good: ["", "192.0.2.1", "2001:db8::1"],
        bad: ["example.org", "192.0.2", "fe80::1%eth0"],
      },
      { key: "relay.1.code", good: ["", "0", "*#123456"], bad: ["123456789", "12a", "1 2"] },
      {
        key: "call.answer-from",
        good: ["", "*", "a", "a@b", "a b c d e f g h"],
        bad: ["a b c d e f g h i", "a,b", "@b", "a@", "a@b@c", "**", "a@*"],
      },
      {
        key: "host.1",
        good: ["", "pbx 192.0.2.1", "pbx.example.org\t2001:db8::1"],
        bad: ["pbx", "192.0.2.1", "pbx 192.0.2", "pbx 192.0.2.1 x", "p_x 192.0.2.1", "[::1] 192.0.2.1"],
      },
    ];
    const settings = createSettings();
    for (const row of table) {
      for (const value of row.good) {
        equal(parse(settings, `${row.key} = ${value}\n`), Status.OK, `${row.key} = ${value}`);
      }
      for (const value of row.bad) {
        equal(parse(settings, `${row.key} = ${value}\n`), Status.MALFORMED, `${row.key} = ${value}`);
        equal(problem.fault, SettingsFault.VALUE, `fault of ${row.key} = ${value}`);
      }
    }
  });

  it("refuses texts that together are longer than their buffer, and takes those that just fit", () => {
    const settings = createSettings();
    const user = "sip:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example";
    const lines: string[] = [];
    for (let button = 1; button <= 4; button += 1) {
      lines.push(`button.${button}.call = ${user}`);
    }
    // The list is the only value whose length has no limit of its own.
    let room = SETTINGS_LETTERS_BYTES - settings.lettersInitial - 4 * user.length;
    const peer: string[] = [];
    while (room > 0) {
      peer.push("a");
      room -= 1;
    }
    lines.push(`call.answer-from = ${peer.join("")}`);
    equal(parse(settings, lines.join("\n")), Status.OK, "just fits");
    equal(settings.lettersUsed, SETTINGS_LETTERS_BYTES, "letters used");
    const before = describeSettings(settings);
    equal(parse(settings, `${lines.join("\n")}a`), Status.FULL, "one letter more");
    equal(problem.fault, SettingsFault.TOO_MUCH_TEXT);
    equal(problem.line, 5);
    equal(describeSettings(settings), before);
  });

  it("has its table in the order of the keys", () => {
    equal(SETTINGS_KEYS.length, SettingKey.AUDIO_VOLUME + 1);
  });
});
