// A station on real sockets whose machine gets another address, as by DHCP or on another network: registered and reachable there
// within seconds (RFC 3261 10.2, RFC 5626 4.2 asks no less of a flow).

import { strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { accountAt, doorSettings } from "./door-settings";
import { interop } from "./namespace";
import { Baresip, PERSON } from "./peers/baresip";
import { Kamailio, PROXY } from "./peers/kamailio";
import { Station } from "./station";
import { until } from "./waiting";

const FIRST = "192.0.2.4";
const SECOND = "192.0.2.44";
const LINK = "wall0";
/** The station has its own port on all addresses. */
const SERVER = { ...PROXY, port: 5080 };

const SETTINGS = doorSettings(...accountAt(`${SERVER.address}:${SERVER.port}`));

/** `ip` with the words of a line. */
function ip(line: string): void {
  const result = spawnSync("ip", line.split(" "), { encoding: "utf8" });
  strictEqual(result.status, 0, `ip ${line}: ${result.stderr}`);
}

interop(import.meta.url, "a machine that gets another address", ["kamailio", "baresip"], (test) => {
  test("the station registers from it within seconds, and is called there", async (bed) => {
    ip(`link add ${LINK} type veth peer name ${LINK}-far`);
    bed.atEnd(() => ip(`link del ${LINK}`));
    ip(`link set ${LINK} up`);
    ip(`link set ${LINK}-far up`);
    ip(`addr add ${FIRST}/24 dev ${LINK}`);
    const proxy = await Kamailio.start(bed, SERVER);
    const station = await Station.start(bed, SETTINGS, "0.0.0.0");
    await proxy.registered("door");
    const contacts = async (address: string) =>
      (await bed.messages(/^REGISTER /)).filter((text) => text.includes(`Contact: <sip:door@${address}:`)).length;
    strictEqual((await contacts(FIRST)) > 0, true, "registered at the first address");
    ip(`addr del ${FIRST}/24 dev ${LINK}`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    ip(`addr add ${SECOND}/24 dev ${LINK}`);
    const limit = Date.now() + 8000;
    while ((await contacts(SECOND)) === 0) {
      strictEqual(Date.now() < limit, true, "no REGISTER with the new Contact within eight seconds");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await until(() => station.isRegistered(), "the station to know that it is registered");
    const person = await Baresip.start(bed, { ...PERSON, registrar: proxy.address, password: PROXY.users.person });
    await person.dial(`sip:door@${PROXY.address}`);
    await person.event("CALL_ESTABLISHED");
    await until(() => station.isTalking(), "the call");
    await person.hangUp();
    await until(() => station.isIdle(), "the station to be idle");
  });
});
