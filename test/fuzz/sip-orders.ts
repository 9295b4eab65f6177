// Orders of SIP: a peer or a stranger sends a request, answers one, or sends what is no SIP, bent as the input says.

import { testEndpoint } from "../fake-udp";
import { headerOf } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { bend } from "./bend";
import type { Heard, Scene, Way } from "./scene";
import { BODIES, FIELDS, REGISTRAR_FIELDS, REGISTRAR_STATUSES, REQUESTS, STATUSES } from "./words";

export type Order = (scene: Scene) => void;

/** The first digit of a final answer, and how many fields an order may add. */
const FIELDS_MOST = 3;

function bodyFor(scene: Scene): string {
  return scene.orders.choose(BODIES)(scene.orders.choose(scene.peers).host);
}

/** Where a message comes from: the way of the conversation most often, or from somebody else, or on a connection. */
export function chooseWay(scene: Scene, usual: Way): Way {
  const { streams } = scene.door.tcp;
  const dice = scene.orders.next();
  if ((dice & 3) < 2) {
    return usual;
  }
  return (dice & 3) === 2 || streams.length === 0
    ? scene.peers[(dice >> 2) % scene.peers.length].endpoint
    : streams[(dice >> 2) % streams.length];
}

/** A text of ours, bent, on its way. */
function send(scene: Scene, text: string, usual: Way): void {
  if (text !== "") {
    const octets = bend(text, scene.orders);
    scene.deliver(octets, chooseWay(scene, usual));
  }
}

/** The text of a request, within the call or outside. */
export function requestText(scene: Scene): string {
  const { orders } = scene;
  const method = orders.choose(REQUESTS);
  const outside = (orders.next() & 3) === 0;
  if (method === "ACK") {
    return scene.call.acknowledge(bodyFor(scene));
  }
  if (method === "CANCEL") {
    return scene.call.invite === "" ? "" : scene.call.cancel();
  }
  const call = outside ? orders.choose(scene.peers).newCall() : scene.call;
  const fields = orders.chooseSome(FIELDS, FIELDS_MOST);
  return call.request(method, fields, bodyFor(scene));
}

function sendRequest(scene: Scene): void {
  send(scene, requestText(scene), scene.invite.text === "" ? scene.peers[0].endpoint : scene.invite.way);
}

/** A new caller, or one who calls again within the call. */
function callStation(scene: Scene): void {
  const { orders } = scene;
  if ((orders.next() & 1) === 0) {
    scene.call = orders.choose(scene.peers).newCall();
  }
  const fields = orders.chooseSome(FIELDS, FIELDS_MOST);
  send(scene, scene.call.request("INVITE", fields, bodyFor(scene)), scene.peers[0].endpoint);
}

function acknowledge(scene: Scene): void {
  if (scene.call.invite !== "") {
    send(scene, scene.call.acknowledge(bodyFor(scene)), scene.peers[0].endpoint);
  }
}

function answer(scene: Scene, heard: Heard): void {
  const { orders } = scene;
  if (heard.text === "") {
    return;
  }
  const tag = (orders.next() & 7) === 0 ? "fork" : scene.call.localTag;
  const status = orders.choose(STATUSES);
  const fields = orders.chooseSome(FIELDS, FIELDS_MOST);
  const answered = status.startsWith("1") || status.startsWith("2") ? [`Contact: ${scene.peers[0].contact}`] : [];
  send(
    scene,
    responseOf(heard.text, status, tag, (orders.next() & 7) === 0 ? fields : [...answered, ...fields], bodyFor(scene)),
    heard.way,
  );
}

function answerRequest(scene: Scene): void {
  answer(scene, scene.request);
}

function answerInvite(scene: Scene): void {
  answer(scene, scene.invite);
}

/** The registrar answers as an input says, over the way that the REGISTER came. */
function answerRegister(scene: Scene): void {
  const { orders } = scene;
  const { text, way } = scene.register;
  if (text !== "") {
    const status = orders.choose(REGISTRAR_STATUSES);
    const contact = headerOf(text, "Contact");
    const fields = orders.chooseSome(REGISTRAR_FIELDS, 4).map((field) => field.replace("{contact}", contact));
    const answered = responseOf(text, status, "reg", fields, "");
    // The registrar says where it saw us (RFC 3581).
    const seen = (orders.next() & 3) === 3 ? answered.replace(";rport", ";received=192.0.2.77;rport=40000") : answered;
    send(scene, seen, way);
  }
}

/** Any octets, whole as they are. */
function sendOctets(scene: Scene): void {
  const octets = scene.orders.take(2 + 4 * scene.orders.next());
  scene.deliver(octets, chooseWay(scene, testEndpoint(9, 5060)));
}

/** Each answers the last REGISTER. */
export const REGISTRAR_ORDERS: Order[] = [answerRegister];

export const SIP_ORDERS: Order[] = [sendRequest, answerRequest, answerInvite, callStation, acknowledge, sendOctets];
