// Text and octets for the portable tests, written so that they run in every VM.

import { type Bytes, createBytes } from "../firmware/bytes/bytes";

/** The octets of a text, one a character (Latin-1). */
export function bytesOf(text: string): Bytes {
  const bytes = createBytes(text.length);
  for (let index = 0; index < text.length; index += 1) {
    bytes[index] = text.charCodeAt(index) & 0xff;
  }
  return bytes;
}

/** The text of bytes[start … end). */
export function textOf(bytes: Bytes, start: number, end: number): string {
  const letters: string[] = [];
  for (let index = start; index < end; index += 1) {
    letters.push(String.fromCharCode(bytes[index]));
  }
  return letters.join("");
}

/** bytes[start … end) as lower-case hexadecimal digits. */
export function hexOf(bytes: Bytes, start: number, end: number): string {
  const digits = "0123456789abcdef";
  const text: string[] = [];
  for (let index = start; index < end; index += 1) {
    text.push(digits.charAt((bytes[index] - (bytes[index] % 16)) / 16), digits.charAt(bytes[index] % 16));
  }
  return text.join("");
}

/** The octets that hexadecimal digits name; blanks between them count for nothing. */
export function bytesOfHex(hex: string): Bytes {
  const values: number[] = [];
  let half = -1;
  for (let index = 0; index < hex.length; index += 1) {
    const digit = "0123456789abcdef".indexOf(hex.charAt(index).toLowerCase());
    if (digit < 0) {
      continue;
    }
    if (half < 0) {
      half = digit;
    } else {
      values.push(half * 16 + digit);
      half = -1;
    }
  }
  const bytes = createBytes(values.length);
  for (let index = 0; index < values.length; index += 1) {
    bytes[index] = values[index];
  }
  return bytes;
}
