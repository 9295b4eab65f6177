// The desk's switchboard and phones that others wrote: registration and calls with digest through it (RFC 3261 10, 16, 22).

import { strictEqual } from "node:assert/strict";
import { HashAlgorithm } from "../../firmware/crypto/hash";
import { RealClock } from "../../hal/node/real-clock";
import { UdpSocket } from "../../hal/node/udp-socket";
import { Switchboard } from "../../simulator/switchboard/switchboard";
import type { Bed } from "./bed";
import { talk } from "./conversation";
import { authorizationOf, judgeDigest } from "./digest";
import { interop } from "./namespace";
import { Baresip, type BaresipOptions, PERSON } from "./peers/baresip";
import { PHONE, Sipp } from "./peers/sipp";
import { Station } from "./station";
import { until } from "./waiting";

const ADDRESS = "127.0.0.1";
const PORT = 5060;
const USERS = [
  { name: "door", password: "door-secret" },
  { name: "person", password: "person-secret" },
  { name: "other", password: "other-secret" },
];

/** baresip 1.0.0 does not answer at all where an algorithm that it does not know is among those offered. */
const BARESIP_ALGORITHMS = [HashAlgorithm.MD5];

/** Settings of a door with an account at the switchboard. */
function settings(switchboard: Switchboard): string {
  return [
    "account.user = door",
    "account.password = door-secret",
    `account.registrar = ${switchboard.address}`,
    `button.1.call = sip:person@${switchboard.address}`,
    "relay.1.code = 5",
  ].join("\n");
}

async function startSwitchboard(bed: Bed, algorithms: HashAlgorithm[]): Promise<Switchboard> {
  const socket = await UdpSocket.open({ address: ADDRESS, port: PORT });
  const switchboard = new Switchboard(new RealClock(), socket, { users: USERS, realm: "interop.test", algorithms });
  bed.atEnd(() => switchboard.close());
  return switchboard;
}

function startPhone(bed: Bed, switchboard: Switchboard, more: Partial<BaresipOptions> = {}): Promise<Baresip> {
  const options = { ...PERSON, registrar: switchboard.address, ...more };
  const password = USERS.find((user) => user.name === options.user)?.password ?? "";
  return Baresip.start(bed, { ...options, password });
}

interop(import.meta.url, "the switchboard", ["baresip", "sipp"], (test) => {
  test("sipp registers with a digest of MD5 and takes its registration back", async (bed) => {
    const switchboard = await startSwitchboard(bed, BARESIP_ALGORITHMS);
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "registers", remote: switchboard.address });
    await phone.done();
    await until(() => switchboard.location.bindingsOf("person").length === 0, "the binding to be gone");
  });

  test("the station registers with SHA-256 where both are offered", async (bed) => {
    const switchboard = await startSwitchboard(bed, [HashAlgorithm.SHA_256, HashAlgorithm.MD5]);
    const station = await Station.start(bed, settings(switchboard));
    await until(() => station.isRegistered(), "the registration");
    const answer = (await bed.messages(/^REGISTER [\s\S]*\r\nAuthorization: /))[0];
    strictEqual(judgeDigest(answer, "door", "door-secret"), "");
    strictEqual(authorizationOf(answer)?.algorithm, "SHA-256");
  });

  test("two baresips talk through it, and BYE passes", async (bed) => {
    const switchboard = await startSwitchboard(bed, BARESIP_ALGORITHMS);
    const called = await startPhone(bed, switchboard);
    const caller = await startPhone(bed, switchboard, { user: "other", port: 6200, hertz: 440, answers: false });
    await caller.dial(`sip:person@${switchboard.address}`);
    await called.event("CALL_ESTABLISHED");
    await bed.hears("the caller", () => caller.heard(), { hertz: 1000, level: -20, absent: 440 });
    await bed.hears("the called", () => called.heard(), { hertz: 440, level: -20, absent: 1000 });
    await called.hangUp();
    await caller.event("CALL_CLOSED");
  });

  test("a press calls baresip through it; they talk, a digit opens the door, and BYE passes", async (bed) => {
    const switchboard = await startSwitchboard(bed, BARESIP_ALGORITHMS);
    const person = await startPhone(bed, switchboard);
    const station = await Station.start(bed, settings(switchboard));
    await until(() => station.isRegistered(), "the registration");
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await talk(bed, station, person);
    await person.hangUp();
    await until(() => station.isIdle(), "the station to be idle");
  });

  test("sipp calls baresip through it with a digest", async (bed) => {
    const switchboard = await startSwitchboard(bed, BARESIP_ALGORITHMS);
    const called = await startPhone(bed, switchboard, { user: "door" });
    const digestUri = `door@${switchboard.address}`;
    const remote = switchboard.address;
    const phone = await Sipp.start(bed, { ...PHONE, scenario: "caller-authenticates", remote, digestUri });
    await called.program.printed(/received event: '1' \(end=1\)/);
    await phone.done();
    await called.event("CALL_CLOSED");
  });
});
