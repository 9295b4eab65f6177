// What a person reads when a settings file is wrong: the exact sentences.

import assert from "node:assert/strict";
import { createSettings } from "../../firmware/settings/settings";
import { createSettingsProblem, parseSettings, SettingsFault } from "../../firmware/settings/settings-parser";
import { Status } from "../../firmware/sip/status";
import { describeSettingsProblem } from "../../simulator/settings-problem";
import { sampleSettings } from "../../simulator/settings-sample";

const settings = createSettings();
const problem = createSettingsProblem();

function sentence(text: string): string {
  const bytes = new TextEncoder().encode(text);
  parseSettings(settings, bytes, 0, bytes.length, problem);
  return describeSettingsProblem(problem, "doorline.conf", bytes);
}

describe("simulator/settings-problem", () => {
  const table: [string, string][] = [
    ["", ""],
    ["account.user = a", ""],
    [
      `${"\n".repeat(11)}call.ring-limit = 3x`,
      'doorline.conf:12: call.ring-limit: "3x" is not allowed; a number from 5 to 120 (seconds)',
    ],
    ["relay.2.pulse = 0", 'doorline.conf:1: relay.2.pulse: "0" is not allowed; a number from 1 to 60 (seconds)'],
    ["code.tries = 11", 'doorline.conf:1: code.tries: "11" is not allowed; a number from 1 to 10'],
    [
      "audio.packet-time = 25",
      'doorline.conf:1: audio.packet-time: "25" is not allowed; a number from 10 to 60 in steps of 10 (milliseconds)',
    ],
    ["audio.volume = loud", 'doorline.conf:1: audio.volume: "loud" is not allowed; a number from -30 to 20 (decibels)'],
    [
      "audio.laws = opus",
      'doorline.conf:1: audio.laws: "opus" is not allowed; one of "pcma pcmu", "pcmu pcma", "pcma" and "pcmu"',
    ],
    [
      "account.transport = tls",
      'doorline.conf:1: account.transport: "tls" is not allowed; one of "auto", "udp" and "tcp"',
    ],
    [
      "button.1.call = anna",
      'doorline.conf:1: button.1.call: "anna" is not allowed; a sip:, sips: or tel: URI of at most 96 characters',
    ],
    [
      "account.realm = Tür",
      'doorline.conf:1: account.realm: "Tür" is not allowed; a text of at most 64 ASCII characters',
    ],
    [
      "account.user = a b",
      'doorline.conf:1: account.user: "a b" is not allowed; 1 to 64 letters, digits and any of -_.!~*\'()&=+$,;?/%',
    ],
    [
      "account.domain = x_y",
      'doorline.conf:1: account.domain: "x_y" is not allowed; a host name, an IPv4 address or an IPv6 address in brackets',
    ],
    [
      "account.registrar = a@b",
      'doorline.conf:1: account.registrar: "a@b" is not allowed; a host name or address, with or without a port, or a SIP URI without a user',
    ],
    [
      "network.advertised-address = 1.2.3",
      'doorline.conf:1: network.advertised-address: "1.2.3" is not allowed; an IPv4 or IPv6 address',
    ],
    [
      "host.1 = pbx",
      'doorline.conf:1: host.1: "pbx" is not allowed; a host name, a blank, and an IPv4 or IPv6 address',
    ],
    [
      "call.answer-from = a, b",
      'doorline.conf:1: call.answer-from: "a, b" is not allowed; at most 8 of user@host, host, a network (192.0.2.0/24), accounts and *, with blanks between them',
    ],
    [
      `account.domain = ${"long.".repeat(20)}`,
      'doorline.conf:1: account.domain: "long.long.long.long.long.long.long.long.…" is not allowed; a host name, an IPv4 address or an IPv6 address in brackets',
    ],
    ["hello", 'doorline.conf:1: "hello" is not "key = value", and no comment, which begins with #'],
    ["= 3", "doorline.conf:1: the key before = is missing"],
    ["call.ring-limt = 5", "doorline.conf:1: call.ring-limt: there is no such key; did you mean call.ring-limit?"],
    ["ring-limit = 5", "doorline.conf:1: ring-limit: there is no such key; did you mean call.ring-limit?"],
    ["Relay.1.Code = 5", "doorline.conf:1: Relay.1.Code: there is no such key; did you mean relay.1.code?"],
    ["button.1.cal = 5", "doorline.conf:1: button.1.cal: there is no such key; did you mean button.1.call?"],
    ["mqtt.broker = x", "doorline.conf:1: mqtt.broker: there is no such key"],
    [
      "relay.3.code = 5",
      "doorline.conf:1: relay.3.code: there is no such key; N of relay.N.code is a number from 1 to 2",
    ],
    [
      "button.12.call = 5",
      "doorline.conf:1: button.12.call: there is no such key; N of button.N.call is a number from 1 to 4",
    ],
    ["code.tries = 1\ncode.tries = 2", "doorline.conf:2: code.tries was given before; a key may be given once"],
    ["account.user = a\u0000b", "doorline.conf:1: a control character, \\u0000, is not allowed outside comments"],
    ["account.registrar = b", "doorline.conf: account.user is missing; it is needed with account.registrar"],
    ["account.2.registrar = b", "doorline.conf: account.2.user is missing; it is needed with account.2.registrar"],
    ["account.1.user = a\naccount.user = b", "doorline.conf:2: account.user was given before; a key may be given once"],
    [
      "account.5.user = a",
      "doorline.conf:1: account.5.user: there is no such key; N of account.N.user is a number from 1 to 4",
    ],
    ["account.usr = a", "doorline.conf:1: account.usr: there is no such key; did you mean account.user?"],
    ["account.3.priority = 0", 'doorline.conf:1: account.3.priority: "0" is not allowed; a number from 1 to 9'],
    [
      "call.session-expires = 89",
      'doorline.conf:1: call.session-expires: "89" is not allowed; 0, or a number from 90 to 7200 (seconds)',
    ],
    [
      "network.allow-from = 192.0.2.0/33",
      'doorline.conf:1: network.allow-from: "192.0.2.0/33" is not allowed; at most 8 of address and address/bits, with blanks between them',
    ],
    [
      "network.name-server.2 = dns",
      'doorline.conf:1: network.name-server.2: "dns" is not allowed; an IPv4 or IPv6 address, with or without a port',
    ],
    [
      `call.answer-from = ${"a".repeat(2100)}`,
      "doorline.conf:1: call.answer-from: all texts together are longer than the 2048 octets that there are for them",
    ],
  ];
  for (const [text, expected] of table) {
    it(`says of ${JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text)}: ${expected === "" ? "nothing" : expected}`, () => {
      assert.equal(sentence(text), expected);
    });
  }

  it("quotes neither a password nor a door code", () => {
    assert.equal(
      sentence(`account.password = ${"geheim".repeat(20)}`),
      "doorline.conf:1: account.password: this value is not allowed; a text of at most 64 octets of UTF-8",
    );
    assert.equal(
      sentence("relay.1.code = 12a"),
      "doorline.conf:1: relay.1.code: this value is not allowed; at most 8 of the keys 0 to 9, * and #",
    );
  });
});

describe("simulator/settings-sample", () => {
  it("changes nothing as it is, and is all good settings once its comment signs are taken away", () => {
    assert.equal(sentence(sampleSettings()), "");
    assert.equal(sentence(sampleSettings().replaceAll(/^#(?=\S)/gm, "")), "");
    assert.equal(settings.buttons[3].call.end > settings.buttons[3].call.start, true);
    assert.equal(problem.fault, SettingsFault.NONE);
  });

  it("names every key", () => {
    const bytes = new TextEncoder().encode(sampleSettings().replaceAll(/^#(?=\S)/gm, ""));
    assert.equal(parseSettings(settings, bytes, 0, bytes.length, problem), Status.OK);
    assert.equal(settings.call.answerFromCount, 2);
    assert.equal(settings.hosts[3].address.family, 4);
  });
});
