// Orders of the servers around a station: name servers, the STUN server and the network itself, which answer late, oddly or not at all.

import type { Endpoint } from "../../hal/endpoint";
import { testEndpoint } from "../fake-udp";
import { bendDatagram } from "./bend";
import type { Scene } from "./scene";
import type { Order } from "./sip-orders";

const ADDRESSES = [1, 0x8f, 0x52, 0xe1, 0x12, 0xa6, 0x45];
/** Names of the zone that an order says something odd about. */
const NAMES = [
  "example.com",
  "pbx.example.com",
  "_sip._udp.example.com",
  "_sip._tcp.example.com",
  "_sip._udp.pbx.example.com",
  "_sip._tcp.pbx.example.com",
  "stun.example.com",
];
const TYPES = ["A", "CNAME", "SOA", "AAAA", "SRV", "NAPTR"];
const RECORDS = [
  "example.com 0 NAPTR 10 1 s SIP+D2T - _sip._tcp.example.com",
  "example.com 5 NAPTR 10 1 s SIP+D2U - _sip._udp.example.com",
  "pbx.example.com 5 NAPTR 10 1 s SIPS+D2T - _sips._tcp.pbx.example.com",
  "pbx.example.com 65536 NAPTR 10 1 a SIP+D2U - pbx.example.com",
  "_sip._tcp.example.com 20 SRV 10 60 5060 pbx.example.com",
  "_sip._udp.example.com 20 SRV 0 65535 65535 proxy.example.com",
  "_sip._udp.pbx.example.com 20 SRV 0 0 5062 pbx.example.com",
  "_sip._tcp.pbx.example.com 90000 SRV 1 1 5060 nobody.example.com",
  "_sip._udp.pbx.example.com 1 SRV 0 0 0 .",
  "pbx.example.com 20 CNAME proxy.example.com",
  "proxy.example.com 20 CNAME pbx.example.com",
  "stun.example.com 20 CNAME pbx.example.com",
  "pbx.example.com 0 A 192.0.2.51",
  "pbx.example.com 4000000 A 192.0.2.52",
  "pbx.example.com 20 AAAA 2001:db8::50",
  "stun.example.com 20 A 0.0.0.0",
];

/** What waits for a name server gets its answer, each bent or not. */
function answerNames(scene: Scene): void {
  const { door, orders } = scene;
  const isBent = (orders.next() & 1) === 1;
  const foreign: Endpoint[] = [testEndpoint(66, 53), testEndpoint(53, 5353)];
  for (const query of scene.queries.splice(0)) {
    const datagram = Uint8Array.from(scene.names.answer(query.bytes, query.bytes.length) as unknown as Uint8Array);
    const answer = isBent ? bendDatagram(datagram, orders) : datagram;
    const from = isBent && (orders.next() & 7) === 7 ? orders.choose(foreign) : query.peer;
    if (answer.length > 0) {
      door.names.arrive(answer, answer.length, from);
    }
  }
  door.poll();
  scene.readWire();
}

/** The last query is answered with octets of the input behind its question. */
function answerWithOctets(scene: Scene): void {
  const { door, orders } = scene;
  const query = scene.queries.pop();
  const counts = [orders.next() & 3, orders.next() & 1];
  const rest = orders.take(orders.next());
  if (query !== undefined) {
    const head = Uint8Array.from(query.bytes as unknown as Uint8Array);
    head[2] = 0x81;
    head[7] = counts[0];
    head[9] = counts[1];
    const datagram = Uint8Array.from([...head, ...rest]);
    door.names.arrive(datagram, datagram.length, query.peer);
    door.poll();
    scene.readWire();
  }
}

function addRecord(scene: Scene): void {
  scene.names.add(scene.orders.choose(RECORDS));
}

function addOddRecord(scene: Scene): void {
  const { orders } = scene;
  const name = orders.choose(NAMES);
  const type = orders.choose(TYPES);
  scene.names.addData(name, type, [...orders.take(orders.next() & 63)]);
}

function removeName(scene: Scene): void {
  scene.names.remove(scene.orders.choose(NAMES));
}

/** How the name server works from now on. */
function changeNameServer(scene: Scene): void {
  const { names, orders } = scene;
  const how = orders.next();
  names.answering = (how & 1) === 0;
  names.losingCase = (how & 2) !== 0;
  names.followingAliases = (how & 4) === 0;
  names.cutAfter = (how & 8) === 0 ? -1 : orders.next() & 3;
  names.code = (how & 16) === 0 ? 0 : orders.next() & 15;
}

/** The last binding request is answered: rightly, with octets of the input as the address, bent, or refused. */
function answerBinding(scene: Scene): void {
  const { orders } = scene;
  const asked = scene.asked.pop();
  const how = orders.next();
  const port = orders.next();
  if (asked === undefined) {
    return;
  }
  const value = (how & 1) === 0 ? [0, ...ADDRESSES] : [...orders.take(how >> 3)];
  value[3] = (value[3] ?? 0) ^ port;
  const message = [1, (how & 2) === 0 ? 1 : 0x11, 0, value.length + 4, ...asked.request.slice(4, 20), 0, 0x20, 0];
  const datagram = Uint8Array.from([...message, value.length, ...value]);
  const answer = (how & 4) === 0 ? datagram : bendDatagram(datagram, orders);
  asked.socket.arrive(answer, answer.length, asked.server);
  scene.door.poll();
  scene.readWire();
}

/** The network goes and comes, changes the address, or loses its route. */
function changeNetwork(scene: Scene): void {
  const { door, orders } = scene;
  const how = orders.next();
  if ((how & 3) === 0) {
    door.network.change((how & 4) === 0);
  } else if ((how & 3) === 1) {
    door.moveTo(4 + ((how >> 2) & 1));
  } else {
    door.wire.udp.refusing = (how & 4) !== 0;
    door.wire.udp.refusedHost = (how & 8) !== 0 ? orders.choose([9, 50, 3]) : 0;
  }
  door.poll();
  scene.readWire();
}

/** A server that works answers all that waits. */
function serve(scene: Scene): void {
  scene.serve();
}

export const NAME_ORDERS: Order[] = [
  answerNames,
  answerWithOctets,
  addRecord,
  addOddRecord,
  removeName,
  changeNameServer,
];
export const BINDING_ORDERS: Order[] = [answerBinding];
export const NETWORK_ORDERS: Order[] = [changeNetwork, serve];
