// The station and sipp, where two things happen at once or in an unusual order: forks, glare, CANCEL that crosses an answer,
// reliable provisional responses, delayed offers, UPDATE, session timers, late or missing acknowledgements. The RFC is named in
// each scenario.

import { interop } from "./namespace";
import { Sipp } from "./peers/sipp";
import { called, caller, idle, PHONE, STATION_TEXT, talked } from "./sipp-door";
import { Station } from "./station";
import { until } from "./waiting";

interop(import.meta.url, "sipp is called, and", ["sipp"], (test) => {
  for (const [scenario, title] of [
    ["called-forks", "two phones answer: the first one talks, the second is acknowledged and ended"],
    ["called-announces", "announces in two session progresses before the answer"],
    ["called-is-reliable", "rings reliably with its answer, which PRACK acknowledges"],
    ["called-updates", "updates the session: held, resumed, talked"],
  ]) {
    test(title, async (bed) => {
      const phone = await called(bed, scenario);
      const station = await Station.start(bed, STATION_TEXT);
      station.press(0);
      await talked(bed, station);
      await phone.done();
      await idle(station);
    });
  }

  for (const [scenario, title] of [
    ["called-offers", "is left the offer: the ACK has our answer, and talk follows"],
    ["called-offers-reliably", "is left the offer and makes it ringing: the PRACK has our answer, and talk follows"],
  ]) {
    test(title, async (bed) => {
      const phone = await called(bed, scenario);
      const station = await Station.start(bed, `${STATION_TEXT}\ncall.offer = delayed`);
      station.press(0);
      await talked(bed, station);
      await phone.done();
      await idle(station);
    });
  }

  test("is left the offer and offers nothing to take: it is declined, and the call is ended with BYE", async (bed) => {
    const phone = await called(bed, "called-offers-in-vain");
    const station = await Station.start(bed, `${STATION_TEXT}\ncall.offer = delayed`);
    station.press(0);
    await phone.done();
    await idle(station);
  });

  test("its answer crosses the CANCEL of the ring limit: the call is ended with BYE", async (bed) => {
    const phone = await called(bed, "called-crosses-cancel");
    const station = await Station.start(bed, `${STATION_TEXT}\ncall.ring-limit = 5`);
    station.press(0);
    await phone.done();
    await idle(station);
  });

  test("both offer at once: 491 both ways, the door waits and offers again, the call goes on", async (bed) => {
    const phone = await called(bed, "called-glares");
    const station = await Station.start(bed, STATION_TEXT);
    station.press(0);
    await until(() => station.isTalking(), "the call");
    station.reoffer();
    await phone.done();
    await idle(station);
  });

  test("sends the call on: the door calls the first of the new addresses, then the second", async (bed) => {
    const moved = await called(bed, "called-redirects");
    const busy = await Sipp.start(bed, {
      ...PHONE,
      scenario: "called-is-busy",
      address: "127.0.0.41",
      mediaPort: 10700,
    });
    const answers = await Sipp.start(bed, {
      ...PHONE,
      scenario: "called-is-left",
      address: "127.0.0.42",
      mediaPort: 10800,
    });
    const station = await Station.start(bed, STATION_TEXT);
    station.press(0);
    await until(() => station.isTalking(), "the call");
    station.hangUp();
    await Promise.all([moved.done(), busy.done(), answers.done()]);
    await idle(station);
  });

  test("asks who hangs up: the BYE comes again with credentials", async (bed) => {
    const phone = await called(bed, "called-asks-at-the-end");
    const station = await Station.start(bed, STATION_TEXT);
    station.press(0);
    await until(() => station.isTalking(), "the call");
    station.hangUp();
    await phone.done();
    await idle(station);
  });

  test("is overloaded: the call ends, and the button works again", async (bed) => {
    const phone = await called(bed, "called-is-overloaded");
    const station = await Station.start(bed, STATION_TEXT);
    station.press(0);
    await phone.done();
    await idle(station);
  });
});

interop(import.meta.url, "sipp calls, and", ["sipp"], (test) => {
  for (const [scenario, title] of [
    ["caller-lets-offer", "leaves both offers to the door"],
    ["caller-cancels-late", "cancels after the answer: the call goes on"],
    ["caller-changes-its-mind", "holds with zeros, offers what nobody takes, and resumes"],
  ]) {
    test(title, async (bed) => {
      const station = await Station.start(bed, STATION_TEXT);
      const phone = await caller(bed, scenario);
      await talked(bed, station);
      await phone.done();
      await idle(station);
    });
  }

  test("requires reliable provisional responses: they are sent so, and talk follows", async (bed) => {
    const station = await Station.start(bed, `${STATION_TEXT}\ncall.answer-delay = 1`);
    const phone = await caller(bed, "caller-rings-reliably");
    await talked(bed, station);
    await phone.done();
    await idle(station);
  });

  test("acknowledges a reliable response late: it comes again, and a PRACK for nothing is refused", async (bed) => {
    const station = await Station.start(bed, `${STATION_TEXT}\ncall.answer-delay = 2`);
    const remote = { remote: station.host, swallowsRepeats: false };
    const phone = await Sipp.start(bed, { ...PHONE, ...remote, scenario: "caller-is-not-acknowledging" });
    await phone.done();
    await idle(station);
  });

  test("wants a session interval that is too small: 422, then the least one, refreshed by UPDATE", async (bed) => {
    const station = await Station.start(bed, STATION_TEXT);
    const phone = await caller(bed, "caller-refreshes-too-often");
    await phone.done();
    await idle(station);
  });

  test("acknowledges late: the answer comes again until then", async (bed) => {
    const station = await Station.start(bed, STATION_TEXT);
    const remote = { remote: station.host, swallowsRepeats: false };
    const phone = await Sipp.start(bed, { ...PHONE, ...remote, scenario: "caller-acknowledges-late" });
    await phone.done();
    await idle(station);
  });

  test("types its digit as SIP INFO: the door opens", async (bed) => {
    const station = await Station.start(bed, STATION_TEXT);
    const phone = await caller(bed, "caller-types");
    await until(() => station.relay(0) === 1, "the relay");
    await phone.done();
    await idle(station);
  });
});
