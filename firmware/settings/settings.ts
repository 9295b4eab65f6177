// The settings of a station: what holds after boot, by name. Texts lie together in one buffer of fixed size; a text is a
// view of it. Written by the parser only, all at once.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import { createEndpoint } from "../bytes/ip-address";
import { copyText, createText, type Text, textLength } from "../bytes/text";
import { skipBlanks } from "../sip/characters";
import { endOfWord, hasSipScheme, type SettingValue } from "./setting-value";
import {
  LawOrder,
  SETTINGS_BUTTONS,
  SETTINGS_HOSTS,
  SETTINGS_KEYS,
  SETTINGS_PEERS,
  SETTINGS_RELAYS,
  SettingKey,
  SettingKind,
} from "./settings-keys";

/** Octets for all texts of the settings: an account, four buttons and eight peers of usual length, twice over. */
export const SETTINGS_LETTERS_BYTES = 1024;

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
  /** 0: UDP. */
  transport: number;
}

export interface NetworkSettings {
  sipPort: number;
  /** Even; RTCP is the port above, the next call two above. */
  rtpPort: number;
  /** What Contact and SDP say; family 0: the socket's own address. The port is 0. */
  advertisedAddress: Endpoint;
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
  /** Seconds after the door was released; 0: the call goes on. */
  hangUpAfterRelease: number;
  /** Whose calls are answered: `*`, `host` or `user@host`. */
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
  /** Decibels. */
  microphoneGain: number;
  /** Decibels. */
  volume: number;
}

