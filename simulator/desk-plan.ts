// The plan of a desk: from options and settings file to where everything is, what the station's settings are, and whether
// the desk's own switchboard is needed. Nothing is opened here but files.

import { lookup } from "node:dns/promises";
import { existsSync, readFileSync } from "node:fs";
import { createEndpoint } from "../firmware/bytes/ip-address";
import type { HashAlgorithm } from "../firmware/crypto/hash";
import type { Settings, SettingText } from "../firmware/settings/settings";
import { SETTINGS_HOSTS } from "../firmware/settings/settings-keys";
import { resolveUri } from "../firmware/sip/resolver";
import { Status } from "../firmware/sip/status";
import { addressText, endpointOf, ownAddress } from "../hal/node/endpoint";
import { DeskError, describeFileError } from "./desk-error";
import {
  type DeskOptions,
  type DeviceName,
  readAccount,
  readAddress,
  readDevice,
  readDigest,
  readMicrophone,
  readPeer,
  readPort,
  type Voice,
} from "./desk-options";
import { givenKeys, mergeSettings, type SettingLines } from "./desk-settings";
import { readSettings, SettingsError } from "./desk-station";
import { GATEWAY_ADDRESS } from "./remote/loopback-alias";
import { octetText } from "./switchboard/octet-text";
import type { User } from "./switchboard/users";

/** The settings file that `start` takes when none is named and it is there. */
export const SETTINGS_FILE = "doorline.conf";
/** The port of the switchboard when none is named: above the door's, so that both fit on one address. */
export const SWITCHBOARD_PORT = 5070;

const LOOPBACK = "127.0.0.1";
/** The desk's own users, so that a softphone can join as well (docs/desk.md). */
const DOOR: User = { name: "door", password: "door-password" };
export const INDOOR: User = { name: "indoor", password: "indoor-password" };

/** Ports of which 0 is any free one. */
export interface DeskPorts {
  sip: number;
  /** Even. */
  rtp: number;
  switchboard: number;
}

/** Which device runs the station's firmware. */
export interface DevicePlan {
  name: DeviceName;
  small: boolean;
  /** The file of the memory that outlives it; undefined: one that goes with it. */
  memory: string | undefined;
  /** The socket at which its console is given out; undefined: none. */
  console: string | undefined;
  /** In place of what `doorline build` made. */
  files?: DeviceFiles;
}

/** What a device of its own is made of. */
export interface DeviceFiles {
  executable: string;
  program: string;
}

export interface DeskPlan {
  /** Where every socket of the desk is. */
  address: string;
  ports: DeskPorts;
  /** The users of the desk's own switchboard; empty: it is not needed. */
  users: User[];
  /** The digest algorithms that it offers; undefined: those of `Switchboard`. */
  algorithms: HashAlgorithm[] | undefined;
  /** The station's settings, once the switchboard's `host:port` is known; "" without one. */
  settingsFor: (switchboard: string) => Settings;
  /** The same as the text that a device of its own reads, with what its board adds. */
  settingsTextFor: (switchboard: string, board: SettingLines) => string;
  device: DevicePlan;
  microphone: Voice;
  /** Directory of the recordings; undefined: none. */
  record: string | undefined;
}

/** What a command decides before its options are looked at. */
export interface PlanDefaults {
  /** Whether SETTINGS_FILE is read when it is there. */
  readsSettingsFile: boolean;
  /** Ports that are used when neither options nor settings name others; undefined: those of the settings. */
  ports?: DeskPorts;
  /** Settings that hold when the file says nothing. */
  settings?: SettingLines;
}

interface SettingsSource {
  text: string;
  file: string;
}

function readSettingsFile(options: DeskOptions, defaults: PlanDefaults): SettingsSource {
  const file =
    options.settings ?? (defaults.readsSettingsFile && existsSync(SETTINGS_FILE) ? SETTINGS_FILE : undefined);
  if (file === undefined) {
    return { text: "", file: "the desk's own settings" };
  }
  try {
    return { text: readFileSync(file, "utf8"), file };
  } catch (error) {
    throw new DeskError(`--settings: ${file} cannot be read: ${describeFileError(error)}`);
  }
}

function isAddress(host: string): boolean {
  try {
    endpointOf(host.replace(/^\[|\]$/g, ""), 0);
    return true;
  } catch {
    return false;
  }
}

/** The settings that make a host name known to the station, which asks no name server: the next free host.N. */
async function hostLines(option: string, host: string, taken: Set<string>): Promise<SettingLines> {
  if (isAddress(host)) {
    return {};
  }
  const free = Array.from({ length: SETTINGS_HOSTS }, (_, index) => `host.${index + 1}`).find((key) => !taken.has(key));
  if (free === undefined) {
    throw new DeskError(`${option}: all host.N of the settings are in use, so ${host} has to be given as an address`);
  }
  try {
    const { address } = await lookup(host, { family: 4 });
    taken.add(free);
    return { [free]: `${host} ${address}` };
  } catch {
    throw new DeskError(`${option}: the address of ${host} cannot be found`);
  }
}

