// The end of every station input: everybody falls silent, then the world works again. Whatever was said before, the station is idle by
// itself, registers, answers, calls, gives every record back, and has not grown.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { NO_CONNECTION } from "../../firmware/sip/target";
import { equal, isTrue } from "../harness";
import { census } from "./census";
import { createZone, NOTHING, type Scene } from "./scene";

/** Longer than any timer of a call that nobody answers. */
const SILENCE_MS = 130_000;
/** Longer than any TTL, Retry-After, subscription or registration. */
const RECOVERY_MS = 8 * 3600_000;
/** From a press to its INVITE, names looked up. */
const PRESS_MS = 20_000;

/** Pools whose oldest entry gives way: they are never emptied. */
const MEMORIES = ["DNS cache", "refusals", "peers that matter", "strangers"];

/** What is in use and should not be: "name: 1 of 6". An idle station holds what is always in use, and a connection for each flow. */
function poolsLeftInUse(scene: Scene): string {
  const { memory, registrations } = scene.door.device;
  const left: string[] = [];
  let flows = 0;
  for (const { account, keepAlive } of registrations) {
    flows += account.ready && keepAlive.target.connection !== NO_CONNECTION ? 1 : 0;
  }
  for (const { limit, inUse } of memory.pools) {
    const idle = limit.count === 1 ? 1 : limit.name === "SIP connections" ? flows : 0;
    if (inUse > idle && MEMORIES.indexOf(limit.name) < 0) {
      left.push(`${limit.name}: ${inUse} of ${limit.count}`);
    }
  }
  return left.join(", ");
}

/** Everybody falls silent: the station ends by itself what it was at. */
function fallSilent(scene: Scene): void {
  const { door } = scene;
  hangUpCall(door.device.station);
  scene.readWire();
  door.advance(SILENCE_MS);
  scene.readWire();
  equal(door.device.station.state, StationState.IDLE, "the state at the end");
  equal(door.device.station.sessions.use.inUse, 0, "calls in use at the end");
  isTrue(!door.audioIn.running && !door.audioOut.running && !door.device.rtp.running, "sound is off at the end");
  for (const relay of door.relays) {
    equal(relay.level, 0, "the relays are in their safe state at the end");
  }
}

/** The peers' ends of all connections are closed. */
function endStreams(scene: Scene): void {
  for (const stream of scene.door.tcp.streams) {
    stream.ended = true;
  }
}

/** Network and servers do their work again; a name that they made up leads to the registrar. */
function mendWorld(scene: Scene): void {
  const { door } = scene;
  door.wire.udp.refusing = false;
  door.wire.udp.refusedHost = 0;
  door.tcp.unreachable = false;
  door.tcp.refusing = false;
  door.tcp.establishing = true;
  endStreams(scene);
  scene.names = createZone();
  scene.forget();
  if (!door.network.isUp()) {
    door.network.change(true);
  }
  door.poll();
}

/** Names that the station asks for and nobody knows get an address. */
function knowAllNames(scene: Scene): void {
  for (const question of scene.names.questions.splice(0)) {
    const name = question.substring(2);
    if (question.startsWith("A ")) {
      scene.names.remove(name);
      scene.names.add(`${name} 60 A 192.0.2.50`);
    }
  }
}

/** The last order of every input. */
export function judge(scene: Scene): void {
  const { door } = scene;
  fallSilent(scene);
  mendWorld(scene);
  const isRegistered = (): boolean => {
    knowAllNames(scene);
    return scene.isRegistered();
  };
  isTrue(scene.serveUntil(isRegistered, RECOVERY_MS), "registered at the end");

  scene.codes = [];
  scene.deliverText(scene.peers[0].request("OPTIONS", [], ""), scene.peers[0].endpoint);
  equal(scene.codes.join(" "), "200", "the answer to OPTIONS at the end");

  scene.invite = NOTHING;
  door.press(0);
  isTrue(
    scene.serveUntil(() => scene.invite !== NOTHING, PRESS_MS),
    "a press leads to a call at the end",
  );

  endStreams(scene);
  scene.serveUntil(() => isRegistered() && poolsLeftInUse(scene) === "", RECOVERY_MS);
  equal(poolsLeftInUse(scene), "", "pools in use at the end");
  equal(door.device.station.state, StationState.IDLE, "the state after the last call");
  equal(census(door.device), scene.size, "elements that the device is made of");
}
