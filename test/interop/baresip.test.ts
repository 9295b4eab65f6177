// The station and baresip: each calls the other, with both laws and several packet times. RFC 3261, 3264, 3550, 4733.

import { bothIdle, talk } from "./conversation";
import { doorSettings } from "./door-settings";
import { interop } from "./namespace";
import { Baresip, type BaresipOptions, PERSON } from "./peers/baresip";
import { STATION_HERTZ, STATION_LEVEL, Station } from "./station";
import { until } from "./waiting";

/** Settings of a door that calls baresip and answers it. */
function settings(...more: string[]): string {
  const calls = `button.1.call = sip:person@127.0.0.1:${PERSON.port}`;
  return doorSettings(calls, "call.answer-from = person@127.0.0.1", ...more);
}

interface Voice {
  law: BaresipOptions["law"];
  packetTime: number;
}

const VOICES: Voice[] = [
  { law: "PCMU", packetTime: 20 },
  { law: "PCMA", packetTime: 20 },
  { law: "PCMU", packetTime: 10 },
  { law: "PCMA", packetTime: 30 },
];

interop(import.meta.url, "baresip", ["baresip"], (test) => {
  for (const voice of VOICES) {
    const { law, packetTime } = voice;
    test(`a press calls a person, they talk in ${law} of ${packetTime} ms, and the person ends the call`, async (bed) => {
      const person = await Baresip.start(bed, { ...PERSON, ...voice });
      const station = await Station.start(bed, settings());
      station.press(0);
      await person.event("CALL_ESTABLISHED");
      await talk(bed, station, person);
      await person.hangUp();
      await bothIdle(station, person);
    });
  }

  test("a press calls a person and leaves the offer to him, they talk, and the person ends the call", async (bed) => {
    const person = await Baresip.start(bed, PERSON);
    const station = await Station.start(bed, settings("call.offer = delayed"));
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    await person.hangUp();
    await bothIdle(station, person);
  });

  test("a press calls a person, and the door ends the call", async (bed) => {
    const person = await Baresip.start(bed, PERSON);
    const station = await Station.start(bed, settings());
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    station.hangUp();
    await bothIdle(station, person);
  });

  test("a person calls the door, talks, opens it and ends the call", async (bed) => {
    const person = await Baresip.start(bed, { ...PERSON, law: "PCMA" });
    const station = await Station.start(bed, settings());
    await person.dial(station.uri);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    await person.hangUp();
    await bothIdle(station, person);
  });

  test("a person calls the door, talks, and the door ends the call after the release", async (bed) => {
    const person = await Baresip.start(bed, PERSON);
    const station = await Station.start(bed, settings("call.hang-up-after-release = 1"));
    await person.dial(station.uri);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    await bothIdle(station, person);
  });

  test("a call put on hold and resumed still talks and still opens the door", async (bed) => {
    const person = await Baresip.start(bed, PERSON);
    const station = await Station.start(bed, settings());
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await bed.hears("the person", () => person.heard(), { hertz: STATION_HERTZ, level: STATION_LEVEL, absent: 0 });
    await person.command("hold");
    await until(
      async () => (await bed.messages(/^SIP\/2.0 200 [\s\S]*a=recvonly/)).length > 0,
      "the answer to the hold",
    );
    await person.command("resume");
    await until(async () => (await bed.messages(/^ACK /)).length >= 3, "the resumed call");
    const before = station.heard().length;
    const since = () => station.heard().subarray(before);
    await bed.hears("the station", since, { hertz: PERSON.hertz, level: PERSON.level, absent: STATION_HERTZ });
    await person.sendDigits("5");
    await until(() => station.relay(0) === 1, "the relay");
    await person.hangUp();
    await bothIdle(station, person);
  });

  test("a wrong code moves nothing, and the right one after it opens the door once", async (bed) => {
    const person = await Baresip.start(bed, PERSON);
    const station = await Station.start(bed, settings("relay.2.code = 1234"));
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await person.sendDigits("1235");
    await person.sendDigits("1234");
    await until(() => station.relay(1) === 1, "the second relay");
    await person.hangUp();
    await bothIdle(station, person);
    if (station.releases(0) !== 0 || station.releases(1) !== 1) {
      throw new Error(`relays moved ${station.releases(0)} and ${station.releases(1)} times, expected 0 and 1`);
    }
  });

  test("a person who does not answer stops ringing at the ring limit", async (bed) => {
    const person = await Baresip.start(bed, { ...PERSON, answers: false });
    const station = await Station.start(bed, settings("call.ring-limit = 5"));
    station.press(0);
    await person.event("CALL_INCOMING");
    await person.event("CALL_CLOSED", 8000);
    await until(() => station.isIdle(), "the station to be idle");
  });

  test("a caller who is not listed is refused, and nothing rings or opens", async (bed) => {
    const stranger = await Baresip.start(bed, { ...PERSON, user: "stranger", answers: false });
    const station = await Station.start(bed, settings());
    await stranger.dial(station.uri);
    const closed = await stranger.event("CALL_CLOSED");
    if (!closed.param.startsWith("403")) {
      throw new Error(`the stranger's call ended with "${closed.param}", expected 403`);
    }
  });
});
