// The station behind kamailio where things go wrong or happen twice: a call that forks to two phones, a proxy that is
// restarted in a call and remembers nobody, over UDP and over TCP. RFC 3261 13.2.2.4, 16.7, 18.

import { strictEqual } from "node:assert/strict";
import { startRegistered, talk } from "./conversation";
import { accountAt, doorSettings, PROXY_ADDRESS } from "./door-settings";
import { interop } from "./namespace";
import { Baresip, PERSON } from "./peers/baresip";
import { Kamailio, PROXY } from "./peers/kamailio";
import { until } from "./waiting";

function settings(...more: string[]): string {
  return doorSettings(...accountAt(PROXY_ADDRESS), ...more);
}

interop(import.meta.url, "kamailio, when things go wrong", ["kamailio", "baresip"], (test) => {
  test("a call that rings two phones is answered by one, the other stops ringing", async (bed) => {
    const proxy = await Kamailio.start(bed, PROXY);
    const account = { ...PERSON, registrar: proxy.address, password: PROXY.users.person, answers: false };
    const kitchen = await Baresip.start(bed, account);
    const office = await Baresip.start(bed, { ...account, port: PERSON.port + 10 });
    const station = await startRegistered(bed, proxy, settings());
    station.press(0);
    await kitchen.event("CALL_INCOMING");
    await office.event("CALL_INCOMING");
    await office.answer();
    await until(() => station.isTalking(), "the call");
    await kitchen.event("CALL_CLOSED");
    await talk(bed, station, office);
    station.hangUp();
    await office.event("CALL_CLOSED");
    await until(() => station.isIdle(), "the station to be idle");
    strictEqual((await bed.messages(/^CANCEL /)).length > 0, true);
  });

  for (const transport of ["udp", "tcp"] as const) {
    test(`a proxy that is restarted in a call over ${transport} changes nothing for the two who talk`, async (bed) => {
      const options = { ...PROXY, tcp: transport === "tcp" };
      const proxy = await Kamailio.start(bed, options);
      const person = await Baresip.start(bed, { ...PERSON, registrar: proxy.address, password: PROXY.users.person });
      const station = await startRegistered(bed, proxy, settings(`account.transport = ${transport}`));
      station.press(0);
      await person.event("CALL_ESTABLISHED");
      await proxy.program.stop();
      const again = await Kamailio.start(bed, options);
      await talk(bed, station, person);
      station.hangUp();
      await person.event("CALL_CLOSED");
      await until(() => station.isIdle(), "the station to be idle");
      await again.program.printed(/saw BYE .* from door/);
    });
  }

  test("a registrar over TCP that is restarted and remembers nobody is registered at again within seconds", async (bed) => {
    const options = { ...PROXY, tcp: true };
    const proxy = await Kamailio.start(bed, options);
    const station = await startRegistered(bed, proxy, settings("account.transport = tcp"));
    await proxy.program.stop();
    const again = await Kamailio.start(bed, options);
    await again.registered("door", 10_000);
    await until(() => station.isRegistered(), "the station to know that it is registered");
  });
});
