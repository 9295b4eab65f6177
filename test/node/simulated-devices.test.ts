// The small devices of the simulated board: pins that remember, a watchdog that bites, a log that keeps what matters.

import assert from "node:assert/strict";
import { DeskLog } from "../../hal/node/desk-log";
import { DigitalPin } from "../../hal/node/digital-pin";
import { endpointOf, endpointText } from "../../hal/node/endpoint";
import { SimulatedWatchdog } from "../../hal/node/simulated-watchdog";
import { VirtualClock } from "../../hal/node/virtual-clock";

describe("node/digital-pin", () => {
  it("tells listeners of each change and its time, and not of a value that stays", () => {
    const clock = new VirtualClock();
    const pin = new DigitalPin(clock);
    const told: string[] = [];
    pin.onChange(({ time, value }) => told.push(`${time}:${value}`));
    for (const [time, value] of [
      [0, 0],
      [10, 1],
      [20, 1],
      [35, 0],
    ]) {
      clock.run(time);
      pin.write(value);
      assert.equal(pin.read(), value);
    }
    assert.deepEqual(told, ["10:1", "35:0"]);
    assert.deepEqual(pin.changes, [
      { time: 10, value: 1 },
      { time: 35, value: 0 },
    ]);
  });

  it("counts the time at 1, whether it has fallen again or not", () => {
    const clock = new VirtualClock();
    const pin = new DigitalPin(clock);
    clock.run(100);
    pin.write(1);
    clock.run(130);
    pin.write(0);
    clock.run(200);
    pin.write(1);
    clock.run(205);
    assert.equal(pin.timeAtOne(), 35);
  });

  it("keeps the latest 1,000 changes", () => {
    const pin = new DigitalPin(new VirtualClock());
    for (let count = 0; count < 1500; count += 1) {
      pin.write(1 - (count % 2));
    }
    assert.equal(pin.changes.length, 1000);
  });

  it("refuses what is neither 0 nor 1", () => {
    const pin = new DigitalPin(new VirtualClock());
    assert.throws(() => pin.write(2), /a pin is 0 or 1, not 2/);
  });
});

describe("node/simulated-watchdog", () => {
  it("bites once when it is not fed in time, and starts again with the next feed", () => {
    const clock = new VirtualClock();
    const watchdog = new SimulatedWatchdog(clock, 100);
    const bites: number[] = [];
    watchdog.onStarved = () => bites.push(clock.elapsed());
    clock.run(500);
    watchdog.feed();
    clock.run(599);
    watchdog.feed();
    clock.run(698);
    assert.deepEqual(bites, []);
    clock.run(1000);
    assert.deepEqual(bites, [699]);
    watchdog.feed();
    clock.run(2000);
    assert.deepEqual(bites, [699, 1100]);
    assert.deepEqual([watchdog.feeds, watchdog.starved, watchdog.longestGap], [3, 2, 99]);
  });

  it("does not bite before the first feed nor once disarmed", () => {
    const clock = new VirtualClock();
    const watchdog = new SimulatedWatchdog(clock, 100);
    clock.run(1000);
    watchdog.feed();
    watchdog.disarm();
    clock.run(2000);
    assert.equal(watchdog.starved, 0);
  });
});

describe("node/desk-log", () => {
  it("keeps events and messages with their time, as copies", () => {
    const clock = new VirtualClock();
    const log = new DeskLog(clock);
    const told: unknown[] = [];
    log.onEvent = (event) => told.push(event);
    log.onMessage = (message) => told.push(message);
    clock.run(7);
    log.event(3, 1, 2);
    const bytes = Uint8Array.from([9, 1, 2, 9]);
    const peer = endpointOf("192.0.2.1", 5060);
    log.message(true, bytes, 1, 3, peer);
    bytes.fill(0);
    peer.port = 1;
    assert.deepEqual(log.events, [{ time: 7, event: 3, first: 1, second: 2 }]);
    const message = log.messages[0];
    assert.deepEqual([message.time, message.sent, ...message.bytes], [7, true, 1, 2]);
    assert.equal(endpointText(message.peer), "192.0.2.1:5060");
    assert.deepEqual(told, [log.events[0], message]);
  });
});
