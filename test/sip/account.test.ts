// Accounts (firmware/sip/account.ts, account-choice.ts): which one a call goes out by, as whom and by which way, which one is
// next, and whose an incoming call is. Most is seen from the wire.

import { accountBit, chooseAccount, isAccountFailure, nextAccount } from "../../firmware/sip/account-choice";
import { PROOF_MS, RegistrationState } from "../../firmware/sip/registration";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf } from "../octets";
import { challengeOf } from "../rig/digest";
import { Door } from "../rig/door";
import { changed, hasHeaderField, headerOf, headersOf, kindOf, startLine } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const registrar = new Peer("registrar", 50, 5060);
const anna = new Peer("anna", 9, 5060);

/** A PBX, its twin, and a provider. */
const THREE = [
  "account.registrar = 192.0.2.50",
  "account.domain = pbx.example",
  "account.priority = 2",
  "account.2.user = gate",
  "account.2.registrar = 192.0.2.51",
  "account.2.password = open sesame",
  "account.2.realm = pbx",
  "account.3.user = 4711",
  "account.3.registrar = 192.0.2.52",
  "account.3.outbound-proxy = 192.0.2.53",
  "account.3.priority = 3",
];

function isKeyIn(lines: string[], key: string): boolean {
  let found = false;
  for (let index = 0; index < lines.length; index += 1) {
    found = found || lines[index].indexOf(key) === 0;
  }
  return found;
}

/** A door whose accounts of these numbers are registered. */
function doorWith(settings: string[], ready: number[]): Door {
  const lines: string[] = [];
  for (let index = 0; index < THREE.length; index += 1) {
    const key = THREE[index].substring(0, THREE[index].indexOf(" ="));
    if (!isKeyIn(settings, `${key} =`)) {
      lines.push(THREE[index]);
    }
  }
  const door = new Door([...lines, ...settings]);
  door.advance(500);
  const requests = ["", "", "", ""];
  while (door.wire.waiting() > 0) {
    const datagram = door.wire.nextDatagram();
    requests[datagram.host === 53 ? 2 : datagram.host - 50] = datagram.text;
  }
  for (let index = 0; index < ready.length; index += 1) {
    door.deliver(responseOf(requests[ready[index] - 1], "200 OK", "reg", [], ""), registrar);
    equal(door.device.registrations[ready[index] - 1].state, RegistrationState.REGISTERED, `account ${ready[index]}`);
  }
  return door;
}

/** Presses the button; "where it went, Request-URI, From without tag, Route". */
function callOf(door: Door): string {
  door.wire.forget();
  door.press(0);
  let datagram = door.wire.nextDatagram();
  while (startLine(datagram.text).indexOf("INVITE") !== 0) {
    datagram = door.wire.nextDatagram();
  }
  const line = startLine(datagram.text);
  const from = headerOf(datagram.text, "From");
  const uri = line.substring(7, line.length - 8);
  return `${datagram.host} ${uri} ${from.substring(0, from.indexOf(";tag="))} ${headersOf(datagram.text, "Route").join()}`;
}

