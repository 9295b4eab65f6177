// The station behind kamailio: registration and calls with digest (RFC 3261 10, 22; RFC 7616, 8760), every request of a call
// through the proxy by its route set (RFC 3261 16.12).

import { match, ok, strictEqual } from "node:assert/strict";
import type { Bed } from "./bed";
import { bothIdle, startRegistered, talk } from "./conversation";
import { judgeDigest } from "./digest";
import { accountAt, doorSettings, PROXY_ADDRESS } from "./door-settings";
import { interop } from "./namespace";
import { Baresip, PERSON } from "./peers/baresip";
import { Kamailio, type KamailioOptions, PROXY } from "./peers/kamailio";
import { Station } from "./station";
import { until } from "./waiting";

function settings(...more: string[]): string {
  return doorSettings(...accountAt(PROXY_ADDRESS), ...more);
}

function startPerson(bed: Bed, proxy: Kamailio): Promise<Baresip> {
  return Baresip.start(bed, { ...PERSON, registrar: proxy.address, password: PROXY.users.person });
}

/** Past the end of a nonce of one second, by kamailio's clock of whole seconds. */
const NONCE_MS = 2100;
/** Long enough for a station that tries at once to be seen. */
const RETRY_MS = 1500;

/** Lets time pass where no event can tell that nothing happens, or that a nonce is too old. */
function outlive(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const ALGORITHMS: KamailioOptions["algorithm"][] = ["MD5", "SHA-256"];

interop(import.meta.url, "kamailio", ["kamailio", "baresip"], (test) => {
  for (const algorithm of ALGORITHMS) {
    test(`the station registers with a digest of ${algorithm}`, async (bed) => {
      const proxy = await Kamailio.start(bed, { ...PROXY, algorithm });
      await startRegistered(bed, proxy, settings());
    });
  }

  test("a press calls a person through the proxy, who opens the door and ends the call", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const person = await startPerson(bed, proxy);
    const station = await startRegistered(bed, proxy, settings());
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    await person.hangUp();
    await bothIdle(station, person);
    await proxy.program.printed(/saw BYE .* from person/);
  });

  test("a person calls the door through the proxy, opens it, and the door ends the call", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const person = await startPerson(bed, proxy);
    const station = await startRegistered(bed, proxy, settings());
    await person.dial(`sip:door@${proxy.address}`);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    station.hangUp();
    await bothIdle(station, person);
    await proxy.program.printed(/saw BYE .* from door/);
  });

  test("a nonce that has grown old is replaced by the one of the stale challenge", async (bed) => {
    const proxy = await Kamailio.start(bed, { ...PROXY, nonceLife: 1 });
    const station = await startRegistered(bed, proxy, settings());
    await outlive(NONCE_MS);
    await station.stop();
    strictEqual((await bed.messages(/^SIP\/2\.0 401 [\s\S]*stale=true/)).length, 1);
    const last = (await bed.messages(/^REGISTER /)).at(-1) ?? "";
    match(last, /^Expires: 0\r$/m);
    strictEqual(judgeDigest(last, "door", PROXY.users.door), "");
    strictEqual((await bed.messages(/^SIP\/2\.0 200 [\s\S]*REGISTER/)).length, 2);
  });

  test("a wrong password is not tried again and again", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const station = await Station.start(bed, settings().replace(PROXY.users.door, "a-wrong-one"));
    await proxy.program.printed(/saw REGISTER .* auth <door>/);
    await outlive(RETRY_MS);
    const tries = await bed.messages(/^REGISTER /);
    strictEqual(station.isRegistered(), false);
    ok(tries.length <= 4, `${tries.length} requests`);
  });

  test("a station that is there before its registrar registers when the registrar comes", async (bed) => {
    const station = await Station.start(bed, settings());
    await until(async () => (await bed.messages(/^REGISTER /)).length >= 2, "two requests that nobody answers");
    const proxy = await Kamailio.start(bed, PROXY);
    await until(() => station.isRegistered(), "the registration", 20_000);
    await proxy.registered("door");
  });

  test("a station that is stopped in a call ends the call and takes its registration back", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const person = await startPerson(bed, proxy);
    const station = await startRegistered(bed, proxy, settings());
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await station.stop();
    await person.event("CALL_CLOSED");
    const removals = await bed.messages(/^SIP\/2\.0 200 [\s\S]*\r\nTo: .*sip:door@[\s\S]*REGISTER/);
    ok(!/^Contact:/im.test(removals.at(-1) ?? "Contact:"), removals.join("\n"));
  });
});
