// The keys of the panel: what each does to the desk.

import type { Desk } from "../desk";
import { octetText } from "../switchboard/octet-text";

/** The URI at which the indoor station reaches the door: its address of record, at the switchboard. */
function doorUri(desk: Desk): string {
  const { user } = desk.station.settings.accounts[0];
  return `sip:${octetText(user.bytes, user.start, user.end)}@${desk.switchboard?.address ?? ""}`;
}

const ACTIONS: Record<string, (desk: Desk) => void> = {
  b: (desk) => desk.station.press(0),
  h: (desk) => {
    desk.notice = desk.station.hangUp();
  },
  p: (desk) => {
    desk.notice = desk.station.setPower(!desk.station.isOn);
  },
  k: (desk) => {
    desk.notice = desk.station.setCable(!desk.station.isCableIn);
  },
  a: (desk) => desk.indoor?.answer(),
  r: (desk) => desk.indoor?.reject(),
  x: (desk) => desk.indoor?.hangUp(),
  H: (desk) => desk.indoor?.hangUp(),
  c: (desk) => desk.indoor?.call(doorUri(desk)),
};

/** Keys that end the program: q, Control-C, Control-D. */
const QUIT = ["q", "\u0003", "\u0004"];

/** Does what a key says. Returns whether the program is to end. */
export function pressKey(desk: Desk, key: string): boolean {
  if (QUIT.includes(key)) {
    return true;
  }
  desk.notice = "";
  if (/^[0-9*#]$/.test(key) && desk.indoor?.state === "talking") {
    desk.indoor.press(key);
  } else if (/^[1-4]$/.test(key)) {
    desk.station.press(Number(key) - 1);
  } else {
    ACTIONS[key]?.(desk);
  }
  return false;
}
