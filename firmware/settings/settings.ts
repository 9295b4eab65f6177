// The settings of a station: what holds after boot, by name. Texts lie together in one buffer of fixed size; a text is a
// view of it. Written by the parser only, all at once.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createEndpoint } from "../bytes/ip-address";
import { createIpNetwork, type IpNetwork } from "./ip-network";
import {
  FamilyChoice,
  LawOrder,
  OfferChoice,
  ProvisionalChoice,
  SETTINGS_ACCOUNTS,
  SETTINGS_BUTTONS,
  SETTINGS_HOSTS,
  SETTINGS_NAME_SERVERS,
  SETTINGS_NETWORKS,
  SETTINGS_PEERS,
  SETTINGS_RELAYS,
  TransportChoice,
} from "./settings-keys";
import { resetSettings } from "./settings-store";

/** Octets for all texts of the settings: four accounts, four buttons and eight peers of usual length, twice over. */
export const SETTINGS_LETTERS_BYTES = 2048;

/** A text: bytes[start … end). Empty when it is not set. */
export interface SettingText {
  bytes: Bytes;
  start: number;
  end: number;
}

export interface AccountSettings {
  /** The user part of the station's own address. */
  user: SettingText;
  /** The user name of digest authentication; empty: as `user`. */
  authUser: SettingText;
  /** UTF-8. */
  password: SettingText;
  /** The host part of the station's own address; empty: the registrar's, or its own address. */
  domain: SettingText;
  /** A SIP URI; empty: the station does not register. */
  registrar: SettingText;
  /** A SIP URI; empty: none. */
  outboundProxy: SettingText;
  /** The only realm that digest answers; empty: that of the registrar's first challenge. */
  realm: SettingText;
  /** Seconds. */
  expires: number;
  /** UTF-8; empty: none. */
  displayName: SettingText;
  transport: TransportChoice;
  /** 1 … 9; the lowest goes first. */
  priority: number;
}

export interface NetworkSettings {
  sipPort: number;
  /** Even; RTCP is the port above, the next call two above. */
  rtpPort: number;
  /** What Contact and SDP say; family 0: the socket's own address. The port is 0. */
  advertisedAddress: Endpoint;
  family: FamilyChoice;
  /** Where names are asked for, with their ports; family 0: not set. */
  nameServers: Endpoint[];
  /** A SIP URI with a port that names the STUN server; empty: none. */
  stunServer: SettingText;
  /** Seconds between signs of life to the registrar; 0: none. */
  keepAlive: number;
  /** The networks that are listened to; none: all. */
  allowFrom: IpNetwork[];
  /** How many of `allowFrom` are set, from the first on. */
  allowFromCount: number;
}

/** A name that stands for an address; an empty name: not set. */
export interface HostSettings {
  name: SettingText;
  /** The port is 0. */
  address: Endpoint;
}

export interface ButtonSettings {
  /** The URI to call; empty: nobody. */
  call: SettingText;
}

export interface CallSettings {
  /** Seconds. */
  ringLimit: number;
  /** Seconds. */
  talkLimit: number;
  /** Seconds without media from the peer; 0: for ever. */
  silenceLimit: number;
  /** Seconds after the door was released; 0: the call goes on. */
  hangUpAfterRelease: number;
  /** Seconds that a session timer asks for (RFC 4028); 0: no session timer. */
  sessionExpires: number;
  provisional: ProvisionalChoice;
  offer: OfferChoice;
  /** Whether the peer of a call may transfer the visitor (REFER, RFC 3515). */
  transfer: boolean;
  /** Whose calls are answered: `*`, `accounts`, and networks, hosts and addresses with or without `user@`. */
  answerFrom: SettingText[];
  /** How many of `answerFrom` are set, from the first on. */
  answerFromCount: number;
  /** Seconds. */
  answerDelay: number;
}

export interface RelaySettings {
  /** 1 to 8 of 0 … 9, `*`, `#`; empty: no code moves this relay. */
  code: SettingText;
  /** Seconds. */
  pulse: number;
}

