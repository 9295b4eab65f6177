// The station and sipp: scenarios that expect one exact course of messages and fail at any other. RFC 3261 and the sections
// that each scenario names.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { authorizationOf, judgeDigest } from "./digest";
import { interop } from "./namespace";
import { Sipp } from "./peers/sipp";
import { TALK } from "./peers/talk";
import { called, caller, idle, PASSWORD, PHONE, PHONE_ADDRESS, STATION_TEXT, talked } from "./sipp-door";
import { STATION_ADDRESS, STATION_PORT, Station } from "./station";
import { until } from "./waiting";

function settings(...more: string[]): string {
  return [STATION_TEXT, ...more].join("\n");
}

/** Scenarios of a phone that takes the call and ends it. */
const CALLED = [
  ["called-talks", "answers"],
  ["called-challenges", "asks who calls"],
  ["called-holds", "holds and resumes the call"],
];

interop(import.meta.url, "sipp is called", ["sipp"], (test) => {
  for (const [scenario, phoneThat] of CALLED) {
    test(`a phone that ${phoneThat}: both are heard, its digit opens the door, its BYE ends the call`, async (bed) => {
      const phone = await called(bed, scenario);
      const station = await Station.start(bed, settings());
      station.press(0);
      await talked(bed, station);
      await phone.done();
      await idle(station);
    });
  }

  test("both are heard, the phone's digit opens the door, the station's BYE ends the call", async (bed) => {
    const phone = await called(bed, "called-is-left");
    const station = await Station.start(bed, settings());
    station.press(0);
    await talked(bed, station);
    station.hangUp();
    await phone.done();
    await idle(station);
  });

  test("a digit whose first packet was lost opens the door", async (bed) => {
    const phone = await called(bed, "called-talks", { ...TALK, losesMarker: true });
    const station = await Station.start(bed, settings());
    station.press(0);
    await until(() => station.relay(0) === 1, "the relay");
    await phone.done();
  });

  test("two equal digits close together are two digits", async (bed) => {
    const phone = await called(bed, "called-talks", { ...TALK, digits: "11", digitTime: 60 });
    const station = await Station.start(bed, settings().replace("relay.1.code = 1", "relay.1.code = 11"));
    station.press(0);
    await until(() => station.relay(0) === 1, "the relay");
    await phone.done();
  });

  test("voice in longer packets than announced, some lost, doubled or swapped, is heard, and its digits count once", async (bed) => {
    const voice = { packetTime: 60, tone: 900, digits: "12", digitTime: 240 };
    const phone = await called(bed, "called-talks", { ...TALK, ...voice, loses: 9, repeats: 4, swaps: 5 });
    const station = await Station.start(bed, settings().replace("relay.1.code = 1", "relay.1.code = 12"));
    station.press(0);
    await talked(bed, station);
    await phone.done();
  });

  test("a busy phone ends the call", async (bed) => {
    const phone = await called(bed, "called-is-busy");
    const station = await Station.start(bed, settings());
    station.press(0);
    await phone.done();
    await idle(station);
  });

  test("a phone that nobody answers is cancelled at the ring limit", async (bed) => {
    const phone = await called(bed, "called-rings");
    const station = await Station.start(bed, settings("call.ring-limit = 5"));
    station.press(0);
    await phone.done();
    await idle(station);
  });

  test("an INVITE and an ACK that were lost are sent again", async (bed) => {
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "called-is-slow", swallowsRepeats: false });
    const station = await Station.start(bed, settings());
    station.press(0);
    await phone.done();
    await idle(station);
  });
});

