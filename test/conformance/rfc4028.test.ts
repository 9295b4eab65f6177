// Session timers (RFC 4028): who refreshes, how often, and what becomes of a call that nobody refreshes.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door } from "../rig/door";
import { bodyOf, firstWord, hasHeaderField, headerOf, headersOf, parameterOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause, slowClause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const SUPPORTED = "Supported: timer";

interface Call {
  door: Door;
  call: PeerCall;
  /** The 200 of the station, or its INVITE. */
  message: string;
}

/** A caller with those header fields is answered and talks. */
function called(headers: string[]): Call {
  const door = openDoor();
  const call = anna.newCall();
  door.deliver(call.request("INVITE", headers, anna.description([])), anna);
  const message = door.expect("200 INVITE");
  call.takeResponse(message);
  door.deliver(call.acknowledge(""), anna);
  return { door, call, message };
}

/** The station calls, is answered with those header fields, and talks. */
function calling(settings: string[], headers: string[]): Call {
  const door = new Door(settings);
  door.press(0);
  const call = anna.takeCall(door.expect("INVITE"));
  const answer = [`Contact: ${anna.contact}`];
  for (let index = 0; index < headers.length; index += 1) {
    answer.push(headers[index]);
  }
  door.deliver(call.respond(call.invite, "200 OK", answer, anna.description([])), anna);
  door.expect("ACK");
  return { door, call, message: call.invite };
}

function seconds(value: string): number {
  return Number(textBetween(` ${value}`, " ", "; "));
}

/** The next message of the station and when it came, in milliseconds from now. */
function nextMessage(door: Door, longest: number): { after: number; method: string; text: string } {
  const after = door.advanceToMessage(longest);
  const text = door.wire.waiting() > 0 ? door.wire.next() : "";
  return { after, method: firstWord(text), text };
}

describe("session timers, called", () => {
  clause("RFC 4028 9", "an interval below the smallest is answered 422 with Min-SE", () => {
    const door = openDoor();
    door.deliver(anna.newCall().request("INVITE", [SUPPORTED, "Session-Expires: 60"], anna.description([])), anna);
    const refusal = door.expect("422 INVITE");
    equal(headerOf(refusal, "Min-SE"), "90", "Min-SE");
  });

  clause("RFC 4028 9", "who refreshes is the choice of the caller when it makes one", () => {
    const uac = called([SUPPORTED, "Session-Expires: 1200;refresher=uac"]).message;
    equal(parameterOf(headerOf(uac, "Session-Expires"), "refresher"), "uac", "uac");
    isTrue(headersOf(uac, "Require").join(",").indexOf("timer") >= 0, "Require when the caller refreshes");
    const uas = called([SUPPORTED, "Session-Expires: 1200;refresher=uas"]).message;
    equal(parameterOf(headerOf(uas, "Session-Expires"), "refresher"), "uas", "uas");
  });

  clause(
    "RFC 4028 9",
    "without a choice of the caller the 2xx names a refresher, and an interval not above the caller's",
    () => {
      const value = headerOf(called(["k: timer", "x: 1200"]).message, "Session-Expires");
      const refresher = parameterOf(value, "refresher");
      isTrue(refresher === "uac" || refresher === "uas", value);
      const interval = seconds(value);
      isTrue(interval >= 90 && interval <= 1200, value);
    },
  );

  clause(
    "RFC 4028 9",
    "a caller that knows no session timers is required nothing, and refreshed by nobody but the station",
    () => {
      const { message } = called([]);
      isTrue(headersOf(message, "Require").join(",").indexOf("timer") < 0, "Require");
      const value = headerOf(message, "Session-Expires");
      isTrue(value === "" || parameterOf(value, "refresher") === "uas", value);
    },
  );

  clause("RFC 4028 9", "the Min-SE of the caller is not undercut", () => {
    const { message } = called([SUPPORTED, "Session-Expires: 7000", "Min-SE: 3600"]);
    isTrue(seconds(headerOf(message, "Session-Expires")) >= 3600, headerOf(message, "Session-Expires"));
  });

  slowClause(
    "RFC 4028 10",
    "as refresher it refreshes at half the interval, with the interval and itself as uac",
    () => {
      const { door } = called([SUPPORTED, "Session-Expires: 90;refresher=uas"]);
      const { after, method, text } = nextMessage(door, 60000);
      isTrue(method === "UPDATE" || method === "INVITE", method);
      isTrue(after >= 44000 && after <= 46000, `after ${after} ms`);
      equal(seconds(headerOf(text, "Session-Expires")), 90, "Session-Expires");
      equal(parameterOf(headerOf(text, "Session-Expires"), "refresher"), "uac", "refresher");
    },
  );

  slowClause(
    "RFC 4028 10",
    "a session that the caller does not refresh is ended with BYE before its interval is over",
    () => {
      const { door } = called([SUPPORTED, "Session-Expires: 90;refresher=uac"]);
      const { after, method } = nextMessage(door, 100000);
      equal(method, "BYE", "message");
      isTrue(after >= 58000 && after < 90000, `after ${after} ms`);
      equal(door.device.station.state, StationState.IDLE, "state");
    },
  );

  slowClause("RFC 4028 10", "a refresh of the caller begins the interval anew", () => {
    const { door, call } = called([SUPPORTED, "Session-Expires: 90;refresher=uac"]);
    door.advance(45000);
    door.deliver(call.request("UPDATE", [SUPPORTED, "Session-Expires: 90;refresher=uac"], ""), anna);
    equal(seconds(headerOf(door.expect("200 UPDATE"), "Session-Expires")), 90, "Session-Expires");
    const { after, method } = nextMessage(door, 100000);
    equal(method, "BYE", "message");
    isTrue(after >= 58000 && after < 90000, `after ${after} ms`);
  });
});

describe("session timers, calling", () => {
  clause("RFC 4028 7.1", "its INVITE supports timer and asks for the interval of the settings", () => {
    const { message } = calling(["call.session-expires = 600"], []);
    isTrue(headerOf(message, "Supported").indexOf("timer") >= 0, "Supported");
    equal(seconds(headerOf(message, "Session-Expires")), 600, "Session-Expires");
  });

  clause("RFC 4028 7.1", "it asks for none when that is switched off", () => {
    equal(hasHeaderField(calling(["call.session-expires = 0"], []).message, "Session-Expires"), false, "header field");
  });

  clause("RFC 4028 7.4", "422 is obeyed: another INVITE with an interval and a Min-SE that are large enough", () => {
    const door = new Door(["call.session-expires = 600"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.respond(call.invite, "422 Session Interval Too Small", ["Min-SE: 1800"], ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    isTrue(seconds(headerOf(second, "Session-Expires")) >= 1800, "Session-Expires");
    equal(seconds(headerOf(second, "Min-SE")), 1800, "Min-SE");
    equal(headerOf(second, "Call-ID"), call.callId, "Call-ID");
  });

  slowClause("RFC 4028 7.2", "as refresher it refreshes at half the interval of the 2xx", () => {
    const { door } = calling([], ["Session-Expires: 90;refresher=uac", "Require: timer"]);
    const { after, method } = nextMessage(door, 60000);
    isTrue(method === "UPDATE" || method === "INVITE", method);
    isTrue(after >= 44000 && after <= 46000, `after ${after} ms`);
  });

  slowClause(
    "RFC 4028 7.4",
    "it refreshes by re-INVITE when the other side does not allow UPDATE, and by the same offer",
    () => {
      const headers = ["Session-Expires: 90;refresher=uac", "Require: timer", "Allow: INVITE, ACK, CANCEL, BYE"];
      const { door, call } = calling([], headers);
      const bodies: string[] = [];
      for (let count = 0; count < 2; count += 1) {
        const { method, text } = nextMessage(door, 60000);
        equal(method, "INVITE", "message");
        bodies.push(bodyOf(text));
        const answer = [`Contact: ${anna.contact}`, headers[0], headers[1], headers[2]];
        door.deliver(call.respond(text, "200 OK", answer, anna.description([])), anna);
        door.expect("ACK");
      }
      equal(bodies[1], bodies[0], "the second offer, the version of its origin too");
    },
  );

  slowClause("RFC 4028 10", "a session that the other side does not refresh is ended with BYE", () => {
    const { door } = calling([], ["Session-Expires: 90;refresher=uas"]);
    const { after, method } = nextMessage(door, 100000);
    equal(method, "BYE", "message");
    isTrue(after >= 58000 && after < 90000, `after ${after} ms`);
  });

  slowClause("RFC 4028 10", "a refresh that gets 481 ends the call", () => {
    const { door, call } = calling([], ["Session-Expires: 90;refresher=uac", "Require: timer"]);
    const { text } = nextMessage(door, 60000);
    door.deliver(call.respond(text, "481 Gone", [], ""), anna);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  slowClause("RFC 4028 7.2", "a 2xx without Session-Expires does not end the call: nobody counts", () => {
    const { door, call } = calling(["call.session-expires = 90"], []);
    const end = door.clock.elapsed + 130000;
    while (door.clock.elapsed < end) {
      door.advanceToMessage(end - door.clock.elapsed);
      while (door.wire.waiting() > 0) {
        const text = door.wire.next();
        isTrue(firstWord(text) !== "BYE", "no BYE");
        if (firstWord(text) === "UPDATE" || firstWord(text) === "INVITE") {
          door.deliver(
            call.respond(
              text,
              "200 OK",
              [`Contact: ${anna.contact}`],
              firstWord(text) === "INVITE" ? anna.description([]) : "",
            ),
            anna,
          );
        }
      }
    }
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
