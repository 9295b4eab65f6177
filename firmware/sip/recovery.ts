// What follows from a change of the board's network (hal/network.ts): our names are written anew, who has something of the old one is
// told (connections, the DNS cache, calls), and every account registers anew. An address of IPv6 that comes beside what there is takes
// nothing from anybody: who is registered stays so. Looked at in each poll; it decides nothing about a call.

import type { Network } from "../../hal/network";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { writeIdentity } from "./account";
import { RegistrationState, restartRegistration, suspendRegistration } from "./registration";
import { setSentBy } from "./transport";
import type { UserAgent } from "./user-agent";

/** Who owns what hangs on our network: connections, names of its DNS, calls and their media, a mapping of a NAT. Told in order. */
export interface RecoveryUser {
  owner: object;
  /**
   * There is a network again, or another one.
   * @param moved whether our address is another one than before: calls have to be offered anew
   */
  onNetwork: (owner: object, moved: boolean) => void;
}

export interface Recovery {
  readonly network: Network;
  readonly userAgent: UserAgent;
  /** `network.changes` at the last look. */
  seen: number;
  /** Whether there was a network then. */
  wasUp: boolean;
  /** Our last address of IPv6 as it was written; empty: there was none. */
  readonly address6: FixedText;
  readonly users: RecoveryUser[];
}

const former = createFixedText(48);

/** Boot only: the network as it is now is the one that everything was made for. */
export function createRecovery(network: Network, userAgent: UserAgent): Recovery {
  const wasUp = network.isUp();
  return { network, userAgent, seen: network.changes(), wasUp, address6: createFixedText(48), users: [] };
}

/** Boot only: one more hears of changes. */
export function createRecoveryUser(recovery: Recovery, user: RecoveryUser): void {
  recovery.users.push(user);
}

/**
 * Takes our addresses anew from the socket, but one that the settings advertise. Returns whether one is another; one of IPv6 that
 * comes late, goes or is back moves nobody.
 */
function renewAddresses(recovery: Recovery): boolean {
  const userAgent = recovery.userAgent;
  const transport = userAgent.transactions.transport;
  const udp = transport.udp;
  const advertised = userAgent.settings.network.advertisedAddress;
  const sentBy = transport.sentBy;
  const sentBy6 = transport.sentBy6;
  setFixedText(former, sentBy.bytes, 0, sentBy.length);
  if (sentBy6.length > 0) {
    setFixedText(recovery.address6, sentBy6.bytes, 0, sentBy6.length);
  }
  if (advertised.family === 0) {
    setSentBy(transport, udp.local);
  }
  sentBy6.length = 0;
  if (udp.local6.family === 6) {
    setSentBy(transport, udp.local6);
  }
  return (
    !equalFixedText(former, sentBy.bytes, 0, sentBy.length) ||
    (recovery.address6.length > 0 &&
      sentBy6.length > 0 &&
      !equalFixedText(recovery.address6, sentBy6.bytes, 0, sentBy6.length))
  );
}

function suspend(userAgent: UserAgent): void {
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    suspendRegistration(userAgent.accounts[index].registration);
  }
}

/** @param isOne whether it is one change, of a network that was there: all else may hide that ours was away meanwhile */
function restart(recovery: Recovery, isOne: boolean): void {
  const userAgent = recovery.userAgent;
  const sentBy6 = userAgent.transactions.transport.sentBy6;
  const had6 = sentBy6.length > 0;
  const moved = renewAddresses(recovery);
  // An advertised address hides what became of ours.
  const isAddition =
    isOne && !moved && !had6 && sentBy6.length > 0 && userAgent.settings.network.advertisedAddress.family === 0;
  writeIdentity(userAgent.direct);
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    writeIdentity(userAgent.accounts[index]);
  }
  if (!isAddition) {
    for (let index = 0; index < recovery.users.length; index += 1) {
      recovery.users[index].onNetwork(recovery.users[index].owner, moved);
    }
  }
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    const registration = userAgent.accounts[index].registration;
    if (!isAddition || registration.state !== RegistrationState.REGISTERED) {
      restartRegistration(registration);
    }
  }
}

/** Looks whether the network has changed. */
export function pollRecovery(recovery: Recovery): void {
  const network = recovery.network;
  const changes = network.changes();
  if (changes !== recovery.seen) {
    const isOne = recovery.wasUp && changes === ((recovery.seen + 1) & 0xffff);
    recovery.seen = changes;
    recovery.wasUp = network.isUp();
    if (recovery.wasUp) {
      restart(recovery, isOne);
    } else {
      suspend(recovery.userAgent);
    }
  }
}
