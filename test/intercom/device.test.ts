// The whole device as a board runs it (firmware/main.ts): the loop, the end, and a day of calls after which everything is as
// it was at boot. It lies here so that every VM runs it.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { isStopped, pollDevice, stopDevice } from "../../firmware/main";
import { RegistrationState } from "../../firmware/sip/registration";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { kindOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const HOUR_MS = 3600000;

const anna = new Peer("anna", 9, 5060);
const registrar = new Peer("registrar", 50, 5060);

/** The registrar grants ten minutes. */
function grant(door: Door, request: string): void {
  door.deliver(responseOf(request, "200 OK", "r", ["Expires: 600"], ""), registrar);
}

describe("a device", () => {
  it("says how long it may sleep: never longer than until the next timer", () => {
    const door = new Door([]);
    door.press(0);
    door.wire.forget();
    const sleep = pollDevice(door.device);
    isTrue(sleep >= 1 && sleep <= 500, `it may sleep for ${sleep} ms while an INVITE waits for its answer`);
  });

  it("makes up for the timers that a held-up board missed, in one poll", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    hangUp(door, call);
    door.clock.elapsed += 60000;
    door.poll();
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("that is stopped in a call hangs up, secures its doors at once and takes its registration back", () => {
    const door = new Door(["account.registrar = 192.0.2.50", "relay.1.pulse = 60"]);
    grant(door, door.expect("REGISTER"));
    const call = talkAsCalled(door, anna);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 1, "the relay before");
    stopDevice(door.device);
    equal(door.relays[0].level, 0, "the relay at once");
    door.poll();
    const bye = door.expect("BYE");
    const last = door.expect("REGISTER");
    equal(isStopped(door.device), false, "stopped before the answers");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    door.deliver(responseOf(last, "200 OK", "r", [], ""), registrar);
    equal(isStopped(door.device), true, "stopped");
    equal(door.device.registration.state, RegistrationState.OFF, "registration");
    equal(`${door.leds[0].level}${door.leds[1].level}${door.leds[2].level}`, "000", "lights");
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("is stopped after 64*T1 at the latest when nobody answers any more", () => {
    const door = new Door(["account.registrar = 192.0.2.50"]);
    grant(door, door.expect("REGISTER"));
    talkAsCalled(door, anna);
    stopDevice(door.device);
    door.advance(32000);
    equal(isStopped(door.device), true, "stopped");
  });

  it("does the same again for the same seed and the same events, octet for octet", () => {
    const record = (): string => {
      const door = new Door([]);
      const texts: string[] = [];
      door.press(0);
      const call = anna.takeCall(door.expect("INVITE"));
      texts.push(call.invite);
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      texts.push(door.expect("ACK"));
      door.advance(1000);
      call.sequence = 100;
      hangUp(door, call);
      texts.push(`${door.voiceSent} ${door.log.events.length} ${door.clock.elapsed}`);
      return texts.join("");
    };
    equal(record(), record(), "the second run");
  });

  itSlow("is as it was at boot after a day with a call an hour, in turn to it and from it", () => {
    const door = new Door(["call.answer-from = *", "account.registrar = 192.0.2.50", "account.expires = 600"]);
    let registrations = 0;
    const answerRegistrations = (): void => {
      while (door.wire.waiting() > 0) {
        const request = door.wire.next();
        equal(kindOf(request), "REGISTER", "what is sent between the calls");
        grant(door, request);
        registrations += 1;
      }
    };
    answerRegistrations();
    for (let hour = 0; hour < 24; hour += 1) {
      const call = hour % 2 === 0 ? talkAsCalled(door, anna) : talkAsCaller(door, anna);
      door.advance(500);
      door.pressKeys(9, "42#");
      door.advance(500);
      hangUp(door, call);
      const end = (hour + 1) * HOUR_MS;
      while (door.clock.elapsed < end) {
        door.advanceToMessage(end - door.clock.elapsed);
        answerRegistrations();
      }
      // A refresh that has just been answered lingers in Timer K.
      isTrue(door.recordsInUse() <= 1, `${door.recordsInUse()} records in use in hour ${hour}`);
      equal(door.device.station.state, StationState.IDLE, "state");
      equal(door.relays[0].level, 0, "the relay");
    }
    equal(door.log.count(StationEvent.TALKING), 24, "calls");
    equal(door.log.count(StationEvent.RELEASED), 24, "doors opened");
    isTrue(registrations >= 160 && registrations <= 161, `${registrations} registrations, one in nine minutes`);
    equal(door.device.registration.state, RegistrationState.REGISTERED, "registration");
    door.advance(6000);
    equal(door.recordsInUse(), 0, "records in use at the end");
    equal(door.device.wheel.armed, 1, "timers that are armed: the next registration");
  });
});
