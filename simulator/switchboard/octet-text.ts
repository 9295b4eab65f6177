// Octets of messages as strings and back, one letter an octet. The firmware never makes strings; the switchboard keeps some.

import { type Bytes, createBytesOf } from "../../firmware/bytes/bytes";
import { putBytes, type Writer } from "../../firmware/bytes/writer";

/** bytes[start … end) as a string. */
export function octetText(bytes: Bytes, start: number, end: number): string {
  return Buffer.from((bytes as unknown as Uint8Array).subarray(start, end)).toString("latin1");
}

/** Appends a string, one octet a letter. */
export function putString(writer: Writer, text: string): void {
  putBytes(writer, createBytesOf(text), 0, text.length);
}