describe("the account of a call", () => {
  interface Choice {
    what: string;
    call: string;
    ready: number[];
    settings: string[];
    expected: string;
  }
  const choices: Choice[] = [
    {
      what: "is the registered one of the lowest priority, and a telephone number goes to its server",
      call: "tel:112",
      ready: [1, 2, 3],
      settings: [],
      expected: "51 tel:112 <sip:gate@192.0.2.51> <sip:192.0.2.51;lr>",
    },
    {
      what: "is the first of equals",
      call: "tel:112",
      ready: [1, 2, 3],
      settings: ["account.2.priority = 2"],
      expected: "50 tel:112 <sip:door@pbx.example> <sip:192.0.2.50;lr>",
    },
    {
      what: "is another one while the preferred one is not registered",
      call: "tel:112",
      ready: [3],
      settings: [],
      expected: "53 tel:112 <sip:4711@192.0.2.52> <sip:192.0.2.53;lr>",
    },
    {
      what: "is the preferred one when none is registered: an attempt is better than none",
      call: "tel:112",
      ready: [],
      settings: [],
      expected: "51 tel:112 <sip:gate@192.0.2.51> <sip:192.0.2.51;lr>",
    },
    {
      what: "is the one at whose registrar the callee is, whatever the priorities",
      call: "sip:anna@192.0.2.50",
      ready: [1, 2, 3],
      settings: [],
      expected: "50 sip:anna@192.0.2.50 <sip:door@pbx.example> ",
    },
    {
      what: "is the one in whose domain the callee is, in any case of letters",
      call: "sip:anna@PBX.example",
      ready: [1, 2, 3],
      settings: ["host.1 = pbx.example 192.0.2.59"],
      expected: "59 sip:anna@PBX.example <sip:door@pbx.example> ",
    },
    {
      what: "takes the way over the outbound proxy",
      call: "sip:anna@192.0.2.52",
      ready: [1, 2, 3],
      settings: [],
      expected: "53 sip:anna@192.0.2.52 <sip:4711@192.0.2.52> <sip:192.0.2.53;lr>",
    },
    {
      what: "is a registered one, by way of its server, while that of the callee's domain is not",
      call: "sip:anna@192.0.2.50",
      ready: [2],
      settings: [],
      expected: "51 sip:anna@192.0.2.50 <sip:gate@192.0.2.51> <sip:192.0.2.51;lr>",
    },
    {
      what: "is the one whose registrar, named by a name, is at the callee's address",
      call: "sip:anna@192.0.2.51",
      ready: [1, 2, 3],
      settings: ["account.2.registrar = twin.example", "host.1 = twin.example 192.0.2.51"],
      expected: "51 sip:anna@192.0.2.51 <sip:gate@twin.example> ",
    },
    {
      what: "is none for an address that is at home at no account",
      call: "sip:anna@192.0.2.9",
      ready: [1, 2, 3],
      settings: [],
      expected: "9 sip:anna@192.0.2.9 <sip:door@192.0.2.4:5060> ",
    },
    {
      what: "is the preferred one for a name that is at home at no account, without a detour",
      call: "sip:anna@elsewhere.example",
      ready: [1, 2, 3],
      settings: ["host.1 = elsewhere.example 192.0.2.9"],
      expected: "9 sip:anna@elsewhere.example <sip:gate@192.0.2.51> ",
    },
  ];
  for (let index = 0; index < choices.length; index += 1) {
    const choice = choices[index];
    it(choice.what, () => {
      const door = doorWith([...choice.settings, `button.1.call = ${choice.call}`], choice.ready);
      equal(callOf(door), choice.expected);
    });
  }

  it("is used over TCP when its settings say so, also for a callee at its home", () => {
    const door = new Door([
      "account.registrar = 192.0.2.50",
      "account.transport = tcp",
      "button.1.call = sip:anna@192.0.2.50",
    ]);
    const stream = door.tcp.last();
    stream.send(responseOf(stream.take(), "200 OK", "reg", [], ""));
    door.press(0);
    const invite = stream.take();
    equal(startLine(invite), "INVITE sip:anna@192.0.2.50 SIP/2.0", "over the connection of the registration");
    equal(headerOf(invite, "Route"), "<sip:192.0.2.50;transport=tcp;lr>", "Route");
    equal(headerOf(invite, "Contact"), "<sip:door@192.0.2.4:5060;transport=tcp>", "Contact");
    door.expectSilence();
  });

  it("answers a challenge with its own password; a direct call answers none, whatever realm is claimed", () => {
    const challenge = [`WWW-Authenticate: ${challengeOf("pbx", "n1", "MD5")}`];
    const door = doorWith(["button.1.call = sip:anna@192.0.2.51"], [1, 2, 3]);
    door.press(0);
    door.deliver(responseOf(door.expect("INVITE"), "401 Unauthorized", "t", challenge, ""), anna);
    door.expect("ACK");
    isTrue(hasHeaderField(door.expect("INVITE"), "Authorization"), "the account answers");
    const direct = doorWith(
      ["account.password = open sesame", "account.realm = pbx", "button.1.call = sip:anna@192.0.2.9"],
      [1],
    );
    direct.wire.forget();
    direct.press(0);
    direct.deliver(responseOf(direct.expect("INVITE"), "401 Unauthorized", "t", challenge, ""), anna);
    direct.expect("ACK");
    while (direct.wire.waiting() > 0) {
      isTrue(!hasHeaderField(direct.wire.next(), "Authorization"), "the direct call answers nothing");
    }
  });
});

