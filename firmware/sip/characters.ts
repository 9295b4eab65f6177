// Character classes of RFC 3261 25.1 as one table of flags, and the skipping of linear white space, which includes the
// line folding of 7.3.1 (CRLF followed by a blank).

import { type Bytes, createBytes, findByte } from "../bytes/bytes";

/** token: alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" */
export const CHARACTER_TOKEN = 1;
/** Octets of a host name or IPv4 address: alphanum / "-" / "." */
export const CHARACTER_HOST = 2;
export const CHARACTER_DIGIT = 4;
/** SP, HTAB, and CR, LF of a folded line */
export const CHARACTER_BLANK = 8;
/** unreserved / user-unreserved / "%" */
export const CHARACTER_USER = 16;
/** What ends the value of a parameter that is not quoted: ";", "?", "," and blanks. */
export const CHARACTER_VALUE_END = 32;
/** What ends the name of a parameter, or cannot be in one: ";", "=", "?", ",", quotes, angle brackets and blanks. */
export const CHARACTER_NAME_END = 64;
/** What divides the values of a header field, or hides a division: commas, quotes, angle brackets and blanks. */
export const CHARACTER_DELIMITER = 128;

function createCharacterTable(): Bytes {
  const table = createBytes(256);
  const classes = [
    CHARACTER_TOKEN,
    "-.!%*_+`'~",
    CHARACTER_HOST,
    "-.",
    CHARACTER_BLANK,
    " \t\r\n",
    CHARACTER_USER,
    "-_.!~*'()&=+$,;?/%",
    CHARACTER_VALUE_END,
    ";?, \t\r\n",
    CHARACTER_NAME_END,
    ';=?,"<> \t\r\n',
    CHARACTER_DELIMITER,
    ',"<> \t\r\n',
  ];
  for (let index = 0; index < classes.length; index += 2) {
    const flag = classes[index] as number;
    const letters = classes[index + 1] as string;
    for (let letter = 0; letter < letters.length; letter += 1) {
      table[letters.charCodeAt(letter)] |= flag;
    }
  }
  const alphanumeric = CHARACTER_TOKEN | CHARACTER_HOST | CHARACTER_USER;
  for (let octet = 0x30; octet <= 0x39; octet += 1) {
    table[octet] |= alphanumeric | CHARACTER_DIGIT;
  }
  for (let octet = 0x41; octet <= 0x5a; octet += 1) {
    table[octet] |= alphanumeric;
    table[octet + 0x20] |= alphanumeric;
  }
  return table;
}

/** By octet: the flags above. */
export const CHARACTERS: Bytes = createCharacterTable();

/** The first offset from `start` that holds no blank, or `end`. */
export function skipBlanks(bytes: Bytes, start: number, end: number): number {
  const characters = CHARACTERS;
  let index = start;
  while (index < end && (characters[bytes[index]] & CHARACTER_BLANK) !== 0) {
    index += 1;
  }
  return index;
}

/** The offset behind the last octet of [start, end) that is no blank, or `start`. */
export function trimBlanks(bytes: Bytes, start: number, end: number): number {
  const characters = CHARACTERS;
  let index = end;
  while (index > start && (characters[bytes[index - 1]] & CHARACTER_BLANK) !== 0) {
    index -= 1;
  }
  return index;
}

/** The first offset from `start` that is not in the class, or `end`. */
export function skipClass(bytes: Bytes, start: number, end: number, characterClass: number): number {
  const characters = CHARACTERS;
  let index = start;
  while (index < end && (characters[bytes[index]] & characterClass) !== 0) {
    index += 1;
  }
  return index;
}

/** The first offset from `start` that is in the class, or `end`. */
export function findClass(bytes: Bytes, start: number, end: number, characterClass: number): number {
  const characters = CHARACTERS;
  let index = start;
  while (
    index + 4 <= end &&
    ((characters[bytes[index]] |
      characters[bytes[index + 1]] |
      characters[bytes[index + 2]] |
      characters[bytes[index + 3]]) &
      characterClass) ===
      0
  ) {
    index += 4;
  }
  while (index < end && (characters[bytes[index]] & characterClass) === 0) {
    index += 1;
  }
  return index;
}

/**
 * The offset behind the host that begins at `start`: a name, an IPv4 address or an IPv6 reference in brackets. Whether it is
 * a good address is not told.
 * @returns the offset, or -1 when there is none or its bracket does not close before `end`
 */
export function skipHost(bytes: Bytes, start: number, end: number): number {
  if (start >= end || bytes[start] !== 0x5b) {
    const nameEnd = skipClass(bytes, start, end, CHARACTER_HOST);
    return nameEnd > start ? nameEnd : -1;
  }
  let index = start + 1;
  while (index < end && ((CHARACTERS[bytes[index]] & CHARACTER_HOST) !== 0 || bytes[index] === 0x3a)) {
    index += 1;
  }
  return index > start + 1 && index < end && bytes[index] === 0x5d ? index + 1 : -1;
}

/**
 * The offset behind the quoted string that opens at `start` (RFC 3261 25.1, quoted-pairs skipped).
 * @returns the offset behind the closing quote, or -1 when it does not close before `end`
 */
export function skipQuotedString(bytes: Bytes, start: number, end: number): number {
  let index = start + 1;
  while (index < end) {
    const octet = bytes[index];
    if (octet === 0x22) {
      return index + 1;
    }
    index += octet === 0x5c ? 2 : 1;
  }
  return -1;
}

/**
 * The offset of the comma that ends the value at `start`, or `end`. Commas in quoted strings and angle brackets do not count.
 */
export function endOfValue(bytes: Bytes, start: number, end: number): number {
  // Most header fields hold one value and no comma at all.
  return findByte(bytes, start, end, 0x2c) === end ? end : findDivision(bytes, start, end);
}

/** The offset of the first comma outside quoted strings and angle brackets, or `end`. */
function findDivision(bytes: Bytes, start: number, end: number): number {
  let index = findClass(bytes, start, end, CHARACTER_DELIMITER);
  while (index < end) {
    const octet = bytes[index];
    if (octet === 0x2c) {
      return index;
    }
    if (octet === 0x22) {
      const behind = skipQuotedString(bytes, index, end);
      if (behind < 0) {
        return end;
      }
      index = behind;
    } else if (octet === 0x3c) {
      index = findByte(bytes, index, end, 0x3e);
    } else {
      index += 1;
    }
    index = findClass(bytes, index, end, CHARACTER_DELIMITER);
  }
  return end;
}