interop(import.meta.url, "sipp calls", ["sipp"], (test) => {
  test("both are heard, the phone's digit opens the door, its BYE ends the call", async (bed) => {
    const station = await Station.start(bed, settings());
    const phone = await caller(bed, "caller-talks");
    await talked(bed, station);
    await phone.done();
    await idle(station);
  });

  test("both are heard, the phone's digit opens the door, the station's BYE ends the call", async (bed) => {
    const station = await Station.start(bed, settings());
    const phone = await caller(bed, "caller-is-left");
    await talked(bed, station);
    station.hangUp();
    await phone.done();
    await idle(station);
  });

  test("an INVITE that arrives again gets the same answer again", async (bed) => {
    const station = await Station.start(bed, settings("call.answer-delay = 1"));
    const remote = `${STATION_ADDRESS}:${STATION_PORT}`;
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "caller-repeats", remote, swallowsRepeats: false });
    await phone.done();
    await idle(station);
    const answers = await bed.messages(/^SIP\/2\.0 [\s\S]*\r\nCSeq: 1 INVITE\r\n/);
    deepStrictEqual([answers.length, new Set(answers).size], [4, 2], answers.join("\n"));
  });

  test("a call that is cancelled while it rings ends with 487", async (bed) => {
    const station = await Station.start(bed, settings("call.answer-delay = 5"));
    const phone = await caller(bed, "caller-cancels");
    await phone.done();
    await idle(station);
  });

  test("a second caller finds the door busy, and the first call stays", async (bed) => {
    const station = await Station.start(bed, settings().replace(/^call.answer-from.*$/m, "call.answer-from = *"));
    const first = await caller(bed, "caller-is-left");
    await until(() => station.isTalking(), "the first call");
    const second = await Sipp.start(bed, {
      ...PHONE,
      scenario: "caller-finds-busy",
      address: "127.0.0.41",
      mediaPort: 10700,
      remote: `${STATION_ADDRESS}:${STATION_PORT}`,
    });
    await second.done();
    await talked(bed, station);
    station.hangUp();
    await first.done();
  });

  test("a caller who is not listed is refused with 403", async (bed) => {
    await Station.start(bed, settings().replace(/^call.answer-from.*$/m, "call.answer-from = other@127.0.0.99"));
    const phone = await caller(bed, "caller-is-refused");
    await phone.done();
  });

  test("requests that the station cannot serve are refused each in its way", async (bed) => {
    const station = await Station.start(bed, settings());
    const phone = await caller(bed, "stranger");
    await phone.done();
    await idle(station);
  });
});

interop(import.meta.url, "sipp is the registrar", ["sipp"], (test) => {
  const account = settings(`account.registrar = ${PHONE_ADDRESS}`);

  test("the station registers with the digest that is asked for", async (bed) => {
    const registrar = await called(bed, "registrar-challenges");
    const station = await Station.start(bed, account);
    await registrar.done();
    await until(() => station.isRegistered(), "the registration");
  });

  test("423 raises the time, and a stale nonce is replaced", async (bed) => {
    const registrar = await called(bed, "registrar-is-strict");
    const station = await Station.start(bed, account);
    await registrar.done();
    await until(() => station.isRegistered(), "the registration");
  });

  test("of two challenges the stronger is answered", async (bed) => {
    const registrar = await called(bed, "registrar-offers-both");
    await Station.start(bed, account);
    await registrar.done();
    const answered = (await bed.messages(/^REGISTER /)).filter((text) => authorizationOf(text) !== undefined);
    const problem = answered.length === 0 ? "no credentials" : judgeDigest(answered[0], "door", PASSWORD);
    strictEqual(problem, "");
    strictEqual(authorizationOf(answered[0])?.algorithm, "SHA-256");
  });

  test("a foreign realm gets no digest", async (bed) => {
    await called(bed, "registrar-offers-both");
    const station = await Station.start(
      bed,
      account.replace("account.realm = interop.test", "account.realm = home.test"),
    );
    await until(async () => (await bed.messages(/^SIP\/2\.0 401 /)).length > 0, "the challenge");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answered = (await bed.messages(/^REGISTER /)).filter((text) => authorizationOf(text) !== undefined);
    deepStrictEqual(answered, []);
    strictEqual(station.isRegistered(), false);
  });
});
