// What a registrar says about the way (RFC 3327 Path, RFC 3608 Service-Route), and the reasons of an end (RFC 3326).

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCalled } from "../rig/door";
import { headerOf, headersOf, startLine } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { clause } from "./clause";

const ACCOUNT = ["account.registrar = 192.0.2.50", "button.1.call = sip:anna@192.0.2.50"];
const CONTACT = "Contact: <sip:door@192.0.2.4:5060>;expires=300";

const registrar = new Peer("registrar", 50, 5060);
const anna = new Peer("anna", 9, 5060);

/** A station that is registered with those header fields in the 200. */
function registered(headers: string[]): Door {
  const door = new Door(ACCOUNT);
  const lines = [CONTACT];
  for (let index = 0; index < headers.length; index += 1) {
    lines.push(headers[index]);
  }
  door.deliver(responseOf(door.expect("REGISTER"), "200 OK", "reg", lines, ""), registrar);
  return door;
}

describe("the way that a registrar names", () => {
  clause("RFC 3327 5.1", "REGISTER says that Path is supported", () => {
    isTrue(headerOf(new Door(ACCOUNT).expect("REGISTER"), "Supported").indexOf("path") >= 0, "Supported");
  });

  clause(
    "RFC 3608 5",
    "the routes of Service-Route are the Route of calls, in their order, and the first is where they go",
    () => {
      const door = registered([
        "Service-Route: <sip:192.0.2.61:5071;lr>, <sip:192.0.2.62;lr>",
        "Service-Route: <sip:192.0.2.63;lr>",
      ]);
      door.press(0);
      const datagram = door.wire.nextDatagram();
      const routes = headersOf(datagram.text, "Route").join(",").split(", ").join(",");
      equal(routes, "<sip:192.0.2.61:5071;lr>,<sip:192.0.2.62;lr>,<sip:192.0.2.63;lr>", "Route");
      equal(`${datagram.host}:${datagram.port}`, "61:5071", "sent to");
      equal(startLine(datagram.text), "INVITE sip:anna@192.0.2.50 SIP/2.0", "request line");
    },
  );

  clause("RFC 3608 5", "a later 200 without Service-Route takes them back", () => {
    const door = registered(["Service-Route: <sip:192.0.2.61;lr>"]);
    door.advanceToMessage(400000);
    door.deliver(responseOf(door.expect("REGISTER"), "200 OK", "reg", [CONTACT], ""), registrar);
    door.press(0);
    const datagram = door.wire.nextDatagram();
    equal(headersOf(datagram.text, "Route").length, 0, "Route");
    equal(datagram.host, 50, "sent to");
  });

  clause("RFC 3608 5", "REGISTER itself does not take that way", () => {
    const door = registered(["Service-Route: <sip:192.0.2.61;lr>"]);
    door.advanceToMessage(400000);
    const datagram = door.wire.nextDatagram();
    equal(headersOf(datagram.text, "Route").length, 0, "Route");
    equal(datagram.host, 50, "sent to");
  });
});

describe("the reason of an end", () => {
  clause("RFC 3326 2", "a CANCEL that says the call was completed elsewhere is known as that", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    const cancel = call.cancel();
    const at = cancel.indexOf("Content-Length");
    door.deliver(
      `${cancel.substring(0, at)}Reason: SIP;cause=200;text="Call completed elsewhere"\r\n${cancel.substring(at)}`,
      anna,
    );
    door.expect("200 CANCEL");
    door.expect("487 INVITE");
    equal(door.device.station.state, StationState.IDLE, "state");
    equal(door.log.count(StationEvent.ENDED), 1, "ends");
  });

  clause("RFC 3326 2", "Reason in a BYE, however odd, does not keep it from being answered", () => {
    const values = [
      'Q.850;cause=16;text="Terminated"',
      "SIP",
      ";;;",
      'SIP;cause=x;text="',
      "a, b;cause=1, SIP;cause=200",
    ];
    for (let index = 0; index < values.length; index += 1) {
      const door = new Door([]);
      const call = talkAsCalled(door, anna);
      door.deliver(call.request("BYE", [`Reason: ${values[index]}`], ""), anna);
      door.expect("200 BYE");
      equal(door.device.station.state, StationState.IDLE, values[index]);
    }
  });

  clause("RFC 3326 2", "a Reason of the station names a protocol first", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    hangUpCall(door.device.station);
    door.poll();
    const reason = headerOf(door.expect("BYE"), "Reason");
    isTrue(reason === "" || reason.indexOf("SIP") === 0 || reason.indexOf("Q.850") === 0, reason);
  });
});
