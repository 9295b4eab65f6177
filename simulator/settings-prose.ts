// What the keys of the settings mean and what they allow, in words. The firmware's table (settings-keys.ts) holds names,
// kinds and limits; here is the prose beside it, for messages, the sample file and docs/settings.md.

import { type Text, textByte, textLength } from "../firmware/bytes/text";
import {
  SETTINGS_KEYS,
  SettingKey,
  SettingKind,
  type SettingsKey,
  SettingUnit,
} from "../firmware/settings/settings-keys";

/** By key: what it is for, one line. */
export const KEY_PURPOSES: Record<SettingKey, string> = {
  [SettingKey.ACCOUNT_USER]: "the user part of the account's own address, which others call",
  [SettingKey.ACCOUNT_AUTH_USER]: "the user name of digest authentication; empty: account.N.user",
  [SettingKey.ACCOUNT_PASSWORD]: "the password of digest authentication",
  [SettingKey.ACCOUNT_DOMAIN]: "the host part of the account's own address; empty: the registrar's, or the own address",
  [SettingKey.ACCOUNT_REGISTRAR]: "the server at which the account registers; empty: it does not register",
  [SettingKey.ACCOUNT_OUTBOUND_PROXY]: "the server through which every request of the account goes; empty: none",
  [SettingKey.ACCOUNT_REALM]: "the only realm whose challenge is answered; empty: that of the registrar's first one",
  [SettingKey.ACCOUNT_EXPIRES]: "how long a registration is asked to last",
  [SettingKey.ACCOUNT_DISPLAY_NAME]: "the name that the called person's phone shows",
  [SettingKey.ACCOUNT_TRANSPORT]: "how SIP travels; auto: as DNS or the address says, else udp",
  [SettingKey.ACCOUNT_PRIORITY]: "which registered account calls go out by: the lowest, of equals the first",
  [SettingKey.NETWORK_SIP_PORT]: "the port on which SIP is received",
  [SettingKey.NETWORK_RTP_PORT]: "the first port for voice; RTCP is the port above",
  [SettingKey.NETWORK_ADVERTISED_ADDRESS]:
    "the address that peers are told, behind a forwarding router; empty: the own",
  [SettingKey.NETWORK_FAMILY]: "which addresses are used; auto: of both families where the board has both",
  [SettingKey.NETWORK_NAME_SERVER]: "where names are looked up; the second is asked when the first does not answer",
  [SettingKey.NETWORK_STUN_SERVER]: "the server that says which address the station has outside; empty: none",
  [SettingKey.NETWORK_KEEP_ALIVE]:
    "how often the way to the registrar is kept open; over UDP every second time registers anew; 0: never",
  [SettingKey.NETWORK_ALLOW_FROM]: "the networks whose messages are listened to; empty: all",
  [SettingKey.HOST]: "a name and the address that it stands for",
  [SettingKey.BUTTON_CALL]: "whom the button calls; empty: nobody",
  [SettingKey.CALL_RING_LIMIT]: "how long a call rings before the station gives up",
  [SettingKey.CALL_TALK_LIMIT]: "how long a call lasts at most",
  [SettingKey.CALL_SILENCE_LIMIT]: "how long a call goes on while nothing is heard of the other side; 0: for ever",
  [SettingKey.CALL_HANG_UP_AFTER_RELEASE]:
    "how long a call goes on after the door was released; 0: until somebody hangs up",
  [SettingKey.CALL_SESSION_EXPIRES]: "how long a call lasts without being confirmed by signalling; 0: no such limit",
  [SettingKey.CALL_PROVISIONAL]: "whether ringing is reported reliably (100rel)",
  [SettingKey.CALL_OFFER]:
    "whether the station offers the media of its calls at once, or leaves that to the called side",
  [SettingKey.CALL_TRANSFER]: "whether the called person may pass the visitor on to somebody else",
  [SettingKey.CALL_ANSWER_FROM]:
    "whose calls the station answers; * is everybody, empty nobody, accounts whoever calls an account by way of its server (a caller at a host of that name is listed as user@accounts); a host by name counts when the server of an account passes the call on, or from the address that host.N gives it",
  [SettingKey.CALL_ANSWER_DELAY]: "how long an incoming call rings before it is answered",
  [SettingKey.RELAY_CODE]: "the keys that release the door; empty: no code does",
  [SettingKey.RELAY_PULSE]: "how long the relay is energised",
  [SettingKey.CODE_TRIES]: "wrong codes in a call after which no further one counts",
  [SettingKey.CODE_LOCK_OUT]: "how long no code counts afterwards",
  [SettingKey.AUDIO_LAWS]: "the codings of G.711 that are offered, the preferred one first",
  [SettingKey.AUDIO_PACKET_TIME]: "how much voice a packet carries",
  [SettingKey.AUDIO_JITTER_DELAY]: "how long received voice is held back at least to even out the network",
  [SettingKey.AUDIO_JITTER_MAXIMUM]: "how long received voice is held back at most",
  [SettingKey.AUDIO_MICROPHONE_GAIN]: "amplification of the microphone",
  [SettingKey.AUDIO_VOLUME]: "amplification of the speaker",
};

const UNIT_NAMES: Record<SettingUnit, string> = {
  [SettingUnit.NONE]: "",
  [SettingUnit.SECONDS]: "seconds",
  [SettingUnit.MILLISECONDS]: "milliseconds",
  [SettingUnit.DECIBELS]: "decibels",
};

