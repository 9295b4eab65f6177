// Whole calls at the switchboard: the station and indoor stations, made of the same firmware, register and talk through it.

import assert from "node:assert/strict";
import { StationState } from "../../../firmware/intercom/station";
import { RegistrationState } from "../../../firmware/sip/registration";
import type { DeskStation } from "../../../simulator/desk-station";
import type { IndoorStation } from "../../../simulator/switchboard/indoor-station";
import { ANNA, Bed, DOOR_HERTZ, INDOOR, INDOOR_HERTZ, LEVEL, SWITCHBOARD } from "./bed";

/** What a law and a resampled phase may change, decibels. */
const CLOSE = 0.5;

describe("simulator/switchboard: calls", () => {
  let bed: Bed;
  let door: DeskStation;
  let indoor: IndoorStation;

  function begin(made: Bed, options = {}): void {
    bed = made;
    door = bed.door("call.hang-up-after-release = 0");
    indoor = bed.indoor(INDOOR, options);
    bed.clock.runFor(500);
  }

  function until(condition: () => boolean, what: string, limit = 10_000): void {
    assert.ok(bed.clock.runUntil(condition, limit), what);
  }

  function talk(): void {
    door.press();
    until(() => indoor.state === "ringing", "the indoor station rings");
    indoor.answer();
    until(() => door.state === StationState.TALKING && indoor.state === "talking", "both talk");
    bed.clock.runFor(500);
  }

  function assertHeard(): void {
    const heard = [door.board.speaker.levelAt(INDOOR_HERTZ), indoor.board.speaker.levelAt(DOOR_HERTZ)];
    assert.ok(
      heard.every((level) => Math.abs(level - LEVEL) < CLOSE),
      `levels ${heard.join(", ")}`,
    );
    assert.ok(door.board.speaker.levelAt(DOOR_HERTZ) < -60, "no echo at the door");
  }

  function assertOver(): void {
    until(() => door.state === StationState.IDLE && indoor.state === "idle", "the call is over");
    bed.clock.runFor(70_000);
    assert.equal(bed.pending, 0);
    assert.ok(door.board.isSafe());
  }

  /** SIP datagrams that did not have the switchboard at one end. */
  function direct(): number {
    return bed.network.trace.filter(
      ({ source, destination }) =>
        source.endsWith(":5060") && !source.startsWith(`${SWITCHBOARD}:`) && !destination.startsWith(`${SWITCHBOARD}:`),
    ).length;
  }

  it("a press rings the indoor station, both hear each other, keys open the door, the indoor station hangs up", () => {
    begin(new Bed());
    talk();
    assertHeard();
    indoor.press("42#");
    until(() => door.board.relays[0].value === 1, "the relay");
    assert.equal(indoor.keys, "42#");
    indoor.hangUp();
    until(() => indoor.end === "hung up", "the end");
    assertOver();
    assert.equal(direct(), 0);
  });

  it("the door hangs up", () => {
    begin(new Bed());
    talk();
    door.hangUp();
    assertOver();
    assert.equal(indoor.end, "the other side hung up");
  });

  it("the indoor station calls the door, which answers", () => {
    begin(new Bed());
    indoor.call(`sip:door@${SWITCHBOARD}`);
    until(() => door.state === StationState.TALKING && indoor.state === "talking", "both talk");
    bed.clock.runFor(500);
    assertHeard();
    indoor.hangUp();
    assertOver();
  });

  it("the visitor is told when nobody is registered, nobody exists, or somebody refuses", () => {
    begin(new Bed());
    const endOf = (button: number): number => {
      door.press(button);
      until(() => door.state !== StationState.IDLE, "a call");
      until(() => door.state === StationState.IDLE, "its end");
      bed.clock.runFor(500);
      return door.device.station.session.statusCode;
    };
    assert.equal(endOf(1), 404);
    indoor.onChange = () => {
      if (indoor.state === "ringing") {
        indoor.reject();
      }
    };
    assert.equal(endOf(0), 603);
    assert.equal(indoor.end, "hung up");
    indoor.stop();
    until(() => indoor.stopped, "the indoor station has deregistered");
    assert.equal(endOf(0), 480);
    assert.equal(bed.switchboard.location.size, 1);
  });

  it("a visitor who is gone again leaves no phone ringing", () => {
    begin(new Bed());
    door.press();
    until(() => indoor.state === "ringing", "it rings");
    door.hangUp();
    until(() => indoor.state === "idle", "it rings no more");
    assert.equal(indoor.end, "the caller gave up");
    assertOver();
  });

  it("all phones of a user ring, and stop when one is answered", () => {
    begin(new Bed());
    const kitchen = bed.indoor(INDOOR);
    bed.clock.runFor(600);
    door.press();
    until(() => indoor.state === "ringing" && kitchen.state === "ringing", "both ring");
    kitchen.answer();
    until(() => door.state === StationState.TALKING && indoor.state === "idle", "one talks");
    assert.equal(indoor.end, "the caller gave up");
    kitchen.hangUp();
    assertOver();
  });

  it("a second caller hears busy", () => {
    begin(new Bed());
    const anna = bed.indoor(ANNA);
    bed.clock.runFor(600);
    talk();
    anna.call(`sip:indoor@${SWITCHBOARD}`);
    until(() => anna.end === "refused", "refused");
    assert.equal(anna.endCode, 486);
    const visitor = bed.phone("visitor");
    const from = "From: <sip:visitor@example.org>;tag=v";
    const uri = `sip:indoor@${SWITCHBOARD}`;
    const unusable = visitor.request(
      "INVITE",
      uri,
      [from, `Contact: <${visitor.uri}>`, "Content-Type: application/sdp"],
      "v=0\r\n",
    );
    assert.equal(visitor.send(unusable).start, "SIP/2.0 486 Busy Here", "whatever he offers");
    assert.equal(indoor.state, "talking");
    assertHeard();
  });

  it("an indoor station answers by itself when it is told to, and hears the keys of the other side", () => {
    begin(new Bed(), { answersAfter: 700 });
    const anna = bed.indoor(ANNA);
    bed.clock.runFor(600);
    const began = bed.clock.elapsed();
    anna.call(`sip:indoor@${SWITCHBOARD}`);
    until(() => anna.state === "talking" && indoor.state === "talking", "both talk");
    const took = bed.clock.elapsed() - began;
    assert.ok(took >= 700 && took < 800, `${took} ms`);
    bed.clock.runFor(100);
    anna.press("1*#");
    until(() => indoor.heardKeys === "1*#", "the keys");
    assert.equal(anna.keys, "1*#");
    assert.equal(indoor.keys, "");
  });

  it("keys that are pressed without a talk are not sent", () => {
    begin(new Bed());
    indoor.press("1");
    bed.clock.runFor(100);
    assert.equal(indoor.keys, "");
  });

  it("after the switchboard was restarted everybody comes back by himself, and calls work again", () => {
    begin(new Bed());
    bed.restart();
    assert.equal(bed.switchboard.location.size, 0);
    bed.clock.runFor(300_000);
    assert.equal(bed.switchboard.location.size, 2);
    assert.equal(door.registration, RegistrationState.REGISTERED);
    talk();
    assertHeard();
    indoor.hangUp();
    assertOver();
  });

  it("a call comes about on a network that loses every tenth datagram of everybody", () => {
    begin(new Bed({}, { seed: 3, link: { loss: 0.1 } }));
    until(() => bed.switchboard.location.size === 2, "both are registered", 60_000);
    until(() => door.registration === RegistrationState.REGISTERED, "the door knows it", 60_000);
    door.press();
    until(() => indoor.state === "ringing", "it rings", 20_000);
    indoor.answer();
    until(() => door.state === StationState.TALKING && indoor.state === "talking", "both talk", 20_000);
    indoor.hangUp();
    until(() => door.state === StationState.IDLE && indoor.state === "idle", "the end", 40_000);
  });
});
