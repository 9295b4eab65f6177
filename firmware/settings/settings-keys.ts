// What an installer can set: one table of keys. The parser, the defaults, the desk's messages, the sample file and
// docs/settings.md all come from it. It holds no prose: the desk explains a key (simulator/settings-prose.ts).

import { createText, type Text } from "../bytes/text";

/** A key; its index in SETTINGS_KEYS. */
export const enum SettingKey {
  ACCOUNT_USER = 0,
  ACCOUNT_AUTH_USER = 1,
  ACCOUNT_PASSWORD = 2,
  ACCOUNT_DOMAIN = 3,
  ACCOUNT_REGISTRAR = 4,
  ACCOUNT_OUTBOUND_PROXY = 5,
  ACCOUNT_REALM = 6,
  ACCOUNT_EXPIRES = 7,
  ACCOUNT_DISPLAY_NAME = 8,
  ACCOUNT_TRANSPORT = 9,
  ACCOUNT_PRIORITY = 10,
  NETWORK_SIP_PORT = 11,
  NETWORK_RTP_PORT = 12,
  NETWORK_ADVERTISED_ADDRESS = 13,
  NETWORK_FAMILY = 14,
  NETWORK_NAME_SERVER = 15,
  NETWORK_STUN_SERVER = 16,
  NETWORK_KEEP_ALIVE = 17,
  NETWORK_ALLOW_FROM = 18,
  HOST = 19,
  BUTTON_CALL = 20,
  CALL_RING_LIMIT = 21,
  CALL_TALK_LIMIT = 22,
  CALL_SILENCE_LIMIT = 23,
  CALL_HANG_UP_AFTER_RELEASE = 24,
  CALL_SESSION_EXPIRES = 25,
  CALL_PROVISIONAL = 26,
  CALL_OFFER = 27,
  CALL_TRANSFER = 28,
  CALL_ANSWER_FROM = 29,
  CALL_ANSWER_DELAY = 30,
  RELAY_CODE = 31,
  RELAY_PULSE = 32,
  CODE_TRIES = 33,
  CODE_LOCK_OUT = 34,
  AUDIO_LAWS = 35,
  AUDIO_PACKET_TIME = 36,
  AUDIO_JITTER_DELAY = 37,
  AUDIO_JITTER_MAXIMUM = 38,
  AUDIO_MICROPHONE_GAIN = 39,
  AUDIO_VOLUME = 40,
}

/** What the value of a key is. */
export const enum SettingKind {
  /** An integer from minimum to maximum in steps. */
  NUMBER = 0,
  /** One of the choices; its value is the index. */
  CHOICE = 1,
  /** Printable ASCII. */
  TEXT = 2,
  /** UTF-8 (RFC 3629). */
  NAME = 3,
  /** UTF-8 that no message quotes. */
  SECRET = 4,
  /** The user part of a SIP URI (RFC 3261 25.1). */
  USER = 5,
  /** A host name, an IPv4 address, or an IPv6 address in brackets. */
  HOST = 6,
  /** `host`, `host:port` or `sip:host:port;parameters`; kept as a SIP URI. */
  SERVER = 7,
  /** A sip, sips or tel URI. */
  URI = 8,
  /** An IPv4 or IPv6 address. */
  ADDRESS = 9,
  /** 0 … 9, `*` and `#`; no message quotes it. */
  DIGITS = 10,
  /** `*`, `host`, `network/bits` or `user@` one of these, several with blanks between them. */
  PEERS = 11,
  /** A host name, a blank and its address. */
  NAMED_ADDRESS = 12,
  /** `host` or `host:port`; kept as a SIP URI that names the port: the key's `initial` when none is written. */
  HOST_PORT = 13,
  /** An IPv4 or IPv6 address, with a port or not: then the key's `initial`. */
  ENDPOINT = 14,
  /** Addresses and `address/bits` (settings/ip-network.ts), several with blanks between them. */
  NETWORKS = 15,
}

export const enum SettingUnit {
  NONE = 0,
  SECONDS = 1,
  MILLISECONDS = 2,
  DECIBELS = 3,
}

/** The value of audio.laws: what is offered, and in which order. */
export const enum LawOrder {
  A_THEN_MU = 0,
  MU_THEN_A = 1,
  A_ONLY = 2,
  MU_ONLY = 3,
}

/** The value of account.N.transport. */
export const enum TransportChoice {
  /** What DNS or the URI says (RFC 3263 4.1), else UDP. */
  AUTO = 0,
  UDP = 1,
  TCP = 2,
}

