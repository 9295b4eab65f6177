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
  NETWORK_SIP_PORT = 10,
  NETWORK_RTP_PORT = 11,
  NETWORK_ADVERTISED_ADDRESS = 12,
  HOST = 13,
  BUTTON_CALL = 14,
  CALL_RING_LIMIT = 15,
  CALL_TALK_LIMIT = 16,
  CALL_HANG_UP_AFTER_RELEASE = 17,
  CALL_ANSWER_FROM = 18,
  CALL_ANSWER_DELAY = 19,
  RELAY_CODE = 20,
  RELAY_PULSE = 21,
  CODE_TRIES = 22,
  CODE_LOCK_OUT = 23,
  AUDIO_LAWS = 24,
  AUDIO_PACKET_TIME = 25,
  AUDIO_JITTER_DELAY = 26,
  AUDIO_MICROPHONE_GAIN = 27,
  AUDIO_VOLUME = 28,
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
  /** `*`, `host` or `user@host`, several with blanks between them. */
  PEERS = 11,
  /** A host name, a blank and its address. */
  NAMED_ADDRESS = 12,
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

/** `SettingsKey.requiredWith`: the key may be left out. */
export const NEVER_REQUIRED = -1;

/** One row of the table. */
export interface SettingsKey {
  /** As it is written; `N` stands for a number from 1 to count. */
  name: Text;
  kind: SettingKind;
  /** How many there are: 1, or the largest N. */
  count: number;
  /** Of a number its smallest value, of a text its fewest octets. */
  minimum: number;
  /** Of a number its largest value, of a text its most octets, of a list its most items. */
  maximum: number;
  /** Of a number. */
  step: number;
  /** What holds when the key is left out: a number, the index of a choice, or a Text. */
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

/** Buttons, relays, listed peers and named addresses that can be set. */
export const SETTINGS_BUTTONS = 4;
export const SETTINGS_RELAYS = 2;
export const SETTINGS_PEERS = 8;
export const SETTINGS_HOSTS = 4;

/** By `SettingKey`. */
export const SETTINGS_KEYS: SettingsKey[] = [
  createInitialText(
    createRequired(createTextKey(createText("account.user"), SettingKind.USER, 64), SettingKey.ACCOUNT_REGISTRAR),
    createText("doorline"),
  ),
  createTextKey(createText("account.auth-user"), SettingKind.TEXT, 64),
  createTextKey(createText("account.password"), SettingKind.SECRET, 64),
  createTextKey(createText("account.domain"), SettingKind.HOST, 64),
  createTextKey(createText("account.registrar"), SettingKind.SERVER, 96),
  createTextKey(createText("account.outbound-proxy"), SettingKind.SERVER, 96),
  createTextKey(createText("account.realm"), SettingKind.TEXT, 64),
  createNumberKey(createText("account.expires"), 60, 3600, 1, 300, SettingUnit.SECONDS),
  createTextKey(createText("account.display-name"), SettingKind.NAME, 48),
  createChoiceKey(createText("account.transport"), createText("udp")),
  createNumberKey(createText("network.sip-port"), 1, 65535, 1, 5060, SettingUnit.NONE),
  createNumberKey(createText("network.rtp-port"), 1024, 65534, 2, 10000, SettingUnit.NONE),
  createTextKey(createText("network.advertised-address"), SettingKind.ADDRESS, 45),
  createNumbered(createTextKey(createText("host.N"), SettingKind.NAMED_ADDRESS, 64), SETTINGS_HOSTS),
  createNumbered(createTextKey(createText("button.N.call"), SettingKind.URI, 96), SETTINGS_BUTTONS),
  createNumberKey(createText("call.ring-limit"), 5, 120, 1, 60, SettingUnit.SECONDS),
  createNumberKey(createText("call.talk-limit"), 30, 1800, 1, 300, SettingUnit.SECONDS),
  createNumberKey(createText("call.hang-up-after-release"), 0, 15, 1, 5, SettingUnit.SECONDS),
  createTextKey(createText("call.answer-from"), SettingKind.PEERS, SETTINGS_PEERS),
  createNumberKey(createText("call.answer-delay"), 0, 5, 1, 0, SettingUnit.SECONDS),
  createNumbered(createTextKey(createText("relay.N.code"), SettingKind.DIGITS, 8), SETTINGS_RELAYS),
  createNumbered(createNumberKey(createText("relay.N.pulse"), 1, 60, 1, 5, SettingUnit.SECONDS), SETTINGS_RELAYS),
  createNumberKey(createText("code.tries"), 1, 10, 1, 3, SettingUnit.NONE),
  createNumberKey(createText("code.lock-out"), 0, 3600, 1, 60, SettingUnit.SECONDS),
  createChoiceKey(createText("audio.laws"), createText("pcma pcmu|pcmu pcma|pcma|pcmu")),
  createNumberKey(createText("audio.packet-time"), 10, 60, 10, 20, SettingUnit.MILLISECONDS),
  createNumberKey(createText("audio.jitter-delay"), 20, 200, 10, 40, SettingUnit.MILLISECONDS),
  createNumberKey(createText("audio.microphone-gain"), -30, 20, 1, 0, SettingUnit.DECIBELS),
  createNumberKey(createText("audio.volume"), -30, 20, 1, 0, SettingUnit.DECIBELS),
];