export interface CodeSettings {
  /** Wrong codes in one call before the lock-out. */
  tries: number;
  /** Seconds. */
  lockOut: number;
}

export interface AudioSettings {
  laws: LawOrder;
  /** Milliseconds. */
  packetTime: number;
  /** Milliseconds. */
  jitterDelay: number;
  /** Milliseconds. */
  jitterMaximum: number;
  /** Decibels. */
  microphoneGain: number;
  /** Decibels. */
  volume: number;
}

export interface Settings {
  /** By account, from 0; the number in the text is one more. */
  accounts: AccountSettings[];
  network: NetworkSettings;
  hosts: HostSettings[];
  buttons: ButtonSettings[];
  call: CallSettings;
  relays: RelaySettings[];
  code: CodeSettings;
  audio: AudioSettings;
  /** All texts, one behind the other. */
  letters: Bytes;
  lettersUsed: number;
  /** Octets that the initial texts take. */
  lettersInitial: number;
}

const NO_LETTERS: Bytes = createBytes(0);

function createSettingText(): SettingText {
  return { bytes: NO_LETTERS, start: 0, end: 0 };
}

function createAccountSettings(): AccountSettings {
  return {
    user: createSettingText(),
    authUser: createSettingText(),
    password: createSettingText(),
    domain: createSettingText(),
    registrar: createSettingText(),
    outboundProxy: createSettingText(),
    realm: createSettingText(),
    expires: 0,
    displayName: createSettingText(),
    transport: TransportChoice.AUTO,
    priority: 0,
  };
}

/** Boot only: settings in which every key has its initial value. */
export function createSettings(): Settings {
  const accounts: AccountSettings[] = [];
  for (let count = 0; count < SETTINGS_ACCOUNTS; count += 1) {
    accounts.push(createAccountSettings());
  }
  const settings: Settings = {
    accounts,
    network: {
      sipPort: 0,
      rtpPort: 0,
      advertisedAddress: createEndpoint(),
      family: FamilyChoice.AUTO,
      nameServers: [],
      stunServer: createSettingText(),
      keepAlive: 0,
      allowFrom: [],
      allowFromCount: 0,
    },
    hosts: [],
    buttons: [],
    call: {
      ringLimit: 0,
      talkLimit: 0,
      silenceLimit: 0,
      hangUpAfterRelease: 0,
      sessionExpires: 0,
      provisional: ProvisionalChoice.SUPPORTED,
      offer: OfferChoice.EARLY,
      transfer: false,
      answerFrom: [],
      answerFromCount: 0,
      answerDelay: 0,
    },
    relays: [],
    code: { tries: 0, lockOut: 0 },
    audio: {
      laws: LawOrder.A_THEN_MU,
      packetTime: 0,
      jitterDelay: 0,
      jitterMaximum: 0,
      microphoneGain: 0,
      volume: 0,
    },
    letters: createBytes(SETTINGS_LETTERS_BYTES),
    lettersUsed: 0,
    lettersInitial: 0,
  };
  for (let count = 0; count < SETTINGS_NAME_SERVERS; count += 1) {
    settings.network.nameServers.push(createEndpoint());
  }
  for (let count = 0; count < SETTINGS_NETWORKS; count += 1) {
    settings.network.allowFrom.push(createIpNetwork());
  }
  for (let count = 0; count < SETTINGS_HOSTS; count += 1) {
    settings.hosts.push({ name: createSettingText(), address: createEndpoint() });
  }
  for (let count = 0; count < SETTINGS_BUTTONS; count += 1) {
    settings.buttons.push({ call: createSettingText() });
  }
  for (let count = 0; count < SETTINGS_RELAYS; count += 1) {
    settings.relays.push({ code: createSettingText(), pulse: 0 });
  }
  for (let count = 0; count < SETTINGS_PEERS; count += 1) {
    settings.call.answerFrom.push(createSettingText());
  }
  resetSettings(settings);
  settings.lettersInitial = settings.lettersUsed;
  return settings;
}