/** The value of network.family. */
export const enum FamilyChoice {
  /** Every family that the board has an address of. */
  AUTO = 0,
  IPV4 = 1,
  IPV6 = 2,
}

/** The value of call.provisional: reliable provisional responses (RFC 3262). */
export const enum ProvisionalChoice {
  SUPPORTED = 0,
  REQUIRED = 1,
  OFF = 2,
}

/** The value of call.offer: who offers the media of a call of ours (RFC 3261 13.2.1). */
export const enum OfferChoice {
  /** We do, in the INVITE. */
  EARLY = 0,
  /** The called side does, in its first reliable response. */
  DELAYED = 1,
}

/** `SettingsKey.requiredWith`: the key may be left out. */
export const NEVER_REQUIRED = -1;

/** One row of the table. */
export interface SettingsKey {
  /** As it is written; `N` stands for a number from 1 to count, and `.N` may be left out for number 1. */
  name: Text;
  kind: SettingKind;
  /** How many there are: 1, or the largest N. */
  count: number;
  /** Of a number its smallest value, of a text its fewest octets. */
  minimum: number;
  /** Of a number: whether 0, which is off, is allowed beside minimum to maximum. */
  mayBeOff: boolean;
  /** Of a number its largest value, of a text its most octets, of a list its most items. */
  maximum: number;
  /** Of a number. */
  step: number;
  /** What holds when the key is left out: a number, the index of a choice, or a Text; of a kind with a port, the port. */
  initial: number;
  unit: SettingUnit;
  /** Of a choice: what may be written, with `|` between. */
  choices: Text;
  /** The key that, when given, makes this one required; or NEVER_REQUIRED. */
  requiredWith: number;
}

const EMPTY = createText("");

function createTextKey(name: Text, kind: SettingKind, maximum: number): SettingsKey {
  return {
    name,
    kind,
    count: 1,
    minimum: 0,
    mayBeOff: false,
    maximum,
    step: 1,
    initial: EMPTY,
    unit: SettingUnit.NONE,
    choices: EMPTY,
    requiredWith: NEVER_REQUIRED,
  };
}

function createNumberKey(
  name: Text,
  minimum: number,
  maximum: number,
  step: number,
  initial: number,
  unit: SettingUnit,
): SettingsKey {
  const row = createTextKey(name, SettingKind.NUMBER, maximum);
  row.minimum = minimum;
  row.step = step;
  row.initial = initial;
  row.unit = unit;
  return row;
}

/** A choice; the first one holds when the key is left out. */
function createChoiceKey(name: Text, choices: Text): SettingsKey {
  const row = createTextKey(name, SettingKind.CHOICE, 0);
  row.initial = 0;
  row.choices = choices;
  return row;
}

/** A number that may be 0 as well: off. */
function createOffOr(row: SettingsKey): SettingsKey {
  row.mayBeOff = true;
  return row;
}

/** A text with a port in it. */
function createPortKey(name: Text, kind: SettingKind, maximum: number, port: number): SettingsKey {
  const row = createTextKey(name, kind, maximum);
  row.initial = port;
  return row;
}

function createNumbered(row: SettingsKey, count: number): SettingsKey {
  row.count = count;
  return row;
}

function createRequired(row: SettingsKey, requiredWith: number): SettingsKey {
  row.requiredWith = requiredWith;
  row.minimum = 1;
  return row;
}

function createInitialText(row: SettingsKey, initial: Text): SettingsKey {
  row.initial = initial;
  return row;
}

/** Accounts, buttons, relays, listed peers, named addresses, name servers and allowed networks that can be set. */
export const SETTINGS_ACCOUNTS = 4;
export const SETTINGS_BUTTONS = 4;
export const SETTINGS_RELAYS = 2;
export const SETTINGS_PEERS = 8;
export const SETTINGS_HOSTS = 4;
export const SETTINGS_NAME_SERVERS = 2;
export const SETTINGS_NETWORKS = 8;

const DNS_PORT = 53; // RFC 1035 4.2
const STUN_PORT = 3478; // RFC 5389 9

function createAccountKey(name: Text, kind: SettingKind, maximum: number): SettingsKey {
  return createNumbered(createTextKey(name, kind, maximum), SETTINGS_ACCOUNTS);
}

