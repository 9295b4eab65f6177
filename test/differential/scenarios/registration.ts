// Registration: granted, challenged, refreshed, refused, lost, over a name, over a proxy, taken back by a new address.

import { challengeOf } from "../../rig/digest";
import type { Door } from "../../rig/door";
import { type Peer, responseOf } from "../../rig/peer";
import type { Scenario } from "../scenario";

const ACCOUNT = ["account.registrar = 192.0.2.50", "account.password = open sesame", "account.expires = 600"];

function respond(door: Door, registrar: Peer, status: string, headers: string[]): void {
  door.advanceToMessage(40000);
  door.deliver(responseOf(door.expect("REGISTER"), status, "reg", headers, ""), registrar);
}

function challenge(algorithm: string): string[] {
  return [`WWW-Authenticate: ${challengeOf("door.example", "n0nce", algorithm)}`];
}

const GRANT = ["Contact: <sip:door@192.0.2.4:5060>;expires=100"];

export const REGISTRATION: readonly Scenario[] = [
  {
    title: "registers and refreshes twice",
    settings: ACCOUNT,
    play(door, { registrar }) {
      for (let turn = 0; turn < 3; turn += 1) {
        respond(door, registrar, "200 OK", GRANT);
        door.advanceToMessage(100000);
      }
      respond(door, registrar, "200 OK", GRANT);
    },
  },
  {
    title: "answers a challenge with MD5",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "401 Unauthorized", challenge("MD5"));
      respond(door, registrar, "200 OK", GRANT);
      door.advance(1000);
    },
  },
  {
    title: "answers a challenge with SHA-256, and one that is stale",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "401 Unauthorized", challenge("SHA-256"));
      respond(door, registrar, "401 Unauthorized", [
        `WWW-Authenticate: ${challengeOf("door.example", "n0nce-2", "SHA-256")}, stale=true`,
      ]);
      respond(door, registrar, "200 OK", GRANT);
      door.advance(1000);
    },
  },
  {
    title: "is refused for good and tries again after its pause",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "403 Forbidden", []);
      door.advance(600000);
    },
  },
  {
    title: "takes a longer Expires when 423 asks for it",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "423 Interval Too Brief", ["Min-Expires: 1800"]);
      respond(door, registrar, "200 OK", ["Contact: <sip:door@192.0.2.4:5060>;expires=1800"]);
      door.advance(1000);
    },
  },
  {
    title: "waits as long as Retry-After says",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "503 Service Unavailable", ["Retry-After: 20"]);
      door.advanceToMessage(60000);
      respond(door, registrar, "200 OK", GRANT);
    },
  },
  {
    title: "retransmits to a registrar that is away, and registers when it restarts",
    settings: ACCOUNT,
    play(door, { registrar }) {
      door.advance(70000);
      while (door.wire.waiting() > 1) {
        door.wire.next();
      }
      respond(door, registrar, "200 OK", GRANT);
      door.advance(5000);
    },
  },
  {
    title: "loses its network and gets another address",
    settings: ACCOUNT,
    play(door, { registrar }) {
      respond(door, registrar, "200 OK", GRANT);
      door.network.change(false);
      door.advance(5000);
      door.moveTo(44);
      door.advance(3000);
    },
  },
  {
    title: "goes over an outbound proxy, with Service-Route from then on",
    settings: [...ACCOUNT, "account.outbound-proxy = 192.0.2.60"],
    play(door, { registrar }) {
      respond(door, registrar, "200 OK", [...GRANT, "Service-Route: <sip:192.0.2.61;lr>"]);
      door.press(0);
      door.advance(3000);
    },
  },
  {
    title: "asks the name server for a registrar with a name, and gives it up",
    settings: ["account.registrar = pbx.example", "network.name-server.1 = 192.0.2.53"],
    play(door) {
      door.advance(60000);
    },
  },
];
