// The settings text: what each key takes, where it goes, and that a faulty text changes nothing.

import { type Bytes, copyBytes, createBytes } from "../../firmware/bytes/bytes";
import {
  type AccountSettings,
  createSettings,
  SETTINGS_LETTERS_BYTES,
  type Settings,
  type SettingText,
} from "../../firmware/settings/settings";
import { LawOrder, SETTINGS_KEYS, SettingKey } from "../../firmware/settings/settings-keys";
import { createSettingsProblem, parseSettings, SettingsFault } from "../../firmware/settings/settings-parser";
import { Status } from "../../firmware/sip/status";
import type { Endpoint } from "../../hal/endpoint";
import { describe, equal, isTrue, it, itSlow } from "../harness";
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

function describeAddress(endpoint: Endpoint): string {
  return endpoint.family === 0 ? "" : `${hexOf(endpoint.address, 0, endpoint.family === 4 ? 4 : 16)}:${endpoint.port}`;
}

function describeAccount(account: AccountSettings): string {
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
  parts.push(`${account.expires} ${account.transport} ${account.priority}`);
  return parts.join("|");
}

/** Everything that `settings` says but the second to fourth account, in one text. */
function describeSettings(settings: Settings): string {
  const parts = [describeAccount(settings.accounts[0])];
  const network = settings.network;
  parts.push(`${network.sipPort} ${network.rtpPort} ${network.family} ${network.keepAlive}`);
  parts.push(describeAddress(network.advertisedAddress));
  for (const server of network.nameServers) {
    parts.push(describeAddress(server));
  }
  parts.push(read(network.stunServer));
  for (let index = 0; index < network.allowFromCount; index += 1) {
    const allowed = network.allowFrom[index];
    parts.push(`${hexOf(allowed.address, 0, allowed.family === 4 ? 4 : 16)}/${allowed.prefix}`);
  }
  for (const host of settings.hosts) {
    parts.push(`${read(host.name)}=${describeAddress(host.address)}`);
  }
  for (const button of settings.buttons) {
    parts.push(read(button.call));
  }
  const call = settings.call;
  parts.push(`${call.ringLimit} ${call.talkLimit} ${call.silenceLimit} ${call.hangUpAfterRelease} ${call.answerDelay}`);
  parts.push(`${call.sessionExpires} ${call.provisional} ${call.offer} ${call.transfer ? 1 : 0}`);
  for (let index = 0; index < call.answerFromCount; index += 1) {
    parts.push(read(call.answerFrom[index]));
  }
  for (const relay of settings.relays) {
    parts.push(`${read(relay.code)} ${relay.pulse}`);
  }
  const audio = settings.audio;
  parts.push(`${settings.code.tries} ${settings.code.lockOut}`);
  parts.push(`${audio.laws} ${audio.packetTime} ${audio.jitterDelay} ${audio.jitterMaximum}`);
  parts.push(`${audio.microphoneGain} ${audio.volume}`);
  return parts.join("|");
}

const INITIAL_ACCOUNT = "doorline||||||||300 0 1";
const INITIAL =
  `${INITIAL_ACCOUNT}|5060 10000 0 25|||||=|=|=|=|||||` + "60 300 30 5 0|1800 0 0 1| 5| 5|3 60|0 20 40 200|0 0";

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
  "account.transport = tcp",
  "account.priority = 9",
  "",
  "network.sip-port = 5062",
  "network.rtp-port = 20000",
  "network.advertised-address = 192.0.2.7",
  "network.family = ipv6",
  "network.name-server.1 = 192.0.2.53",
  "network.name-server.2 = [2001:db8::53]:5353",
  "network.stun-server = stun.example.org",
  "network.keep-alive = 0",
  "network.allow-from = 192.0.2.0/24  2001:db8::/32",
  "host.1 = pbx.example.org 192.0.2.1",
  "host.4 = indoor   192.0.2.2",
  "button.1.call = sip:anna@example.org",
  "button.2.call = sips:ben:secret@example.org:5061;transport=tls?subject=x",
  "button.3.call = tel:+441234567",
  "button.4.call = SIP:[2001:db8::1]:5060",
  "call.ring-limit = 5",
  "call.talk-limit = 1800",
  "call.silence-limit = 0",
  "call.hang-up-after-release = 0",
  "call.session-expires = 90",
  "call.provisional = required",
  "call.offer = delayed",
  "call.transfer = no",
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
  "audio.jitter-maximum = 400",
  "audio.microphone-gain = -30",
  "audio.volume = 20",
];

const FULL =
  "front|door 1|a=b#c|example.org|sip:pbx.example.org:5070|sip:[2001:db8::2];lr|example realm|54c3bc72|120 2 9|" +
  "5062 20000 2 0|c0000207:0|c0000235:53|20010db8000000000000000000000053:5353|sip:stun.example.org:3478|" +
  "c0000200/24|20010db8000000000000000000000000/32|pbx.example.org=c0000201:0|=|=|indoor=c0000202:0|" +
  "sip:anna@example.org|sips:ben:secret@example.org:5061;transport=tls?subject=x|tel:+441234567|SIP:[2001:db8::1]:5060|" +
  "5 1800 0 0 5|90 1 1 0|anna@example.org|192.0.2.1|[2001:db8::1]|*|12*# 60|0 1|10 3600|1 30 200 400|-30 20";