export interface Settings {
  account: AccountSettings;
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

const EMPTY = createText("");
const SIP_SCHEME = createText("sip:");
const NO_LETTERS: Bytes = createBytes(0);

function createSettingText(): SettingText {
  return { bytes: NO_LETTERS, start: 0, end: 0 };
}

/** Boot only: settings in which every key has its initial value. */
export function createSettings(): Settings {
  const settings: Settings = {
    account: {
      user: createSettingText(),
      authUser: createSettingText(),
      password: createSettingText(),
      domain: createSettingText(),
      registrar: createSettingText(),
      outboundProxy: createSettingText(),
      realm: createSettingText(),
      expires: 0,
      displayName: createSettingText(),
      transport: 0,
    },
    network: { sipPort: 0, rtpPort: 0, advertisedAddress: createEndpoint() },
    hosts: [],
    buttons: [],
    call: {
      ringLimit: 0,
      talkLimit: 0,
      hangUpAfterRelease: 0,
      answerFrom: [],
      answerFromCount: 0,
      answerDelay: 0,
    },
    relays: [],
    code: { tries: 0, lockOut: 0 },
    audio: { laws: LawOrder.A_THEN_MU, packetTime: 0, jitterDelay: 0, microphoneGain: 0, volume: 0 },
    letters: createBytes(SETTINGS_LETTERS_BYTES),
    lettersUsed: 0,
    lettersInitial: 0,
  };
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

function storeNumber(settings: Settings, key: SettingKey, index: number, value: number): void {
  switch (key) {
    case SettingKey.ACCOUNT_EXPIRES:
      settings.account.expires = value;
      break;
    case SettingKey.ACCOUNT_TRANSPORT:
      settings.account.transport = value;
      break;
    case SettingKey.NETWORK_SIP_PORT:
      settings.network.sipPort = value;
      break;
    case SettingKey.NETWORK_RTP_PORT:
      settings.network.rtpPort = value;
      break;
    case SettingKey.CALL_RING_LIMIT:
      settings.call.ringLimit = value;
      break;
    case SettingKey.CALL_TALK_LIMIT:
      settings.call.talkLimit = value;
      break;
    case SettingKey.CALL_HANG_UP_AFTER_RELEASE:
      settings.call.hangUpAfterRelease = value;
      break;
    case SettingKey.CALL_ANSWER_DELAY:
      settings.call.answerDelay = value;
      break;
    case SettingKey.RELAY_PULSE:
      settings.relays[index].pulse = value;
      break;
    case SettingKey.CODE_TRIES:
      settings.code.tries = value;
      break;
    case SettingKey.CODE_LOCK_OUT:
      settings.code.lockOut = value;
      break;
    case SettingKey.AUDIO_LAWS:
      settings.audio.laws = value as LawOrder;
      break;
    case SettingKey.AUDIO_PACKET_TIME:
      settings.audio.packetTime = value;
      break;
    case SettingKey.AUDIO_JITTER_DELAY:
      settings.audio.jitterDelay = value;
      break;
    case SettingKey.AUDIO_MICROPHONE_GAIN:
      settings.audio.microphoneGain = value;
      break;
    default:
      settings.audio.volume = value;
  }
}

function findText(settings: Settings, key: SettingKey, index: number): SettingText {
  switch (key) {
    case SettingKey.ACCOUNT_USER:
      return settings.account.user;
    case SettingKey.ACCOUNT_AUTH_USER:
      return settings.account.authUser;
    case SettingKey.ACCOUNT_PASSWORD:
      return settings.account.password;
    case SettingKey.ACCOUNT_DOMAIN:
      return settings.account.domain;
    case SettingKey.ACCOUNT_REGISTRAR:
      return settings.account.registrar;
    case SettingKey.ACCOUNT_OUTBOUND_PROXY:
      return settings.account.outboundProxy;
    case SettingKey.ACCOUNT_REALM:
      return settings.account.realm;
    case SettingKey.ACCOUNT_DISPLAY_NAME:
      return settings.account.displayName;
    case SettingKey.HOST:
      return settings.hosts[index].name;
    case SettingKey.BUTTON_CALL:
      return settings.buttons[index].call;
    default:
      return settings.relays[index].code;
  }
}

function findAddress(settings: Settings, key: SettingKey, index: number): Endpoint {
  return key === SettingKey.HOST ? settings.hosts[index].address : settings.network.advertisedAddress;
}

/** Opens a text behind the last one, and puts `prefix` into it. */
function openText(settings: Settings, text: SettingText, prefix: Text): void {
  text.bytes = settings.letters;
  text.start = settings.lettersUsed;
  text.end = copyText(settings.letters, text.start, prefix);
  settings.lettersUsed = text.end;
}

function appendText(settings: Settings, text: SettingText, bytes: Bytes, start: number, end: number): void {
  copyBytes(settings.letters, text.end, bytes, start, end);
  text.end += end - start;
  settings.lettersUsed = text.end;
}

function storeAddress(target: Endpoint, source: Endpoint): void {
  target.family = source.family;
  copyBytes(target.address, 0, source.address, 0, 16);
}

function storePeers(settings: Settings, bytes: Bytes, start: number, end: number): void {
  const call = settings.call;
  let index = start;
  call.answerFromCount = 0;
  while (index < end) {
    const wordEnd = endOfWord(bytes, index, end);
    const peer = call.answerFrom[call.answerFromCount];
    openText(settings, peer, EMPTY);
    appendText(settings, peer, bytes, index, wordEnd);
    call.answerFromCount += 1;
    index = skipBlanks(bytes, wordEnd, end);
  }
}

/** The octets of `letters` that a value takes. */
export function lettersOf(kind: SettingKind, start: number, end: number): number {
  if (kind === SettingKind.NUMBER || kind === SettingKind.CHOICE || kind === SettingKind.ADDRESS) {
    return 0;
  }
  return end - start + (kind === SettingKind.SERVER ? textLength(SIP_SCHEME) : 0);
}

/**
 * Stores a checked value.
 * @param index 0 … count - 1 of the key
 * @param value what `readSettingValue` made of bytes[start … end)
 */
export function storeSetting(
  settings: Settings,
  key: SettingKey,
  index: number,
  value: SettingValue,
  bytes: Bytes,
  start: number,
  end: number,
): void {
  const kind = SETTINGS_KEYS[key].kind;
  if (kind === SettingKind.NUMBER || kind === SettingKind.CHOICE) {
    storeNumber(settings, key, index, value.number);
  } else if (kind === SettingKind.PEERS) {
    storePeers(settings, bytes, start, end);
  } else if (kind === SettingKind.ADDRESS) {
    storeAddress(findAddress(settings, key, index), value.address);
  } else {
    const text = findText(settings, key, index);
    let textEnd = end;
    if (kind === SettingKind.NAMED_ADDRESS) {
      storeAddress(findAddress(settings, key, index), value.address);
      textEnd = value.nameEnd;
    }
    const needsScheme = kind === SettingKind.SERVER && start < end && !hasSipScheme(bytes, start, end);
    openText(settings, text, needsScheme ? SIP_SCHEME : EMPTY);
    appendText(settings, text, bytes, start, textEnd);
  }
}

/** Gives every key its initial value. */
export function resetSettings(settings: Settings): void {
  settings.lettersUsed = 0;
  settings.call.answerFromCount = 0;
  for (let key = 0; key < SETTINGS_KEYS.length; key += 1) {
    const row = SETTINGS_KEYS[key];
    const kind = row.kind;
    for (let index = 0; index < row.count; index += 1) {
      if (kind === SettingKind.NUMBER || kind === SettingKind.CHOICE) {
        storeNumber(settings, key, index, row.initial);
      } else if (kind !== SettingKind.PEERS) {
        if (kind === SettingKind.ADDRESS || kind === SettingKind.NAMED_ADDRESS) {
          findAddress(settings, key, index).family = 0;
        }
        if (kind !== SettingKind.ADDRESS) {
          openText(settings, findText(settings, key, index), row.initial);
        }
      }
    }
  }
}
