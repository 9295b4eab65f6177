// The station and linphonec: calls both ways, hold and resume, digits as RFC 4733 and as SIP INFO, reliable provisional
// responses, session timers refreshed by either side, TCP and IPv6. RFC 3261, 3262, 3264, 4028, 4733, 6086.

import type { Bed } from "./bed";
import { talk } from "./conversation";
import { doorSettings } from "./door-settings";
import { interop } from "./namespace";
import { LINPHONE, Linphone } from "./peers/linphone";
import { STATION_HERTZ, STATION_LEVEL, Station } from "./station";
import { until } from "./waiting";

/** Settings of a door that calls linphone and answers it. */
function settings(...more: string[]): string {
  return doorSettings(`button.1.call = sip:person@127.0.0.1:${LINPHONE.port}`, ...more);
}

async function bothIdle(station: Station, person: Linphone): Promise<void> {
  await person.says(/ended|terminated/i);
  await until(() => station.isIdle(), "the station to be idle");
}

/** How many messages of this test match. */
async function count(bed: Bed, pattern: RegExp): Promise<number> {
  return (await bed.messages(pattern)).length;
}

/** The caller refreshes the session that both agreed on, after half of its 90 s, and is answered. */
async function refreshed(bed: Bed): Promise<void> {
  const agreed = /^SIP\/2.0 200 [\s\S]*Session-Expires: *90;refresher=uac/;
  await until(async () => (await count(bed, agreed)) > 0, "the agreed interval");
  const refresh = /^(UPDATE|INVITE) [\s\S]*\nTo: [^\r]*tag=[\s\S]*Session-Expires: *90/;
  await until(async () => (await count(bed, refresh)) > 0, "the refresh", 50_000);
  await until(async () => (await count(bed, agreed)) > 1, "its answer");
}

interop(import.meta.url, "linphone", ["linphonec"], (test) => {
  test("a press calls a person, they talk, a digit opens the door, and the person ends the call", async (bed) => {
    const person = await Linphone.start(bed, LINPHONE);
    const station = await Station.start(bed, settings());
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await talk(bed, station, person);
    person.hangUp();
    await bothIdle(station, person);
  });

  test("a person calls the door, talks, opens it, and the door ends the call", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, answers: false });
    const station = await Station.start(bed, settings());
    person.call(station.uri);
    await until(() => station.isTalking(), "the call");
    await talk(bed, station, person);
    station.hangUp();
    await bothIdle(station, person);
  });

  test("a call put on hold and resumed still talks and still opens the door", async (bed) => {
    const person = await Linphone.start(bed, LINPHONE);
    const station = await Station.start(bed, settings());
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await bed.hears("the person", () => person.heard(), { hertz: STATION_HERTZ, level: STATION_LEVEL, absent: 0 });
    person.type("pause");
    await until(
      async () => (await count(bed, /^SIP\/2.0 200 [\s\S]*a=(recvonly|inactive)/)) > 0,
      "the answer to the hold",
    );
    person.type("resume");
    await until(async () => (await count(bed, /^ACK /)) >= 3, "the resumed call");
    const before = station.heard().length;
    const since = () => station.heard().subarray(before);
    await bed.hears("the station", since, { hertz: LINPHONE.hertz, level: LINPHONE.level, absent: STATION_HERTZ });
    person.sendDigits("5");
    await until(() => station.relay(0) === 1, "the relay");
    person.hangUp();
    await bothIdle(station, person);
  });

  test("digits by SIP INFO open the door", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, info: true });
    const station = await Station.start(bed, settings());
    station.press(0);
    await until(() => station.isTalking(), "the call");
    person.sendDigits("5");
    await until(() => station.relay(0) === 1, "the relay");
    if (
      (await count(bed, /^INFO [\s\S]*dtmf-relay/)) === 0 ||
      (await count(bed, /^SIP\/2.0 200 [\s\S]*CSeq: \d+ INFO/)) === 0
    ) {
      throw new Error("no INFO that was answered with 200");
    }
    person.hangUp();
    await bothIdle(station, person);
  });

  test("a session timer of 90 s is refreshed by the person who called, at its half, and the two talk on", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, answers: false, sessionExpires: 90 });
    const station = await Station.start(bed, settings());
    person.call(station.uri);
    await until(() => station.isTalking(), "the call");
    await refreshed(bed);
    await talk(bed, station, person);
    person.hangUp();
    await bothIdle(station, person);
  }, 75_000);

  test("a session timer of 90 s is refreshed by the station that called, at its half, and the two talk on", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, sessionExpires: 90 });
    const station = await Station.start(bed, settings("call.session-expires = 90"));
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await refreshed(bed);
    await talk(bed, station, person);
    station.hangUp();
    await bothIdle(station, person);
  }, 75_000);

  test("a caller who supports reliable provisional responses gets one, acknowledges it, and talks", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, answers: false, reliable: true });
    const station = await Station.start(bed, settings("call.answer-delay = 1", "call.provisional = required"));
    person.call(station.uri);
    await until(() => station.isTalking(), "the call");
    if ((await count(bed, /^PRACK /)) === 0 || (await count(bed, /^SIP\/2.0 200 [\s\S]*CSeq: \d+ PRACK/)) === 0) {
      throw new Error("no PRACK that was answered with 200");
    }
    await talk(bed, station, person);
    person.hangUp();
    await bothIdle(station, person);
  });

  test("a call over IPv6 is set up, talks and ends", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, address: "::1" });
    const station = await Station.start(bed, settings(`button.1.call = ${person.uri}`), "::1");
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await talk(bed, station, person);
    person.hangUp();
    await bothIdle(station, person);
  });

  test("a call over TCP is set up, talks and ends on connections", async (bed) => {
    const person = await Linphone.start(bed, LINPHONE);
    const station = await Station.start(
      bed,
      settings(`button.1.call = sip:person@127.0.0.1:${LINPHONE.port};transport=tcp`),
    );
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await talk(bed, station, person);
    person.hangUp();
    await bothIdle(station, person);
    if ((await count(bed, /^INVITE [\s\S]*Via: SIP\/2.0\/TCP/)) === 0 || (await count(bed, /Via: SIP\/2.0\/UDP/)) > 0) {
      throw new Error("a request went over UDP");
    }
  });
});