/** By kind: an example that the kind allows, or "" where the initial value is one. */
const KIND_EXAMPLES: Record<SettingKind, string> = {
  [SettingKind.NUMBER]: "",
  [SettingKind.CHOICE]: "",
  [SettingKind.TEXT]: "example",
  [SettingKind.NAME]: "Front door",
  [SettingKind.SECRET]: "secret",
  [SettingKind.USER]: "",
  [SettingKind.HOST]: "example.org",
  [SettingKind.SERVER]: "192.0.2.1:5060",
  [SettingKind.URI]: "sip:indoor@192.0.2.2",
  [SettingKind.ADDRESS]: "192.0.2.7",
  [SettingKind.DIGITS]: "42#",
  [SettingKind.PEERS]: "indoor@192.0.2.2 192.0.2.1",
  [SettingKind.NAMED_ADDRESS]: "pbx.example.org 192.0.2.1",
  [SettingKind.HOST_PORT]: "stun.example.org",
  [SettingKind.ENDPOINT]: "192.0.2.53",
  [SettingKind.NETWORKS]: "192.0.2.0/24 2001:db8::/32",
};

/** A constant text of the firmware as a string. */
export function stringOf(text: Text): string {
  let letters = "";
  for (let index = 0; index < textLength(text); index += 1) {
    letters += String.fromCharCode(textByte(text, index));
  }
  return letters;
}

/** The name of a key, `N` replaced by its number unless that is 0. */
export function keyName(key: SettingKey, number: number): string {
  const name = stringOf(SETTINGS_KEYS[key].name);
  return number === 0 ? name : name.replace("N", String(number));
}

/** The name of a key as people write it: the number of a first account left out. */
export function shortKeyName(key: SettingKey, number: number): string {
  const name = keyName(key, number);
  return number === 1 && name.startsWith("account.") ? name.replace(".1", "") : name;
}

/** The choices of a key, in order. */
function choicesOf(row: SettingsKey): string[] {
  return stringOf(row.choices).split("|");
}

function describeNumber(row: SettingsKey): string {
  const steps = row.step > 1 ? ` in steps of ${row.step}` : "";
  const unit = UNIT_NAMES[row.unit];
  return `${row.mayBeOff ? "0, or a number" : "a number"} from ${row.minimum} to ${row.maximum}${steps}${unit === "" ? "" : ` (${unit})`}`;
}

function describeChoice(row: SettingsKey): string {
  const choices = choicesOf(row).map((choice) => `"${choice}"`);
  const last = choices.pop();
  return choices.length === 0 ? `${last} is all there is` : `one of ${choices.join(", ")} and ${last}`;
}

/** What a key allows, as the end of a sentence. */
export function describeAllowed(key: SettingKey): string {
  const row = SETTINGS_KEYS[key];
  const from = row.minimum > 0 ? `${row.minimum} to` : "at most";
  const kinds: Record<SettingKind, () => string> = {
    [SettingKind.NUMBER]: () => describeNumber(row),
    [SettingKind.CHOICE]: () => describeChoice(row),
    [SettingKind.TEXT]: () => `a text of ${from} ${row.maximum} ASCII characters`,
    [SettingKind.NAME]: () => `a text of ${from} ${row.maximum} octets of UTF-8`,
    [SettingKind.SECRET]: () => `a text of ${from} ${row.maximum} octets of UTF-8`,
    [SettingKind.USER]: () => `${from} ${row.maximum} letters, digits and any of -_.!~*'()&=+$,;?/%`,
    [SettingKind.HOST]: () => "a host name, an IPv4 address or an IPv6 address in brackets",
    [SettingKind.SERVER]: () => "a host name or address, with or without a port, or a SIP URI without a user",
    [SettingKind.URI]: () => `a sip:, sips: or tel: URI of at most ${row.maximum} characters`,
    [SettingKind.ADDRESS]: () => "an IPv4 or IPv6 address",
    [SettingKind.DIGITS]: () => `at most ${row.maximum} of the keys 0 to 9, * and #`,
    [SettingKind.PEERS]: () =>
      `at most ${row.maximum} of user@host, host, a network (192.0.2.0/24), accounts and *, with blanks between them`,
    [SettingKind.NAMED_ADDRESS]: () => "a host name, a blank, and an IPv4 or IPv6 address",
    [SettingKind.HOST_PORT]: () => "a host name or address, with or without a port",
    [SettingKind.ENDPOINT]: () => "an IPv4 or IPv6 address, with or without a port",
    [SettingKind.NETWORKS]: () => `at most ${row.maximum} of address and address/bits, with blanks between them`,
  };
  return kinds[row.kind]();
}

/** The value that holds when a key is left out, as it would be written; "" for an empty text. */
export function initialValue(key: SettingKey): string {
  const row = SETTINGS_KEYS[key];
  if (row.kind === SettingKind.NUMBER) {
    return String(row.initial);
  }
  if (row.kind === SettingKind.HOST_PORT || row.kind === SettingKind.ENDPOINT) {
    return "";
  }
  return row.kind === SettingKind.CHOICE ? choicesOf(row)[row.initial] : stringOf(row.initial);
}

/** A value that the key allows and that shows its form. */
export function exampleValue(key: SettingKey): string {
  const initial = initialValue(key);
  return initial === "" ? KIND_EXAMPLES[SETTINGS_KEYS[key].kind] : initial;
}
