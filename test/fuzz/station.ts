// Fuzz targets that are a whole station: an input chooses settings, where to begin, and orders one after the other. Whatever they are,
// the station says nothing that cannot be read, and comes to rest and back to work (verdict.ts).

import { arriveMedia, BOARD_ORDERS, waitFrames } from "./board-orders";
import { CONNECTION_ORDERS } from "./connection-orders";
import { Orders } from "./orders";
import { Scene } from "./scene";
import { BINDING_ORDERS, NAME_ORDERS, NETWORK_ORDERS } from "./server-orders";
import { type Order, REGISTRAR_ORDERS, SIP_ORDERS } from "./sip-orders";
import { judge } from "./verdict";
import { SETTINGS } from "./words";

/** Orders of one input: a longer one says nothing new. */
const ORDERS_MOST = 48;

/** A target: each order of an input is one of these. */
function stationOf(settings: readonly string[][], orders: readonly Order[]): (input: Uint8Array) => void {
  return (input) => {
    const scene = new Scene(new Orders(input), settings);
    scene.begin();
    for (let count = 0; scene.orders.left() && count < ORDERS_MOST; count += 1) {
      scene.orders.choose(orders)(scene);
    }
    judge(scene);
  };
}

/** Everything at once. */
export const fuzzStation = stationOf(SETTINGS.all, [
  ...SIP_ORDERS,
  ...BOARD_ORDERS,
  ...REGISTRAR_ORDERS,
  ...CONNECTION_ORDERS,
  ...NAME_ORDERS,
  ...BINDING_ORDERS,
  ...NETWORK_ORDERS,
]);

/** Calls in both directions and what is said within them. */
export const fuzzCalls = stationOf(SETTINGS.calls, [...SIP_ORDERS, ...BOARD_ORDERS]);

/** The registrar is the fuzzer. */
export const fuzzRegistration = stationOf(SETTINGS.registrars, [
  ...REGISTRAR_ORDERS,
  ...REGISTRAR_ORDERS,
  ...NETWORK_ORDERS,
  ...BOARD_ORDERS.slice(0, 2),
]);

/** Connections of peers and of the station's own. */
export const fuzzConnections = stationOf(SETTINGS.streams, [
  ...CONNECTION_ORDERS,
  ...SIP_ORDERS.slice(0, 3),
  ...REGISTRAR_ORDERS,
  ...BOARD_ORDERS.slice(0, 2),
]);

/** Name servers that answer what they like. */
export const fuzzNames = stationOf(SETTINGS.names, [
  ...NAME_ORDERS,
  ...NETWORK_ORDERS,
  ...REGISTRAR_ORDERS,
  ...BOARD_ORDERS.slice(0, 2),
]);

/** STUN servers that do. */
export const fuzzBindings = stationOf(SETTINGS.stun, [
  ...BINDING_ORDERS,
  ...NETWORK_ORDERS,
  ...BOARD_ORDERS,
  ...SIP_ORDERS.slice(1, 4),
]);

/** A peer that sends what it likes: packets, reports and time only. */
export const fuzzMedia = stationOf(SETTINGS.media, [arriveMedia, arriveMedia, waitFrames]);
