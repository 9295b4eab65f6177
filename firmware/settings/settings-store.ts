// Where a checked value goes: by key and number into the record of the settings, texts one behind the other into its letters.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes } from "../bytes/bytes";
import { copyEndpoint } from "../bytes/ip-address";
import { copyText, createText, type Text, textLength } from "../bytes/text";
import { createWriter, openWriter, putByte, putDecimal } from "../bytes/writer";
import { skipBlanks } from "../sip/characters";
import { parseNetwork } from "./ip-network";
import { endOfWord, hasSipScheme, type SettingValue } from "./setting-value";
import type { Settings, SettingText } from "./settings";
import {
  type FamilyChoice,
  type LawOrder,
  type OfferChoice,
  type ProvisionalChoice,
  SETTINGS_KEYS,
  SettingKey,
  SettingKind,
  type TransportChoice,
} from "./settings-keys";

const EMPTY = createText("");
const SIP_SCHEME = createText("sip:");
const PORT_LETTERS = 6; // ":65535"

const writer = createWriter();

function storeNumber(settings: Settings, key: SettingKey, index: number, value: number): void {
  switch (key) {
    case SettingKey.ACCOUNT_EXPIRES:
      settings.accounts[index].expires = value;
      break;
    case SettingKey.ACCOUNT_TRANSPORT:
      settings.accounts[index].transport = value as TransportChoice;
      break;
    case SettingKey.ACCOUNT_PRIORITY:
      settings.accounts[index].priority = value;
      break;
    case SettingKey.NETWORK_SIP_PORT:
      settings.network.sipPort = value;
      break;
    case SettingKey.NETWORK_RTP_PORT:
      settings.network.rtpPort = value;
      break;
    case SettingKey.NETWORK_FAMILY:
      settings.network.family = value as FamilyChoice;
      break;
    case SettingKey.NETWORK_KEEP_ALIVE:
      settings.network.keepAlive = value;
      break;
    case SettingKey.CALL_RING_LIMIT:
      settings.call.ringLimit = value;
      break;
    case SettingKey.CALL_TALK_LIMIT:
      settings.call.talkLimit = value;
      break;
    case SettingKey.CALL_SILENCE_LIMIT:
      settings.call.silenceLimit = value;
      break;
    case SettingKey.CALL_SESSION_EXPIRES:
      settings.call.sessionExpires = value;
      break;
    case SettingKey.CALL_PROVISIONAL:
      settings.call.provisional = value as ProvisionalChoice;
      break;
    case SettingKey.CALL_OFFER:
      settings.call.offer = value as OfferChoice;
      break;
    case SettingKey.CALL_TRANSFER:
      settings.call.transfer = value === 0;
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
    case SettingKey.AUDIO_JITTER_MAXIMUM:
      settings.audio.jitterMaximum = value;
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
      return settings.accounts[index].user;
    case SettingKey.ACCOUNT_AUTH_USER:
      return settings.accounts[index].authUser;
    case SettingKey.ACCOUNT_PASSWORD:
      return settings.accounts[index].password;
    case SettingKey.ACCOUNT_DOMAIN:
      return settings.accounts[index].domain;
    case SettingKey.ACCOUNT_REGISTRAR:
      return settings.accounts[index].registrar;
    case SettingKey.ACCOUNT_OUTBOUND_PROXY:
      return settings.accounts[index].outboundProxy;
    case SettingKey.ACCOUNT_REALM:
      return settings.accounts[index].realm;
    case SettingKey.ACCOUNT_DISPLAY_NAME:
      return settings.accounts[index].displayName;
    case SettingKey.NETWORK_STUN_SERVER:
      return settings.network.stunServer;
    case SettingKey.HOST:
      return settings.hosts[index].name;
    case SettingKey.BUTTON_CALL:
      return settings.buttons[index].call;
    default:
      return settings.relays[index].code;
  }
}