async function settingsOfOptions(options: DeskOptions, given: Set<string>): Promise<SettingLines> {
  const lines: SettingLines = {};
  const taken = new Set(given);
  if (options.peer !== undefined) {
    const peer = readPeer(options.peer);
    Object.assign(lines, { "button.1.call": options.peer }, await hostLines("--peer", peer.host, taken));
  }
  if (options.account !== undefined) {
    const { user, password, host, port } = readAccount(options.account);
    Object.assign(
      lines,
      {
        "account.user": user,
        "account.password": password,
        "account.registrar": port === 0 ? host : `${host}:${port}`,
        "account.auth-user": "",
        "account.realm": "",
        "account.domain": "",
        "account.outbound-proxy": "",
      },
      await hostLines("--account", host, taken),
    );
  }
  return lines;
}

/** The addresses that the settings name: of the registrars, the outbound proxies and the buttons. */
function remoteAddresses(settings: Settings): string[] {
  const endpoint = createEndpoint();
  const servers = settings.accounts.flatMap(({ registrar, outboundProxy }) => [registrar, outboundProxy]);
  const uris: SettingText[] = [...servers, ...settings.buttons.map(({ call }) => call)];
  return uris.flatMap(({ bytes, start, end }) =>
    end > start && resolveUri(settings, bytes, start, end, endpoint) === Status.OK ? [addressText(endpoint)] : [],
  );
}

/** Whether an address is this machine's alone; also by the name that a board in QEMU has for it. */
function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === GATEWAY_ADDRESS;
}

/** The address at which the desk can be reached by whoever the settings name. */
function chooseAddress(settings: Settings): string {
  const elsewhere = remoteAddresses(settings).find((address) => !isLoopback(address));
  if (elsewhere === undefined) {
    return LOOPBACK;
  }
  return ownAddress(endpointOf(elsewhere, 0).family);
}

function textOf({ bytes, start, end }: SettingText): string {
  return Buffer.from(octetText(bytes, start, end), "latin1").toString("utf8");
}

/** Settings that were faultless before the options changed them. */
function readChangedSettings(text: string): Settings {
  try {
    return readSettings(text, "");
  } catch (error) {
    if (error instanceof SettingsError) {
      throw new DeskError(error.message.replace(/^:\d+: /, "--peer or --account: "));
    }
    throw error;
  }
}

function isAtSwitchboard(peer: string, address: string, port: number): boolean {
  const uri = readPeer(peer);
  return uri.host === address && uri.port === port;
}

/** What the desk sets where nobody else does, with its own switchboard. */
function switchboardLines(switchboard: string): SettingLines {
  return {
    "account.user": DOOR.name,
    "account.password": DOOR.password,
    "account.registrar": switchboard,
    "button.1.call": `sip:${INDOOR.name}@${switchboard}`,
  };
}

const DESK_LINES: SettingLines = {
  "account.display-name": "Front door",
  "call.answer-from": "*",
  "relay.1.code": "42#",
};

/** Makes the plan. Throws a DeskError or a SettingsError: one sentence each. */
export async function planDesk(options: DeskOptions, defaults: PlanDefaults): Promise<DeskPlan> {
  const { text, file } = readSettingsFile(options, defaults);
  readSettings(text, file);
  const given = givenKeys(text);
  const instead = await settingsOfOptions(options, given);
  const otherwise = { ...DESK_LINES, ...defaults.settings };
  const settled = readChangedSettings(mergeSettings(text, instead, otherwise));
  const switchboardPort =
    readPort("--switchboard-port", options.switchboardPort) ?? defaults.ports?.switchboard ?? SWITCHBOARD_PORT;
  const sipPort = readPort("--sip-port", options.sipPort) ?? defaults.ports?.sip ?? settled.network.sipPort;
  const address = readAddress(options.address) ?? chooseAddress(settled);
  const registersElsewhere = options.account !== undefined || given.has("account.registrar");
  const callsElsewhere = options.peer !== undefined && !isAtSwitchboard(options.peer, address, switchboardPort);
  const needsSwitchboard = options.switchboard !== false && !registersElsewhere && !callsElsewhere;
  const door: User = {
    name: given.has("account.user") ? textOf(settled.accounts[0].user) : DOOR.name,
    password: given.has("account.password") ? textOf(settled.accounts[0].password) : DOOR.password,
  };
  if (needsSwitchboard && sipPort === switchboardPort && sipPort !== 0) {
    throw new DeskError(
      `--switchboard-port: station and switchboard cannot both have port ${sipPort}; --sip-port chooses the station's`,
    );
  }
  const device: DevicePlan = {
    name: readDevice(options.device),
    small: options.small === true,
    memory: options.memory,
    console: options.console,
  };
  const settingsTextFor = (switchboard: string, board: SettingLines): string =>
    mergeSettings(
      text,
      { ...instead, ...board },
      {
        ...(needsSwitchboard ? switchboardLines(switchboard) : {}),
        ...otherwise,
      },
    );
  return {
    address,
    ports: { sip: sipPort, rtp: defaults.ports?.rtp ?? settled.network.rtpPort, switchboard: switchboardPort },
    users: needsSwitchboard ? [door, INDOOR] : [],
    algorithms: readDigest(options.digest),
    settingsFor: (switchboard) => readChangedSettings(settingsTextFor(switchboard, {})),
    settingsTextFor,
    device,
    microphone: readMicrophone(options.microphone),
    record: options.record,
  };
}
