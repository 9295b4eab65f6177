// The scene of the picture in the README: a call on a desk in memory, in virtual time, at the moment when the door opens.
// It comes out the same every time.

import { StationState } from "../../firmware/intercom/station";
import { MemoryNetwork } from "../../hal/node/memory-network";
import { VirtualClock } from "../../hal/node/virtual-clock";
import { Desk } from "../desk";
import { createVirtualNetwork } from "../desk-network";
import { planDesk } from "../desk-plan";
import type { Line } from "./frame";
import { renderPanel } from "./panel";
import { viewDesk } from "./view";

const COLUMNS = 100;
const ROWS = 30;

/** The panel at that moment. */
export async function playScene(): Promise<Line[]> {
  const clock = new VirtualClock();
  const plan = await planDesk({}, { readsSettingsFile: false });
  const desk = await Desk.open(createVirtualNetwork(clock, new MemoryNetwork(clock)), plan, { answersAfter: 2500 });
  clock.runFor(1500);
  desk.station.press(0);
  clock.runUntil(() => desk.station.state === StationState.TALKING, 10_000);
  clock.runFor(4200);
  desk.indoor?.press("42#");
  clock.runUntil(() => desk.station.relays[0], 5000);
  clock.runFor(800);
  const frame = renderPanel(viewDesk(desk), COLUMNS, ROWS);
  await desk.stop();
  return frame;
}
