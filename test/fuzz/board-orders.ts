// Orders of what is around the door itself: time, presses, the peer's voice and keys, and somebody who hangs up here.

import { hangUpCall } from "../../firmware/intercom/station";
import { testEndpoint } from "../fake-udp";
import type { Scene } from "./scene";
import type { Order } from "./sip-orders";

const STEPS_MS = [0, 1, 20, 60, 200, 500, 1000, 4000, 8000, 32_000, 64_000, 300_000];
const FRAMES_MS = [0, 20, 20, 40, 100];
const KEYS = "42#0159*";
/** The payload types of PCMU, PCMA, telephone events and comfort noise as our peers number them. */
const PAYLOAD_TYPES = [0, 8, 101, 13];

function wait(scene: Scene): void {
  scene.door.advance(scene.orders.choose(STEPS_MS));
  scene.readWire();
}

/** A few frames of sound, and what is at work in between. */
export function waitFrames(scene: Scene): void {
  scene.door.advance(scene.orders.choose(FRAMES_MS));
  scene.readWire();
}

function press(scene: Scene): void {
  scene.door.press(scene.orders.next() & 1);
  scene.readWire();
}

function hangUp(scene: Scene): void {
  hangUpCall(scene.door.device.station);
  scene.door.poll();
  scene.readWire();
}

/** The person at the other end presses a key. */
function pressKey(scene: Scene): void {
  const key = KEYS.charAt(scene.orders.next() % KEYS.length);
  scene.keys.note(key);
  scene.door.pressKeys(9, key);
  scene.readWire();
}

/** RTP or RTCP: a header that is right in its first octets, so that the rest is looked at. A stranger's is sent from far away. */
export function arriveMedia(scene: Scene): void {
  const { door, orders } = scene;
  const kind = orders.next();
  const octets = orders.take(4 + (orders.next() & 0xff));
  const packet = Uint8Array.from({ length: Math.max(12, octets.length) }, (_, index) => octets[index] ?? 0);
  packet[0] = (kind & 0x40) === 0 ? 0x80 : packet[0];
  const control = (kind & 1) === 1;
  if ((kind & 0x20) === 0) {
    packet[1] = control ? 200 + (kind & 7) : PAYLOAD_TYPES[(kind >> 1) & 3];
  }
  const from = testEndpoint(9, control ? 4001 : 4000);
  if ((kind & 0x80) !== 0) {
    from.address[0] = 203;
  } else {
    scene.keys.noteRtp(packet);
  }
  (control ? door.rtcp : door.rtp).arrive(packet, packet.length, from);
  door.poll();
  scene.readWire();
}

export const BOARD_ORDERS: Order[] = [wait, press, pressKey, arriveMedia, hangUp];
