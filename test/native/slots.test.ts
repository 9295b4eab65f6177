// What the program slots take for a sign of health is what the firmware reports.

import { match } from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { StationEvent } from "../../firmware/intercom/event-log";
import { RegistrationState } from "../../firmware/sip/registration";
import { root } from "./build";

describe("program slots", () => {
  it("know the firmware's numbers of a registration", () => {
    const source = readFileSync(path.join(root, "hal/native/slots.c"), "utf8");
    match(source, new RegExp(`EVENT_REGISTRATION = ${StationEvent.REGISTRATION},`));
    match(source, new RegExp(`REGISTERED = ${RegistrationState.REGISTERED},`));
  });
});
