// The station behind a NAT, everybody else outside: registered at kamailio under the address that a STUN server tells, and in
// calls in which both hear each other. RFC 5389, 3605; the NAT's behaviour in the words of RFC 4787.

import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Bed } from "./bed";
import { bothHear, bothIdle } from "./conversation";
import { accountAt, doorSettings, PROXY_ADDRESS } from "./door-settings";
import { interop } from "./namespace";
import { Mapping, OUTSIDE, raiseNat } from "./nat";
import { Baresip, PERSON } from "./peers/baresip";
import { Kamailio, PROXY } from "./peers/kamailio";
import { LINPHONE, Linphone } from "./peers/linphone";
import { STUN_ADDRESS, StunServer } from "./peers/stun-server";
import { STATION_ADDRESS, Station } from "./station";
import { until } from "./waiting";

/** Of SIP, RTP and RTCP. */
const SOCKETS = 3;

/** A station whose three sockets the server has told of. */
async function startMapped(bed: Bed, mapping: string, ...more: string[]): Promise<Station> {
  raiseNat(bed, mapping);
  const server = await StunServer.start(bed);
  const station = await Station.start(bed, doorSettings(`network.stun-server = ${STUN_ADDRESS}`, ...more));
  await until(() => new Set(server.askers).size === SOCKETS, "the sockets to ask");
  return station;
}

/** Everybody is in place: a proxy, a person at it, and the station at it from behind a NAT. */
async function startRegistered(bed: Bed): Promise<{ person: Baresip; station: Station }> {
  const proxy = await Kamailio.start(bed, PROXY);
  const person = await Baresip.start(bed, { ...PERSON, registrar: proxy.address, password: PROXY.users.person });
  const station = await startMapped(bed, Mapping.ENDPOINT_INDEPENDENT, ...accountAt(PROXY_ADDRESS));
  await proxy.registered("door");
  await until(() => station.isRegistered(), "the station to know that it is registered");
  return { person, station };
}

/** What the station has said of its media: its messages with a description. */
async function descriptions(bed: Bed): Promise<string[]> {
  return (await bed.messages(/^o=/m)).filter((text) => text.includes("Contact: <sip:door@"));
}

interop(import.meta.url, "a NAT", ["nft", "kamailio", "baresip", "linphonec"], (test) => {
  test("a press calls a person, who is told the address outside, and both hear each other", async (bed) => {
    const { person, station } = await startRegistered(bed);
    station.press(0);
    await person.event("CALL_ESTABLISHED");
    await bothHear(bed, station, person);
    await person.sendDigits("5");
    await until(() => station.relay(0) === 1, "the relay");
    await person.hangUp();
    await bothIdle(station, person);
    const offer = (await descriptions(bed)).at(-1) ?? "";
    match(offer, new RegExp(`^c=IN IP4 ${OUTSIDE}\\r$`, "m"));
    match(offer, /^m=audio 40000 RTP/m);
    match(offer, /^a=rtcp:40007\r$/m);
  });

  test("a person calls the door, which names the address outside in its answer and when it offers anew", async (bed) => {
    const { person, station } = await startRegistered(bed);
    await person.dial(`sip:door@${PROXY_ADDRESS}`);
    await person.event("CALL_ESTABLISHED");
    await bothHear(bed, station, person);
    station.reoffer();
    await until(async () => (await bed.messages(/^INVITE [\s\S]*\nContact: <sip:door@/)).length > 0, "the new offer");
    await bothHear(bed, station, person);
    station.hangUp();
    await bothIdle(station, person);
    for (const text of await descriptions(bed)) {
      ok(text.includes(`c=IN IP4 ${OUTSIDE}\r\n`) && text.includes("m=audio 40000 "), text);
      ok(!text.includes(`IN IP4 ${STATION_ADDRESS}`), text);
    }
  });

  test("behind a symmetric NAT both hear each other where the phone answers to where voice comes from", async (bed) => {
    const person = await Linphone.start(bed, { ...LINPHONE, symmetric: true });
    const station = await startMapped(
      bed,
      Mapping.ADDRESS_AND_PORT_DEPENDENT,
      `button.1.call = sip:person@${LINPHONE.address}:${LINPHONE.port}`,
    );
    station.press(0);
    await until(() => station.isTalking(), "the call");
    await bothHear(bed, station, person);
    station.hangUp();
    await until(() => station.isIdle(), "the station to be idle");
    const offer = (await descriptions(bed))[0];
    const voice = bed.capture.datagrams
      .slice(bed.firstDatagram)
      .find(({ payload, destinationPort }) => destinationPort === 10000 + LINPHONE.port && payload[0] === 0x80);
    strictEqual(/^c=IN IP4 (.*)\r$/m.exec(offer)?.[1], OUTSIDE);
    notStrictEqual(/^m=audio (\d+)/m.exec(offer)?.[1], `${voice?.sourcePort}`);
  });
});
