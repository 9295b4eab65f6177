// Boot of the whole device: the core (device.ts) with everything that a board may leave out. A board with less memory boots
// small.ts in its place, or its own choice of these parts: what no entry names is in no bundle.

import type { Board } from "../hal/board";
import { News } from "../hal/news";
import { createBoardSettings, createCore, type Device, doNothing } from "./device";
import { createDnsClient, type DnsClient, pollDns } from "./dns/client";
import { StationEvent } from "./intercom/event-log";
import { createMediaMapping } from "./intercom/media-mapping";
import { createNetworkChange } from "./intercom/network-change";
import { createProtection } from "./intercom/protection";
import { createRemoteKeys, type RemoteKeys } from "./intercom/remote-keys";
import { createStationLine } from "./intercom/station-line";
import { createStationTexts } from "./intercom/station-texts";
import { createTransfer, type Transfer } from "./intercom/transfer";
import { createStationLimits, type Limits } from "./limits";
import { countOctets, createRemainder } from "./memory/pool";
import type { Settings } from "./settings/settings";
import type { Connections } from "./sip/connection";
import { createConnections, dropConnections } from "./sip/connections";
import type { Line } from "./sip/line";
import {
  avoidTarget,
  createLocator,
  forgetSearch,
  type Locator,
  locate,
  locateNow,
  restartLocator,
} from "./sip/locator";
import { createNotify } from "./sip/notify";
import { createPublicAddress } from "./sip/public-address";
import { createRecoveryUser } from "./sip/recovery";
import { createRedirection } from "./sip/redirection";
import { createReliableProvisional } from "./sip/reliable-provisional";
import { createSessionTimers } from "./sip/session-timer";
import { createSessionUpdates } from "./sip/session-update";
import type { SourcePolicy } from "./sip/source-policy";
import { endSubscriptions } from "./sip/subscriptions";
import type { TextMessages } from "./sip/text-message";

export { isStopped, pollDevice, startDevice, stopDevice } from "./device";

/** A booted device with all its parts. */
export interface WholeDevice extends Device {
  dns: DnsClient;
  locator: Locator;
  line: Line;
  texts: TextMessages;
  keys: RemoteKeys;
  transfer: Transfer;
  protection: SourcePolicy;
}

function pollNames(owner: object): void {
  pollDns(owner as DnsClient);
}

function dropOldConnections(owner: object): void {
  dropConnections(owner as Connections);
}

function forgetOldNames(owner: object): void {
  restartLocator(owner as Locator);
}

function endLine(owner: object): void {
  endSubscriptions((owner as Line).subscriptions);
}

/** How requests find their way: TCP, DNS, and what follows from a change of the network. */
function createWays(device: WholeDevice, limits: Limits): void {
  const board = device.board;
  const memory = device.memory;
  const userAgent = device.userAgent;
  const transactions = device.transactions;
  const servers = device.settings.network.nameServers;
  const connections = createConnections(memory, limits, transactions.transport, board.streams);
  device.dns = createDnsClient(memory, limits, board.names, board.random, device.wheel, servers);
  device.locator = createLocator(
    memory,
    limits.searches,
    device.settings,
    device.dns,
    board.sip,
    board.streams.count > 0,
  );
  transactions.clients.locating = {
    owner: device.locator,
    locate,
    locateNow,
    forget: forgetSearch,
    avoid: avoidTarget,
  };
  createRecoveryUser(device.recovery, { owner: connections, onNetwork: dropOldConnections });
  createRecoveryUser(device.recovery, { owner: device.locator, onNetwork: forgetOldNames });
  const publicAddress = createPublicAddress(userAgent, device.locator, device.recovery);
  createMediaMapping(publicAddress, createNetworkChange(device.recovery, device.station));
  device.parts.push({ owner: device.dns, on: News.NAMES, poll: pollNames, stop: doNothing });
}

/** What a call can do beyond RFC 3261: UPDATE, 100rel, session timers, redirection. */
function createExtensions(device: WholeDevice): void {
  const sessions = device.station.sessions;
  createSessionUpdates(sessions);
  createReliableProvisional(sessions);
  createSessionTimers(sessions);
  createRedirection(sessions);
}

/** The methods beside calls: INFO, MESSAGE, SUBSCRIBE, REFER, NOTIFY. */
function createMethods(device: WholeDevice): void {
  device.keys = createRemoteKeys(device.station);
  device.texts = createStationTexts(device.memory, device.station);
  device.line = createStationLine(device.memory, device.station);
  device.transfer = createTransfer(device.memory, device.station);
  createNotify(device.userAgent);
  device.parts.push({ owner: device.line, on: News.NONE, poll: doNothing, stop: endLine });
}

/**
 * Boot: everything is allocated here.
 * @param board what the device is wired to; `board.media` has one pair of sockets
 * @param settings what the installer set
 */
export function createDevice(board: Board, limits: Limits, settings: Settings): WholeDevice {
  const device = createCore(board, limits, settings) as WholeDevice;
  createWays(device, limits);
  createMethods(device);
  createExtensions(device);
  device.protection = createProtection(device.memory, limits, board, device.station.sessions);
  createRemainder(device.memory, limits.otherBuffers);
  board.log.event(StationEvent.BOOTED, device.memory.pools.length, countOctets(device.memory) >> 10);
  return device;
}

/** Boot of a real board, by the settings text in its storage. */
export function createBoardDevice(board: Board): WholeDevice {
  return createDevice(board, createStationLimits(), createBoardSettings(board));
}
