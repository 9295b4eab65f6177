// Our address outside a NAT by STUN (RFC 5389) over the SIP socket, asked for as often as the way is kept open: the accounts'
// Contacts name it. What a registrar says that it saw is better known (sip/binding.ts) and takes its place. The sockets of voice
// are asked for with it (intercom/media-mapping.ts); what they are mapped to is not its matter.

import type { Udp } from "../../hal/udp";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { putHostAddress } from "../bytes/ip-address";
import { createWriter, openWriter, putByte, putDecimal } from "../bytes/writer";
import { createTimer, startTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import {
  createStunClient,
  requestBinding,
  type StunClient,
  type StunListener,
  stopBinding,
  takeBindingResponse,
} from "../stun/client";
import { type Locator, locateNow } from "./locator";
import { createRecoveryUser, type Recovery } from "./recovery";
import { refreshRegistration } from "./registration";
import { Status } from "./status";
import { createTarget } from "./target";
import type { UserAgent } from "./user-agent";

/** The pause where network.keep-alive is off. */
const INTERVAL_MS = 25000;
/** The pause while the name of the server is being looked up. */
const LOOK_UP_MS = 1000;

export interface PublicAddress {
  readonly userAgent: UserAgent;
  readonly locator: Locator;
  /** One a socket; that of SIP is the first. */
  readonly sockets: StunClient[];
  timer: Timer;
}

const server = createTarget();
const writer = createWriter();
const mapped = createFixedText(48);

function wheelOf(publicAddress: PublicAddress): TimerWheel {
  return publicAddress.userAgent.transactions.transport.wheel;
}

/** The next requests, and the ones after them in time. */
function onTimer(owner: object): void {
  const publicAddress = owner as PublicAddress;
  const network = publicAddress.userAgent.settings.network;
  const uri = network.stunServer;
  let pause = LOOK_UP_MS;
  if (locateNow(publicAddress.locator, uri.bytes, uri.start, uri.end, server) === Status.OK) {
    pause = network.keepAlive > 0 ? 1000 * network.keepAlive : INTERVAL_MS;
    for (let index = 0; index < publicAddress.sockets.length; index += 1) {
      requestBinding(publicAddress.sockets[index], server);
    }
  }
  startTimer(wheelOf(publicAddress), publicAddress.timer, pause);
}

/** Sets the address that an account is reached at, in whose Contact it belongs. */
function setPublicAddress(userAgent: UserAgent, index: number, hostPort: FixedText, family: number): void {
  const account = userAgent.accounts[index];
  if (!equalFixedText(account.publicAddress, hostPort.bytes, 0, hostPort.length)) {
    setFixedText(account.publicAddress, hostPort.bytes, 0, hostPort.length);
    account.publicFamily = family;
    refreshRegistration(account.registration);
  }
}

function onMapped(owner: object, client: StunClient, changed: boolean): void {
  const userAgent = (owner as PublicAddress).userAgent;
  const sentBy = userAgent.transactions.transport.sentBy;
  if (!changed) {
    return;
  }
  openWriter(writer, mapped.bytes, 0, mapped.bytes.length);
  putHostAddress(writer, client.mapped.family, client.mapped.address);
  putByte(writer, 0x3a);
  putDecimal(writer, client.mapped.port);
  mapped.length = equalFixedText(sentBy, mapped.bytes, 0, writer.length) ? 0 : writer.length;
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    setPublicAddress(userAgent, index, mapped, client.mapped.family);
  }
}

function onUnmapped(): void {
  // What was known last stands until the next request.
}

/** Another network: what the old one's NAT made of us is nothing worth. */
function onNetwork(owner: object): void {
  const publicAddress = owner as PublicAddress;
  for (let index = 0; index < publicAddress.sockets.length; index += 1) {
    stopBinding(publicAddress.sockets[index]);
  }
  startTimer(wheelOf(publicAddress), publicAddress.timer, 0);
}

/** Whether a server of the settings is asked: there is one, and no advertised address. */
export function isServerAsked(publicAddress: PublicAddress): boolean {
  const network = publicAddress.userAgent.settings.network;
  return network.stunServer.end > network.stunServer.start && network.advertisedAddress.family === 0;
}

/** Boot only: the address of one more socket is asked for. Its owner hands the client what the server answers there. */
export function createMappedSocket(publicAddress: PublicAddress, udp: Udp, listener: StunListener): StunClient {
  const client = createStunClient(
    udp,
    publicAddress.userAgent.transactions.transport.random,
    wheelOf(publicAddress),
    listener,
  );
  publicAddress.sockets.push(client);
  return client;
}

/** Boot only: asks the STUN server of the settings from the first poll on; without one, or with an advertised address, never. */
export function createPublicAddress(userAgent: UserAgent, locator: Locator, recovery: Recovery): PublicAddress {
  const transport = userAgent.transactions.transport;
  const publicAddress = { userAgent, locator, sockets: [] as StunClient[] } as unknown as PublicAddress;
  const listener = { owner: publicAddress, onMapped, onUnmapped };
  const stun = createMappedSocket(publicAddress, transport.udp, listener);
  publicAddress.timer = createTimer(publicAddress, onTimer);
  if (isServerAsked(publicAddress)) {
    transport.stun = { owner: stun, onStun: takeBindingResponse };
    createRecoveryUser(recovery, { owner: publicAddress, onNetwork });
    startTimer(transport.wheel, publicAddress.timer, 0);
  }
  return publicAddress;
}
