// The test bed proves itself: peers that others wrote talk to each other, so that a failure in the other suites is the
// station's.

import type { Bed } from "./bed";
import { interop } from "./namespace";
import { Baresip, type BaresipOptions, PERSON } from "./peers/baresip";
import { Kamailio, PROXY } from "./peers/kamailio";
import { PHONE, Sipp } from "./peers/sipp";
import { until } from "./waiting";

/** A baresip in the place of the station. */
const DOOR: BaresipOptions = { ...PERSON, user: "door", password: "door-secret", hertz: 440, answers: false };

/** A sipp that calls a baresip. */
function callerOf(bed: Bed, scenario: string, swallowsRepeats = true): Promise<Sipp> {
  const remote = `127.0.0.1:${PERSON.port}`;
  return Sipp.start(bed, { ...PHONE, scenario, remote, service: PERSON.user, swallowsRepeats });
}

interop(import.meta.url, "the bed itself", ["baresip"], (test) => {
  test("two baresips hear each other's tone, and a digit and BYE arrive", async (bed) => {
    const caller = await Baresip.start(bed, { ...PERSON, user: "other", port: 6200, hertz: 440, answers: false });
    const called = await Baresip.start(bed, PERSON);
    await caller.dial(called.uri);
    await called.event("CALL_ESTABLISHED");
    await bed.hears("the caller", () => caller.heard(), { hertz: 1000, level: -20, absent: 440 });
    await bed.hears("the called", () => called.heard(), { hertz: 440, level: -20, absent: 1000 });
    await caller.sendDigits("5");
    await called.program.printed(/received event: '5' \(end=1\)/);
    await caller.hangUp();
    await called.event("CALL_CLOSED");
  });
});

interop(import.meta.url, "the bed itself through kamailio", ["baresip", "kamailio"], (test) => {
  test("two baresips register and call with digest, and BYE passes through the proxy", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const accounts = { registrar: proxy.address, law: "PCMA" as const };
    const called = await Baresip.start(bed, { ...PERSON, ...accounts, password: PROXY.users.person });
    const caller = await Baresip.start(bed, {
      ...PERSON,
      ...accounts,
      user: "other",
      port: 6200,
      hertz: 440,
      password: PROXY.users.other,
    });
    await caller.dial(`sip:person@${proxy.address}`);
    await called.event("CALL_ESTABLISHED");
    await bed.hears("the caller", () => caller.heard(), { hertz: 1000, level: -20, absent: 440 });
    await bed.hears("the called", () => called.heard(), { hertz: 440, level: -20, absent: 1000 });
    await called.hangUp();
    await caller.event("CALL_CLOSED");
    await proxy.program.printed(/saw BYE/);
  });
});

interop(import.meta.url, "the bed itself with sipp", ["baresip", "sipp"], (test) => {
  test("sipp calls baresip, each hears the other, and the digit arrives", async (bed) => {
    const called = await Baresip.start(bed, { ...PERSON, hertz: 440 });
    const caller = await callerOf(bed, "caller-talks");
    await called.event("CALL_ESTABLISHED");
    await bed.hears("the called", () => called.heard(), { hertz: 1000, level: -20, absent: 440 });
    const voice = () => bed.capture.voiceTo(PHONE.mediaPort, "PCMU", bed.firstDatagram);
    await bed.hears("the caller", voice, { hertz: 440, level: -20, absent: 1000 });
    await called.program.printed(/received event: '1' \(end=1\)/);
    await caller.done();
    await called.event("CALL_CLOSED");
  });

  for (const scenario of ["called-talks", "called-is-left", "called-challenges", "called-holds"]) {
    test(`baresip calls the scenario ${scenario} of sipp, hears it and gets its digit`, async (bed) => {
      const called = await Sipp.start(bed, { ...PHONE, scenario });
      const caller = await Baresip.start(bed, DOOR);
      await caller.dial(called.uri);
      await caller.event("CALL_ESTABLISHED");
      await caller.program.printed(/received event: '1' \(end=1\)/);
      // baresip's recording ends at the first hold.
      if (scenario !== "called-holds") {
        await bed.hears("the caller", () => caller.heard(), { hertz: 1000, level: -20, absent: 440 });
      }
      if (scenario === "called-is-left") {
        await caller.hangUp();
      }
      await called.done();
      await caller.event("CALL_CLOSED");
    });
  }

  for (const scenario of ["called-is-busy", "called-is-slow", "called-rings"]) {
    test(`baresip calls the scenario ${scenario} of sipp`, async (bed) => {
      const called = await Sipp.start(bed, { ...PHONE, scenario, swallowsRepeats: scenario !== "called-is-slow" });
      const caller = await Baresip.start(bed, DOOR);
      await caller.dial(called.uri);
      if (scenario === "called-rings") {
        await caller.event("CALL_RINGING");
        await caller.hangUp();
      }
      await called.done();
    });
  }

  test("the scenario caller-cancels of sipp calls baresip", async (bed) => {
    const called = await Baresip.start(bed, { ...PERSON, answers: false });
    const caller = await callerOf(bed, "caller-cancels");
    await caller.done();
    await called.event("CALL_CLOSED");
  });

  test("the scenario caller-repeats of sipp calls baresip", async (bed) => {
    const called = await Baresip.start(bed, { ...PERSON, answers: false });
    const caller = await callerOf(bed, "caller-repeats", false);
    await until(async () => (await bed.messages(/^INVITE /)).length >= 2, "the second INVITE");
    await called.answer();
    await caller.done();
    await called.event("CALL_CLOSED");
  });

  test("baresip registers at the scenario registrar-challenges of sipp", async (bed) => {
    const registrar = await Sipp.start(bed, { ...PHONE, scenario: "registrar-challenges" });
    await Baresip.start(bed, { ...DOOR, registrar: `${PHONE.address}:${PHONE.port}` });
    await registrar.done();
  });
});

interop(import.meta.url, "the bed itself, sipp behind kamailio", ["baresip", "kamailio", "sipp"], (test) => {
  test("sipp registers at kamailio with a digest", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "registers", remote: proxy.address });
    await phone.done();
  });

  test("sipp calls baresip through kamailio with a digest", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const called = await Baresip.start(bed, { ...DOOR, answers: true, registrar: proxy.address });
    const digestUri = `door@${proxy.address}`;
    const remote = proxy.address;
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "caller-authenticates", remote, digestUri });
    await called.program.printed(/received event: '1' \(end=1\)/);
    await phone.done();
    await called.event("CALL_CLOSED");
  });
});
