// Reason phrases of the responses that the device sends (RFC 3261 21; RFC 6026; IANA SIP response codes).

import { createText, type Text } from "../bytes/text";

// The most frequent first: they are looked up in this order.
const CODES: number[] = [
  200, 100, 180, 183, 486, 487, 181, 202, 302, 400, 401, 403, 404, 405, 406, 407, 408, 413, 415, 416, 420, 422, 423,
  469, 480, 481, 482, 483, 484, 488, 489, 491, 500, 501, 503, 505, 513, 600, 603,
];

const PHRASES: Text[] = [
  createText("OK"),
  createText("Trying"),
  createText("Ringing"),
  createText("Session Progress"),
  createText("Busy Here"),
  createText("Request Terminated"),
  createText("Call Is Being Forwarded"),
  createText("Accepted"),
  createText("Moved Temporarily"),
  createText("Bad Request"),
  createText("Unauthorized"),
  createText("Forbidden"),
  createText("Not Found"),
  createText("Method Not Allowed"),
  createText("Not Acceptable"),
  createText("Proxy Authentication Required"),
  createText("Request Timeout"),
  createText("Request Entity Too Large"),
  createText("Unsupported Media Type"),
  createText("Unsupported URI Scheme"),
  createText("Bad Extension"),
  createText("Session Interval Too Small"),
  createText("Interval Too Brief"),
  createText("Bad Info Package"),
  createText("Temporarily Unavailable"),
  createText("Call/Transaction Does Not Exist"),
  createText("Loop Detected"),
  createText("Too Many Hops"),
  createText("Address Incomplete"),
  createText("Not Acceptable Here"),
  createText("Bad Event"),
  createText("Request Pending"),
  createText("Server Internal Error"),
  createText("Not Implemented"),
  createText("Service Unavailable"),
  createText("Version Not Supported"),
  createText("Message Too Large"),
  createText("Busy Everywhere"),
  createText("Decline"),
];

const UNKNOWN = createText("Response");

// By Defect of sip/message.ts: what a 400 says.
const DEFECT_PHRASES: Text[] = [
  createText("Bad Request"),
  createText("Bad Start Line"),
  createText("Bad Header Line"),
  createText("Too Many Header Fields"),
  createText("No End of Header Fields"),
  createText("Bad Via"),
  createText("Missing or Bad From"),
  createText("Missing or Bad To"),
  createText("Missing or Bad Call-ID"),
  createText("Missing or Bad CSeq"),
  createText("CSeq Method Does Not Match"),
  createText("Bad Content-Length"),
  createText("Body Shorter Than Content-Length"),
  createText("Repeated Header Field"),
  createText("Version Not Supported"),
  createText("Bad Max-Forwards"),
];

/** The reason phrase of a status code. */
export function reasonPhrase(statusCode: number): Text {
  for (let index = 0; index < CODES.length; index += 1) {
    if (CODES[index] === statusCode) {
      return PHRASES[index];
    }
  }
  return UNKNOWN;
}

/** The reason phrase of the 400 that answers a defect. */
export function defectPhrase(defect: number): Text {
  return DEFECT_PHRASES[defect];
}
