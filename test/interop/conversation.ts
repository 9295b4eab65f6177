// A station and a person's phone in a call: registered before it, tones both ways and the door in it, both idle after it.

import type { Bed } from "./bed";
import type { Baresip } from "./peers/baresip";
import type { Kamailio } from "./peers/kamailio";
import { STATION_HERTZ, STATION_LEVEL, Station } from "./station";
import { until } from "./waiting";

/** Who hears: a station, a shell, an image, a phone. */
interface Listener {
  heard(): Int16Array;
}

/** A phone whose user says a tone and presses keys. */
interface Person extends Listener {
  readonly options: { readonly hertz: number; readonly level: number };
  sendDigits(digits: string): void | Promise<void>;
}

/** Starts a station that registers at kamailio. */
export async function startRegistered(bed: Bed, proxy: Kamailio, text: string): Promise<Station> {
  const station = await Station.start(bed, text);
  await proxy.registered("door");
  await until(() => station.isRegistered(), "the station to know that it is registered");
  return station;
}

/** Each hears the tone of the other one, and not its own. */
export async function bothHear(bed: Bed, station: Listener, person: Omit<Person, "sendDigits">): Promise<void> {
  const { hertz, level } = person.options;
  await bed.hears("the person", () => person.heard(), { hertz: STATION_HERTZ, level: STATION_LEVEL, absent: hertz });
  await bed.hears("the station", () => station.heard(), { hertz, level, absent: STATION_HERTZ });
}

/** Both hear each other, and the person's digit opens the door. */
export async function talk(bed: Bed, station: Station, person: Person): Promise<void> {
  await bothHear(bed, station, person);
  await person.sendDigits("5");
  await until(() => station.relay(0) === 1, "the relay");
}

/** The call is over at both. */
export async function bothIdle(station: Station, person: Baresip): Promise<void> {
  await person.event("CALL_CLOSED");
  await until(() => station.isIdle(), "the station to be idle");
}