describe("settings/settings", () => {
  it("start with the initial value of every key", () => {
    equal(describeSettings(createSettings()), INITIAL);
  });

  it("have four accounts of the same initial values", () => {
    const settings = createSettings();
    equal(settings.accounts.length, 4);
    for (const account of settings.accounts) {
      equal(describeAccount(account), INITIAL_ACCOUNT);
    }
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

  it("takes a numbered key without its number as the first one, and the two as the same key", () => {
    const settings = createSettings();
    equal(
      parse(
        settings,
        "account.1.user = a\naccount.2.user = b\nbutton.call = sip:c\nhost = d 192.0.2.9\nrelay.pulse = 9",
      ),
      Status.OK,
    );
    equal(read(settings.accounts[0].user), "a");
    equal(read(settings.accounts[1].user), "b");
    equal(read(settings.buttons[0].call), "sip:c");
    equal(describeAddress(settings.hosts[0].address), "c0000209:0");
    equal(settings.relays[0].pulse, 9);
    equal(parse(settings, "account.user = a\naccount.2.user = b\naccount.1.user = c"), Status.MALFORMED);
    equal(problem.fault, SettingsFault.REPEATED_KEY);
    equal(problem.line, 3);
    equal(problem.number, 1);
  });

  it("stores the values of each account in its own place", () => {
    const settings = createSettings();
    equal(
      parse(
        settings,
        "account.2.user = b\naccount.2.registrar = b.example\naccount.2.expires = 90\n" +
          "account.4.priority = 3\naccount.4.transport = udp\naccount.4.password = p",
      ),
      Status.OK,
    );
    equal(describeAccount(settings.accounts[0]), INITIAL_ACCOUNT);
    equal(describeAccount(settings.accounts[1]), "b||||sip:b.example||||90 0 1");
    equal(describeAccount(settings.accounts[2]), INITIAL_ACCOUNT);
    equal(describeAccount(settings.accounts[3]), "doorline||p||||||300 1 3");
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

  itSlow("reads every beginning of a text without a fault of its own, and never half of it", () => {
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
      { text: "account.5.user = a", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "a" },
      { text: "account.1.1.user = a", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "a" },
      { text: "account. = a", fault: SettingsFault.UNKNOWN_KEY, line: 1, key: -1, number: 0, value: "a" },
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
    equal(problem.number, 1);
    equal(parse(settings, "account.registrar = 192.0.2.1\naccount.user = a"), Status.OK);
    equal(parse(settings, "account.3.registrar = 192.0.2.1\naccount.user = a"), Status.MISSING);
    equal(problem.number, 3);
    equal(parse(settings, "account.3.registrar = 192.0.2.1\naccount.3.user = a"), Status.OK);
  });

  it("takes the allowed values of every kind and refuses their neighbours", () => {
    const long = "aaaaaaaaaaaaaaaa";
    const table = [
      { key: "call.ring-limit", good: ["5", "120", "007"], bad: ["4", "121", "", "-5", "5.0", "5 s", "99999999999"] },
      { key: "audio.packet-time", good: ["10", "60"], bad: ["0", "15", "70"] },
      { key: "network.rtp-port", good: ["1024", "65534"], bad: ["1022", "1025", "65536"] },
      { key: "audio.volume", good: ["-30", "20", "0", "-0"], bad: ["-31", "21", "--1", "-", "+1"] },
      { key: "account.transport", good: ["auto", "udp", "tcp"], bad: ["", "tls", "UDP", "ud", "udp udp"] },
      { key: "account.2.priority", good: ["1", "9"], bad: ["0", "10", ""] },
      { key: "network.keep-alive", good: ["0", "10", "300"], bad: ["9", "301", "-1", ""] },
      { key: "call.session-expires", good: ["0", "90", "7200"], bad: ["1", "89", "7201"] },
      { key: "call.silence-limit", good: ["0", "5", "600"], bad: ["4", "601"] },
      { key: "audio.jitter-maximum", good: ["40", "400"], bad: ["0", "30", "45", "410"] },
      {
        key: "network.name-server",
        good: ["", "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:53"],
        bad: ["dns.example", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[::1", "[::1]53", ":53"],
      },
      {
        key: "network.stun-server",
        good: ["", "stun.example", "stun.example:3479", "192.0.2.1", "[::1]", "[::1]:3479"],
        bad: ["sip:stun.example", "stun.example:", "stun.example:0", "a b", ":3478", "[::1"],
      },
      {
        key: "network.allow-from",
        good: ["", "192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "::/0 2001:db8::1", "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4"],
        bad: [
          "192.0.2.0/33",
          "192.0.2.0/",
          "pbx.example",
          "::/129",
          "192.0.2.1,192.0.2.2",
          "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 1.1.1.9",
        ],
      },
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
