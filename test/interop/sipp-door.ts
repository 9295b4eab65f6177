// What the suites with sipp have in common: a door that calls sipp's phone and answers it, and the proof that they talked.

import type { Bed } from "./bed";
import { PHONE, Sipp } from "./peers/sipp";
import { TALK, type TalkOptions } from "./peers/talk";
import { STATION_ADDRESS, STATION_HERTZ, STATION_LEVEL, STATION_PORT, type Station } from "./station";
import { until } from "./waiting";

export { PHONE };

/** The password of the door's account. */
export const PASSWORD = "door-secret";
export const PHONE_ADDRESS = `${PHONE.address}:${PHONE.port}`;

/** Settings of a door that calls sipp and answers it. */
export const STATION_TEXT = [
  "account.user = door",
  `account.password = ${PASSWORD}`,
  "account.realm = interop.test",
  `button.1.call = sip:${PHONE.user}@${PHONE_ADDRESS}`,
  `call.answer-from = ${PHONE.user}@${PHONE.address}`,
  "call.hang-up-after-release = 0",
  "relay.1.code = 1",
  "relay.1.pulse = 1",
  "audio.laws = pcmu pcma",
].join("\n");

/** A phone that waits to be called. */
export function called(bed: Bed, scenario: string, talk: TalkOptions = TALK): Promise<Sipp> {
  return Sipp.start(bed, { ...PHONE, scenario, talk });
}

/** A phone that calls the door. */
export function caller(bed: Bed, scenario: string): Promise<Sipp> {
  return Sipp.start(bed, { ...PHONE, scenario, remote: `${STATION_ADDRESS}:${STATION_PORT}` });
}

/** Both sides heard the other's tone, and the digit opened the door. */
export async function talked(bed: Bed, station: Station): Promise<void> {
  const { hertz, level } = TALK;
  await bed.hears("the station", () => station.heard(), { hertz, level, absent: STATION_HERTZ });
  const voice = () => bed.capture.voiceTo(PHONE.mediaPort, "PCMU", bed.firstDatagram);
  await bed.hears("the phone", voice, { hertz: STATION_HERTZ, level: STATION_LEVEL, absent: hertz });
  await until(() => station.relay(0) === 1, "the relay");
}

export function idle(station: Station): Promise<true> {
  return until(() => station.isIdle(), "the station to be idle");
}
