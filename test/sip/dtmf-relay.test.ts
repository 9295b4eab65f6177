// Keys in the body of an INFO, in the many ways in which phones and gateways write them.

import { createBytes } from "../../firmware/bytes/bytes";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import {
  createRelayedKey,
  FLASH,
  KEY_DURATION_MS,
  parseDtmf,
  parseDtmfRelay,
  putDtmfRelay,
} from "../../firmware/sip/dtmf-relay";
import { Status } from "../../firmware/sip/status";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const key = createRelayedKey();

/** "key duration", or the status. */
function relayOf(body: string): string {
  const bytes = bytesOf(body);
  const status = parseDtmfRelay(bytes, 0, bytes.length, key);
  return status === Status.OK ? `${key.key} ${key.duration}` : `${status}`;
}

function dtmfOf(body: string): string {
  const bytes = bytesOf(body);
  const status = parseDtmf(bytes, 0, bytes.length, key);
  return status === Status.OK ? `${key.key} ${key.duration}` : `${status}`;
}

describe("application/dtmf-relay", () => {
  const good = [
    ["Signal=5\r\nDuration=160\r\n", "5 160"],
    ["Signal= 5\r\nDuration= 200", "5 200"],
    ["signal=#\nduration=250\n", "11 250"],
    ["SIGNAL = * \r\n", "10 160"],
    ["Duration=100\r\nSignal=0", "0 100"],
    ["\r\n  Signal=9\r\n\r\n", "9 160"],
    ["Signal=A", "12 160"],
    ["Signal=d\r\nDuration=10", "15 40"],
    ["Signal=10\r\nDuration=99999", "10 8000"],
    ["Signal=11", "11 160"],
    ["Signal=15", "15 160"],
    ["Signal=flash", `${FLASH} 160`],
    ["Signal=hf", `${FLASH} 160`],
    ["Signal=!", `${FLASH} 160`],
    ["Signal=16", `${FLASH} 160`],
    ["Signal=1\r\nDuration=soon", "1 160"],
    ["Comment: a line of nobody\r\nSignal=1", "1 160"],
  ];
  it("is read in every form that is about: blanks, case, line ends, numbers of events, flash", () => {
    for (let index = 0; index < good.length; index += 1) {
      equal(relayOf(good[index][0]), good[index][1], good[index][0]);
    }
  });

  const bad = [
    "",
    "Signal=",
    "Signal=E",
    "Signal=17",
    "Signal=55",
    "Signal 5",
    "Duration=160",
    "=5",
    "\r\n\r\n",
    "Signal==5",
  ];
  it("without a key is malformed", () => {
    for (let index = 0; index < bad.length; index += 1) {
      equal(relayOf(bad[index]), `${Status.MALFORMED}`, bad[index]);
    }
  });

  it("is read within its bounds only", () => {
    const bytes = bytesOf("Signal=12");
    equal(parseDtmfRelay(bytes, 0, bytes.length - 1, key), Status.OK, "status");
    equal(key.key, 1, "key");
  });

  it("is written as it is read", () => {
    const buffer = createBytes(64);
    const writer = createWriter();
    for (let digit = 0; digit < 16; digit += 1) {
      openWriter(writer, buffer, 0, buffer.length);
      putDtmfRelay(writer, digit, KEY_DURATION_MS);
      equal(relayOf(textOf(buffer, 0, writer.length)), `${digit} 160`, "key and duration");
    }
    equal(textOf(buffer, 0, writer.length), "Signal=D\r\nDuration=160\r\n", "text of the last one");
  });
});

describe("application/dtmf", () => {
  it("is the key alone, with blanks around it, or a dtmf-relay", () => {
    equal(dtmfOf("7"), "7 160", "a digit");
    equal(dtmfOf(" # \r\n"), "11 160", "with blanks");
    equal(dtmfOf("10"), "10 160", "a number of an event");
    equal(dtmfOf("Signal=3\r\nDuration=300"), "3 300", "a dtmf-relay");
    equal(dtmfOf("123"), `${Status.MALFORMED}`, "three digits");
    equal(dtmfOf(""), `${Status.MALFORMED}`, "nothing");
  });
});