/** By `SettingKey`. */
export const SETTINGS_KEYS: SettingsKey[] = [
  createInitialText(
    createRequired(createAccountKey(createText("account.N.user"), SettingKind.USER, 64), SettingKey.ACCOUNT_REGISTRAR),
    createText("doorline"),
  ),
  createAccountKey(createText("account.N.auth-user"), SettingKind.TEXT, 64),
  createAccountKey(createText("account.N.password"), SettingKind.SECRET, 64),
  createAccountKey(createText("account.N.domain"), SettingKind.HOST, 64),
  createAccountKey(createText("account.N.registrar"), SettingKind.SERVER, 96),
  createAccountKey(createText("account.N.outbound-proxy"), SettingKind.SERVER, 96),
  createAccountKey(createText("account.N.realm"), SettingKind.TEXT, 64),
  createNumbered(
    createNumberKey(createText("account.N.expires"), 60, 3600, 1, 300, SettingUnit.SECONDS),
    SETTINGS_ACCOUNTS,
  ),
  createAccountKey(createText("account.N.display-name"), SettingKind.NAME, 48),
  createNumbered(createChoiceKey(createText("account.N.transport"), createText("auto|udp|tcp")), SETTINGS_ACCOUNTS),
  createNumbered(createNumberKey(createText("account.N.priority"), 1, 9, 1, 1, SettingUnit.NONE), SETTINGS_ACCOUNTS),
  createNumberKey(createText("network.sip-port"), 1, 65535, 1, 5060, SettingUnit.NONE),
  createNumberKey(createText("network.rtp-port"), 1024, 65534, 2, 10000, SettingUnit.NONE),
  createTextKey(createText("network.advertised-address"), SettingKind.ADDRESS, 45),
  createChoiceKey(createText("network.family"), createText("auto|ipv4|ipv6")),
  createNumbered(
    createPortKey(createText("network.name-server.N"), SettingKind.ENDPOINT, 54, DNS_PORT),
    SETTINGS_NAME_SERVERS,
  ),
  createPortKey(createText("network.stun-server"), SettingKind.HOST_PORT, 96, STUN_PORT),
  createOffOr(createNumberKey(createText("network.keep-alive"), 10, 300, 1, 25, SettingUnit.SECONDS)),
  createTextKey(createText("network.allow-from"), SettingKind.NETWORKS, SETTINGS_NETWORKS),
  createNumbered(createTextKey(createText("host.N"), SettingKind.NAMED_ADDRESS, 64), SETTINGS_HOSTS),
  createNumbered(createTextKey(createText("button.N.call"), SettingKind.URI, 96), SETTINGS_BUTTONS),
  createNumberKey(createText("call.ring-limit"), 5, 120, 1, 60, SettingUnit.SECONDS),
  createNumberKey(createText("call.talk-limit"), 30, 1800, 1, 300, SettingUnit.SECONDS),
  createOffOr(createNumberKey(createText("call.silence-limit"), 5, 600, 1, 30, SettingUnit.SECONDS)),
  createNumberKey(createText("call.hang-up-after-release"), 0, 15, 1, 5, SettingUnit.SECONDS),
  createOffOr(createNumberKey(createText("call.session-expires"), 90, 7200, 1, 1800, SettingUnit.SECONDS)),
  createChoiceKey(createText("call.provisional"), createText("supported|required|off")),
  createChoiceKey(createText("call.offer"), createText("early|delayed")),
  createChoiceKey(createText("call.transfer"), createText("yes|no")),
  createTextKey(createText("call.answer-from"), SettingKind.PEERS, SETTINGS_PEERS),
  createNumberKey(createText("call.answer-delay"), 0, 5, 1, 0, SettingUnit.SECONDS),
  createNumbered(createTextKey(createText("relay.N.code"), SettingKind.DIGITS, 8), SETTINGS_RELAYS),
  createNumbered(createNumberKey(createText("relay.N.pulse"), 1, 60, 1, 5, SettingUnit.SECONDS), SETTINGS_RELAYS),
  createNumberKey(createText("code.tries"), 1, 10, 1, 3, SettingUnit.NONE),
  createNumberKey(createText("code.lock-out"), 0, 3600, 1, 60, SettingUnit.SECONDS),
  createChoiceKey(createText("audio.laws"), createText("pcma pcmu|pcmu pcma|pcma|pcmu")),
  createNumberKey(createText("audio.packet-time"), 10, 60, 10, 20, SettingUnit.MILLISECONDS),
  createNumberKey(createText("audio.jitter-delay"), 20, 200, 10, 40, SettingUnit.MILLISECONDS),
  createNumberKey(createText("audio.jitter-maximum"), 40, 400, 10, 200, SettingUnit.MILLISECONDS),
  createNumberKey(createText("audio.microphone-gain"), -30, 20, 1, 0, SettingUnit.DECIBELS),
  createNumberKey(createText("audio.volume"), -30, 20, 1, 0, SettingUnit.DECIBELS),
];
