// The door relay and the lights, on pins that note when they change.

import { createDoorRelay, releaseDoor, secureDoor } from "../../firmware/intercom/door-relay";
import {
  BLINK_MS,
  createIndicator,
  showDoor,
  showIdle,
  showRinging,
  showTalking,
} from "../../firmware/intercom/indicator";
import { describe, equal, it } from "../harness";
import { FakePin } from "../rig/parts";
import { WheelBench } from "../rig/wheel-bench";

function createBench(): {
  time: WheelBench;
  pin: FakePin;
  reports: string[];
  relay: ReturnType<typeof createDoorRelay>;
} {
  const time = new WheelBench();
  const pin = new FakePin(time.clock, 1);
  const reports: string[] = [];
  const relay = createDoorRelay(pin, 1, time.wheel, {
    owner: pin,
    onReleased: (_owner: object, index: number): void => {
      reports.push(`released ${index}`);
    },
    onSecured: (_owner: object, index: number): void => {
      reports.push(`secured ${index}`);
    },
  });
  return { time, pin, reports, relay };
}

describe("a door relay", () => {
  it("is put into its safe state at boot, and nobody hears of a release that was none", () => {
    const { pin, reports } = createBench();
    equal(pin.level, 0, "level");
    equal(reports.join(), "", "reports");
  });

  it("is energised for exactly its pulse", () => {
    const { time, pin, reports, relay } = createBench();
    pin.takeChanges();
    time.advance(10);
    releaseDoor(relay, 3000);
    time.advance(10000);
    equal(pin.takeChanges(), "10:1 3010:0", "changes");
    equal(reports.join(" "), "released 1 secured 1", "reports");
  });

  it("stays energised for a whole pulse more when it is released again", () => {
    const { time, pin, reports, relay } = createBench();
    pin.takeChanges();
    releaseDoor(relay, 3000);
    time.advance(2000);
    releaseDoor(relay, 3000);
    time.advance(10000);
    equal(pin.takeChanges(), "0:1 5000:0", "changes");
    equal(reports.join(" "), "released 1 released 1 secured 1", "reports");
  });

  it("is secured at once when it has to be, and stays so", () => {
    const { time, pin, reports, relay } = createBench();
    pin.takeChanges();
    releaseDoor(relay, 3000);
    time.advance(1000);
    secureDoor(relay);
    secureDoor(relay);
    time.advance(10000);
    equal(pin.takeChanges(), "0:1 1000:0", "changes");
    equal(reports.join(" "), "released 1 secured 1", "reports");
  });
});

describe("the lights", () => {
  it("are off at boot; CALL blinks, TALK is lit, both go out, and DOOR is its own", () => {
    const time = new WheelBench();
    const leds = [new FakePin(time.clock, 1), new FakePin(time.clock, 1), new FakePin(time.clock, 1)];
    const indicator = createIndicator(leds, time.wheel);
    const levels = (): string => `${leds[0].level}${leds[1].level}${leds[2].level}`;
    equal(levels(), "000", "at boot");
    leds[0].takeChanges();
    showRinging(indicator);
    time.advance(4 * BLINK_MS - 1);
    equal(leds[0].takeChanges(), "0:1 500:0 1000:1 1500:0", "CALL while it rings");
    showTalking(indicator);
    showDoor(indicator, 1);
    time.advance(5000);
    equal(levels(), "011", "while two talk and the door is released");
    showIdle(indicator);
    equal(levels(), "001", "afterwards");
    showDoor(indicator, 0);
    time.advance(5000);
    equal(levels(), "000", "at the end");
    equal(leds[0].takeChanges(), "", "CALL since");
  });

  it("may be fewer than there are meanings", () => {
    const time = new WheelBench();
    const led = new FakePin(time.clock, 1);
    const indicator = createIndicator([led], time.wheel);
    showTalking(indicator);
    showDoor(indicator, 1);
    equal(led.level, 0, "the one that is there");
    showRinging(indicator);
    equal(led.level, 1, "while it rings");
  });
});
