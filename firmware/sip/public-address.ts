// Our address outside a NAT by STUN (RFC 5389) over the SIP socket, asked for as often as the way is kept open: the accounts'
// Contacts name it. What a registrar says that it saw is better known (sip/binding.ts) and takes its place. Voice is not its matter.

import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { putHostAddress } from "../bytes/ip-address";
import { createWriter, openWriter, putByte, putDecimal } from "../bytes/writer";
import { createTimer, startTimer, type Timer } from "../clock/timer-wheel";
import { createStunClient, requestBinding, type StunClient, stopBinding, takeBindingResponse } from "../stun/client";
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

interface PublicAddress {
  readonly userAgent: UserAgent;
  readonly locator: Locator;
  readonly stun: StunClient;
  timer: Timer;
}

const server = createTarget();
const writer = createWriter();
const mapped = createFixedText(48);

/** The next request, and the one after it in time. */
function onTimer(owner: object): void {
  const publicAddress = owner as PublicAddress;
  const network = publicAddress.userAgent.settings.network;
  const uri = network.stunServer;
  let pause = LOOK_UP_MS;
  if (locateNow(publicAddress.locator, uri.bytes, uri.start, uri.end, server) === Status.OK) {
    pause = network.keepAlive > 0 ? 1000 * network.keepAlive : INTERVAL_MS;
    requestBinding(publicAddress.stun, server);
  }
  startTimer(publicAddress.stun.wheel, publicAddress.timer, pause);
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
  stopBinding(publicAddress.stun);
  startTimer(publicAddress.stun.wheel, publicAddress.timer, 0);
}

/** Boot only: asks the STUN server of the settings from the first poll on; without one, or with an advertised address, never. */
export function createPublicAddress(userAgent: UserAgent, locator: Locator, recovery: Recovery): void {
  const network = userAgent.settings.network;
  const transport = userAgent.transactions.transport;
  const publicAddress = { userAgent, locator } as unknown as PublicAddress & { stun: StunClient };
  publicAddress.stun = createStunClient(transport.udp, transport.random, transport.wheel, {
    owner: publicAddress,
    onMapped,
    onUnmapped,
  });
  publicAddress.timer = createTimer(publicAddress, onTimer);
  if (network.stunServer.end > network.stunServer.start && network.advertisedAddress.family === 0) {
    transport.stun = { owner: publicAddress.stun, onStun: takeBindingResponse };
    createRecoveryUser(recovery, { owner: publicAddress, onNetwork });
    startTimer(transport.wheel, publicAddress.timer, 0);
  }
}