function findAddress(settings: Settings, key: SettingKey, index: number): Endpoint {
  if (key === SettingKey.HOST) {
    return settings.hosts[index].address;
  }
  return key === SettingKey.NETWORK_NAME_SERVER
    ? settings.network.nameServers[index]
    : settings.network.advertisedAddress;
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

function storeNetworks(settings: Settings, bytes: Bytes, start: number, end: number): void {
  const network = settings.network;
  let index = start;
  network.allowFromCount = 0;
  while (index < end) {
    const wordEnd = endOfWord(bytes, index, end);
    parseNetwork(bytes, index, wordEnd, network.allowFrom[network.allowFromCount]);
    network.allowFromCount += 1;
    index = skipBlanks(bytes, wordEnd, end);
  }
}

/** Appends `:port`. */
function appendPort(settings: Settings, text: SettingText, port: number): void {
  openWriter(writer, settings.letters, text.end, settings.letters.length);
  putByte(writer, 0x3a);
  putDecimal(writer, port);
  text.end = writer.length;
  settings.lettersUsed = text.end;
}

/** Whether values of a kind are kept as numbers and octets of fixed size. */
function isFixedSize(kind: SettingKind): boolean {
  return (
    kind === SettingKind.NUMBER ||
    kind === SettingKind.CHOICE ||
    kind === SettingKind.ADDRESS ||
    kind === SettingKind.ENDPOINT ||
    kind === SettingKind.NETWORKS
  );
}

/** The octets of `letters` that a value takes. */
export function lettersOf(kind: SettingKind, start: number, end: number): number {
  if (isFixedSize(kind)) {
    return 0;
  }
  const scheme = kind === SettingKind.SERVER || kind === SettingKind.HOST_PORT ? textLength(SIP_SCHEME) : 0;
  return end - start + scheme + (kind === SettingKind.HOST_PORT ? PORT_LETTERS : 0);
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
  } else if (kind === SettingKind.NETWORKS) {
    storeNetworks(settings, bytes, start, end);
  } else if (isFixedSize(kind)) {
    copyEndpoint(findAddress(settings, key, index), value.address);
  } else {
    const text = findText(settings, key, index);
    const isHostPort = kind === SettingKind.HOST_PORT;
    let textEnd = end;
    if (kind === SettingKind.NAMED_ADDRESS) {
      copyEndpoint(findAddress(settings, key, index), value.address);
      textEnd = value.nameEnd;
    } else if (isHostPort) {
      textEnd = value.nameEnd;
    }
    const needsScheme = isHostPort || (kind === SettingKind.SERVER && !hasSipScheme(bytes, start, end));
    openText(settings, text, needsScheme && start < end ? SIP_SCHEME : EMPTY);
    appendText(settings, text, bytes, start, textEnd);
    if (isHostPort && start < end) {
      appendPort(settings, text, value.address.port);
    }
  }
}

/** Gives every key its initial value. */
export function resetSettings(settings: Settings): void {
  settings.lettersUsed = 0;
  settings.call.answerFromCount = 0;
  settings.network.allowFromCount = 0;
  for (let key = 0; key < SETTINGS_KEYS.length; key += 1) {
    const row = SETTINGS_KEYS[key];
    const kind = row.kind;
    for (let index = 0; index < row.count; index += 1) {
      if (kind === SettingKind.NUMBER || kind === SettingKind.CHOICE) {
        storeNumber(settings, key, index, row.initial);
      } else if (kind === SettingKind.ADDRESS || kind === SettingKind.ENDPOINT || kind === SettingKind.NAMED_ADDRESS) {
        findAddress(settings, key, index).family = 0;
      }
      if (kind === SettingKind.HOST_PORT) {
        openText(settings, findText(settings, key, index), EMPTY);
      } else if (!isFixedSize(kind) && kind !== SettingKind.PEERS) {
        openText(settings, findText(settings, key, index), row.initial);
      }
    }
  }
}