describe("the account after one that failed", () => {
  const uri = bytesOf("sip:anna@192.0.2.50");

  it("is the best that is registered and was not tried; there is an end", () => {
    const userAgent = doorWith([], [1, 2, 3]).device.userAgent;
    const first = chooseAccount(userAgent, uri, 0, uri.length);
    equal(first.index, 0, "the first: the callee's home");
    let tried = accountBit(first);
    equal(nextAccount(userAgent, tried, uri, 0, uri.length), 1, "the second, by priority");
    tried += accountBit(userAgent.accounts[1]);
    equal(nextAccount(userAgent, tried, uri, 0, uri.length), 2, "the third");
    tried += accountBit(userAgent.accounts[2]);
    equal(nextAccount(userAgent, tried, uri, 0, uri.length), -1, "none");
  });

  it("is none that is not registered, and none after a direct call", () => {
    const userAgent = doorWith([], [1]).device.userAgent;
    equal(nextAccount(userAgent, accountBit(userAgent.accounts[0]), uri, 0, uri.length), -1, "not registered");
    equal(nextAccount(userAgent, accountBit(userAgent.direct), uri, 0, uri.length), -1, "after a direct call");
  });

  it("is sought after silence, refused accounts and failing servers, not after what the callee said", () => {
    const codes = [0, 401, 403, 407, 408, 500, 503, 504, 404, 480, 486, 487, 488, 600, 603];
    let sought = "";
    for (let index = 0; index < codes.length; index += 1) {
      sought = `${sought}${isAccountFailure(codes[index]) ? 1 : 0}`;
    }
    equal(sought, "111111110000000");
  });
});

describe("a call that fails on its way", () => {
  it("goes out by the next account, and the failed one's registrar is asked whether it still knows us", () => {
    const door = doorWith(["button.1.call = sip:anna@192.0.2.50"], [1, 2, 3]);
    door.advance(PROOF_MS);
    door.wire.forget();
    door.press(0);
    const first = door.wire.nextDatagram();
    equal(`${first.host} ${kindOf(first.text)}`, "50 INVITE", "the first call");
    door.deliver(responseOf(first.text, "403 Forbidden", "t", [], ""), registrar);
    door.expect("ACK");
    const proof = door.wire.nextDatagram();
    equal(`${proof.host} ${kindOf(proof.text)}`, "50 REGISTER", "the proof");
    const second = door.wire.nextDatagram();
    equal(`${second.host} ${kindOf(second.text)}`, "51 INVITE", "the second call");
    equal(headerOf(second.text, "From").indexOf("<sip:gate@192.0.2.51>;tag="), 0, "From of the second");
    equal(headerOf(second.text, "Contact"), "<sip:gate@192.0.2.4:5060>", "Contact of the second");
    door.deliver(responseOf(second.text, "486 Busy Here", "t", [], ""), registrar);
    door.expect("ACK");
    door.expectSilence();
  });

  it("finds the registrar that has forgotten the account healed by that", () => {
    const door = doorWith(["button.1.call = sip:anna@192.0.2.50"], [1]);
    door.advance(PROOF_MS);
    door.wire.forget();
    door.press(0);
    door.deliver(responseOf(door.expect("INVITE"), "403 Forbidden", "t", [], ""), registrar);
    door.expect("ACK");
    door.deliver(responseOf(door.expect("REGISTER"), "200 OK", "reg", [], ""), registrar);
    door.advance(4000);
    door.wire.forget();
    door.press(0);
    equal(kindOf(door.wire.next()), "INVITE", "the next press calls by it again");
  });
});

describe("the account of an incoming call", () => {
  function contactFor(to: string, requestUri: string): string {
    const door = doorWith(["call.answer-from = *"], [1, 2, 3]);
    door.wire.forget();
    const call = anna.newCall();
    call.remoteAddress = `<${to}>`;
    call.remoteTarget = requestUri;
    door.deliver(call.inviteWith(anna.description([])), anna);
    return headerOf(door.expect("200 INVITE"), "Contact");
  }

  it("is that of its To, or of the user of its Request-URI, or none", () => {
    equal(contactFor("sip:gate@192.0.2.51", "sip:gate@192.0.2.4:5060"), "<sip:gate@192.0.2.4:5060>", "by both");
    equal(contactFor("sip:4711@192.0.2.52", "sip:door@192.0.2.4"), "<sip:4711@192.0.2.4:5060>", "by To");
    equal(contactFor("sip:alias@pbx.example", "sip:gate@192.0.2.4"), "<sip:gate@192.0.2.4:5060>", "by Request-URI");
    equal(contactFor("sip:anybody@192.0.2.4", "sip:anybody@192.0.2.4"), "<sip:door@192.0.2.4:5060>", "none");
  });

  it("is by its user at its home: the same user elsewhere is somebody else", () => {
    const contact = contactFor("sip:gate@elsewhere.example", "sip:4711@192.0.2.4");
    equal(changed(contact, "<sip:4711", "<sip:x"), "<sip:x@192.0.2.4:5060>");
  });
});
